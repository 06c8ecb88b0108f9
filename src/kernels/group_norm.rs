//! Normalisation of the values of one image by their own mean and variance: of groups of its channels, or of all channels of one pixel.

use super::pieces::{PIECE, SharedOutput, for_indices, for_pieces};
use super::scratch::with_scratch;
use super::sums::add_parts;
use super::tier::in_every_tier;

/// The normalisation of `[sets, pixels, channels]`: in each set, each of the groups of neighbouring channels has its own mean and variance,
/// over all pixels. A layer normalisation has sets of one pixel and one group.
///
/// Source: Wu and He 2018; Ba, Kiros and Hinton 2016.
#[derive(Clone, Copy, Debug)]
pub struct GroupNorm<'a> {
    /// Pixels of a set.
    pub pixels: usize,
    /// Equal groups of the channels.
    pub groups: usize,
    /// Factors of the normalised values, one per channel.
    pub gamma: &'a [f32],
    /// Added after that, one per channel.
    pub beta: &'a [f32],
    /// Added to the variance inside the root.
    pub epsilon: f32,
}

impl GroupNorm<'_> {
    const fn channels(&self) -> usize {
        self.gamma.len()
    }

    /// Values of a set.
    const fn length(&self) -> usize {
        self.pixels * self.channels()
    }

    /// Sets in a piece of work.
    fn sets_in_a_piece(&self) -> usize {
        (PIECE / 4 / self.length()).max(1)
    }
}

/// `output = gamma · (input − mean) / √(variance + epsilon) + beta`, with mean and biased variance of the value's own set and group.
pub fn forward(norm: &GroupNorm, input: &[f32], output: &mut [f32]) {
    assert_eq!(input.len(), output.len(), "as many values out as in");
    let length = norm.sets_in_a_piece() * norm.length();
    for_pieces(output, length, |piece, output| {
        normalise(norm, &input[piece * length..][..output.len()], output);
    });
}

in_every_tier! {
    fn normalise(norm: &GroupNorm, input: &[f32], output: &mut [f32]) {
        let (channels, own) = (norm.channels(), norm.channels() / norm.groups);
        let sets = input.chunks_exact(norm.length()).zip(output.chunks_exact_mut(norm.length()));
        for (input, output) in sets {
            for group in (0..channels).step_by(own) {
                let (mean, inverse) = statistics(norm, input, group, own);
                let (gamma, beta) = (&norm.gamma[group..group + own], &norm.beta[group..group + own]);
                let pixels = input.chunks_exact(channels).zip(output.chunks_exact_mut(channels));
                for (input, output) in pixels {
                    let coefficients = gamma.iter().zip(beta);
                    let values = output[group..group + own].iter_mut().zip(&input[group..group + own]);
                    for ((output, input), (gamma, beta)) in values.zip(coefficients) {
                        *output = (input - mean) * inverse * gamma + beta;
                    }
                }
            }
        }
    }
}

/// Sums that are added side by side.
const LANES: usize = 16;

/// `Σ term(a, b, c)` over the channels from `group` on of each pixel of two sets, and their coefficients.
#[inline(always)]
fn total(
    [a, b]: [&[f32]; 2],
    coefficients: &[f32],
    group: usize,
    own: usize,
    term: impl Fn(f32, f32, f32) -> f32,
) -> f64 {
    let channels = coefficients.len();
    let coefficients = &coefficients[group..group + own];
    let (wide_c, rest_c) = coefficients.as_chunks::<LANES>();
    let (mut lanes, mut rest) = ([0.0; LANES], 0.0f32);
    for (a, b) in a.chunks_exact(channels).zip(b.chunks_exact(channels)) {
        let (wide_a, rest_a) = a[group..group + own].as_chunks::<LANES>();
        let (wide_b, rest_b) = b[group..group + own].as_chunks::<LANES>();
        for ((a, b), c) in wide_a.iter().zip(wide_b).zip(wide_c) {
            for i in 0..LANES {
                lanes[i] += term(a[i], b[i], c[i]);
            }
        }
        for ((a, b), c) in rest_a.iter().zip(rest_b).zip(rest_c) {
            rest += term(*a, *b, *c);
        }
    }
    lanes.iter().map(|lane| f64::from(*lane)).sum::<f64>() + f64::from(rest)
}

/// The mean of a group, and one over its standard deviation.
#[inline(always)]
fn statistics(norm: &GroupNorm, input: &[f32], group: usize, own: usize) -> (f32, f32) {
    let count = (norm.pixels * own) as f64;
    let both = [input, input];
    let mean = (total(both, norm.gamma, group, own, |value, _, _| value) / count) as f32;
    let square = |value: f32, _: f32, _: f32| (value - mean) * (value - mean);
    let variance = total(both, norm.gamma, group, own, square) / count;
    let inverse = 1.0 / (variance + f64::from(norm.epsilon)).sqrt();
    (mean, inverse as f32)
}

