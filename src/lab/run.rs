//! The run on the screen: its state, and what can be done with it.

use std::collections::VecDeque;

use super::{Lab, PaneId};
use crate::analysis::ConfusionTable;
use crate::data::AugmentSettings;
use crate::runs::TrainedBy;
use crate::training::{Best, EpochMetrics, FinalTest, Portion, Young};
use crate::worker::{
    BatchFigures, BatchProgress, Command, InUse, OpenedRun, Outcome, RunFacts, RunId, SetNames,
    TrainRequest,
};

/// Batches that are kept once an epoch is done.
const LATEST_BATCHES: usize = 1024;

/// A run that was started or opened in this session.
#[derive(Clone, Debug)]
pub struct Run {
    pub facts: RunFacts,
    /// The lineage of the network that it was started with.
    pub(super) lineage: u64,
    pub phase: Phase,
    /// The other process that trains it, if any: it is only followed here.
    pub trained_by: Option<TrainedBy>,
    /// Why the run could not be saved, until it resumes.
    pub trouble: Option<String>,
    /// One entry per finished epoch.
    pub history: Vec<EpochMetrics>,
    pub in_use: InUse,
    /// Changes in the current epoch, in words.
    pub changes: Vec<String>,
    /// Number of manual changes since it is on the screen.
    pub(super) changes_by_hand: usize,
    /// The final test figures, if validation uses held-out images.
    pub test: Option<FinalTest>,
    pub batch: Option<BatchProgress>,
    /// All batches of the first epoch, then the latest ones, the oldest first.
    pub batches: VecDeque<BatchFigures>,
    /// The confusion matrix of the validation images, and its epoch.
    pub confusion: Option<(usize, ConfusionTable)>,
    /// The set that the latest epoch, and so the confusion matrix, was measured on.
    pub measured_on: SetNames,
    /// Which of its images were used for validation.
    pub portion: Portion,
}

/// A version of a run's weights: equal versions mean equal weights, except for the batches of the current epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightsVersion {
    pub(super) run: RunId,
    /// Finished epochs.
    pub(super) epochs: usize,
    /// Manual changes, such as restoring the best epoch's weights.
    pub(super) changes: usize,
}

/// The state of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    Training,
    /// Asked to pause; the current batch is still running.
    Pausing,
    Paused,
    /// Asked to stop; the current batch is still running.
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
            trouble: None,
            batch: None,
            batches: VecDeque::new(),
            confusion: None,
        }
    }

    /// Takes what the run folder holds besides the facts.
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

    /// The best epoch of the latest stretch.
    pub fn best(&self) -> Option<Best> {
        Best::of(&self.history)
    }

    /// Whether, and how much, batch norm's moving statistics are young.
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

    /// The set of the best epoch, if the run was measured on several.
    pub fn best_is_on(&self) -> Option<&str> {
        let latest = self.history.last()?;
        (latest.stretch > 1).then_some(self.measured_on.dataset.as_str())
    }

    /// Why the run cannot be trained or changed here, if another process trains it; a sentence without its full stop.
    pub fn taken(&self) -> Option<String> {
        let by = self.trained_by.as_ref()?;
        let place = self.place();
        Some(format!("{place} is being trained by {by}{}", by.since()))
    }

    /// Its folder, or its name if it has none.
    pub(super) fn place(&self) -> String {
        let folder = self.facts.folder.as_ref();
        folder.map_or_else(
            || self.facts.name.clone(),
            |folder| folder.display().to_string(),
        )
    }

    pub(super) fn add_batch(&mut self, progress: BatchProgress) {
        self.batches.extend(&progress.latest);
        if !self.history.is_empty() {
            let surplus = self.batches.len().saturating_sub(LATEST_BATCHES);
            self.batches.drain(..surplus);
        }
        self.batch = Some(progress);
    }

    /// The number of batches of the first epoch, and the finished ones by their number from 1; `None` once that epoch is finished.
    pub fn first_batches(&self) -> Option<(usize, impl Iterator<Item = (usize, &BatchFigures)>)> {
        let progress = self.running().filter(|_| self.history.is_empty())?;
        // A run that was opened in the middle of its first epoch lacks the batches before.
        let unknown = progress.batch.saturating_sub(self.batches.len());
        Some((progress.batches, (unknown + 1..).zip(&self.batches)))
    }

    /// The batch figures of an epoch that is not finished yet.
    pub fn running(&self) -> Option<&BatchProgress> {
        self.batch
            .as_ref()
            .filter(|batch| batch.epoch > self.history.len())
    }

    /// The current or last epoch, from 1.
    pub fn epoch(&self) -> usize {
        match self.running() {
            Some(batch) => batch.epoch,
            None if self.is_active() => (self.history.len() + 1).min(self.facts.epochs),
            None => self.history.len(),
        }
    }

    /// The finished fraction of the epoch, in [0, 1]; validation is not counted.
    pub fn epoch_share(&self) -> f64 {
        match self.running() {
            Some(batch) => batch.batch as f64 / batch.batches.max(1) as f64,
            None if self.is_active() => 0.0,
            None => 1.0,
        }
    }

    /// The finished fraction of all planned epochs, in [0, 1].
    pub fn share(&self) -> f64 {
        let running = self.running().map_or(0.0, |_| self.epoch_share());
        ((self.history.len() as f64 + running) / self.facts.epochs.max(1) as f64).min(1.0)
    }

    pub fn images_per_second(&self) -> Option<f64> {
        let running = self.running().map(|batch| batch.images_per_second);
        running.or(self.history.last().map(|metrics| metrics.images_per_second))
    }

    /// Seconds until all planned epochs are done, without pauses: from the mean time of the epochs so far or, in the
    /// first one, from its speed.
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

    /// As [`seconds`](Self::seconds), without the epochs before the run was resumed.
    pub(super) fn seconds_here(&self) -> f64 {
        let here = self.history.iter().skip(self.facts.history.len());
        here.map(|metrics| metrics.seconds).sum()
    }
}

