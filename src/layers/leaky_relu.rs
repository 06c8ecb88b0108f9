//! Rectified linear unit with a slope below 0.

use super::LayerKind;
use super::activation::{ActivationLayer, LEAKY_RELU};
use crate::field::{Field, FieldKind, Value};
use crate::ops::Activation;

pub static KIND: LayerKind = LayerKind {
    name: LEAKY_RELU.name,
    keras: "leaky_re_lu",
    help: "Makes negative values smaller instead of setting them to 0, so that no unit goes dead.",
    fields: &[Field {
        name: "negative_slope",
        help: "what negative values are multiplied by",
        kind: FieldKind::Number {
            least: 0.0,
            below: 1.0,
            steps: &[0.01, 0.05, 0.1, 0.2, 0.3],
        },
        default: Value::Number(0.3),
        required: false,
    }],
    build: |values, _classes| {
        Box::new(ActivationLayer(Activation::LeakyRelu {
            negative_slope: values[0].number() as f32,
        }))
    },
};
