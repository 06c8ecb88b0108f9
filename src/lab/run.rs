//! What is known of the training on the screen, what may be done with it, and which layers have trained weights: those that stayed the
//! same since, as long as the network is edited; a network that is loaded, or begun anew, starts fresh.

use std::collections::VecDeque;

use super::{Lab, PaneId};
use crate::analysis::ConfusionTable;
use crate::data::AugmentSettings;
use crate::network::{NetworkSpec, NetworkSummary};
use crate::runs::TrainedBy;
use crate::training::{Best, EpochMetrics, FinalTest, Portion, Preset, Young};
use crate::worker::{
    BatchProgress, Command, InUse, OpenedRun, Outcome, RunFacts, RunId, SetNames, TrainRequest,
};

/// Batch losses that are kept for the sparkline.
const BATCH_LOSSES: usize = 1024;

/// A training since the program started.
#[derive(Clone, Debug)]
pub struct Run {
    pub facts: RunFacts,
    /// Which network it was started with, that edits made another of since.
    pub(super) lineage: u64,
    pub phase: Phase,
    /// The other process that trains it: it is only watched here.
    pub trained_by: Option<TrainedBy>,
    /// Whether the person had its weights forgotten.
    pub weights_reset: bool,
    /// Why the run could not be saved, until it goes on.
    pub trouble: Option<String>,
    /// One entry a finished epoch.
    pub history: Vec<EpochMetrics>,
    pub in_use: InUse,
    /// What was changed in the epoch under way, in words.
    pub changes: Vec<String>,
    /// How often it was changed by hand since it is on the screen.
    pub(super) changes_by_hand: usize,
    /// The test set's figures at the end, where validation is on a part of the training set.
    pub test: Option<FinalTest>,
    pub batch: Option<BatchProgress>,
    /// Losses of the latest batches, oldest first.
    pub batch_losses: VecDeque<f64>,
    /// The confusion table of the validation images and the epoch after which it was made.
    pub confusion: Option<(usize, ConfusionTable)>,
    /// The set that the latest epoch, and so the table, was measured on.
    pub measured_on: SetNames,
    /// Which of its images validated.
    pub portion: Portion,
}

/// Which weights of a run: those of the same version are the same but for the batches of an epoch under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightsVersion {
    run: RunId,
    /// That are finished.
    epochs: usize,
    /// By hand, such as the best epoch's weights in place of the latest.
    changes: usize,
}

/// Where a training stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    Training,
    /// Asked to pause; the batch under way is still being done.
    Pausing,
    Paused,
    /// Asked to stop; the batch under way is still being done.
    Stopping,
    Ended(Outcome),
}

impl Run {
    pub(super) fn new(facts: RunFacts, lineage: u64) -> Self {
        Self {
            history: facts.history.clone(),
            in_use: facts.in_use.clone(),
            measured_on: facts.in_use.set.clone(),
            portion: facts.recipe.validation.portion(),
            facts,
            changes: Vec::new(),
            changes_by_hand: 0,
            test: None,
            lineage,
            phase: Phase::Training,
            trained_by: None,
            weights_reset: false,
            trouble: None,
            batch: None,
            batch_losses: VecDeque::new(),
            confusion: None,
        }
    }

    /// Takes over what a folder says of it beside its facts.
    pub(super) fn take_opened(&mut self, opened: &OpenedRun) {
        if let Some(table) = &opened.table {
            self.confusion = Some((self.history.len(), table.clone()));
        }
        self.measured_on.clone_from(&opened.measured_on);
        self.portion = opened.portion;
        self.test = opened.test;
        self.phase = Phase::Ended(opened.outcome.clone());
        self.trained_by.clone_from(&opened.trained_by);
    }

    pub fn is_active(&self) -> bool {
        !matches!(self.phase, Phase::Ended(_))
    }

    /// The best of the latest stretch.
    pub fn best(&self) -> Option<Best> {
        Best::of(&self.history)
    }

    /// Whether, and how, batch norm is young as the weights stand.
    pub fn young(&self) -> Option<Young> {
        let last = self.history.last().and_then(EpochMetrics::young);
        match self.running() {
            Some(batch) => Young::of(batch.start_share.into()).map(|young| Young {
                after_epoch: last.and_then(|last| last.after_epoch),
                ..young
            }),
            None => last,
        }
    }

    /// The set that the best epoch is of, where the run was measured on several.
    pub fn best_is_on(&self) -> Option<&str> {
        let latest = self.history.last()?;
        (latest.stretch > 1).then_some(self.measured_on.dataset.as_str())
    }

    /// Why it cannot be trained or changed here, where another process trains it, in a sentence without its dot.
    pub fn taken(&self) -> Option<String> {
        let by = self.trained_by.as_ref()?;
        let place = self.place();
        Some(format!("{place} is being trained by {by}{}", by.since()))
    }

    /// Its folder, or its name where it has none.
    pub(super) fn place(&self) -> String {
        let folder = self.facts.folder.as_ref();
        folder.map_or_else(
            || self.facts.name.clone(),
            |folder| folder.display().to_string(),
        )
    }

    pub(super) fn add_batch(&mut self, progress: BatchProgress) {
        self.batch_losses.extend(&progress.losses);
        let surplus = self.batch_losses.len().saturating_sub(BATCH_LOSSES);
        self.batch_losses.drain(..surplus);
        self.batch = Some(progress);
    }

