//! Batch normalisation, channel by channel, and the rectifier that may follow it.

use super::pieces::{PIECE, for_pieces};
use super::scratch::with_scratch;
use super::sums::{column_sums, products_around, squares_around};
use super::tier::in_every_tier;

/// The normalisation: one value per channel in each slice. Mean and variance are the batch's in training, the moving ones in inference.
#[derive(Clone, Copy, Debug)]
pub struct BatchNorm<'a> {
    /// Factors of the normalised values.
    pub gamma: &'a [f32],
    /// Added after scaling.
    pub beta: &'a [f32],
    /// Subtracted first.
    pub mean: &'a [f32],
    /// Biased, as of a whole population.
    pub variance: &'a [f32],
    /// Added to the variance inside the root.
    pub epsilon: f32,
    /// Whether a rectifier follows: outputs below zero become zero, and their gradient counts as zero.
    pub rectified: bool,
}

/// `output = input · scale + shift`, one value per channel.
pub(super) struct Line {
    scale: Vec<f32>,
    shift: Vec<f32>,
}

impl BatchNorm<'_> {
    fn channels(&self) -> usize {
        self.gamma.len()
    }

    /// One over the standard deviation.
    fn inverse_deviation(&self, channel: usize) -> f64 {
        1.0 / (f64::from(self.variance[channel]) + f64::from(self.epsilon)).sqrt()
    }

    /// The output as a function of the input, the same in every function here, so that all agree on which outputs are below zero.
    pub(super) fn line(&self) -> Line {
        let scale = |c| f64::from(self.gamma[c]) * self.inverse_deviation(c);
        Line {
            scale: widened(&self.each(scale)),
            shift: widened(
                &self.each(|c| f64::from(self.beta[c]) - f64::from(self.mean[c]) * scale(c)),
            ),
        }
    }

    /// One coefficient per channel.
    fn each(&self, coefficient: impl Fn(usize) -> f64) -> Vec<f32> {
        (0..self.channels())
            .map(|channel| coefficient(channel) as f32)
            .collect()
    }
}

/// Mean and biased variance of each channel of `input`, `[…, channels]`.
///
/// Each piece of rows has its own mean and sum of squares about it, so that a mean far from zero costs no precision; the pieces are
/// combined in `f64`.
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

/// Calls `work(begin, values, first, second)` for two results per channel from each piece of rows, and passes all of them to
/// `gather`.
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

/// `output = gamma · (input − mean) / √(variance + epsilon) + beta`, channel by channel, rectified if requested; `[…, channels]`.
pub fn forward(norm: &BatchNorm, input: &[f32], output: &mut [f32]) {
    assert_eq!(input.len(), output.len(), "as many values out as in");
    let line = norm.line();
    for_rows(&line.scale, output, |begin, output| {
        let input = &input[begin..begin + output.len()];
        scale_and_shift(&line, norm.rectified, input, output);
    });
}

