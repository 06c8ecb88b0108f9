//! Normalisations that do not depend on the batch: of each pixel's channels, or of groups of channels of an image.

use super::{
    Block, Build, Combination, Layer, LayerKind, Mend, Misfit, ParameterShape, Pass, Place, Start,
    built,
};
use crate::field::{Field, Settings, Value, settings};
use crate::ops::{self, Flow, Vector};
use crate::shape::Shape;

pub static LAYER: LayerKind = LayerKind {
    name: "layer_norm",
    keras: "layer_normalization",
    help: "Normalises the channels of every pixel, or a vector, to mean 0 and std 1, then scales and shifts them by trained weights.",
    fields: LayerNorm::FIELDS,
    build: Build::Layer(built::<LayerNorm>),
};

pub static GROUP: LayerKind = LayerKind {
    name: "group_norm",
    keras: "group_normalization",
    help: "Normalises groups of channels of every image to mean 0 and std 1: like batch_norm, but the same for batches of any size.",
    fields: GroupNorm::FIELDS,
    build: Build::Layer(built::<GroupNorm>),
};

/// The field `epsilon`.
const EPSILON: Field = Field::span(1e-3, 1e-9..=1.0, &[1e-5, 1e-4, 1e-3, 1e-2])
    .meaning("added to the variance to avoid division by zero");

settings! {
    /// Keras's `LayerNormalization` of the last axis.
    struct LayerNorm {
        epsilon: f32 = EPSILON,
    }
}

settings! {
    /// Keras's `GroupNormalization`, but for the default of `groups`: its 32 are more than the channels of many a small network.
    struct GroupNorm {
        /// equal groups of the channels; 1: all together. 8 by default, not 32 as in Keras, for networks of few channels
        groups: usize = Field::whole(8, 1..=4096, &[1, 2, 4, 8, 16, 32]),
        epsilon: f32 = EPSILON,
    }
}

/// Gamma and beta.
fn scale_and_shift(channels: usize) -> Vec<ParameterShape> {
    vec![
        ParameterShape::trainable("gamma", vec![channels], Start::Ones),
        ParameterShape::trainable("beta", vec![channels], Start::Zeros),
    ]
}

impl Layer for LayerNorm {
    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        Ok(input)
    }

    fn parameters(&self, input: Shape) -> Vec<ParameterShape> {
        scale_and_shift(input.channels)
    }

    fn reads(&self, input: Shape, place: Place) -> Block {
        Block {
            channels: 0..input.channels,
            ..Block::one(place, 0)
        }
    }

    fn combination(&self) -> Combination {
        Combination::NormalisedTogether
    }

    fn forward(&self, flow: Flow, parameters: &mut [Vector], _pass: &Pass) -> Flow {
        ops::layer_norm(flow, &parameters[0], &parameters[1], self.epsilon)
    }
}

impl Layer for GroupNorm {
    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        let (channels, groups) = (input.channels, self.groups);
        if channels % groups != 0 {
            let fitting = largest_divisor(channels, groups);
            return Err(Misfit::new(
                format!("{channels} channels cannot be cut into {groups} equal groups"),
                format!("set groups to {fitting}, or another divisor of {channels}"),
                Mend::Set("groups", Value::Whole(fitting)),
            ));
        }
        Ok(input)
    }

    fn parameters(&self, input: Shape) -> Vec<ParameterShape> {
        scale_and_shift(input.channels)
    }

    fn reads(&self, input: Shape, place: Place) -> Block {
        let own = input.channels / self.groups;
        let first = place.channel / own * own;
        Block::whole(input, first..first + own)
    }

    fn combination(&self) -> Combination {
        Combination::NormalisedTogether
    }

    fn forward(&self, flow: Flow, parameters: &mut [Vector], _pass: &Pass) -> Flow {
        let (gamma, beta) = (&parameters[0], &parameters[1]);
        ops::group_norm(flow, self.groups, gamma, beta, self.epsilon)
    }
}

/// The largest divisor of `whole` that is at most `most`.
pub(super) fn largest_divisor(whole: usize, most: usize) -> usize {
    let divisors = (1..=most.min(whole)).rev();
    divisors
        .into_iter()
        .find(|divisor| whole.is_multiple_of(*divisor))
        .unwrap_or(1)
}
