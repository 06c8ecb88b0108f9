//! Which layers have trained weights: those left unchanged while the network is edited; a network that is loaded or new starts from initial
//! weights. Where the next run's weights come from, and which layers it freezes.

use std::path::PathBuf;

use super::run::WeightsVersion;
use super::{Lab, Run, Scope};
use crate::network::{NetworkSpec, NetworkSummary};
use crate::training::{Preset, Transfer};
use crate::ui::format::file_name;
use crate::wording::counted;
use crate::worker::Command;

/// The state of a layer's weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerWeights {
    None,
    /// Not trained yet.
    New,
    /// Trained for this number of whole epochs.
    Trained(usize),
}

impl Lab {
    /// The run whose weights the network on the screen keeps in unchanged layers.
    pub fn run_of_weights(&self) -> Option<&Run> {
        self.run.as_ref().filter(|run| {
            let is_its_own = || has_same_weights(&run.facts.network, &self.preset);
            run.lineage == self.history.lineage || is_its_own()
        })
    }

    /// The run of exactly the network on the screen.
    pub fn run_of_network(&self) -> Option<&Run> {
        self.run_of_weights()
            .filter(|run| has_same_weights(&run.facts.network, &self.preset))
    }

    /// The version of the weights of the network on the screen; `None` if they are not a run's.
    pub fn weights_version(&self) -> Option<WeightsVersion> {
        let run = self.run_of_weights()?;
        Some(WeightsVersion {
            run: run.facts.run,
            epochs: run.history.len(),
            changes: run.changes_by_hand,
        })
    }

    /// Resets to initial weights and closes the run on the screen; its folder stays.
    pub fn reset_weights(&mut self) {
        self.tell(Command::ResetWeights);
        self.run = None;
        self.forget_looks();
        let origin = self.origin_of_weights(true);
        self.inform(format!("The next run starts from {origin}."));
    }

    /// What the next run starts from, if it keeps no weights of the run on the screen: the recipe's transfer settings, or the seed.
    pub fn origin_of_weights(&self, by_recipe: bool) -> String {
        let transfer = self.preset.training.transfer.as_ref().filter(|_| by_recipe);
        let from = transfer.and_then(|transfer| transfer.from.as_deref());
        match (
            from,
            transfer.and_then(|transfer| transfer.pretrain.as_ref()),
        ) {
            (Some(folder), _) => format!(
                "the weights of {} (w on the Train pane chooses others)",
                file_name(folder)
            ),
            (None, Some(pretrain)) => format!(
                "seed {} with pretraining on {}",
                self.preset.seed, pretrain.data
            ),
            (None, None) => format!("initial weights, seed {}", self.preset.seed),
        }
    }

    /// How many of the first layers are frozen, in the active run or else in the next one.
    pub fn frozen_layers(&self) -> usize {
        let running = self.run_of_network().filter(|run| run.is_active());
        let transfer = self.preset.training.transfer.as_ref();
        match running {
            Some(run) => run.facts.frozen_layers,
            None => transfer.map_or(0, |transfer| transfer.frozen_layers),
        }
    }

    /// Freezes the layers up to this one or, if it is frozen, unfreezes it and those after it; can be undone.
    ///
    /// # Errors
    /// If there is no run folder to take weights from, or the recipe would be invalid.
    pub fn toggle_frozen(&mut self, layer: usize) -> Result<String, String> {
        let mut preset = self.preset.clone();
        let transfer = match &mut preset.training.transfer {
            Some(transfer) => transfer,
            none => none.insert(Transfer {
                from: Some(self.folder_to_freeze()?),
                ..Transfer::default()
            }),
        };
        let is_frozen = layer < transfer.frozen_layers;
        transfer.frozen_layers = if is_frozen { layer } else { layer + 1 };
        let frozen = transfer.frozen_layers;
        preset.check()?;
        let layers = match frozen {
            0 => "no layers".to_owned(),
            1 => "the first layer".to_owned(),
            _ => format!(
                "the first {frozen} of {}",
                counted(self.summary.layers.len(), "layer")
            ),
        };
        let source = self.history.source.clone();
        self.record(format!("freeze {layers}"), Scope::Preset, preset, source);
        let origin = self.origin_of_weights(true);
        Ok(format!(
            "Frozen in the next run: {layers}. It starts from {origin}."
        ))
    }

    /// The run folder whose weights frozen layers can keep, if no other was chosen: that of the run on the screen.
    fn folder_to_freeze(&self) -> Result<PathBuf, String> {
        let run = self.run_of_network().filter(|run| !run.history.is_empty());
        let folder = run.and_then(|run| run.facts.folder.clone());
        folder.ok_or_else(|| {
            let why = match self.run {
                Some(_) => "the network was edited since its run",
                None => "the next run starts from initial weights",
            };
            format!("{why}: choose a run's weights with w on the Train pane, then freeze layers")
        })
    }

    /// The state of the weights of each layer of `network`, which is the one on the screen or an edit of it; `None` without a run.
    /// `summary` is the same network's.
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
    /// The state of the weights of the layer at this position of the run's network.
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

/// Whether a network equals the preset's except for its name.
fn has_same_weights(network: &NetworkSpec, preset: &Preset) -> bool {
    let has_same_head = network.input == preset.input && network.classes == preset.classes;
    has_same_head && network.layers == preset.layers
}
