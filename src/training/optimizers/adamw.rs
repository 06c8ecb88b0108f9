//! Adam with decoupled weight decay. Source: Loshchilov and Hutter 2019, as in Keras.

use super::adam::Adam;
use super::{OptimizerKind, built};
use crate::field::Settings;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "adamw",
    help: "Adam that also shrinks every weight a little before each step.",
    fields: Adam::FIELDS,
    build: built::<Adam>,
};
