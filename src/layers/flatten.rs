//! From an image to a vector.

use super::{Block, Build, Combination, Layer, LayerKind, Misfit, Pass, Place};
use crate::ops::{self, Flow, Vector};
use crate::shape::Shape;

pub static KIND: LayerKind = LayerKind {
    name: "flatten",
    keras: "flatten",
    help: "Reshapes all values into one vector, row by row, channels last, as dense layers need it.",
    fields: &[],
    build: Build::Layer(|_values, _classes| Box::new(Flatten)),
};

#[derive(Debug)]
struct Flatten;

impl Layer for Flatten {
    fn changes_in_place(&self) -> bool {
        true
    }

    fn gives_vectors(&self) -> bool {
        true
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        Ok(Shape::flat(input.len()))
    }

    fn reads(&self, input: Shape, place: Place) -> Block {
        Block::one(Place::at_offset(place.channel, input), 0)
    }

    fn combination(&self) -> Combination {
        Combination::Moved
    }

    fn forward(&self, flow: Flow, _parameters: &mut [Vector], _pass: &Pass) -> Flow {
        ops::flatten(flow)
    }
}
