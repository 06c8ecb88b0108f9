//! Batch normalisation, channel by channel.

use super::pieces::{PIECE, for_pieces};
use super::scratch::with_scratch;
use super::sums::{column_sums, products_around, squares_around};
use super::tier::in_every_tier;

/// What normalises: one value a channel in each slice. Mean and variance are the batch's in training, the moving ones in inference.
#[derive(Clone, Copy, Debug)]
pub struct BatchNorm<'a> {
    pub gamma: &'a [f32],
    pub beta: &'a [f32],
    pub mean: &'a [f32],
    pub variance: &'a [f32],
    pub epsilon: f32,
}

impl BatchNorm<'_> {
    fn channels(&self) -> usize {
        self.gamma.len()
    }

    /// One over the standard deviation.
    fn inverse_deviation(&self, channel: usize) -> f64 {
        1.0 / (f64::from(self.variance[channel]) + f64::from(self.epsilon)).sqrt()
    }

    /// One coefficient a channel.
    fn each(&self, coefficient: impl Fn(usize) -> f64) -> Vec<f32> {
        (0..self.channels())
            .map(|channel| coefficient(channel) as f32)
            .collect()
    }
}

/// Mean and biased variance of each channel of `input`, `[…, channels]`.
///
/// Each piece of rows gives its own mean and squares around it, so that a mean far from zero costs no digits; the pieces are
/// put together in `f64`.
pub fn moments(input: &[f32], mean: &mut [f32], variance: &mut [f32]) {
    let channels = mean.len();
    let rows = input.len() / channels;
    let mut total = vec![0.0; channels];
    let mut squares = vec![0.0; channels];
    for_each_piece(
        channels,
        input,
        |_, values, means, squares| {
            let count = (values.len() / channels) as f32;
            column_sums(values, means);
            means.iter_mut().for_each(|mean| *mean /= count);
            squares_around(means, values, squares);
        },
        |results| {
            for (count, means, _) in in_order(results, channels, rows) {
                for (total, mean) in total.iter_mut().zip(means) {
                    *total += count * f64::from(*mean);
                }
            }
            total.iter_mut().for_each(|total| *total /= rows as f64);
            for (count, means, around) in in_order(results, channels, rows) {
                for c in 0..channels {
                    let off = f64::from(means[c]) - total[c];
                    squares[c] += f64::from(around[c]) + count * off * off;
                }
            }
        },
    );
    for c in 0..channels {
        mean[c] = total[c] as f32;
        variance[c] = (squares[c] / rows as f64) as f32;
    }
}

/// Rows of `channels` values in a piece of work.
fn piece_rows(channels: usize) -> usize {
    (PIECE / channels).max(1)
}

/// Lets `work(begin, values, first, second)` make two results of one value a channel from each piece of rows, and hands all of
/// them to `gather`.
fn for_each_piece(
    channels: usize,
    input: &[f32],
    work: impl Fn(usize, &[f32], &mut [f32], &mut [f32]) + Send + Sync,
    gather: impl FnOnce(&[f32]),
) {
    let length = piece_rows(channels) * channels;
    with_scratch(input.len().div_ceil(length) * 2 * channels, |results| {
        for_pieces(results, 2 * channels, |piece, results| {
            let (first, second) = results.split_at_mut(channels);
            let begin = piece * length;
            let values = &input[begin..input.len().min(begin + length)];
            work(begin, values, first, second);
        });
        gather(results);
    });
}

/// Each piece's number of rows and two results.
fn in_order(
    results: &[f32],
    channels: usize,
    rows: usize,
) -> impl Iterator<Item = (f64, &[f32], &[f32])> {
    let most = piece_rows(channels);
    results
        .chunks_exact(2 * channels)
        .enumerate()
        .map(move |(piece, results)| {
            let (first, second) = results.split_at(channels);
            (most.min(rows - piece * most) as f64, first, second)
        })
}

/// `output = gamma · (input − mean) / √(variance + epsilon) + beta`, channel by channel; `[…, channels]`.
pub fn forward(norm: &BatchNorm, input: &[f32], output: &mut [f32]) {
    assert_eq!(input.len(), output.len(), "as many values out as in");
    let scale = norm.each(|c| f64::from(norm.gamma[c]) * norm.inverse_deviation(c));
    let shift = norm.each(|c| {
        let scale = f64::from(norm.gamma[c]) * norm.inverse_deviation(c);
        f64::from(norm.beta[c]) - f64::from(norm.mean[c]) * scale
    });
    let (scale, shift) = (widened(&scale), widened(&shift));
    let length = PIECE.div_ceil(scale.len()) * scale.len();
    for_pieces(output, length, |piece, output| {
        scale_and_shift(
            &scale,
            &shift,
            &input[piece * length..][..output.len()],
            output,
        );
    });
}

