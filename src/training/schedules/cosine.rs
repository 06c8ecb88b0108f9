//! Cosine decay. Source: Loshchilov and Hutter 2017, without restarts, as Keras's `CosineDecay`.

use super::{Place, Schedule, ScheduleKind, half_cosine, share};

pub static KIND: ScheduleKind = ScheduleKind {
    name: "cosine",
    help: "Lowers the learning rate along half a cosine, slowly at both ends, over all planned epochs.",
    fields: &[share(
        "final",
        "the share of the learning rate that is left at the end",
        0.0,
        &[0.0, 0.01, 0.1],
    )],
    build: |values| Box::new(Cosine(values[0].number())),
};

/// Holds the share at the end.
#[derive(Debug)]
struct Cosine(f64);

impl Schedule for Cosine {
    fn factor(&self, place: &Place<'_>) -> f64 {
        half_cosine(1.0, self.0, place.progress())
    }
}
