//! Max pooling.

use super::{Layer, LayerKind, Mend, Misfit, Pass, built};
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

    fn window(&self) -> (usize, usize) {
        (self.size, self.size)
    }

    fn forward(&self, flow: Flow, _parameters: &mut [Vector], _pass: &Pass) -> Flow {
        ops::max_pool2d(flow, self.size)
    }
}

/// The output of a layer that makes one pixel of each square of `size × size`.
pub(super) fn pooled(input: Shape, size: usize) -> Result<Shape, Misfit> {
    let window = Window {
        size,
        stride: size,
        padding: Padding::Valid,
    };
    let output = window.slide(input, input.channels);
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
