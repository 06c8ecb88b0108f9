//! Adam. Source: Kingma and Ba 2015, as in Keras: epsilon is added to the root of the uncorrected second moment.

use super::{Optimizer, OptimizerKind, Step, epsilon, learning_rate};
use crate::field::{Field, FieldKind, Value};
use crate::ops;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "adam",
    help: "Momentum whose every step is divided by how large the weight's recent gradients were.",
    fields: &[LEARNING_RATE, BETA_1, BETA_2, EPSILON],
    build: |values| Box::new(Adam::new(values, 0.0)),
};

pub(super) const LEARNING_RATE: Field = learning_rate(0.001, &[0.0003, 0.001, 0.003]);
pub(super) const BETA_1: Field = beta(
    "beta_1",
    "how slowly old gradients are forgotten",
    &[0.8, 0.9, 0.95],
    0.9,
);
pub(super) const BETA_2: Field = beta(
    "beta_2",
    "how slowly the size of old gradients is forgotten",
    &[0.99, 0.999, 0.9999],
    0.999,
);
pub(super) const EPSILON: Field =
    epsilon("added to the root of the second moment so that nothing is divided by 0");

const fn beta(
    name: &'static str,
    help: &'static str,
    steps: &'static [f64],
    default: f64,
) -> Field {
    Field {
        name,
        help,
        kind: FieldKind::Number {
            least: 0.0,
            below: 1.0,
            steps,
        },
        default: Value::Number(default),
        required: false,
    }
}

/// Adam, with or without the decay of weights.
#[derive(Debug)]
pub(super) struct Adam(ops::optimizers::Adam);

impl Adam {
    /// From the values of learning rate, both betas and epsilon, in this order.
    pub(super) fn new(values: &[Value], weight_decay: f32) -> Self {
        Self(ops::optimizers::Adam {
            learning_rate: values[0].number() as f32,
            beta_1: values[1].number() as f32,
            beta_2: values[2].number() as f32,
            epsilon: values[3].number() as f32,
            weight_decay,
            number: 0,
        })
    }
}

impl Optimizer for Adam {
    fn state_names(&self) -> &'static [&'static str] {
        &["first_moment", "second_moment"]
    }

    fn step(&self, step: Step<'_>, state: &mut [Vec<f32>]) {
        let [first, second] = state else {
            unreachable!("adam declares two state tensors")
        };
        let settings = ops::optimizers::Adam {
            learning_rate: step.learning_rate,
            number: step.number,
            ..self.0
        };
        ops::optimizers::adam(&settings, step.weights, step.gradient, first, second);
    }

    fn learning_rate(&self) -> f32 {
        self.0.learning_rate
    }
}
