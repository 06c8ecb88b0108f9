//! The Adadelta optimizer.

use super::reference;

/// What Adadelta needs to know; `default` is the recipe of the seed GUI.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adadelta {
    pub learning_rate: f32,
    pub rho: f32,
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

pub fn step(
    settings: &Adadelta,
    parameters: &mut [f32],
    gradient: &[f32],
    squared_gradients: &mut [f32],
    squared_updates: &mut [f32],
) {
    reference::adadelta(
        settings,
        parameters,
        gradient,
        squared_gradients,
        squared_updates,
    );
}
