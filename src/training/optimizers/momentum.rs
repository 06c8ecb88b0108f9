//! Stochastic gradient descent with momentum. Source: Polyak 1964, as in Keras.

use super::{Optimizer, OptimizerKind, Step, built, learning_rate};
use crate::field::{Field, Settings, settings};
use crate::ops;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "momentum",
    help: "Gradient descent that keeps going in the direction of its recent steps.",
    fields: Momentum::FIELDS,
    build: built::<Momentum>,
};

/// The learning rate of optimizers that follow the unscaled gradient.
pub(super) const LEARNING_RATE: Field = learning_rate(0.01, &[0.003, 0.01, 0.03, 0.1]);

settings! {
    /// Momentum, plain or Nesterov's.
    pub(super) struct Momentum {
        learning_rate: f32 = LEARNING_RATE,
        /// share of the last step that is kept
        momentum: f32 = Field::number(0.9, 0.0..1.0, &[0.8, 0.9, 0.95, 0.99]),
    } and {
        nesterov: bool,
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
            momentum: self.momentum,
            nesterov: self.nesterov,
        };
        ops::optimizers::momentum(&settings, step.weights, step.gradient, velocity);
    }
}
