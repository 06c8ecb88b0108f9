//! Stochastic gradient descent with momentum. Source: Polyak 1964, as in Keras.

use super::{Optimizer, OptimizerKind, Step, learning_rate};
use crate::field::{Field, FieldKind, Value};
use crate::ops;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "momentum",
    help: "Gradient descent that keeps going in the direction of its recent steps.",
    fields: FIELDS,
    build: |values| Box::new(Momentum::new(values, false)),
};

/// Of the optimizers with momentum.
pub(super) static FIELDS: &[Field] = &[
    learning_rate(0.01, &[0.003, 0.01, 0.03, 0.1]),
    Field {
        name: "momentum",
        help: "how much of the last step goes on",
        kind: FieldKind::Number {
            least: 0.0,
            below: 1.0,
            steps: &[0.8, 0.9, 0.95, 0.99],
        },
        default: Value::Number(0.9),
        required: false,
    },
];

/// Momentum, plain or looking ahead.
#[derive(Debug)]
pub(super) struct Momentum(ops::optimizers::Momentum);

impl Momentum {
    /// From the values of [`FIELDS`].
    pub(super) fn new(values: &[Value], nesterov: bool) -> Self {
        Self(ops::optimizers::Momentum {
            learning_rate: values[0].number() as f32,
            momentum: values[1].number() as f32,
            nesterov,
        })
    }
}

impl Optimizer for Momentum {
    fn state_names(&self) -> &'static [&'static str] {
        &["velocity"]
    }

    fn step(&self, step: Step<'_>, state: &mut [Vec<f32>]) {
        let [velocity] = state else {
            unreachable!("momentum declares one state tensor")
        };
        let settings = ops::optimizers::Momentum {
            learning_rate: step.learning_rate,
            ..self.0
        };
        ops::optimizers::momentum(&settings, step.weights, step.gradient, velocity);
    }

    fn learning_rate(&self) -> f32 {
        self.0.learning_rate
    }
}
