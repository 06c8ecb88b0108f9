//! Stochastic gradient descent with Nesterov's momentum. Source: Nesterov 1983, as in Keras.

use super::OptimizerKind;
use super::momentum::Momentum;
use crate::field::Settings;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "nesterov",
    help: "Momentum that looks ahead along its next step.",
    fields: Momentum::FIELDS,
    build: |values| {
        Box::new(Momentum {
            nesterov: true,
            ..Momentum::from_values(values)
        })
    },
};
