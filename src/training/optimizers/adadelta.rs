//! Adadelta. Source: Zeiler 2012, whose steps are not scaled: learning rate 1.0, as in PyTorch; Keras multiplies them by a learning
//! rate, 0.001 by default.

use super::{EPSILON, Optimizer, OptimizerKind, Step, built, learning_rate};
use crate::field::{Field, Settings, settings};
use crate::ops;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "adadelta",
    help: "Scales every weight's step by the size of its recent steps and gradients; needs no tuning at its learning rate of 1.0.",
    fields: Adadelta::FIELDS,
    build: built::<Adadelta>,
};

settings! {
    struct Adadelta {
        /// factor on every step; 1.0 as in the paper (Zeiler 2012) and PyTorch; Keras 3's default is 0.001
        learning_rate: f32 = learning_rate(1.0, &[0.1, 0.3, 1.0]),
        /// decay of the running averages
        rho: f32 = Field::number(0.95, 0.0..1.0, &[0.9, 0.95, 0.99]),
        /// added inside both roots to avoid division by 0
        epsilon: f32 = EPSILON,
    }
}

impl Optimizer for Adadelta {
    fn state_names(&self) -> &'static [&'static str] {
        &["squared_gradients", "squared_updates"]
    }

    fn step(&self, step: Step<'_>, state: &mut [Vec<f32>]) {
        let [squared_gradients, squared_updates] = state else {
            unreachable!("adadelta declares two state tensors")
        };
        let settings = ops::Adadelta {
            learning_rate: step.learning_rate,
            rho: self.rho,
            epsilon: self.epsilon,
        };
        ops::adadelta::step(
            &settings,
            step.weights,
            step.gradient,
            squared_gradients,
            squared_updates,
        );
    }
}
