//! The rectifier.

use super::reference;

pub fn forward(values: &mut [f32]) {
    reference::relu(values);
}

pub fn gradient(output: &[f32], gradient: &mut [f32]) {
    reference::relu_gradient(output, gradient);
}
