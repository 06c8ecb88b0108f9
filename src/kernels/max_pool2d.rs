//! Max pooling with windows that do not overlap.

use super::reference;
use crate::shape::{Padding, Shape, Window};

/// Windows of `size × size`, stride equal to the size, only those that lie inside the image.
#[derive(Clone, Copy, Debug)]
pub struct MaxPool2d {
    pub batch: usize,
    pub input: Shape,
    /// At most 255, so that a place in the window fits 16 bits.
    pub size: usize,
}

impl MaxPool2d {
    /// The shape of one output image.
    pub const fn output(&self) -> Shape {
        let window = Window {
            size: self.size,
            stride: self.size,
            padding: Padding::Valid,
        };
        window.slide(self.input, self.input.channels)
    }
}

pub fn forward(pool: &MaxPool2d, input: &[f32], output: &mut [f32], places: &mut [u16]) {
    reference::max_pool2d(pool, input, output, places);
}

pub fn gradient(
    pool: &MaxPool2d,
    output_gradient: &[f32],
    places: &[u16],
    input_gradient: &mut [f32],
) {
    reference::max_pool2d_gradient(pool, output_gradient, places, input_gradient);
}
