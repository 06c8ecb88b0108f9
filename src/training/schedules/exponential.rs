//! Exponential decay.

use super::{Place, Schedule, ScheduleKind, share};

pub static KIND: ScheduleKind = ScheduleKind {
    name: "exponential",
    help: "Lowers the learning rate a little with every batch, by the same factor every epoch.",
    fields: &[share(
        "factor",
        "what an epoch multiplies by",
        0.95,
        &[0.8, 0.9, 0.95, 0.98],
    )],
    build: |values| Box::new(Exponential(values[0].number())),
};

/// Holds the factor of an epoch.
#[derive(Debug)]
struct Exponential(f64);

impl Schedule for Exponential {
    fn factor(&self, place: &Place<'_>) -> f64 {
        self.0.powf(place.epoch)
    }
}
