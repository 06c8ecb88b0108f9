//! The naive reference: one plain loop nest for each kernel, with sums in `f64`. It defines what the fast kernels compute, and the
//! tests compare the two.
//!
//! Volumes are `[batch, height, width, channels]`, convolution kernels `[height, width, channels, filters]`, dense kernels
//! `[inputs, units]`. Semantics: Keras 3.

use super::{Adadelta, BatchNorm, Conv2d, Dense, MaxPool2d};

/// For every product of a convolution calls `visit(input index, kernel index, output index)`.
fn for_each_product(conv: &Conv2d, mut visit: impl FnMut(usize, usize, usize)) {
    let (input, output, window) = (conv.input, conv.output(), conv.window);
    let (top, left) = (window.zeros(input.height).0, window.zeros(input.width).0);
    for image in 0..conv.batch {
        for (oy, ox) in grid(output.height, output.width) {
            for (ky, kx) in grid(window.size, window.size) {
                let (y, x) = (oy * window.stride + ky, ox * window.stride + kx);
                if y < top || x < left || y - top >= input.height || x - left >= input.width {
                    continue;
                }
                let pixel = (image * input.height + y - top) * input.width + x - left;
                let place = (image * output.height + oy) * output.width + ox;
                for channel in 0..input.channels {
                    let tap = (ky * window.size + kx) * input.channels + channel;
                    for filter in 0..conv.filters {
                        visit(
                            pixel * input.channels + channel,
                            tap * conv.filters + filter,
                            place * conv.filters + filter,
                        );
                    }
                }
            }
        }
    }
}

pub(super) fn grid(height: usize, width: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..height).flat_map(move |y| (0..width).map(move |x| (y, x)))
}

fn round_into(sums: &[f64], out: &mut [f32]) {
    for (out, sum) in out.iter_mut().zip(sums) {
        *out = *sum as f32;
    }
}

/// `output[n, y, x, f] = bias[f] + Σ input · kernel`.
pub fn conv2d(conv: &Conv2d, input: &[f32], kernel: &[f32], bias: &[f32], output: &mut [f32]) {
    let mut sums: Vec<f64> = (0..output.len())
        .map(|i| f64::from(bias[i % conv.filters]))
        .collect();
    for_each_product(conv, |i, k, o| {
        sums[o] += f64::from(input[i]) * f64::from(kernel[k])
    });
    round_into(&sums, output);
}

/// The gradient of a convolution with respect to its input.
pub fn conv2d_input_gradient(
    conv: &Conv2d,
    output_gradient: &[f32],
    kernel: &[f32],
    input_gradient: &mut [f32],
) {
    let mut sums = vec![0.0; input_gradient.len()];
    for_each_product(conv, |i, k, o| {
        sums[i] += f64::from(output_gradient[o]) * f64::from(kernel[k]);
    });
    round_into(&sums, input_gradient);
}

/// The gradients of a convolution with respect to its kernel and bias.
pub fn conv2d_parameter_gradient(
    conv: &Conv2d,
    input: &[f32],
    output_gradient: &[f32],
    kernel_gradient: &mut [f32],
    bias_gradient: &mut [f32],
) {
    let mut sums = vec![0.0; kernel_gradient.len()];
    for_each_product(conv, |i, k, o| {
        sums[k] += f64::from(input[i]) * f64::from(output_gradient[o]);
    });
    round_into(&sums, kernel_gradient);
    column_sums(output_gradient, bias_gradient);
}

pub(super) fn column_sums(rows: &[f32], sums: &mut [f32]) {
    let columns = sums.len();
    for (column, sum) in sums.iter_mut().enumerate() {
        *sum = rows
            .iter()
            .skip(column)
            .step_by(columns)
            .map(|v| f64::from(*v))
            .sum::<f64>() as f32;
    }
}

/// `output[n, u] = bias[u] + Σ input[n, i] · kernel[i, u]`.
pub fn dense(dense: &Dense, input: &[f32], kernel: &[f32], bias: &[f32], output: &mut [f32]) {
    conv2d(&dense.as_conv2d(), input, kernel, bias, output);
}

/// The gradient of a dense layer with respect to its input.
pub fn dense_input_gradient(
    dense: &Dense,
    output_gradient: &[f32],
    kernel: &[f32],
    input_gradient: &mut [f32],
) {
    conv2d_input_gradient(&dense.as_conv2d(), output_gradient, kernel, input_gradient);
}

