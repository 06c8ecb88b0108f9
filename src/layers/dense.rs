//! Fully connected layer.

use super::{
    Block, Combination, Layer, LayerKind, Misfit, ParameterShape, Pass, Place, Start, activation,
    built, penalty,
};
use crate::field::{Field, Settings, settings};
use crate::ops::{self, Activation, Flow, Vector};
use crate::shape::Shape;

pub static KIND: LayerKind = LayerKind {
    name: "dense",
    keras: "dense",
    help: "Every unit weighs all values of a flat input and adds a bias.",
    fields: Dense::FIELDS,
    build: built::<Dense>,
};

settings! {
    struct Dense {
        /// number of units, the values that come out
        units: usize = Field::whole(128, 1..=16384, &[16, 32, 64, 128, 256, 512, 1024]).required(),
        activation: Activation = activation::FIELD,
        l2: f64 = penalty::L2,
    }
}

impl Layer for Dense {
    fn gives_vectors(&self) -> bool {
        true
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        flat_output(input, self.units)
    }

    fn parameters(&self, input: Shape) -> Vec<ParameterShape> {
        kernel_and_bias(input, self.units, self.l2)
    }

    fn reads(&self, input: Shape, _place: Place) -> Block {
        Block::whole(input, 0..input.channels)
    }

    fn combination(&self) -> Combination {
        Combination::Products
    }

    fn forward(&self, flow: Flow, parameters: &mut [Vector], _pass: &Pass) -> Flow {
        let flow = ops::dense(flow, self.units, &parameters[0], &parameters[1]);
        ops::activate(flow, self.activation)
    }
}

/// The output of a layer that turns a vector into `units` values.
pub(super) fn flat_output(input: Shape, units: usize) -> Result<Shape, Misfit> {
    if input == Shape::flat(input.len()) {
        Ok(Shape::flat(units))
    } else {
        Err(Misfit::not_flat(input))
    }
}

/// The weights of a layer that turns a vector into `units` values: kernel `[in, out]` and bias `[out]`.
pub(super) fn kernel_and_bias(input: Shape, units: usize, l2: f64) -> Vec<ParameterShape> {
    let start = Start::GlorotUniform {
        fan_in: input.len(),
        fan_out: units,
    };
    vec![
        ParameterShape::trainable("kernel", vec![input.len(), units], start).with_l2(l2),
        ParameterShape::trainable("bias", vec![units], Start::Zeros),
    ]
}
