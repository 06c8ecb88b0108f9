//! Adam with decoupled weight decay. Source: Loshchilov and Hutter 2019, as in Keras.

use super::adam::{ADAM_EPSILON, BETA_1, BETA_2, LEARNING_RATE, MOMENTS, step};
use super::{Optimizer, OptimizerKind, Step, built};
use crate::field::{Field, Settings, settings};
use crate::ops;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "adamw",
    help: "Adam that also shrinks every weight a little before each step.",
    fields: AdamW::FIELDS,
    build: built::<AdamW>,
};

settings! {
    struct AdamW {
        learning_rate: f32 = LEARNING_RATE,
        beta_1: f32 = BETA_1,
        beta_2: f32 = BETA_2,
        epsilon: f32 = ADAM_EPSILON,
        /// the part of every weight, times the learning rate, that a step takes away
        weight_decay: f32 = Field::number(0.004, 0.0..1e6, &[0.0, 0.001, 0.004, 0.01, 0.05]),
    }
}

impl Optimizer for AdamW {
    fn state_names(&self) -> &'static [&'static str] {
        MOMENTS
    }

    fn step(&self, taken: Step<'_>, state: &mut [Vec<f32>]) {
        let settings = ops::optimizers::Adam {
            learning_rate: self.learning_rate,
            beta_1: self.beta_1,
            beta_2: self.beta_2,
            epsilon: self.epsilon,
            weight_decay: self.weight_decay,
            number: 0,
        };
        step(settings, taken, state);
    }

    fn learning_rate(&self) -> f32 {
        self.learning_rate
    }
}
