//! Average pooling.

use super::max_pool2d::{SIZE, pooled, square};
use super::{Block, Combination, Layer, LayerKind, Misfit, Pass, Place, built};
use crate::field::{Settings, settings};
use crate::ops::{self, Flow, Vector};
use crate::shape::Shape;

pub static KIND: LayerKind = LayerKind {
    name: "avg_pool2d",
    keras: "average_pooling2d",
    help: "Keeps the mean of every square of pixels; what is left over at the right and bottom is dropped.",
    fields: AveragePool2d::FIELDS,
    build: built::<AveragePool2d>,
};

settings! {
    struct AveragePool2d {
        size: usize = SIZE,
    }
}

impl Layer for AveragePool2d {
    fn takes_images(&self) -> bool {
        true
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        pooled(input, self.size)
    }

    fn reads(&self, input: Shape, place: Place) -> Block {
        square(input, self.size, place)
    }

    fn combination(&self) -> Combination {
        Combination::Mean
    }

    fn forward(&self, flow: Flow, _parameters: &mut [Vector], _pass: &Pass) -> Flow {
        ops::average_pool2d(flow, self.size)
    }
}
