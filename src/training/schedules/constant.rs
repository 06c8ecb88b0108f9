//! No change.

use super::{Place, Schedule, ScheduleKind};

pub static KIND: ScheduleKind = ScheduleKind {
    name: "constant",
    help: "The learning rate stays constant.",
    fields: &[],
    build: |_values| Box::new(Constant),
};

#[derive(Debug)]
struct Constant;

impl Schedule for Constant {
    fn factor(&self, _place: &Place<'_>) -> f64 {
        1.0
    }
}
