//! What is known of the training on the screen, and what may be done with it.

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

/// A training since the program started.
#[derive(Clone, Debug)]
pub struct Run {
    pub facts: RunFacts,
    /// Which network it was started with, that edits made another of since.
    pub(super) lineage: u64,
    pub phase: Phase,
    /// The other process that trains it: it is only watched here.
    pub trained_by: Option<TrainedBy>,
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
    /// All batches of the first epoch, then the latest ones, the oldest first.
    pub batches: VecDeque<BatchFigures>,
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
    pub(super) run: RunId,
    /// That are finished.
    pub(super) epochs: usize,
    /// By hand, such as the best epoch's weights in place of the latest.
    pub(super) changes: usize,
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
            trouble: None,
            batch: None,
            batches: VecDeque::new(),
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
        self.batches.extend(&progress.latest);
        if !self.history.is_empty() {
            let surplus = self.batches.len().saturating_sub(LATEST_BATCHES);
            self.batches.drain(..surplus);
        }
        self.batch = Some(progress);
    }

    /// How many batches the first epoch has, and those of them that are done, by their number from 1; nothing once it is finished.
    pub fn first_batches(&self) -> Option<(usize, impl Iterator<Item = (usize, &BatchFigures)>)> {
        let progress = self.running().filter(|_| self.history.is_empty())?;
        // A run that was opened within its epoch does not know those before.
        let unknown = progress.batch.saturating_sub(self.batches.len());
        Some((progress.batches, (unknown + 1..).zip(&self.batches)))
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

    /// The same without those before it went on.
    pub(super) fn seconds_here(&self) -> f64 {
        let here = self.history.iter().skip(self.facts.history.len());
        here.map(|metrics| metrics.seconds).sum()
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
        self.start(|start| start);
    }

    /// Trains one batch, then pauses: of the training under way, else of the one that [`train`](Self::train) would begin.
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

    /// How the training, the one that runs if there is one, changes its images; `None` where it does not.
    pub fn augmentation(&self) -> Option<AugmentSettings> {
        let settings = match self.active_run() {
            Some(run) => run.in_use.augment,
            None => self.preset.training.augment,
        };
        settings.filter(|settings| !settings.is_none())
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
}
