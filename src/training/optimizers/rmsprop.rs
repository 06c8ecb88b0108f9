//! RMSprop. Source: Tieleman and Hinton 2012, as in Keras.

use super::{EPSILON, Optimizer, OptimizerKind, Step, built, learning_rate};
use crate::field::{Field, Settings, settings};
use crate::ops;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "rmsprop",
    help: "Divides every weight's step by the size of its recent gradients.",
    fields: RmsProp::FIELDS,
    build: built::<RmsProp>,
};

settings! {
    struct RmsProp {
        learning_rate: f32 = learning_rate(0.001, &[0.0003, 0.001, 0.003, 0.01]),
        /// decay of the average of squared gradients
        rho: f32 = Field::number(0.9, 0.0..1.0, &[0.9, 0.95, 0.99]),
        /// added inside the root to avoid division by 0
        epsilon: f32 = EPSILON,
    }
}

impl Optimizer for RmsProp {
    fn state_names(&self) -> &'static [&'static str] {
        &["squared_gradients"]
    }

    fn step(&self, step: Step<'_>, state: &mut [Vec<f32>]) {
        let [squares] = state else {
            unreachable!("rmsprop declares one state tensor")
        };
        let settings = ops::optimizers::RmsProp {
            learning_rate: step.learning_rate,
            rho: self.rho,
            epsilon: self.epsilon,
        };
        ops::optimizers::rmsprop(&settings, step.weights, step.gradient, squares);
    }
}
