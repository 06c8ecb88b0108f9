//! Weights carried over from a network to its successor.

use super::super::alignment::align;
use super::Model;

impl Model {
    /// Takes over the weights of every layer that stayed the same since `old`: one of the same kind with the same fields and weights
    /// of the same dimensions, at a place that matches when the two lists are laid side by side. The others keep their own.
    ///
    /// Returns for each layer whether it stayed the same.
    pub fn keep_matching(&mut self, old: &Self) -> Vec<bool> {
        let (before, after) = (old.network.layers(), self.network.layers());
        let (old_specs, specs) = (&old.network.spec().layers, &self.network.spec().layers);
        let places = align(before.len(), after.len(), |i, j| {
            old_specs[i] == specs[j] && before[i].parameters == after[j].parameters
        });
        for (weights, place) in self.weights.iter_mut().zip(&places) {
            if let Some(place) = place {
                weights.clone_from(&old.weights[*place]);
            }
        }
        places.iter().map(Option::is_some).collect()
    }
}
