//! The last layer: dense to the classes, then softmax.

use super::dense::{flat_output, kernel_and_bias};
use super::{Block, Combination, Layer, LayerKind, Misfit, ParameterShape, Pass, Place};
use crate::ops::{self, Flow, Vector};
use crate::shape::Shape;

/// The type that ends every network.
pub const CLASSIFIER: &str = "classify";

pub static KIND: LayerKind = LayerKind {
    name: CLASSIFIER,
    keras: "dense",
    help: "The last layer: one score a class from a flat input, turned into probabilities by softmax.",
    fields: &[],
    build: |_values, classes| Box::new(Classify { classes }),
};

#[derive(Debug)]
struct Classify {
    classes: usize,
}

impl Layer for Classify {
    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        flat_output(input, self.classes)
    }

    fn parameters(&self, input: Shape) -> Vec<ParameterShape> {
        kernel_and_bias(input, self.classes, 0.0)
    }

    fn reads(&self, input: Shape, _place: Place) -> Block {
        Block::whole(input, 0..input.channels)
    }

    fn combination(&self) -> Combination {
        Combination::Products
    }

    /// Gives the scores before softmax, which loss and prediction take from there.
    fn forward(&self, flow: Flow, parameters: &mut [Vector], _pass: &Pass) -> Flow {
        ops::dense(flow, self.classes, &parameters[0], &parameters[1])
    }

    fn is_classifier(&self) -> bool {
        true
    }
}
