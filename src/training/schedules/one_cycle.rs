//! One cycle: up, then down. Source: Smith and Topin 2018, with half cosines, steps and defaults as in PyTorch's `OneCycleLR` with
//! `cycle_momentum=False`: of `steps` steps, numbered from 0, number `rise · steps − 1` has the full rate, and the last one the lowest.

use super::{Place, Schedule, ScheduleKind, built, half_cosine, share};
use crate::field::{Settings, settings};

pub static KIND: ScheduleKind = ScheduleKind {
    name: "one_cycle",
    help: "Raises the learning rate from a small share to its full value, then lowers it to almost 0.",
    fields: OneCycle::FIELDS,
    build: built::<OneCycle>,
};

settings! {
    struct OneCycle {
        /// part of the run in which it rises
        rise: f64 = share(0.3, &[0.1, 0.2, 0.3, 0.4]),
        /// share of the learning rate at the start
        start: f64 = share(0.04, &[0.01, 0.04, 0.1]),
        /// share at the end
        end: f64 = share(4e-6, &[0.0, 4e-6, 0.001]).named("final"),
    }
}

impl Schedule for OneCycle {
    fn factor(&self, place: &Place<'_>) -> f64 {
        let (step, steps) = (place.step(), place.steps());
        let (highest, last) = (self.rise * steps - 1.0, steps - 1.0);
        if step < highest {
            return half_cosine(self.start, 1.0, step / highest);
        }
        let progress = (step - highest) / (last - highest);
        half_cosine(1.0, self.end, progress.min(1.0))
    }
}
