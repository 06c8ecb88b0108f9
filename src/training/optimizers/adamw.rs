//! Adam with decoupled weight decay. Source: Loshchilov and Hutter 2019, as in Keras.

use super::OptimizerKind;
use super::adam::{Adam, BETA_1, BETA_2, EPSILON, LEARNING_RATE};
use crate::field::{Field, FieldKind, Value};

pub static KIND: OptimizerKind = OptimizerKind {
    name: "adamw",
    help: "Adam that also shrinks every weight a little before each step.",
    fields: &[
        LEARNING_RATE,
        BETA_1,
        BETA_2,
        EPSILON,
        Field {
            name: "weight_decay",
            help: "the part of every weight, times the learning rate, that a step takes away",
            kind: FieldKind::Number {
                least: 0.0,
                below: 1e6,
                steps: &[0.0, 0.001, 0.004, 0.01, 0.05],
            },
            default: Value::Number(0.004),
            required: false,
        },
    ],
    build: |values| Box::new(Adam::new(values, values[4].number() as f32)),
};
