//! The optimizers' steps, and everything else that visits all weights once per step: gradient clipping, the running average.
//!
//! Each is one pass over slices of the same length, cut into pieces whose borders depend on the length alone. Source of the formulas:
//! Keras 3, `keras.optimizers`, whose order of operations is kept.

use std::sync::atomic::{AtomicBool, Ordering};

use super::pieces::{PIECE, for_each, for_pieces};
use super::tier::in_every_tier;

/// `p ← p − lr·g`
pub fn sgd(learning_rate: f32, parameters: &mut [f32], gradient: &[f32]) {
    same_length(parameters, &[gradient]);
    let pieces = parameters.chunks_mut(PIECE).zip(gradient.chunks(PIECE));
    for_each(pieces, |(parameters, gradient)| {
        sgd_piece(learning_rate, parameters, gradient)
    });
}

in_every_tier! {
    fn sgd_piece(learning_rate: f32, parameters: &mut [f32], gradient: &[f32]) {
        for (parameter, g) in parameters.iter_mut().zip(gradient) {
            *parameter -= learning_rate * g;
        }
    }
}

/// Settings of a step with momentum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Momentum {
    /// Factor of each step.
    pub learning_rate: f32,
    /// Share of the last step that is kept.
    pub momentum: f32,
    /// Whether it is Nesterov's variant.
    pub nesterov: bool,
}

/// `v ← momentum·v − lr·g`, then `p ← p + v`, or with Nesterov `p ← p + momentum·v − lr·g`; `velocity` starts at zero.
pub fn momentum(
    settings: &Momentum,
    parameters: &mut [f32],
    gradient: &[f32],
    velocity: &mut [f32],
) {
    same_length(parameters, &[gradient, velocity]);
    let pieces = parameters
        .chunks_mut(PIECE)
        .zip(gradient.chunks(PIECE))
        .zip(velocity.chunks_mut(PIECE));
    for_each(pieces, |((parameters, gradient), velocity)| {
        momentum_piece(settings, parameters, gradient, velocity);
    });
}

in_every_tier! {
    fn momentum_piece(settings: &Momentum, parameters: &mut [f32], gradient: &[f32], velocity: &mut [f32]) {
        let &Momentum { learning_rate, momentum, nesterov } = settings;
        let values = parameters.iter_mut().zip(gradient).zip(velocity);
        if nesterov {
            for ((parameter, g), v) in values {
                *v = momentum * *v - learning_rate * g;
                *parameter += momentum * *v - learning_rate * g;
            }
        } else {
            for ((parameter, g), v) in values {
                *v = momentum * *v - learning_rate * g;
                *parameter += *v;
            }
        }
    }
}

/// Settings of an RMSprop step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsProp {
    /// Factor of each step.
    pub learning_rate: f32,
    /// Decay of the running mean of squares: `ρ`.
    pub rho: f32,
    /// Added inside the root: `ε`.
    pub epsilon: f32,
}

/// `s ← ρ·s + (1−ρ)·g²`, `p ← p − lr·g / √(s+ε)`; `squares` starts at zero.
pub fn rmsprop(settings: &RmsProp, parameters: &mut [f32], gradient: &[f32], squares: &mut [f32]) {
    same_length(parameters, &[gradient, squares]);
    let pieces = parameters
        .chunks_mut(PIECE)
        .zip(gradient.chunks(PIECE))
        .zip(squares.chunks_mut(PIECE));
    for_each(pieces, |((parameters, gradient), squares)| {
        rmsprop_piece(settings, parameters, gradient, squares);
    });
}

in_every_tier! {
    fn rmsprop_piece(settings: &RmsProp, parameters: &mut [f32], gradient: &[f32], squares: &mut [f32]) {
        let &RmsProp { learning_rate, rho, epsilon } = settings;
        for ((parameter, g), s) in parameters.iter_mut().zip(gradient).zip(squares) {
            *s = rho * *s + (1.0 - rho) * g * g;
            *parameter -= learning_rate * g / (*s + epsilon).sqrt();
        }
    }
}

/// Settings of a step of Adam or AdamW.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// Factor of each step.
    pub learning_rate: f32,
    /// Decay of the running mean of gradients: `β₁`.
    pub beta_1: f32,
    /// Decay of the running mean of their squares: `β₂`.
    pub beta_2: f32,
    /// Added to the root.
    pub epsilon: f32,
    /// Weight decay of AdamW; 0 in Adam.
    pub weight_decay: f32,
    /// The number of steps so far, including this one.
    pub number: u64,
}

/// `p ← p − p·decay·lr`, `m ← m + (g−m)·(1−β₁)`, `v ← v + (g²−v)·(1−β₂)`, `p ← p − α·m / (√v+ε)` with
/// `α = lr·√(1−β₂ᵗ) / (1−β₁ᵗ)`; `first` and `second`, the moments, start at zero.
pub fn adam(
    settings: &Adam,
    parameters: &mut [f32],
    gradient: &[f32],
    first: &mut [f32],
    second: &mut [f32],
) {
    same_length(parameters, &[gradient, first, second]);
    let power = |beta: f32| f64::from(beta).powf(settings.number as f64);
    let correction = (1.0 - power(settings.beta_2)).sqrt() / (1.0 - power(settings.beta_1));
    let alpha = (f64::from(settings.learning_rate) * correction) as f32;
    let pieces = parameters
        .chunks_mut(PIECE)
        .zip(gradient.chunks(PIECE))
        .zip(first.chunks_mut(PIECE))
        .zip(second.chunks_mut(PIECE));
    for_each(pieces, |(((parameters, gradient), first), second)| {
        adam_piece(settings, alpha, parameters, gradient, first, second);
    });
}

