//! Average pooling over the whole image.

use super::{Block, Build, Combination, Layer, LayerKind, Misfit, Pass, Place};
use crate::ops::{self, Flow, Vector};
use crate::shape::Shape;

pub static KIND: LayerKind = LayerKind {
    name: "global_avg_pool2d",
    keras: "global_average_pooling2d",
    help: "Averages every channel over the image: a vector for dense layers, with far fewer values than flatten gives.",
    fields: &[],
    build: Build::Layer(|_values, _classes| Box::new(GlobalAveragePool2d)),
};

#[derive(Debug)]
struct GlobalAveragePool2d;

impl Layer for GlobalAveragePool2d {
    fn takes_images(&self) -> bool {
        true
    }

    fn gives_vectors(&self) -> bool {
        true
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        Ok(Shape::flat(input.channels))
    }

    fn reads(&self, input: Shape, place: Place) -> Block {
        Block::whole(input, place.channel..place.channel + 1)
    }

    fn combination(&self) -> Combination {
        Combination::Mean
    }

    fn forward(&self, flow: Flow, _parameters: &mut [Vector], _pass: &Pass) -> Flow {
        ops::global_average_pool2d(flow)
    }
}
