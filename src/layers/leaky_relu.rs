//! Rectified linear unit with a slope below 0.

use super::LayerKind;
use super::activation::{ActivationLayer, LEAKY_RELU};
use crate::field::{Field, Settings, settings};
use crate::ops::Activation;

pub static KIND: LayerKind = LayerKind {
    name: LEAKY_RELU.name,
    keras: "leaky_re_lu",
    help: "Makes negative values smaller instead of setting them to 0, so that no unit goes dead.",
    fields: LeakyRelu::FIELDS,
    build: |values, _classes| {
        Box::new(ActivationLayer(Activation::LeakyRelu {
            negative_slope: LeakyRelu::from_values(values).negative_slope,
        }))
    },
};

settings! {
    struct LeakyRelu {
        /// what negative values are multiplied by
        negative_slope: f32 = Field::number(0.3, 0.0..1.0, &[0.01, 0.05, 0.1, 0.2, 0.3]),
    }
}
