//! Max pooling.

use super::{Layer, LayerKind, Misfit, Pass};
use crate::field::{Field, FieldKind, Value};
use crate::ops::{self, Flow, Vector};
use crate::shape::{Padding, Shape, Window};

pub static KIND: LayerKind = LayerKind {
    name: "max_pool2d",
    help: "Keeps the largest value of every square of pixels; what is left over at the right and bottom is dropped.",
    fields: &[Field {
        name: "size",
        help: "height, width and stride of the squares, in pixels",
        kind: FieldKind::Whole {
            least: 1,
            most: 64,
            steps: &[2, 3, 4],
        },
        default: Value::Whole(2),
        required: true,
    }],
    build: |values, _classes| {
        Box::new(MaxPool2d {
            size: values[0].whole(),
        })
    },
};

#[derive(Debug)]
struct MaxPool2d {
    size: usize,
}

impl Layer for MaxPool2d {
    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        let window = Window {
            size: self.size,
            stride: self.size,
            padding: Padding::Valid,
        };
        let output = window.slide(input, input.channels);
        if output.is_empty() {
            return Err(Misfit::new(format!(
                "a {0}×{0} square does not fit a {1}×{2} input; use a smaller size or take this layer out",
                self.size, input.height, input.width
            )));
        }
        Ok(output)
    }

    fn window(&self) -> (usize, usize) {
        (self.size, self.size)
    }

    fn forward(&self, flow: Flow, _parameters: &mut [Vector], _pass: &Pass) -> Flow {
        ops::max_pool2d(flow, self.size)
    }
}