/// The gradients of a dense layer with respect to its kernel and bias.
pub fn dense_parameter_gradient(
    dense: &Dense,
    input: &[f32],
    output_gradient: &[f32],
    kernel_gradient: &mut [f32],
    bias_gradient: &mut [f32],
) {
    conv2d_parameter_gradient(
        &dense.as_conv2d(),
        input,
        output_gradient,
        kernel_gradient,
        bias_gradient,
    );
}

/// The largest value of each window, and its place in the window (`ky · size + kx`; the first of equals).
pub fn max_pool2d(pool: &MaxPool2d, input: &[f32], output: &mut [f32], places: &mut [u16]) {
    let (shape, pooled, size) = (pool.input, pool.output(), pool.size);
    for image in 0..pool.batch {
        for (oy, ox) in grid(pooled.height, pooled.width) {
            for channel in 0..shape.channels {
                let value = |ky: usize, kx: usize| {
                    let y = image * shape.height + oy * size + ky;
                    input[(y * shape.width + ox * size + kx) * shape.channels + channel]
                };
                let mut best = (value(0, 0), 0);
                for (ky, kx) in grid(size, size) {
                    if value(ky, kx) > best.0 || value(ky, kx).is_nan() {
                        best = (value(ky, kx), ky * size + kx);
                    }
                }
                let place = (image * pooled.height + oy) * pooled.width + ox;
                output[place * shape.channels + channel] = best.0;
                places[place * shape.channels + channel] = best.1 as u16;
            }
        }
    }
}

/// The gradient of a max pooling with respect to its input: each output's gradient goes to the place of the largest value.
pub fn max_pool2d_gradient(
    pool: &MaxPool2d,
    output_gradient: &[f32],
    places: &[u16],
    input_gradient: &mut [f32],
) {
    let (shape, pooled, size) = (pool.input, pool.output(), pool.size);
    input_gradient.fill(0.0);
    for image in 0..pool.batch {
        for (oy, ox) in grid(pooled.height, pooled.width) {
            for channel in 0..shape.channels {
                let o =
                    ((image * pooled.height + oy) * pooled.width + ox) * shape.channels + channel;
                let (ky, kx) = (usize::from(places[o]) / size, usize::from(places[o]) % size);
                let pixel = (image * shape.height + oy * size + ky) * shape.width + ox * size + kx;
                input_gradient[pixel * shape.channels + channel] = output_gradient[o];
            }
        }
    }
}

/// Mean and biased variance of each channel.
pub fn moments(channels: usize, input: &[f32], mean: &mut [f32], variance: &mut [f32]) {
    let rows = (input.len() / channels) as f64;
    for channel in 0..channels {
        let column = || {
            input
                .iter()
                .skip(channel)
                .step_by(channels)
                .map(|v| f64::from(*v))
        };
        let average = column().sum::<f64>() / rows;
        mean[channel] = average as f32;
        variance[channel] = (column().map(|v| (v - average).powi(2)).sum::<f64>() / rows) as f32;
    }
}

/// `output = gamma · (input − mean) / √(variance + epsilon) + beta`, channel by channel.
pub fn batch_norm(norm: &BatchNorm, input: &[f32], output: &mut [f32]) {
    let channels = norm.gamma.len();
    for (i, (out, value)) in output.iter_mut().zip(input).enumerate() {
        let c = i % channels;
        let normal = f64::from(value - norm.mean[c]) / deviation(norm, c);
        *out = (f64::from(norm.gamma[c]) * normal + f64::from(norm.beta[c])) as f32;
    }
}

fn deviation(norm: &BatchNorm, channel: usize) -> f64 {
    (f64::from(norm.variance[channel]) + f64::from(norm.epsilon)).sqrt()
}

/// The gradients of a batch norm with respect to gamma and beta.
pub fn batch_norm_parameter_gradient(
    norm: &BatchNorm,
    input: &[f32],
    output_gradient: &[f32],
    gamma_gradient: &mut [f32],
    beta_gradient: &mut [f32],
) {
    let channels = norm.gamma.len();
    column_sums(output_gradient, beta_gradient);
    for (c, gradient) in gamma_gradient.iter_mut().enumerate() {
        let products = (c..input.len()).step_by(channels).map(|i| {
            f64::from(output_gradient[i]) * f64::from(input[i] - norm.mean[c]) / deviation(norm, c)
        });
        *gradient = products.sum::<f64>() as f32;
    }
}

