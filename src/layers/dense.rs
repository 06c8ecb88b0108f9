//! Fully connected layers: hidden ones, and the classifier at the end.

use super::{
    Block, Build, Combination, L2, Layer, LayerKind, Misfit, ParameterShape, Pass, Place, Start,
    activation, built,
};
use crate::field::{Field, Settings, settings};
use crate::ops::{self, Activation, Flow, Vector};
use crate::shape::Shape;

/// The type that ends every network.
pub const CLASSIFIER: &str = "classify";

pub static DENSE: LayerKind = LayerKind {
    name: "dense",
    keras: "dense",
    help: "Every unit is a weighted sum of all values of a flat input, plus a bias.",
    fields: Dense::FIELDS,
    build: Build::Layer(built::<Dense>),
};

pub static CLASSIFY: LayerKind = LayerKind {
    name: CLASSIFIER,
    keras: "dense",
    help: "The last layer: one score per class from a flat input, turned into probabilities by softmax.",
    fields: &[],
    build: Build::Layer(|_values, classes| {
        Box::new(Dense {
            units: classes,
            is_classifier: true,
            ..Dense::default()
        })
    }),
};

settings! {
    struct Dense {
        /// number of units, and of output values
        units: usize = Field::whole(128, 1..=16384, &[16, 32, 64, 128, 256, 512, 1024]).required(),
        activation: Activation = activation::FIELD,
        l2: f64 = L2,
    } and {
        /// Whether the units are the classes; softmax is applied after them, in loss and prediction.
        is_classifier: bool,
    }
}

impl Layer for Dense {
    fn gives_vectors(&self) -> bool {
        true
    }

    fn is_classifier(&self) -> bool {
        self.is_classifier
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        match input == Shape::flat(input.len()) {
            true => Ok(Shape::flat(self.units)),
            false => Err(Misfit::not_flat(input)),
        }
    }

    /// Kernel `[in, out]` and bias `[out]`.
    fn parameters(&self, input: Shape) -> Vec<ParameterShape> {
        let (inputs, units) = (input.len(), self.units);
        let start = Start::GlorotUniform {
            fan_in: inputs,
            fan_out: units,
        };
        vec![
            ParameterShape::trainable("kernel", vec![inputs, units], start).with_l2(self.l2),
            ParameterShape::trainable("bias", vec![units], Start::Zeros),
        ]
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
