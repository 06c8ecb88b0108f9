//! Gaussian error linear unit.

use super::LayerKind;
use super::activation::{ActivationLayer, GELU};

pub static KIND: LayerKind = LayerKind {
    name: GELU.name,
    keras: "activation",
    help: "Weighs each value by how likely a normal variable lies below it: a smooth relu (the exact form, not its approximation).",
    fields: &[],
    build: |_values, _classes| Box::new(ActivationLayer(GELU.activation)),
};
