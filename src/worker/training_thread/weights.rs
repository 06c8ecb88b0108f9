//! Networks with the weights that a question asks for: those in memory, those of an epoch in the run's folder, or initial ones.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use super::NetworkDesk;
use crate::network::{CheckedNetwork, Model, NetworkSpec};
use crate::runs::RunFolder;
use crate::worker::run_facts::RunId;

/// A network and its weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    pub network: NetworkSpec,
    /// Layers without trained weights have initial ones from this seed.
    pub seed: u64,
    /// Whether layers that are unchanged since the current or last run have its weights.
    pub keep_weights: bool,
    /// The epoch of the latest run whose checkpoint to use; `None` uses the weights in memory.
    pub epoch: Option<usize>,
}

/// An untrained network, with the seed of its weights.
#[derive(Default)]
struct Fresh(Option<(u64, Model)>);

/// The network of a run folder after an epoch.
#[derive(Default)]
struct OfEpoch(Option<(PathBuf, usize, Model)>);

impl NetworkDesk {
    /// The network with the requested weights, and the least number of epochs that its first `layers` layers were trained: 0 if one has
    /// initial weights.
    ///
    /// # Errors
    /// A sentence, if the network is invalid or the epoch's weights are missing.
    pub fn model_at(&self, weights: &Weights, layers: usize) -> Result<(Model, usize), String> {
        let network = &weights.network;
        let Some(epoch) = weights.epoch else {
            let (model, epochs) = self.model_in_memory(weights)?;
            let epochs = least_trained(&model, &epochs, layers);
            return Ok((model, epochs));
        };
        let folder = self.folder_of(network).ok_or_else(|| {
            format!("epoch {epoch}: the network on the screen has no run folder with checkpoints")
        })?;
        let of_epoch = self.memory.of::<OfEpoch>();
        let mut of_epoch = of_epoch.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((path, known, model)) = &of_epoch.0
            && (*known, path.as_path()) == (epoch, folder.path())
        {
            return Ok((model.clone(), epoch));
        }
        let (tensors, _) = folder
            .epoch_weights(epoch)
            .map_err(|error| error.to_string())?;
        let mut model = fresh(network, weights.seed)?;
        model.import(&tensors)?;
        of_epoch.0 = Some((folder.path().to_owned(), epoch, model.clone()));
        Ok((model, epoch))
    }

    /// The same for another thread, which may use it while this one continues training.
    ///
    /// # Errors
    /// As [`model_at`](Self::model_at).
    pub fn copy_at(&self, weights: &Weights, layers: usize) -> Result<(Model, usize), String> {
        let (model, epochs) = self.model_at(weights, layers)?;
        let mut copy = Model::new(Arc::clone(model.network()), 0);
        copy.import(&model.export())?;
        Ok((copy, epochs))
    }

    /// Batches that the weights were trained on since their latest whole epoch.
    pub fn batches_since_epoch(&self, weights: &Weights) -> usize {
        let session = self.session.as_ref().filter(|session| {
            weights.epoch.is_none() && is_same(&session.preset().network(), &weights.network)
        });
        session.map_or(0, |session| session.trainer().batches_done())
    }

    /// The latest run and its batches so far: while it stays the same, so do the weights in memory.
    pub fn stamp(&self) -> (RunId, u64) {
        let session = self.session.as_ref();
        session.map_or((0, 0), |session| (self.run, session.trainer().steps()))
    }

    /// The folder of the latest run, if it has one and is of this network.
    pub fn folder_of(&self, network: &NetworkSpec) -> Option<RunFolder> {
        let session = self.session.as_ref()?;
        match is_same(&session.preset().network(), network) {
            true => session.folder().cloned(),
            false => None,
        }
    }

    /// A network with the session's weights for its layers, or initial ones otherwise, and the epochs that each layer was trained for.
    fn model_in_memory(&self, weights: &Weights) -> Result<(Model, Vec<usize>), String> {
        let (network, seed) = (&weights.network, weights.seed);
        let session = self.session.as_ref().filter(|_| weights.keep_weights);
        if let Some(session) = session
            && is_same(session.trainer().model().network().spec(), network)
        {
            return Ok((
                session.trainer().evaluated().clone(),
                session.layer_epochs(),
            ));
        }
        let kept = self.memory.of::<Fresh>();
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept
            .0
            .take()
            .filter(|(known, model)| *known == seed && is_same(model.network().spec(), network));
        let known = match known {
            Some(known) => known,
            None => (seed, fresh(network, seed)?),
        };
        let mut model = kept.0.insert(known).1.clone();
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

fn fresh(network: &NetworkSpec, seed: u64) -> Result<Model, String> {
    let checked = CheckedNetwork::new(network).map_err(|problem| problem.to_string())?;
    Ok(Model::new(Arc::new(checked), seed))
}

/// The least number of epochs that any of the first `layers` layers with weights was trained; without such a layer, the most of any
/// layer.
fn least_trained(model: &Model, epochs: &[usize], layers: usize) -> usize {
    let pairs = model.network().layers().iter().zip(epochs).take(layers);
    let with_weights = pairs.filter(|(layer, _)| !layer.parameters.is_empty());
    let least = with_weights.map(|(_, epochs)| *epochs).min();
    least.unwrap_or_else(|| epochs.iter().copied().max().unwrap_or(0))
}

/// Whether two networks are equal except for their names.
fn is_same(one: &NetworkSpec, other: &NetworkSpec) -> bool {
    one.input == other.input && one.classes == other.classes && one.layers == other.layers
}