/// The gradients by gamma and beta, written whole.
pub fn parameter_gradient(
    norm: &BatchNorm,
    input: &[f32],
    output_gradient: &[f32],
    gamma_gradient: &mut [f32],
    beta_gradient: &mut [f32],
) {
    let channels = norm.channels();
    let (mut by_gamma, mut by_beta) = (vec![0.0; channels], vec![0.0; channels]);
    for_each_piece(
        channels,
        input,
        |begin, values, by_gamma, by_beta| {
            let gradient = &output_gradient[begin..begin + values.len()];
            products_around(norm.mean, values, gradient, by_gamma);
            column_sums(gradient, by_beta);
        },
        |results| {
            for (_, gamma, beta) in in_order(results, channels, input.len() / channels) {
                for c in 0..channels {
                    by_gamma[c] += f64::from(gamma[c]);
                    by_beta[c] += f64::from(beta[c]);
                }
            }
        },
    );
    for c in 0..channels {
        gamma_gradient[c] = (by_gamma[c] * norm.inverse_deviation(c)) as f32;
        beta_gradient[c] = by_beta[c] as f32;
    }
}

/// The gradient by the input of a batch norm whose mean and variance are those of `input` itself, from its gradients by gamma and
/// beta. `gradient` is by the output when it comes and by the input when it goes.
pub fn training_input_gradient(
    norm: &BatchNorm,
    input: &[f32],
    gamma_gradient: &[f32],
    beta_gradient: &[f32],
    gradient: &mut [f32],
) {
    assert_eq!(input.len(), gradient.len(), "one gradient for each value");
    let rows = (input.len() / norm.channels()) as f64;
    let scale = norm.each(|c| f64::from(norm.gamma[c]) * norm.inverse_deviation(c));
    let slope = norm.each(|c| {
        let inverse = norm.inverse_deviation(c);
        -f64::from(norm.gamma[c]) * inverse * inverse * f64::from(gamma_gradient[c]) / rows
    });
    let constant = norm.each(|c| {
        let scale = f64::from(norm.gamma[c]) * norm.inverse_deviation(c);
        -scale * f64::from(beta_gradient[c]) / rows - f64::from(norm.mean[c]) * f64::from(slope[c])
    });
    let coefficients = [scale, slope, constant].map(|values| widened(&values));
    let width = coefficients[0].len();
    let length = PIECE.div_ceil(width) * width;
    for_pieces(gradient, length, |piece, gradient| {
        combine(
            &coefficients,
            &input[piece * length..][..gradient.len()],
            gradient,
        );
    });
}

/// The gradient by the input of a batch norm with fixed mean and variance. `gradient` is by the output when it comes and by the
/// input when it goes.
pub fn inference_input_gradient(norm: &BatchNorm, gradient: &mut [f32]) {
    let scale = widened(&norm.each(|c| f64::from(norm.gamma[c]) * norm.inverse_deviation(c)));
    let length = PIECE.div_ceil(scale.len()) * scale.len();
    for_pieces(gradient, length, |_, gradient| multiply(&scale, gradient));
}

/// One coefficient a channel, repeated to at least 64, so that short rows make long loops.
fn widened(coefficients: &[f32]) -> Vec<f32> {
    coefficients.repeat(64usize.div_ceil(coefficients.len()))
}

in_every_tier! {
    fn scale_and_shift(scale: &[f32], shift: &[f32], input: &[f32], output: &mut [f32]) {
        for (output, input) in output.chunks_mut(scale.len()).zip(input.chunks(scale.len())) {
            let coefficients = scale.iter().zip(shift);
            for ((output, input), (scale, shift)) in output.iter_mut().zip(input).zip(coefficients) {
                *output = input * scale + shift;
            }
        }
    }
}

in_every_tier! {
    fn combine(coefficients: &[Vec<f32>; 3], input: &[f32], gradient: &mut [f32]) {
        let [scale, slope, constant] = coefficients;
        for (gradient, input) in gradient.chunks_mut(scale.len()).zip(input.chunks(scale.len())) {
            let coefficients = scale.iter().zip(slope).zip(constant);
            for ((gradient, input), ((scale, slope), constant)) in
                gradient.iter_mut().zip(input).zip(coefficients)
            {
                *gradient = *gradient * scale + input * slope + constant;
            }
        }
    }
}

in_every_tier! {
    fn multiply(scale: &[f32], gradient: &mut [f32]) {
        for gradient in gradient.chunks_mut(scale.len()) {
            for (gradient, scale) in gradient.iter_mut().zip(scale) {
                *gradient *= scale;
            }
        }
    }
}