    /// The batch figures of an epoch that is not finished yet.
    pub fn running(&self) -> Option<&BatchProgress> {
        self.batch
            .as_ref()
            .filter(|batch| batch.epoch > self.history.len())
    }

    /// The epoch that is trained or was trained last, from 1.
    pub fn epoch(&self) -> usize {
        match self.running() {
            Some(batch) => batch.epoch,
            None if self.is_active() => (self.history.len() + 1).min(self.facts.epochs),
            None => self.history.len(),
        }
    }

    /// Share of the epoch that is done, in [0, 1]; validation is not counted.
    pub fn epoch_share(&self) -> f64 {
        match self.running() {
            Some(batch) => batch.batch as f64 / batch.batches.max(1) as f64,
            None if self.is_active() => 0.0,
            None => 1.0,
        }
    }

    /// Share of all planned epochs that is done, in [0, 1].
    pub fn share(&self) -> f64 {
        let running = self.running().map_or(0.0, |_| self.epoch_share());
        ((self.history.len() as f64 + running) / self.facts.epochs.max(1) as f64).min(1.0)
    }

    pub fn images_per_second(&self) -> Option<f64> {
        let running = self.running().map(|batch| batch.images_per_second);
        running.or(self.history.last().map(|metrics| metrics.images_per_second))
    }

    /// Seconds until all planned epochs are done, pauses not counted: by the mean time of the epochs so far, or, in the
    /// first one, by its speed alone.
    pub fn seconds_left(&self) -> Option<f64> {
        if !self.is_active() {
            return None;
        }
        let done = self.history.len();
        let epoch_seconds = if done > 0 {
            self.seconds() / done as f64
        } else {
            let speed = self.images_per_second().filter(|speed| *speed > 0.0)?;
            self.facts.train_images as f64 / speed
        };
        let epochs_left = (1.0 - self.share()) * self.facts.epochs as f64;
        Some(epochs_left * epoch_seconds)
    }

    /// Seconds of training and validation in the finished epochs.
    pub fn seconds(&self) -> f64 {
        self.history.iter().map(|metrics| metrics.seconds).sum()
    }
}

impl Lab {
    /// Whether a training was asked for and has not started yet.
    pub fn is_starting(&self) -> bool {
        self.starting.is_some()
    }

    /// The training under way, paused ones included.
    pub fn active_run(&self) -> Option<&Run> {
        self.run.as_ref().filter(|run| run.is_active())
    }

    pub fn active_run_mut(&mut self) -> Option<&mut Run> {
        self.run.as_mut().filter(|run| run.is_active())
    }

    /// Whether quitting would end a training.
    pub fn is_training(&self) -> bool {
        self.is_starting() || self.active_run().is_some()
    }

    pub fn start_blocked(&self) -> Option<String> {
        if self.is_starting() {
            return Some("the training is starting".to_owned());
        }
        if self.chosen_set().is_none() {
            return Some(match self.opening() {
                Some(_) => "the data is still loading".to_owned(),
                None => "no data is loaded: open a set on the Data pane with o".to_owned(),
            });
        }
        self.misfit()
    }

    pub fn recipe_blocked(&self) -> Option<String> {
        self.is_training()
            .then(|| "the training runs with these settings: stop it first with s".to_owned())
    }

    /// Whether starting goes on with the training that ended last, because the network on the screen is its network, and nothing else
    /// was asked for since: new weights, or weights from elsewhere.
    pub fn goes_on(&self) -> bool {
        self.run_of_network().is_some_and(|run| {
            !run.is_active() && run.facts.recipe.transfer == self.preset.training.transfer
        })
    }

    /// Why the training of the network on the screen cannot go on here: another process trains its run.
    pub fn taken(&self) -> Option<String> {
        let run = self.run.as_ref().filter(|_| self.goes_on())?;
        run.taken()
    }

    /// Trains the network on the screen on the chosen set: goes on where its training stands, or starts one.
    pub fn train(&mut self) {
        let Some(set) = self.chosen_set() else { return };
        let dataset = set.name.clone();
        self.tell(if self.goes_on() {
            Command::Continue {
                recipe: self.preset.training.clone(),
                dataset: Some(dataset),
            }
        } else {
            Command::Train(TrainRequest {
                preset: self.titled_preset(),
                dataset,
                runs_folder: self.runs_folder.clone(),
                keep_weights: self.run_of_weights().is_some(),
            })
        });
        self.starting = Some(self.history.lineage);
        self.starting_version();
        self.refusal = None;
    }

    /// How the training, the one that runs if there is one, changes its images; `None` where it does not.
    pub fn augmentation(&self) -> Option<AugmentSettings> {
        let settings = match self.active_run() {
            Some(run) => run.in_use.augment,
            None => self.preset.training.augment,
        };
        settings.filter(|settings| !settings.is_none())
    }
}

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

    /// What there is to know before the figures on the pane are believed, in sentences: that batch norm is young.
    pub fn caution(&self) -> Option<String> {
        let run = match self.pane {
            PaneId::Data | PaneId::View | PaneId::Network => None,
            PaneId::Train | PaneId::Results => self.run.as_ref(),
            PaneId::Activations => self.run_of_weights(),
        };
        Some(run?.young()?.to_string())
    }

    /// What the weights that the network on the screen has now depend on; nothing where it has none of a run.
    pub fn weights_version(&self) -> Option<WeightsVersion> {
        let run = self.run_of_weights()?;
        Some(WeightsVersion {
            run: run.facts.run,
            epochs: run.history.len(),
            changes: run.changes_by_hand,
        })
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
