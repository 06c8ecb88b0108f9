//! Stochastic gradient descent with Nesterov's momentum. Source: Nesterov 1983, as in Keras.

use super::OptimizerKind;
use super::momentum::{FIELDS, Momentum};

pub static KIND: OptimizerKind = OptimizerKind {
    name: "nesterov",
    help: "Momentum that looks ahead to where its next step leads.",
    fields: FIELDS,
    build: |values| Box::new(Momentum::new(values, true)),
};
