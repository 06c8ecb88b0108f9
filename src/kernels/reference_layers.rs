//! More of the naive [`reference`](super::reference): activations, depthwise convolution, average and sliding pooling, zero padding, and the
//! L2 penalty.

use super::reference::{column_sums, grid};
use super::{Activation, AveragePool2d, DepthwiseConv2d, GroupNorm, SlidingPool2d, ZeroPadding2d};

/// An activation of one value. Semantics: Keras 3.
pub fn activation(activation: Activation, value: f64) -> f64 {
    match activation {
        Activation::Linear => value,
        Activation::Relu => value.max(0.0),
        Activation::LeakyRelu { negative_slope } if value < 0.0 => {
            f64::from(negative_slope) * value
        }
        Activation::LeakyRelu { .. } => value,
        Activation::Tanh => value.tanh(),
        Activation::Sigmoid => 1.0 / (1.0 + (-value).exp()),
        Activation::Gelu => value * normal_distribution(value),
        Activation::Elu { alpha } if value < 0.0 => f64::from(alpha) * value.exp_m1(),
        Activation::Elu { .. } => value,
        Activation::Silu => value / (1.0 + (-value).exp()),
    }
}

/// The slope of an activation at one value; at a corner, that of the negative side, as in TensorFlow.
pub fn activation_slope(activation: Activation, value: f64) -> f64 {
    match activation {
        Activation::Linear => 1.0,
        Activation::Relu if value <= 0.0 => 0.0,
        Activation::LeakyRelu { negative_slope } if value <= 0.0 => f64::from(negative_slope),
        Activation::Relu | Activation::LeakyRelu { .. } => 1.0,
        Activation::Tanh => 1.0 - value.tanh().powi(2),
        Activation::Sigmoid => {
            let sigmoid = self::activation(activation, value);
            sigmoid * (1.0 - sigmoid)
        }
        Activation::Gelu => {
            let density = (-value * value / 2.0).exp() / std::f64::consts::TAU.sqrt();
            normal_distribution(value) + value * density
        }
        Activation::Elu { alpha } if value <= 0.0 => f64::from(alpha) * value.exp(),
        Activation::Elu { .. } => 1.0,
        Activation::Silu => {
            let sigmoid = 1.0 / (1.0 + (-value).exp());
            sigmoid * (1.0 + value * (1.0 - sigmoid))
        }
    }
}

/// The fraction of a normal distribution with mean 0 and standard deviation 1 that lies below `value`.
fn normal_distribution(value: f64) -> f64 {
    0.5 * (1.0 + error_function(value / std::f64::consts::SQRT_2))
}

/// `2/√π · ∫₀ˣ e^(−t²) dt`, by the series `2/√π · e^(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·5·…·(2n+1))`, whose terms all have one sign.
/// Source: Abramowitz and Stegun, 7.1.6.
fn error_function(x: f64) -> f64 {
    if x.abs() > 6.0 {
        return x.signum();
    }
    let (mut term, mut sum) = (x, 0.0);
    for n in 1..200 {
        sum += term;
        term *= 2.0 * x * x / f64::from(2 * n + 1);
    }
    2.0 / std::f64::consts::PI.sqrt() * (-x * x).exp() * sum
}

/// For every pixel under a window of an average pooling calls `visit(input index, output index)`.
fn for_each_pooled(pool: &AveragePool2d, mut visit: impl FnMut(usize, usize)) {
    let (shape, pooled) = (pool.input, pool.output());
    let (height, width) = pool.window;
    for image in 0..pool.batch {
        for y in 0..pooled.height * height {
            for x in 0..pooled.width * width {
                for channel in 0..shape.channels {
                    let pixel = (image * shape.height + y) * shape.width + x;
                    let place = (image * pooled.height + y / height) * pooled.width + x / width;
                    visit(
                        pixel * shape.channels + channel,
                        place * shape.channels + channel,
                    );
                }
            }
        }
    }
}

/// The mean of each window.
pub fn average_pool2d(pool: &AveragePool2d, input: &[f32], output: &mut [f32]) {
    let mut sums = vec![0.0; output.len()];
    for_each_pooled(pool, |i, o| sums[o] += f64::from(input[i]));
    for (output, sum) in output.iter_mut().zip(sums) {
        *output = (sum / pool.area() as f64) as f32;
    }
}

/// The gradient of an average pooling with respect to its input: each output's gradient in equal parts.
pub fn average_pool2d_gradient(
    pool: &AveragePool2d,
    output_gradient: &[f32],
    input_gradient: &mut [f32],
) {
    input_gradient.fill(0.0);
    for_each_pooled(pool, |i, o| {
        input_gradient[i] = (f64::from(output_gradient[o]) / pool.area() as f64) as f32;
    });
}

