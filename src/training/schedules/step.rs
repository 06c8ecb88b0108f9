//! Steps down.

use super::{Place, Schedule, ScheduleKind, share};
use crate::field::{Field, FieldKind, Value};

pub static KIND: ScheduleKind = ScheduleKind {
    name: "step",
    help: "Multiplies the learning rate by a factor every few epochs.",
    fields: &[
        Field {
            name: "every",
            help: "epochs from one step down to the next",
            kind: FieldKind::Whole {
                least: 1,
                most: 1_000_000,
                steps: &[1, 2, 5, 10, 20, 50],
            },
            default: Value::Whole(10),
            required: false,
        },
        share(
            "factor",
            "what each step multiplies by",
            0.1,
            &[0.1, 0.2, 0.5],
        ),
    ],
    build: |values| {
        Box::new(Step {
            every: values[0].whole(),
            factor: values[1].number(),
        })
    },
};

#[derive(Debug)]
struct Step {
    every: usize,
    factor: f64,
}

impl Schedule for Step {
    fn factor(&self, place: &Place<'_>) -> f64 {
        self.factor.powf((place.epoch / self.every as f64).floor())
    }
}
