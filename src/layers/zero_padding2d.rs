//! A frame of zeros around the image.

use super::{Block, Build, Combination, Layer, LayerKind, Misfit, Pass, Place, built};
use crate::field::{Field, Settings, settings};
use crate::ops::{self, Flow, Vector};
use crate::shape::Shape;

pub static KIND: LayerKind = LayerKind {
    name: "zero_padding2d",
    keras: "zero_padding2d",
    help: "Adds a frame of zeros around the image.",
    fields: ZeroPadding2d::FIELDS,
    build: Build::Layer(built::<ZeroPadding2d>),
};

settings! {
    struct ZeroPadding2d {
        /// zeros on each of the four sides, in pixels
        size: usize = Field::whole(1, 1..=64, &[1, 2, 3, 4]).required(),
    }
}

impl Layer for ZeroPadding2d {
    fn takes_images(&self) -> bool {
        true
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        let frame = 2 * self.size;
        Ok(Shape::new(
            input.height + frame,
            input.width + frame,
            input.channels,
        ))
    }

    fn reads(&self, _input: Shape, place: Place) -> Block {
        Block::one(place, -(self.size as isize))
    }

    fn combination(&self) -> Combination {
        Combination::Moved
    }

    fn forward(&self, flow: Flow, _parameters: &mut [Vector], _pass: &Pass) -> Flow {
        ops::zero_padding2d(flow, self.size)
    }
}
