//! Carrying weights over from a network to its edited version.

use super::super::alignment::align;
use super::super::checked::CheckedLayer;
use super::super::inference::infer;
use super::super::spec::NetworkSpec;
use super::Model;

impl Model {
    /// Copies the weights of every layer that is unchanged since `old`: of the same kind, with the same fields and weights of the same
    /// dimensions, at matching positions of the two aligned lists. The other layers keep their own weights.
    ///
    /// Returns the index of the matching old layer for each layer, if any.
    pub fn keep_matching(&mut self, old: &Self) -> Vec<Option<usize>> {
        let places = places(old.network.layers(), self.network.layers());
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
    /// For each layer of this network, the index of the layer of `old` whose weights it keeps, as in [`Model::keep_matching`]; both
    /// networks may be unfinished, and from the first layer on that does not fit there is none.
    pub fn kept_since(&self, old: &Self) -> Vec<Option<usize>> {
        let (before, after) = (infer(old), infer(self));
        let mut places = places(&before.layers, &after.layers);
        let all = after.rows.iter().filter(|row| row.layer.is_some()).count();
        places.resize(all, None);
        places
    }
}

fn places(before: &[CheckedLayer], after: &[CheckedLayer]) -> Vec<Option<usize>> {
    align(before.len(), after.len(), |i, j| {
        let (old, new) = (&before[i], &after[j]);
        old.spec == new.spec && old.parameters == new.parameters
    })
}