/// The gradients with respect to gamma and beta, written whole.
pub fn parameter_gradient(
    norm: &BatchNorm,
    input: &[f32],
    output_gradient: &[f32],
    gamma_gradient: &mut [f32],
    beta_gradient: &mut [f32],
) {
    let channels = norm.channels();
    let (mut by_gamma, mut by_beta) = (vec![0.0; channels], vec![0.0; channels]);
    let line = norm.line();
    for_each_piece(
        channels,
        input,
        |begin, values, by_gamma, by_beta| {
            let gradient = &output_gradient[begin..begin + values.len()];
            let mut sums = |gradient: &[f32]| {
                products_around(norm.mean, values, gradient, by_gamma);
                column_sums(gradient, by_beta);
            };
            if norm.rectified {
                with_scratch(gradient.len(), |passed| {
                    pass(&line, values, gradient, passed);
                    sums(passed);
                });
            } else {
                sums(gradient);
            }
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

/// The gradient with respect to the input of a batch norm whose mean and variance are those of `input` itself, from its gradients
/// with respect to gamma and beta. `gradient` is with respect to the output on entry and to the input on return.
pub fn training_input_gradient(
    norm: &BatchNorm,
    input: &[f32],
    gamma_gradient: &[f32],
    beta_gradient: &[f32],
    gradient: &mut [f32],
) {
    assert_eq!(input.len(), gradient.len(), "one gradient for each value");
    let rows = (input.len() / norm.channels()) as f64;
    let slope = norm.each(|c| {
        let inverse = norm.inverse_deviation(c);
        -f64::from(norm.gamma[c]) * inverse * inverse * f64::from(gamma_gradient[c]) / rows
    });
    let constant = norm.each(|c| {
        let scale = f64::from(norm.gamma[c]) * norm.inverse_deviation(c);
        -scale * f64::from(beta_gradient[c]) / rows - f64::from(norm.mean[c]) * f64::from(slope[c])
    });
    let centring = Line {
        scale: widened(&slope),
        shift: widened(&constant),
    };
    let line = norm.line();
    for_rows(&line.scale, gradient, |begin, gradient| {
        let input = &input[begin..begin + gradient.len()];
        combine(&line, &centring, norm.rectified, input, gradient);
    });
}

/// The gradient with respect to `input` of a batch norm with fixed mean and variance. `gradient` is by the output when it comes and by the
/// input when it goes.
pub fn inference_input_gradient(norm: &BatchNorm, input: &[f32], gradient: &mut [f32]) {
    assert_eq!(input.len(), gradient.len(), "one gradient for each value");
    let line = norm.line();
    for_rows(&line.scale, gradient, |begin, gradient| {
        if norm.rectified {
            let input = &input[begin..begin + gradient.len()];
            with_scratch(gradient.len(), |passed| {
                pass(&line, input, gradient, passed);
                gradient.copy_from_slice(passed);
            });
        }
        multiply(&line.scale, gradient);
    });
}

/// Cuts `values` into pieces of whole rows of `coefficients`; each receives its start.
fn for_rows(
    coefficients: &[f32],
    values: &mut [f32],
    work: impl Fn(usize, &mut [f32]) + Send + Sync,
) {
    let length = PIECE.div_ceil(coefficients.len()) * coefficients.len();
    for_pieces(values, length, |piece, values| work(piece * length, values));
}

/// One coefficient per channel, repeated to at least 64, so that short rows make long loops.
fn widened(coefficients: &[f32]) -> Vec<f32> {
    coefficients.repeat(64usize.div_ceil(coefficients.len()))
}

#[inline(always)]
fn moved(input: f32, scale: f32, shift: f32, rectified: bool) -> f32 {
    let value = input * scale + shift;
    // Not-a-number stays what it is.
    if rectified & (value < 0.0) {
        0.0
    } else {
        value
    }
}

in_every_tier! {
    fn scale_and_shift(line: &Line, rectified: bool, input: &[f32], output: &mut [f32]) {
        let width = line.scale.len();
        for (output, input) in output.chunks_mut(width).zip(input.chunks(width)) {
            let line = line.scale.iter().zip(&line.shift);
            for ((output, input), (scale, shift)) in output.iter_mut().zip(input).zip(line) {
                *output = moved(*input, *scale, *shift, rectified);
            }
        }
    }
}

in_every_tier! {
    pub(super) fn scale_and_shift_in_place(line: &Line, rectified: bool, values: &mut [f32]) {
        for row in values.chunks_mut(line.scale.len()) {
            for ((value, scale), shift) in row.iter_mut().zip(&line.scale).zip(&line.shift) {
                *value = moved(*value, *scale, *shift, rectified);
            }
        }
    }
}

in_every_tier! {
    /// The gradients that pass a rectifier, zeros instead of the others.
    fn pass(line: &Line, input: &[f32], gradient: &[f32], passed: &mut [f32]) {
        let width = line.scale.len();
        let rows = passed.chunks_mut(width).zip(gradient.chunks(width)).zip(input.chunks(width));
        for ((passed, gradient), input) in rows {
            let values = input.iter().zip(&line.scale).zip(&line.shift);
            for ((passed, gradient), ((input, scale), shift)) in passed.iter_mut().zip(gradient).zip(values) {
                *passed = if input * scale + shift > 0.0 { *gradient } else { 0.0 };
            }
        }
    }
}

in_every_tier! {
    /// The part of `gradient` that passes a rectifier, times the line's scale, and `input` on the line `centring`.
    fn combine(line: &Line, centring: &Line, rectified: bool, input: &[f32], gradient: &mut [f32]) {
        let width = line.scale.len();
        for (gradient, input) in gradient.chunks_mut(width).zip(input.chunks(width)) {
            let line = line.scale.iter().zip(&line.shift);
            let lines = line.zip(centring.scale.iter().zip(&centring.shift));
            for ((gradient, input), ((scale, shift), (slope, constant))) in gradient.iter_mut().zip(input).zip(lines) {
                let passes = !rectified | (input * scale + shift > 0.0);
                let passed = if passes { *gradient } else { 0.0 };
                *gradient = passed * scale + input * slope + constant;
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
