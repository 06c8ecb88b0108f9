//! Rectified linear unit.

use super::LayerKind;
use super::activation::{ActivationLayer, RELU};

pub static KIND: LayerKind = LayerKind {
    name: RELU.name,
    keras: "re_lu",
    help: "Sets negative values to 0.",
    fields: &[],
    build: |_values, _classes| Box::new(ActivationLayer(RELU.activation)),
};
