//! Which layers have trained weights: those that stayed the same since the latest training, as long as the network is edited; a
//! network that is loaded, or begun anew, starts fresh.

use super::{Lab, Run};
use crate::network::{NetworkSpec, NetworkSummary};
use crate::training::Preset;
use crate::worker::{Command, RunId};

/// What is known of a layer's weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerWeights {
    None,
    /// Not trained yet.
    New,
    /// Trained, for so many whole epochs.
    Trained(usize),
}

impl Lab {
    /// The training whose weights the network on the screen keeps where its layers stayed the same.
    pub fn run_of_weights(&self) -> Option<&Run> {
        self.run.as_ref().filter(|run| {
            let is_its_own = || has_same_weights(&run.facts.network, &self.preset);
            !run.weights_reset && (run.lineage == self.history.lineage || is_its_own())
        })
    }

    /// The run that trains or trained the network on the screen, as it is.
    pub fn run_of_network(&self) -> Option<&Run> {
        self.run_of_weights()
            .filter(|run| has_same_weights(&run.facts.network, &self.preset))
    }

    /// What the weights that the network on the screen has depend on.
    pub fn weights_version(&self) -> Option<(RunId, usize)> {
        let run = self.run_of_weights()?;
        Some((run.facts.run, run.history.len()))
    }

    pub fn reset_weights(&mut self) {
        self.tell(Command::ResetWeights);
        if let Some(run) = &mut self.run {
            run.weights_reset = true;
        }
        self.forget_looks();
        self.inform(format!(
            "All weights start afresh from seed {}, with the layers on the screen.",
            self.preset.seed
        ));
    }

    /// The weights of each layer of `network`, which is the one on the screen or an edit of it; nothing where no training has left
    /// any. `summary` is the same network's.
    pub fn layer_weights(
        &self,
        network: &NetworkSpec,
        summary: &NetworkSummary,
    ) -> Option<Vec<LayerWeights>> {
        let run = self.run_of_weights()?;
        let kept = network.kept_since(&run.facts.network);
        let layers = summary.layers.iter().zip(kept);
        let weights = layers.map(|(layer, kept)| match kept {
            _ if layer.parameters == 0 => LayerWeights::None,
            Some(place) => run.layer_weights(place),
            None => LayerWeights::New,
        });
        Some(weights.collect())
    }
}

impl Run {
    /// Of the layer at this place of the network that is trained.
    fn layer_weights(&self, layer: usize) -> LayerWeights {
        let before = self.facts.trained_before.get(layer).copied().unwrap_or(0);
        let here = match layer < self.facts.frozen_layers {
            true => 0,
            false => self.history.len(),
        };
        let has_begun = before + here > 0 || self.batch.is_some();
        match has_begun {
            true => LayerWeights::Trained(before + here),
            false => LayerWeights::New,
        }
    }
}

/// Whether a network is the preset's but for its name.
fn has_same_weights(network: &NetworkSpec, preset: &Preset) -> bool {
    let has_same_head = network.input == preset.input && network.classes == preset.classes;
    has_same_head && network.layers == preset.layers
}