/// The gradients with respect to gamma and beta, written whole; `gradient` is with respect to the output on entry and to the input on
/// return.
pub fn gradients(
    norm: &GroupNorm,
    input: &[f32],
    gradient: &mut [f32],
    gamma_gradient: &mut [f32],
    beta_gradient: &mut [f32],
) {
    assert_eq!(input.len(), gradient.len(), "one gradient for each value");
    let (channels, length) = (norm.channels(), norm.sets_in_a_piece() * norm.length());
    let pieces = input.len().div_ceil(length);
    let gradient = SharedOutput::new(gradient);
    with_scratch(2 * pieces * channels, |scratch| {
        scratch.fill(0.0);
        let (gammas, betas) = scratch.split_at_mut(pieces * channels);
        let (by_gamma, by_beta) = (SharedOutput::new(gammas), SharedOutput::new(betas));
        for_indices(pieces, |piece| {
            let range = piece * length..input.len().min((piece + 1) * length);
            let own = piece * channels..(piece + 1) * channels;
            // SAFETY: each piece has its own values and its own sums.
            let (gradient, by_gamma, by_beta) = unsafe {
                (
                    gradient.range(range.clone()),
                    by_gamma.range(own.clone()),
                    by_beta.range(own),
                )
            };
            go_back(norm, &input[range], gradient, by_gamma, by_beta);
        });
        for (target, parts) in [(gamma_gradient, &*gammas), (beta_gradient, &*betas)] {
            let (first, others) = parts.split_at(channels);
            target.copy_from_slice(first);
            add_parts(target, others);
        }
    });
}

in_every_tier! {
    fn go_back(norm: &GroupNorm, input: &[f32], gradient: &mut [f32], by_gamma: &mut [f32], by_beta: &mut [f32]) {
        let (channels, own) = (norm.channels(), norm.channels() / norm.groups);
        let sets = input.chunks_exact(norm.length()).zip(gradient.chunks_exact_mut(norm.length()));
        for (input, gradient) in sets {
            for group in (0..channels).step_by(own) {
                let (mean, inverse) = statistics(norm, input, group, own);
                let (all, both) = (group..group + own, [&*gradient, input]);
                let count = (norm.pixels * own) as f64;
                let sum = total(both, norm.gamma, group, own, |by, _, gamma| by * gamma);
                let product = |by: f32, value: f32, gamma: f32| by * gamma * ((value - mean) * inverse);
                let products = total(both, norm.gamma, group, own, product);
                let (sum, products) = ((sum / count) as f32, (products / count) as f32);
                let pixels = input.chunks_exact(channels).zip(gradient.chunks_exact_mut(channels));
                for (input, gradient) in pixels {
                    let sums = by_gamma[all.clone()].iter_mut().zip(&mut by_beta[all.clone()]);
                    let values = gradient[all.clone()].iter_mut().zip(&input[all.clone()]);
                    let values = values.zip(&norm.gamma[all.clone()]);
                    for (((by, value), gamma), (by_gamma, by_beta)) in values.zip(sums) {
                        let normal = (value - mean) * inverse;
                        *by_gamma += *by * normal;
                        *by_beta += *by;
                        *by = (*by * gamma - sum - normal * products) * inverse;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference_layers;
    use super::super::tests::noise;
    use super::*;

    #[test]
    fn values_and_gradients_are_those_of_the_naive_twin() {
        for (sets, pixels, channels, groups) in [
            (5, 12, 6, 3),
            (3, 1, 40, 1),
            (2000, 1, 7, 1),
            (4, 49, 64, 4),
            (2, 9, 5, 5),
        ] {
            let (gamma, beta) = (noise(1, channels), noise(2, channels));
            let norm = GroupNorm {
                pixels,
                groups,
                gamma: &gamma,
                beta: &beta,
                epsilon: 1e-3,
            };
            let length = sets * pixels * channels;
            let input: Vec<f32> = noise(3, length).iter().map(|value| value + 2.0).collect();
            let gradient = noise(4, length);
            let unwritten = |length: usize| vec![f32::NAN; length];
            let (mut fast, mut naive) = (unwritten(length), unwritten(length));
            forward(&norm, &input, &mut fast);
            reference_layers::group_norm(&norm, &input, &mut naive);
            agree(&fast, &naive, 1e-5);

            let mut by_input = gradient.clone();
            let (mut by_gamma, mut by_beta) = (unwritten(channels), unwritten(channels));
            gradients(&norm, &input, &mut by_input, &mut by_gamma, &mut by_beta);
            let (mut naive_gamma, mut naive_beta) = (unwritten(channels), unwritten(channels));
            let wanted = [&mut naive[..], &mut naive_gamma, &mut naive_beta];
            reference_layers::group_norm_gradients(&norm, &input, &gradient, wanted);
            agree(&by_input, &naive, 3e-5);
            let most = (sets * pixels) as f32;
            agree(&by_gamma, &naive_gamma, 1e-6 * most.max(10.0));
            agree(&by_beta, &naive_beta, 1e-6 * most.max(10.0));
        }
    }

    fn agree(fast: &[f32], naive: &[f32], tolerance: f32) {
        for (index, (fast, naive)) in fast.iter().zip(naive).enumerate() {
            let near = (fast - naive).abs() <= tolerance * naive.abs().max(1.0);
            assert!(near, "[{index}]: {fast}, {naive}");
        }
    }
}
