//! Stochastic gradient descent.

use super::momentum::LEARNING_RATE;
use super::{Optimizer, OptimizerKind, Step, built};
use crate::field::{Settings, settings};
use crate::ops;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "sgd",
    help: "Steps straight down the gradient of each batch.",
    fields: Sgd::FIELDS,
    build: built::<Sgd>,
};

settings! {
    struct Sgd {
        learning_rate: f32 = LEARNING_RATE,
    }
}

impl Optimizer for Sgd {
    fn state_names(&self) -> &'static [&'static str] {
        &[]
    }

    fn step(&self, step: Step<'_>, _state: &mut [Vec<f32>]) {
        ops::optimizers::sgd(step.learning_rate, step.weights, step.gradient);
    }
}
