//! Which weights questions about a network are answered with.

use std::sync::Arc;

use super::NetworkDesk;
use crate::network::{CheckedNetwork, Model, NetworkSpec};

/// What is kept so that the next question of the same kind is answered at once.
#[derive(Default)]
pub(super) struct Looking {
    /// A network that was not trained, with the seed of its weights.
    fresh: Option<(u64, Model)>,
}

impl NetworkDesk {
    /// A network with the weights that the session has for its layers, or else fresh ones; and for each layer the epochs that it was
    /// trained for.
    pub(super) fn model_of(&mut self, asked: Asked<'_>) -> Result<(Model, Vec<usize>), String> {
        let Asked {
            network,
            seed,
            keep_weights,
        } = asked;
        let session = self.session.as_ref().filter(|_| keep_weights);
        if let Some(session) = session
            && is_same(session.trainer().model().network().spec(), network)
        {
            return Ok((
                session.trainer().evaluated().clone(),
                session.layer_epochs(),
            ));
        }
        let known =
            self.looking.fresh.take().filter(|(known, model)| {
                *known == seed && is_same(model.network().spec(), network)
            });
        let (_, fresh) = match known {
            Some(known) => self.looking.fresh.insert(known),
            None => {
                let checked =
                    CheckedNetwork::new(network).map_err(|problem| problem.to_string())?;
                let fresh = Model::new(Arc::new(checked), seed);
                self.looking.fresh.insert((seed, fresh))
            }
        };
        let mut model = fresh.clone();
        let mut epochs = vec![0; model.network().layers().len()];
        if let Some(session) = session {
            let trained = session.layer_epochs();
            let places = model.keep_matching(session.trainer().evaluated());
            for (epochs, place) in epochs.iter_mut().zip(places) {
                *epochs = place.map_or(0, |place| trained[place]);
            }
        }
        Ok((model, epochs))
    }
}

/// Which weights are asked for.
pub(super) struct Asked<'a> {
    pub network: &'a NetworkSpec,
    pub seed: u64,
    pub keep_weights: bool,
}

/// The epochs that each of the first `layers` layers with weights was trained for at least; without such a layer, those of the layer
/// that was trained longest.
pub(super) fn least_trained(model: &Model, epochs: &[usize], layers: usize) -> usize {
    let pairs = model.network().layers().iter().zip(epochs).take(layers);
    let with_weights = pairs.filter(|(layer, _)| !layer.parameters.is_empty());
    let least = with_weights.map(|(_, epochs)| *epochs).min();
    least.unwrap_or_else(|| epochs.iter().copied().max().unwrap_or(0))
}

pub(super) fn is_same(one: &NetworkSpec, other: &NetworkSpec) -> bool {
    one.input == other.input && one.classes == other.classes && one.layers == other.layers
}

pub(super) fn most_probable(probabilities: &[f32]) -> usize {
    let ranked = probabilities.iter().enumerate();
    ranked
        .rev()
        .max_by(|one, other| one.1.total_cmp(other.1))
        .map_or(0, |(class, _)| class)
}
