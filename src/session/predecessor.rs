//! Weights that a session keeps from the previous run, layer by layer, after the network was edited.

use super::Session;
use super::begin::Past;
use crate::data::SetNote;
use crate::network::Model;
use crate::runs::{Kept, KeptLayer};

/// The weights of a run for the next one.
pub struct Predecessor {
    /// Its run folder, or the name of its network if it has none.
    name: String,
    model: Model,
    /// The epochs that each layer's weights were trained for.
    epochs: Vec<usize>,
    trained_on: SetNote,
}

impl Session {
    /// The weights that the next run may start from: those that validation measures.
    pub fn predecessor(&self) -> Predecessor {
        Predecessor {
            name: self.called(),
            model: self.trainer.evaluated().clone(),
            epochs: self.layer_epochs(),
            trained_on: self.trainer.trained_on().clone(),
        }
    }

    /// Its run folder, or the name of its network if it has none.
    pub(super) fn called(&self) -> String {
        let folder = self.folder().map(|folder| folder.path().display());
        folder.map_or_else(|| self.preset.name.clone(), |path| path.to_string())
    }

    /// The epochs that each layer's weights were trained for, in this run and before.
    pub fn layer_epochs(&self) -> Vec<usize> {
        let frozen = self.trainer.model().frozen();
        let before = self.trained_before.iter().enumerate();
        before
            .map(|(layer, before)| match layer < frozen {
                true => *before,
                false => before + self.history.len(),
            })
            .collect()
    }
}

impl Predecessor {
    /// Gives `model` the weights of the unchanged layers; `None` if none of those has weights.
    pub(super) fn hand_over(&self, model: &mut Model) -> Option<Past> {
        let places = model.keep_matching(&self.model);
        let layers = model.network().layers();
        let mut epochs = vec![0; layers.len()];
        let keeps_classes = places.last().is_some_and(Option::is_some);
        let (mut kept, mut new) = (Vec::new(), Vec::new());
        for (index, (layer, place)) in layers.iter().zip(places).enumerate() {
            if let Some(place) = place {
                epochs[index] = self.epochs[place];
            }
            match place {
                _ if layer.parameters.is_empty() => {}
                Some(place) => kept.push(KeptLayer {
                    layer: layer.name.clone(),
                    was: self.model.network().layers()[place].name.clone(),
                    epochs: self.epochs[place],
                }),
                None => new.push(layer.name.as_str()),
            }
        }
        if kept.is_empty() {
            return None;
        }
        let names: Vec<_> = kept.iter().map(|kept| kept.layer.as_str()).collect();
        let mut note = format!("kept from {}: {}", self.name, names.join(", "));
        if !new.is_empty() {
            note += &format!("; new: {}", new.join(", "));
        }
        Some(Past {
            notes: vec![note],
            trained_before: epochs,
            trained_on: keeps_classes.then(|| self.trained_on.clone()),
            kept: Some(Kept {
                from: self.name.clone(),
                layers: kept,
            }),
        })
    }
}

/// For each layer of `model`, `epochs` if its weights differ from those of `fresh`, the same model with initial weights, else 0.
pub(super) fn carried(model: &Model, fresh: &Model, epochs: usize) -> Vec<usize> {
    let layers = 0..model.network().layers().len();
    layers
        .map(|layer| {
            let (weights, starts) = (model.layer_weights(layer), fresh.layer_weights(layer));
            let mut tensors = weights.zip(starts);
            match tensors.any(|((_, values), (_, start))| values != start) {
                true => epochs,
                false => 0,
            }
        })
        .collect()
}
