//! Adam. Source: Kingma and Ba 2015, as in Keras: epsilon is added to the root of the uncorrected second moment.

use super::{EPSILON, Optimizer, OptimizerKind, Step, learning_rate};
use crate::field::{Field, Settings, settings};
use crate::ops;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "adam",
    help: "Momentum that divides every weight's step by the size of its recent gradients.",
    // All but weight decay.
    fields: Adam::FIELDS.split_at(4).0,
    build: |values| {
        Box::new(Adam {
            weight_decay: 0.0,
            ..Adam::from_values(values)
        })
    },
};

settings! {
    /// Adam with and without weight decay.
    pub(super) struct Adam {
        learning_rate: f32 = learning_rate(0.001, &[0.0003, 0.001, 0.003]),
        /// decay of the average of gradients
        beta_1: f32 = Field::number(0.9, 0.0..1.0, &[0.8, 0.9, 0.95]),
        /// decay of the average of squared gradients
        beta_2: f32 = Field::number(0.999, 0.0..1.0, &[0.99, 0.999, 0.9999]),
        /// added to the root of the second moment to avoid division by 0
        epsilon: f32 = EPSILON,
        /// share of every weight, times the learning rate, that a step removes
        weight_decay: f32 = Field::number(0.004, 0.0..1e6, &[0.0, 0.001, 0.004, 0.01, 0.05]),
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
            beta_1: self.beta_1,
            beta_2: self.beta_2,
            epsilon: self.epsilon,
            weight_decay: self.weight_decay,
            number: step.number,
        };
        ops::optimizers::adam(&settings, step.weights, step.gradient, first, second);
    }
}
