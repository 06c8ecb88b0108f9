//! The Adadelta optimizer.

use super::pieces::{PIECE, for_each};
use super::tier::in_every_tier;

/// Settings of Adadelta; `default` has those of the published experiments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adadelta {
    /// Factor of each step; 1 as published (Zeiler 2012).
    pub learning_rate: f32,
    /// Decay of the running means.
    pub rho: f32,
    /// Added inside both roots.
    pub epsilon: f32,
}

impl Default for Adadelta {
    fn default() -> Self {
        Self {
            learning_rate: 1.0,
            rho: 0.95,
            epsilon: 1e-7,
        }
    }
}

/// One step in place, in one pass over parameters, gradient and state; all four slices have the same length, the state starts at
/// zero.
///
/// Source: Keras 3, `keras.optimizers.Adadelta`: `acc_g ← ρ·acc_g + (1−ρ)·g²`, `Δ = −√(acc_Δ+ε)/√(acc_g+ε)·g`,
/// `acc_Δ ← ρ·acc_Δ + (1−ρ)·Δ²`, `p ← p + lr·Δ`.
pub fn step(
    settings: &Adadelta,
    parameters: &mut [f32],
    gradient: &[f32],
    squared_gradients: &mut [f32],
    squared_updates: &mut [f32],
) {
    assert!(
        [
            gradient.len(),
            squared_gradients.len(),
            squared_updates.len()
        ] == [parameters.len(); 3],
        "one gradient and one state for each parameter"
    );
    let pieces = parameters
        .chunks_mut(PIECE)
        .zip(gradient.chunks(PIECE))
        .zip(squared_gradients.chunks_mut(PIECE))
        .zip(squared_updates.chunks_mut(PIECE));
    for_each(pieces, |(((p, g), squares), updates)| {
        block(settings, p, g, squares, updates)
    });
}

in_every_tier! {
    fn block(
        settings: &Adadelta,
        parameters: &mut [f32],
        gradient: &[f32],
        squared_gradients: &mut [f32],
        squared_updates: &mut [f32],
    ) {
        let Adadelta { learning_rate, rho, epsilon } = *settings;
        let state = squared_gradients.iter_mut().zip(squared_updates);
        for ((parameter, g), (squares, updates)) in parameters.iter_mut().zip(gradient).zip(state) {
            *squares = rho * *squares + (1.0 - rho) * g * g;
            let update = -((*updates + epsilon) / (*squares + epsilon)).sqrt() * g;
            *updates = rho * *updates + (1.0 - rho) * update * update;
            *parameter += learning_rate * update;
        }
    }
}
