//! Exponential decay.

use super::{Place, Schedule, ScheduleKind, built, share};
use crate::field::{Settings, settings};

pub static KIND: ScheduleKind = ScheduleKind {
    name: "exponential",
    help: "Lowers the learning rate a little with every batch, by the same factor every epoch.",
    fields: Exponential::FIELDS,
    build: built::<Exponential>,
};

settings! {
    struct Exponential {
        /// factor per epoch
        factor: f64 = share(0.95, &[0.8, 0.9, 0.95, 0.98]),
    }
}

impl Schedule for Exponential {
    fn factor(&self, place: &Place<'_>) -> f64 {
        self.factor.powf(place.epoch)
    }
}
