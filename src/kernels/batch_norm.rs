//! Batch normalisation, channel by channel.

use super::reference;

/// What normalises: one value a channel in each slice. Mean and variance are the batch's in training, the moving ones in inference.
#[derive(Clone, Copy, Debug)]
pub struct BatchNorm<'a> {
    pub gamma: &'a [f32],
    pub beta: &'a [f32],
    pub mean: &'a [f32],
    pub variance: &'a [f32],
    pub epsilon: f32,
}

pub fn moments(input: &[f32], mean: &mut [f32], variance: &mut [f32]) {
    reference::moments(mean.len(), input, mean, variance);
}

pub fn forward(norm: &BatchNorm, input: &[f32], output: &mut [f32]) {
    reference::batch_norm(norm, input, output);
}

pub fn parameter_gradient(
    norm: &BatchNorm,
    input: &[f32],
    output_gradient: &[f32],
    gamma_gradient: &mut [f32],
    beta_gradient: &mut [f32],
) {
    reference::batch_norm_parameter_gradient(
        norm,
        input,
        output_gradient,
        gamma_gradient,
        beta_gradient,
    );
}

/// `gradient` is by the output when it comes and by the input when it goes.
pub fn training_input_gradient(
    norm: &BatchNorm,
    input: &[f32],
    gamma_gradient: &[f32],
    beta_gradient: &[f32],
    gradient: &mut [f32],
) {
    let _ = (gamma_gradient, beta_gradient);
    let output_gradient = gradient.to_vec();
    reference::batch_norm_training_input_gradient(norm, input, &output_gradient, gradient);
}

/// `gradient` is by the output when it comes and by the input when it goes.
pub fn inference_input_gradient(norm: &BatchNorm, gradient: &mut [f32]) {
    let output_gradient = gradient.to_vec();
    reference::batch_norm_inference_input_gradient(norm, &output_gradient, gradient);
}
