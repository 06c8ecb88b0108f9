//! The L2 penalty on weights.

use super::pieces::{PIECE, for_each, for_pieces};
use super::tier::in_every_tier;

/// Partial sums that run beside each other in vector registers.
const LANES: usize = 16;

/// `Σ value²`, by pieces of fixed length, added in their order.
pub fn sum_of_squares(values: &[f32]) -> f64 {
    let mut sums = vec![0.0; values.len().div_ceil(PIECE)];
    for_each(sums.iter_mut().zip(values.chunks(PIECE)), |(sum, piece)| {
        let mut lanes = [0.0; LANES];
        add_squares(piece, &mut lanes);
        *sum = lanes.iter().sum();
    });
    sums.iter().sum()
}

in_every_tier! {
    fn add_squares(values: &[f32], lanes: &mut [f64; LANES]) {
        let (whole, rest) = values.as_chunks::<LANES>();
        for chunk in whole {
            for (lane, value) in lanes.iter_mut().zip(chunk) {
                *lane += f64::from(*value) * f64::from(*value);
            }
        }
        for (lane, value) in lanes.iter_mut().zip(rest) {
            *lane += f64::from(*value) * f64::from(*value);
        }
    }
}

/// Adds `factor · weight` to each gradient.
pub fn add_gradient(factor: f32, weights: &[f32], gradient: &mut [f32]) {
    assert_eq!(
        weights.len(),
        gradient.len(),
        "one gradient for each weight"
    );
    for_pieces(gradient, PIECE, |piece, gradient| {
        add_multiple(
            factor,
            &weights[piece * PIECE..][..gradient.len()],
            gradient,
        );
    });
}

in_every_tier! {
    fn add_multiple(factor: f32, weights: &[f32], gradient: &mut [f32]) {
        for (gradient, weight) in gradient.iter_mut().zip(weights) {
            *gradient += factor * weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference_layers;
    use super::*;

    #[test]
    fn sums_are_those_of_the_naive_twin_with_any_number_of_threads() {
        for length in [0, 1, 15, 16, 100, PIECE, 3 * PIECE + 5] {
            let values: Vec<f32> = (0..length).map(|i| (i as f32 * 0.7).cos()).collect();
            let with_threads = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
                pool.unwrap().install(|| sum_of_squares(&values))
            };
            let expected = reference_layers::sum_of_squares(&values);
            assert!(
                (with_threads(1) - expected).abs() <= 1e-12 * expected,
                "{length}"
            );
            assert_eq!(with_threads(1).to_bits(), with_threads(3).to_bits());
        }
    }

    #[test]
    fn gradients_grow_by_multiples_of_the_weights() {
        let weights: Vec<f32> = (0..2 * PIECE + 3).map(|i| i as f32).collect();
        let mut gradient = vec![1.0; weights.len()];
        add_gradient(0.5, &weights, &mut gradient);
        for (weight, gradient) in weights.iter().zip(gradient) {
            assert_eq!(gradient, 1.0 + 0.5 * weight);
        }
    }
}