/// For every pixel inside a window calls `visit(input index, place in the window, output index)`.
fn for_each_slid(pool: &SlidingPool2d, mut visit: impl FnMut(usize, usize, usize)) {
    let (input, output, window) = (pool.input, pool.output(), pool.window);
    let (top, left) = (window.zeros(input.height).0, window.zeros(input.width).0);
    for image in 0..pool.batch {
        for (oy, ox) in grid(output.height, output.width) {
            for (ky, kx) in grid(window.size, window.size) {
                let (y, x) = (oy * window.stride + ky, ox * window.stride + kx);
                if y < top || x < left || y - top >= input.height || x - left >= input.width {
                    continue;
                }
                let pixel = (image * input.height + y - top) * input.width + x - left;
                let place = (image * output.height + oy) * output.width + ox;
                for channel in 0..input.channels {
                    visit(
                        pixel * input.channels + channel,
                        ky * window.size + kx,
                        place * input.channels + channel,
                    );
                }
            }
        }
    }
}

/// The largest value of each window inside the image, and its place in the window (`ky · size + kx`; the first of equals).
pub fn sliding_max_pool2d(
    pool: &SlidingPool2d,
    input: &[f32],
    output: &mut [f32],
    places: &mut [u16],
) {
    output.fill(f32::NEG_INFINITY);
    for_each_slid(pool, |i, place, o| {
        if input[i] > output[o] || input[i].is_nan() {
            (output[o], places[o]) = (input[i], place as u16);
        }
    });
}

/// The gradient of such a pooling with respect to its input: each output's gradient is added at the place of the largest value.
pub fn sliding_max_pool2d_gradient(
    pool: &SlidingPool2d,
    output_gradient: &[f32],
    places: &[u16],
    input_gradient: &mut [f32],
) {
    input_gradient.fill(0.0);
    for_each_slid(pool, |i, place, o| {
        if usize::from(places[o]) == place {
            input_gradient[i] += output_gradient[o];
        }
    });
}

/// The number of pixels inside the image of each window.
fn counts(pool: &SlidingPool2d) -> Vec<f64> {
    let mut counts = vec![0.0; pool.batch * pool.output().len()];
    for_each_slid(pool, |_, _, o| counts[o] += 1.0);
    counts
}

/// The mean of each window inside the image.
pub fn sliding_average_pool2d(pool: &SlidingPool2d, input: &[f32], output: &mut [f32]) {
    let mut sums = vec![0.0; output.len()];
    for_each_slid(pool, |i, _, o| sums[o] += f64::from(input[i]));
    for (output, (sum, count)) in output.iter_mut().zip(sums.into_iter().zip(counts(pool))) {
        *output = (sum / count) as f32;
    }
}

/// The gradient of such a pooling with respect to its input: each output's gradient in equal parts.
pub fn sliding_average_pool2d_gradient(
    pool: &SlidingPool2d,
    output_gradient: &[f32],
    input_gradient: &mut [f32],
) {
    let (counts, mut sums) = (counts(pool), vec![0.0; input_gradient.len()]);
    for_each_slid(pool, |i, _, o| {
        sums[i] += f64::from(output_gradient[o]) / counts[o];
    });
    rounded(sums, input_gradient);
}

/// For every product of a depthwise convolution calls `visit(input index, kernel index, output index)`.
fn for_each_depthwise(conv: &DepthwiseConv2d, mut visit: impl FnMut(usize, usize, usize)) {
    let pool = SlidingPool2d {
        batch: conv.batch,
        input: conv.input,
        window: conv.window,
    };
    let channels = conv.input.channels;
    for_each_slid(&pool, |i, tap, o| {
        for kernel in 0..conv.multiplier {
            visit(
                i,
                (tap * channels + i % channels) * conv.multiplier + kernel,
                o * conv.multiplier + kernel,
            );
        }
    });
}

fn rounded(sums: Vec<f64>, values: &mut [f32]) {
    for (value, sum) in values.iter_mut().zip(sums) {
        *value = sum as f32;
    }
}

/// `output[n, y, x, c · multiplier + m] = bias + Σ input[…, c] · kernel[ky, kx, c, m]`.
pub fn depthwise_conv2d(
    conv: &DepthwiseConv2d,
    input: &[f32],
    kernel: &[f32],
    bias: &[f32],
    output: &mut [f32],
) {
    let biases = bias.iter().cycle().take(output.len());
    let mut sums: Vec<f64> = biases.map(|bias| f64::from(*bias)).collect();
    for_each_depthwise(conv, |i, k, o| {
        sums[o] += f64::from(input[i]) * f64::from(kernel[k]);
    });
    rounded(sums, output);
}

/// The gradient of a depthwise convolution with respect to its input.
pub fn depthwise_conv2d_input_gradient(
    conv: &DepthwiseConv2d,
    output_gradient: &[f32],
    kernel: &[f32],
    input_gradient: &mut [f32],
) {
    let mut sums = vec![0.0; input_gradient.len()];
    for_each_depthwise(conv, |i, k, o| {
        sums[i] += f64::from(output_gradient[o]) * f64::from(kernel[k]);
    });
    rounded(sums, input_gradient);
}

