//! Cosine decay. Source: Loshchilov and Hutter 2017, without restarts, as Keras's `CosineDecay`.

use super::{Place, Schedule, ScheduleKind, built, half_cosine, share};
use crate::field::{Settings, settings};

pub static KIND: ScheduleKind = ScheduleKind {
    name: "cosine",
    help: "Lowers the learning rate along half a cosine, slowly at both ends, over all planned epochs.",
    fields: Cosine::FIELDS,
    build: built::<Cosine>,
};

settings! {
    struct Cosine {
        /// share of the learning rate at the end
        end: f64 = share(0.0, &[0.0, 0.01, 0.1]).named("final"),
    }
}

impl Schedule for Cosine {
    fn factor(&self, place: &Place<'_>) -> f64 {
        half_cosine(1.0, self.end, place.progress())
    }
}
