//! Two-dimensional convolution.

use super::reference;
use crate::shape::{Shape, Window};

/// A convolution of `batch` images with `filters` kernels of `window.size × window.size × input.channels`.
#[derive(Clone, Copy, Debug)]
pub struct Conv2d {
    pub batch: usize,
    pub input: Shape,
    pub window: Window,
    pub filters: usize,
}

impl Conv2d {
    /// The shape of one output image.
    pub const fn output(&self) -> Shape {
        self.window.slide(self.input, self.filters)
    }

    /// Number of products that make one output value.
    pub const fn taps(&self) -> usize {
        self.window.size * self.window.size * self.input.channels
    }
}

pub fn forward(conv: &Conv2d, input: &[f32], kernel: &[f32], bias: &[f32], output: &mut [f32]) {
    reference::conv2d(conv, input, kernel, bias, output);
}

pub fn input_gradient(
    conv: &Conv2d,
    output_gradient: &[f32],
    kernel: &[f32],
    input_gradient: &mut [f32],
) {
    reference::conv2d_input_gradient(conv, output_gradient, kernel, input_gradient);
}

pub fn parameter_gradient(
    conv: &Conv2d,
    input: &[f32],
    output_gradient: &[f32],
    kernel_gradient: &mut [f32],
    bias_gradient: &mut [f32],
) {
    reference::conv2d_parameter_gradient(
        conv,
        input,
        output_gradient,
        kernel_gradient,
        bias_gradient,
    );
}
