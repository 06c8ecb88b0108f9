//! Step decay.

use super::{Place, Schedule, ScheduleKind, built, share};
use crate::field::{Field, Settings, settings};

pub static KIND: ScheduleKind = ScheduleKind {
    name: "step",
    help: "Multiplies the learning rate by a factor every few epochs.",
    fields: Step::FIELDS,
    build: built::<Step>,
};

settings! {
    struct Step {
        /// epochs between reductions
        every: usize = Field::whole(10, 1..=1_000_000, &[1, 2, 5, 10, 20, 50]),
        /// factor at each reduction
        factor: f64 = share(0.1, &[0.1, 0.2, 0.5]),
    }
}

impl Schedule for Step {
    fn factor(&self, place: &Place<'_>) -> f64 {
        self.factor.powf((place.epoch / self.every as f64).floor())
    }
}