impl Lab {
    /// Whether a run was asked for and has not started yet.
    pub fn is_starting(&self) -> bool {
        self.starting.is_some()
    }

    /// The run, if it is active or paused.
    pub fn active_run(&self) -> Option<&Run> {
        self.run.as_ref().filter(|run| run.is_active())
    }

    pub fn active_run_mut(&mut self) -> Option<&mut Run> {
        self.run.as_mut().filter(|run| run.is_active())
    }

    /// Whether a run is active, paused or starting.
    pub fn is_training(&self) -> bool {
        self.is_starting() || self.active_run().is_some()
    }

    pub fn start_blocked(&self) -> Option<String> {
        if self.is_starting() {
            return Some("the run is starting".to_owned());
        }
        if self.chosen_set().is_none() {
            return Some(match self.opening() {
                Some(_) => "the data is still loading".to_owned(),
                None => "no data set is loaded: press o on the Data pane to open one".to_owned(),
            });
        }
        self.misfit()
    }

    pub fn recipe_blocked(&self) -> Option<String> {
        self.is_training()
            .then(|| "the run uses these settings: stop it with s first".to_owned())
    }

    /// Whether starting continues the last run, because the network on the screen is that run's, and no new weights or weights of
    /// another run were asked for since.
    pub fn goes_on(&self) -> bool {
        self.run_of_network().is_some_and(|run| {
            !run.is_active() && run.facts.recipe.transfer == self.preset.training.transfer
        })
    }

    /// Why the run of the network on the screen cannot be continued here: another process trains it.
    pub fn taken(&self) -> Option<String> {
        let run = self.run.as_ref().filter(|_| self.goes_on())?;
        run.taken()
    }

    /// Trains the network on the screen on the chosen set: continues its run, or starts one.
    pub fn train(&mut self) {
        self.start(|start| start);
    }

    /// Trains one batch, then pauses: of the active run, or else of the one that [`train`](Self::train) would start.
    pub fn train_one_batch(&mut self) {
        match self.active_run_mut() {
            Some(run) => {
                if run.phase == Phase::Training {
                    run.phase = Phase::Pausing;
                }
                self.tell(Command::StepOnce);
            }
            None => self.start(|start| Command::StartAndStep(Box::new(start))),
        }
        self.is_stepping = true;
    }

    fn start(&mut self, command: impl FnOnce(Command) -> Command) {
        let Some(set) = self.chosen_set() else { return };
        let dataset = set.name.clone();
        self.is_stepping = false;
        self.tell(command(if self.goes_on() {
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
        }));
        self.starting = Some(self.history.lineage);
        self.starting_version();
        self.refusal = None;
    }

    /// The augmentation of the active run, or else of the next one; `None` without augmentation.
    pub fn augmentation(&self) -> Option<AugmentSettings> {
        let settings = match self.active_run() {
            Some(run) => run.in_use.augment,
            None => self.preset.training.augment,
        };
        settings.filter(|settings| !settings.is_none())
    }

    /// A warning about the figures on the pane: that batch norm's moving statistics are young.
    pub fn caution(&self) -> Option<String> {
        let run = match self.pane {
            PaneId::Data | PaneId::View | PaneId::Network => None,
            PaneId::Train | PaneId::Results => self.run.as_ref(),
            PaneId::Activations => self.run_of_weights(),
        };
        Some(run?.young()?.to_string())
    }
}
