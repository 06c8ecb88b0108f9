//! Weights carried over from a network to its successor.

use super::super::alignment::align;
use super::super::checked::{CheckedLayer, infer};
use super::super::spec::NetworkSpec;
use super::Model;

impl Model {
    /// Takes over the weights of every layer that stayed the same since `old`: one of the same kind with the same fields and weights
    /// of the same dimensions, at a place that matches when the two lists are laid side by side. The others keep their own.
    ///
    /// Returns for each layer which of the old ones it is, if any.
    pub fn keep_matching(&mut self, old: &Self) -> Vec<Option<usize>> {
        let places = places(
            (old.network.spec(), old.network.layers()),
            (self.network.spec(), self.network.layers()),
        );
        for (layer, place) in places.iter().enumerate() {
            if let Some(place) = *place {
                self.weights[layer].clone_from(&old.weights[place]);
                self.start_shares[layer] = old.start_shares[place];
            }
        }
        places
    }
}

impl NetworkSpec {
    /// For each of this network's layers the one of `old` whose weights it keeps, as [`Model::keep_matching`] does it; both may be
    /// unfinished, and from the first layer on that does not fit there is none.
    pub fn kept_since(&self, old: &Self) -> Vec<Option<usize>> {
        let (before, after) = (infer(old).0, infer(self).0);
        let mut places = places((old, &before), (self, &after));
        places.resize(self.layers.len(), None);
        places
    }
}

fn places(
    (old, before): (&NetworkSpec, &[CheckedLayer]),
    (new, after): (&NetworkSpec, &[CheckedLayer]),
) -> Vec<Option<usize>> {
    align(before.len(), after.len(), |i, j| {
        old.layers[i] == new.layers[j] && before[i].parameters == after[j].parameters
    })
}
