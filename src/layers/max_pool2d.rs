//! Max pooling.

use super::{Block, Combination, Layer, LayerKind, Mend, Misfit, Pass, Place, built};
use crate::field::{Field, Settings, Value, settings};
use crate::ops::{self, Flow, Vector};
use crate::shape::{Padding, Shape, Window};

/// The field of pooling layers.
pub(super) const SIZE: Field = Field::whole(2, 1..=64, &[2, 3, 4])
    .required()
    .named("size")
    .meaning("height, width and stride of the squares, in pixels");

pub static KIND: LayerKind = LayerKind {
    name: "max_pool2d",
    keras: "max_pooling2d",
    help: "Keeps the largest value of every square of pixels; what is left over at the right and bottom is dropped.",
    fields: MaxPool2d::FIELDS,
    build: built::<MaxPool2d>,
};

settings! {
    struct MaxPool2d {
        size: usize = SIZE,
    }
}

impl Layer for MaxPool2d {
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
        Combination::Largest
    }

    fn forward(&self, flow: Flow, _parameters: &mut [Vector], _pass: &Pass) -> Flow {
        ops::max_pool2d(flow, self.size)
    }
}

const fn window(size: usize) -> Window {
    Window {
        size,
        stride: size,
        padding: Padding::Valid,
    }
}

/// The square of `size × size` that the pixel at `place` is made of.
pub(super) fn square(input: Shape, size: usize, place: Place) -> Block {
    Block::window(window(size), input, place, place.channel..place.channel + 1)
}

/// The output of a layer that makes one pixel of each square of `size × size`.
pub(super) fn pooled(input: Shape, size: usize) -> Result<Shape, Misfit> {
    let output = window(size).slide(input, input.channels);
    if output.is_empty() {
        let largest = input.height.min(input.width);
        return Err(Misfit::new(format!(
            "a {size}×{size} square does not fit a {}×{} input; use a smaller size or take this layer out",
            input.height, input.width
        ))
        .with_mend(Mend::Set(SIZE.name, Value::Whole(largest))));
    }
    Ok(output)
}
