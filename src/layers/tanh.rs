//! Hyperbolic tangent.

use super::LayerKind;
use super::activation::{ActivationLayer, TANH};

pub static KIND: LayerKind = LayerKind {
    name: TANH.name,
    keras: "activation",
    help: "Squeezes values between -1 and 1, steepest at 0.",
    fields: &[],
    build: |_values, _classes| Box::new(ActivationLayer(TANH.activation)),
};