/// The gradient with respect to the input of a batch norm whose mean and variance are those of `input` itself.
pub fn batch_norm_training_input_gradient(
    norm: &BatchNorm,
    input: &[f32],
    output_gradient: &[f32],
    input_gradient: &mut [f32],
) {
    let channels = norm.gamma.len();
    let rows = (input.len() / channels) as f64;
    let (mut gamma_gradient, mut beta_gradient) = (vec![0.0; channels], vec![0.0; channels]);
    batch_norm_parameter_gradient(
        norm,
        input,
        output_gradient,
        &mut gamma_gradient,
        &mut beta_gradient,
    );
    for (i, gradient) in input_gradient.iter_mut().enumerate() {
        let c = i % channels;
        let normal = f64::from(input[i] - norm.mean[c]) / deviation(norm, c);
        let centred = f64::from(output_gradient[i])
            - f64::from(beta_gradient[c]) / rows
            - normal * f64::from(gamma_gradient[c]) / rows;
        *gradient = (f64::from(norm.gamma[c]) / deviation(norm, c) * centred) as f32;
    }
}

/// The gradient with respect to the input of a batch norm with fixed mean and variance.
pub fn batch_norm_inference_input_gradient(
    norm: &BatchNorm,
    output_gradient: &[f32],
    input_gradient: &mut [f32],
) {
    let channels = norm.gamma.len();
    for (i, gradient) in input_gradient.iter_mut().enumerate() {
        let c = i % channels;
        *gradient =
            (f64::from(norm.gamma[c]) / deviation(norm, c) * f64::from(output_gradient[i])) as f32;
    }
}

/// `max(value, 0)` in place.
pub fn relu(values: &mut [f32]) {
    values
        .iter_mut()
        .for_each(|v| *v = if *v < 0.0 { 0.0 } else { *v });
}

/// The gradient of a rectifier from its output: zero where the output is not positive.
pub fn relu_gradient(output: &[f32], gradient: &mut [f32]) {
    for (gradient, value) in gradient.iter_mut().zip(output) {
        *gradient = if *value > 0.0 { *gradient } else { 0.0 };
    }
}

/// Softmax of each row of `classes` values, in place.
pub fn softmax(classes: usize, values: &mut [f32]) {
    for row in values.chunks_exact_mut(classes) {
        let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f64 = row.iter().map(|v| f64::from(v - largest).exp()).sum();
        row.iter_mut()
            .for_each(|v| *v = (f64::from(*v - largest).exp() / sum) as f32);
    }
}

/// The cross-entropy of each row's softmax with its label, and `gradient`: of the mean over the rows by the logits.
/// Returns how many rows have their largest value (the first of equals) at the label.
pub fn softmax_cross_entropy(
    classes: usize,
    logits: &[f32],
    labels: &[u16],
    losses: &mut [f32],
    gradient: &mut [f32],
) -> usize {
    gradient.copy_from_slice(logits);
    softmax(classes, gradient);
    let mut correct = 0;
    for (n, label) in labels.iter().map(|l| usize::from(*l)).enumerate() {
        let row = &logits[n * classes..(n + 1) * classes];
        let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f64 = row.iter().map(|v| f64::from(v - largest).exp()).sum();
        losses[n] = (sum.ln() - f64::from(row[label] - largest)) as f32;
        correct += usize::from(row.iter().position(|v| *v == largest) == Some(label));
        let gradient = &mut gradient[n * classes..(n + 1) * classes];
        gradient[label] -= 1.0;
        gradient.iter_mut().for_each(|g| *g /= labels.len() as f32);
    }
    correct
}

/// One Adadelta step (Keras 3: `acc_g ← ρ·acc_g + (1−ρ)·g²`, `Δ = −√(acc_Δ+ε)/√(acc_g+ε)·g`, `acc_Δ ← ρ·acc_Δ + (1−ρ)·Δ²`,
/// `p ← p + lr·Δ`).
pub fn adadelta(
    settings: &Adadelta,
    parameters: &mut [f32],
    gradient: &[f32],
    squared_gradients: &mut [f32],
    squared_updates: &mut [f32],
) {
    let [rate, rho, epsilon] =
        [settings.learning_rate, settings.rho, settings.epsilon].map(f64::from);
    for i in 0..parameters.len() {
        let g = f64::from(gradient[i]);
        let squares = rho * f64::from(squared_gradients[i]) + (1.0 - rho) * g * g;
        let updates = f64::from(squared_updates[i]);
        let update = -((updates + epsilon).sqrt() / (squares + epsilon).sqrt()) * g;
        squared_gradients[i] = squares as f32;
        squared_updates[i] = (rho * updates + (1.0 - rho) * update * update) as f32;
        parameters[i] = (f64::from(parameters[i]) + rate * update) as f32;
    }
}
