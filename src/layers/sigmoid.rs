//! Logistic function.

use super::LayerKind;
use super::activation::{ActivationLayer, SIGMOID};

pub static KIND: LayerKind = LayerKind {
    name: SIGMOID.name,
    keras: "activation",
    help: "Squeezes values between 0 and 1, steepest at 0.",
    fields: &[],
    build: |_values, _classes| Box::new(ActivationLayer(SIGMOID.activation)),
};
