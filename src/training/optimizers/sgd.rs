//! Stochastic gradient descent.

use super::{Optimizer, OptimizerKind, Step, learning_rate};
use crate::ops;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "sgd",
    help: "Steps straight down the gradient of each batch.",
    fields: &[learning_rate(0.01, &[0.003, 0.01, 0.03, 0.1])],
    build: |values| Box::new(Sgd(values[0].number() as f32)),
};

/// Holds the learning rate.
#[derive(Debug)]
struct Sgd(f32);

impl Optimizer for Sgd {
    fn state_names(&self) -> &'static [&'static str] {
        &[]
    }

    fn step(&self, step: Step<'_>, _state: &mut [Vec<f32>]) {
        ops::optimizers::sgd(step.learning_rate, step.weights, step.gradient);
    }

    fn learning_rate(&self) -> f32 {
        self.0
    }
}