in_every_tier! {
    fn adam_piece(
        settings: &Adam,
        alpha: f32,
        parameters: &mut [f32],
        gradient: &[f32],
        first: &mut [f32],
        second: &mut [f32],
    ) {
        let &Adam { learning_rate, beta_1, beta_2, epsilon, weight_decay, .. } = settings;
        let decay = weight_decay * learning_rate;
        let moments = first.iter_mut().zip(second);
        for ((parameter, g), (m, v)) in parameters.iter_mut().zip(gradient).zip(moments) {
            *m += (g - *m) * (1.0 - beta_1);
            *v += (g * g - *v) * (1.0 - beta_2);
            *parameter -= *parameter * decay;
            *parameter -= *m * alpha / (v.sqrt() + epsilon);
        }
    }
}

/// `a ← a + (p−a)·(1−decay)`: a running average of the parameters.
pub fn average(decay: f32, average: &mut [f32], parameters: &[f32]) {
    same_length(average, &[parameters]);
    let pieces = average.chunks_mut(PIECE).zip(parameters.chunks(PIECE));
    for_each(pieces, |(average, parameters)| {
        average_piece(decay, average, parameters)
    });
}

in_every_tier! {
    fn average_piece(decay: f32, average: &mut [f32], parameters: &[f32]) {
        for (a, p) in average.iter_mut().zip(parameters) {
            *a += (p - *a) * (1.0 - decay);
        }
    }
}

/// Whether every value is a finite number.
pub fn are_finite(values: &[f32]) -> bool {
    let all_finite = AtomicBool::new(true);
    for_each(values.chunks(PIECE), |piece| {
        let mut finite = false;
        finite_piece(piece, &mut finite);
        all_finite.fetch_and(finite, Ordering::Relaxed);
    });
    all_finite.into_inner()
}

in_every_tier! {
    fn finite_piece(piece: &[f32], result: &mut bool) {
        // 0 times a finite number is 0, and times anything else is not a number.
        let mut sums = [0f32; 16];
        for row in piece.chunks(sums.len()) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value * 0.0;
            }
        }
        *result = sums.iter().all(|sum| *sum == 0.0);
    }
}

/// Multiplies every value by `factor`.
pub fn scale(factor: f32, values: &mut [f32]) {
    for_pieces(values, PIECE, |_, piece| {
        piece.iter_mut().for_each(|value| *value *= factor);
    });
}

fn same_length(parameters: &[f32], others: &[&[f32]]) {
    assert!(
        others.iter().all(|other| other.len() == parameters.len()),
        "one gradient and one state for each parameter"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of both signs over more than two pieces, the last one ragged.
    fn values(seed: u32) -> Vec<f32> {
        (0..2 * PIECE as u32 + 77)
            .map(|index| (index.wrapping_mul(2_654_435_761) ^ seed) as f32 / u32::MAX as f32 - 0.5)
            .collect()
    }

    fn pool(threads: usize) -> rayon::ThreadPool {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
    }

    fn bits(values: &[f32]) -> Vec<u32> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn the_bits_do_not_depend_on_the_threads() {
        let settings = Adam {
            learning_rate: 0.01,
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-7,
            weight_decay: 0.1,
            number: 3,
        };
        let run = |threads| {
            pool(threads).install(|| {
                let (mut p, mut m, mut v) = (values(1), values(2), vec![0.25; values(1).len()]);
                adam(&settings, &mut p, &values(3), &mut m, &mut v);
                (bits(&p), bits(&m), bits(&v))
            })
        };
        assert_eq!(run(1), run(3));
    }

    #[test]
    fn scaling_reaches_every_value() {
        let mut all = values(1);
        scale(0.5, &mut all);
        assert!(
            all.iter()
                .zip(values(1))
                .all(|(half, whole)| *half == 0.5 * whole)
        );
    }

    #[test]
    fn a_single_value_that_is_not_finite_is_found_anywhere() {
        let mut all = values(1);
        all[5] = f32::MAX;
        assert!(are_finite(&all) && are_finite(&[]));
        for (place, value) in [
            (0, f32::NAN),
            (PIECE + 17, f32::INFINITY),
            (all.len() - 1, f32::NEG_INFINITY),
        ] {
            let before = std::mem::replace(&mut all[place], value);
            assert!(!are_finite(&all), "{place} {value}");
            all[place] = before;
        }
    }

    #[test]
    fn a_running_average_of_a_constant_closes_the_gap_geometrically() {
        let mut running = vec![0.0; 3];
        for _ in 0..10 {
            average(0.5, &mut running, &[1.0, -2.0, 0.0]);
        }
        let reached = 1.0 - 0.5f32.powi(10);
        assert_eq!(running, [reached, -2.0 * reached, 0.0]);
    }
}
