//! More of the naive [`reference`](super::reference): activations, average pooling, zero padding, and the L2 penalty.

use super::{Activation, AveragePool2d, ZeroPadding2d};

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

/// `Σ value²`.
pub fn sum_of_squares(values: &[f32]) -> f64 {
    values.iter().map(|value| f64::from(*value).powi(2)).sum()
}