/// The gradients of a depthwise convolution with respect to its kernel and bias.
pub fn depthwise_conv2d_parameter_gradient(
    conv: &DepthwiseConv2d,
    input: &[f32],
    output_gradient: &[f32],
    kernel_gradient: &mut [f32],
    bias_gradient: &mut [f32],
) {
    let mut sums = vec![0.0; kernel_gradient.len()];
    for_each_depthwise(conv, |i, k, o| {
        sums[k] += f64::from(input[i]) * f64::from(output_gradient[o]);
    });
    rounded(sums, kernel_gradient);
    column_sums(output_gradient, bias_gradient);
}

/// For every pixel calls `visit(input index, output index)`.
fn for_each_padded(padding: &ZeroPadding2d, mut visit: impl FnMut(usize, usize)) {
    let (shape, padded) = (padding.input, padding.output());
    for image in 0..padding.batch {
        for y in 0..shape.height {
            for x in 0..shape.width {
                for channel in 0..shape.channels {
                    let pixel = (image * shape.height + y) * shape.width + x;
                    let place = (image * padded.height + y + padding.size) * padded.width
                        + x
                        + padding.size;
                    visit(
                        pixel * shape.channels + channel,
                        place * shape.channels + channel,
                    );
                }
            }
        }
    }
}

/// The image within a border of zeros.
pub fn zero_padding2d(padding: &ZeroPadding2d, input: &[f32], output: &mut [f32]) {
    output.fill(0.0);
    for_each_padded(padding, |i, o| output[o] = input[i]);
}

/// The gradient of a zero padding with respect to its input.
pub fn zero_padding2d_gradient(
    padding: &ZeroPadding2d,
    output_gradient: &[f32],
    input_gradient: &mut [f32],
) {
    for_each_padded(padding, |i, o| input_gradient[i] = output_gradient[o]);
}

/// For every set and group calls `visit` with the indices of its values.
fn for_each_group(norm: &GroupNorm, length: usize, mut visit: impl FnMut(&[usize])) {
    let channels = norm.gamma.len();
    let (set, own) = (norm.pixels * channels, channels / norm.groups);
    for begin in (0..length).step_by(set) {
        for group in 0..norm.groups {
            let is_in = |i: &usize| i % channels / own == group;
            let all: Vec<usize> = (begin..begin + set).filter(is_in).collect();
            visit(&all);
        }
    }
}

/// The values at these places, less their mean and divided by their standard deviation, and that.
fn normal(norm: &GroupNorm, input: &[f32], all: &[usize]) -> (Vec<f64>, f64) {
    let count = all.len() as f64;
    let values = || all.iter().map(|i| f64::from(input[*i]));
    let mean = values().sum::<f64>() / count;
    let variance = values().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    let deviation = (variance + f64::from(norm.epsilon)).sqrt();
    (
        values().map(|value| (value - mean) / deviation).collect(),
        deviation,
    )
}

/// Each set and group normalised by its own mean and variance.
pub fn group_norm(norm: &GroupNorm, input: &[f32], output: &mut [f32]) {
    let channels = norm.gamma.len();
    for_each_group(norm, input.len(), |all| {
        let (normal, _) = normal(norm, input, all);
        for (i, value) in all.iter().zip(normal) {
            let (gamma, beta) = (norm.gamma[i % channels], norm.beta[i % channels]);
            output[*i] = (f64::from(gamma) * value + f64::from(beta)) as f32;
        }
    });
}

/// The gradients of such a normalisation with respect to its input, gamma and beta.
pub fn group_norm_gradients(
    norm: &GroupNorm,
    input: &[f32],
    output_gradient: &[f32],
    [by_input, by_gamma, by_beta]: [&mut [f32]; 3],
) {
    let channels = norm.gamma.len();
    let mut sums = vec![0.0; channels];
    for_each_group(norm, input.len(), |all| {
        let (normal, deviation) = normal(norm, input, all);
        let count = all.len() as f64;
        let weighted =
            |i: &usize| f64::from(output_gradient[*i]) * f64::from(norm.gamma[i % channels]);
        let sum: f64 = all.iter().map(weighted).sum();
        let products: f64 = all.iter().zip(&normal).map(|(i, n)| weighted(i) * n).sum();
        for (i, value) in all.iter().zip(normal) {
            let centred = weighted(i) - sum / count - value * products / count;
            by_input[*i] = (centred / deviation) as f32;
            sums[i % channels] += f64::from(output_gradient[*i]) * value;
        }
    });
    rounded(sums, by_gamma);
    column_sums(output_gradient, by_beta);
}

/// `Σ value²`.
pub fn sum_of_squares(values: &[f32]) -> f64 {
    values.iter().map(|value| f64::from(*value).powi(2)).sum()
}
