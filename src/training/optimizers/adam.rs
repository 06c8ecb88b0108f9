//! Adam. Source: Kingma and Ba 2015, as in Keras: epsilon is added to the root of the uncorrected second moment.

use super::{EPSILON, Optimizer, OptimizerKind, Step, built, learning_rate};
use crate::field::{Field, Settings, settings};
use crate::ops;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "adam",
    help: "Momentum whose every step is divided by how large the weight's recent gradients were.",
    fields: Adam::FIELDS,
    build: built::<Adam>,
};

pub(super) const LEARNING_RATE: Field = learning_rate(0.001, &[0.0003, 0.001, 0.003]);
pub(super) const BETA_1: Field = Field::number(0.9, 0.0..1.0, &[0.8, 0.9, 0.95])
    .meaning("how slowly old gradients are forgotten");
pub(super) const BETA_2: Field = Field::number(0.999, 0.0..1.0, &[0.99, 0.999, 0.9999])
    .meaning("how slowly the size of old gradients is forgotten");
pub(super) const ADAM_EPSILON: Field =
    EPSILON.meaning("added to the root of the second moment so that nothing is divided by 0");

settings! {
    struct Adam {
        learning_rate: f32 = LEARNING_RATE,
        beta_1: f32 = BETA_1,
        beta_2: f32 = BETA_2,
        epsilon: f32 = ADAM_EPSILON,
    }
}

/// The names of both moments, for Adam with and without the decay of weights.
pub(super) const MOMENTS: &[&str] = &["first_moment", "second_moment"];

/// One step of either, as `settings` say for a step of the number 0.
pub(super) fn step(mut settings: ops::optimizers::Adam, step: Step<'_>, state: &mut [Vec<f32>]) {
    let [first, second] = state else {
        unreachable!("both declare two state tensors")
    };
    settings.learning_rate = step.learning_rate;
    settings.number = step.number;
    ops::optimizers::adam(&settings, step.weights, step.gradient, first, second);
}

impl Optimizer for Adam {
    fn state_names(&self) -> &'static [&'static str] {
        MOMENTS
    }

    fn step(&self, taken: Step<'_>, state: &mut [Vec<f32>]) {
        let settings = ops::optimizers::Adam {
            learning_rate: self.learning_rate,
            beta_1: self.beta_1,
            beta_2: self.beta_2,
            epsilon: self.epsilon,
            weight_decay: 0.0,
            number: 0,
        };
        step(settings, taken, state);
    }

    fn learning_rate(&self) -> f32 {
        self.learning_rate
    }
}
