//! The fully connected layer.

use super::{Conv2d, reference};
use crate::shape::{Padding, Shape, Window};

/// A matrix product of `[batch, inputs]` with a kernel `[inputs, units]`.
#[derive(Clone, Copy, Debug)]
pub struct Dense {
    pub batch: usize,
    pub inputs: usize,
    pub units: usize,
}

impl Dense {
    /// The same as a convolution of images of one pixel with a 1×1 kernel.
    pub const fn as_conv2d(&self) -> Conv2d {
        Conv2d {
            batch: self.batch,
            input: Shape::flat(self.inputs),
            window: Window {
                size: 1,
                stride: 1,
                padding: Padding::Valid,
            },
            filters: self.units,
        }
    }
}

pub fn forward(dense: &Dense, input: &[f32], kernel: &[f32], bias: &[f32], output: &mut [f32]) {
    reference::dense(dense, input, kernel, bias, output);
}

pub fn input_gradient(
    dense: &Dense,
    output_gradient: &[f32],
    kernel: &[f32],
    input_gradient: &mut [f32],
) {
    reference::dense_input_gradient(dense, output_gradient, kernel, input_gradient);
}

pub fn parameter_gradient(
    dense: &Dense,
    input: &[f32],
    output_gradient: &[f32],
    kernel_gradient: &mut [f32],
    bias_gradient: &mut [f32],
) {
    reference::dense_parameter_gradient(
        dense,
        input,
        output_gradient,
        kernel_gradient,
        bias_gradient,
    );
}
