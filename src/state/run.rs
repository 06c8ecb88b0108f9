//! What is known of a training.

use std::collections::VecDeque;

use crate::analysis::ConfusionTable;
use crate::runs::TrainedBy;
use crate::training::{Best, EpochMetrics, FinalTest, Portion};
use crate::worker::{BatchProgress, InUse, Outcome, RunFacts, SetNames};

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
    /// What it goes on with now.
    pub in_use: InUse,
    /// What was changed in the epoch under way, in words.
    pub changes: Vec<String>,
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

    pub fn is_active(&self) -> bool {
        !matches!(self.phase, Phase::Ended(_))
    }

    /// The best of the latest stretch.
    pub fn best(&self) -> Option<Best> {
        Best::of(&self.history)
    }

    /// The set that the best epoch is of, where the run was measured on several.
    pub fn best_is_on(&self) -> Option<&str> {
        let latest = self.history.last()?;
        (latest.stretch > 1).then_some(self.measured_on.dataset.as_str())
    }

    /// Why it cannot be trained or changed here, where another process trains it, in a sentence without its dot.
    pub fn taken(&self) -> Option<String> {
        let by = self.trained_by.as_ref()?;
        let folder = self.facts.folder.as_ref();
        let name = folder.map_or_else(
            || self.facts.name.clone(),
            |folder| folder.display().to_string(),
        );
        Some(format!("{name} is being trained by {by}{}", by.since()))
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
        self.running()
            .map(|batch| batch.images_per_second)
            .or_else(|| self.history.last().map(|metrics| metrics.images_per_second))
    }

    /// Seconds until all planned epochs are done, pauses not counted: by the mean time of the epochs so far, or, in the
    /// first one, by its speed alone.
    pub fn seconds_left(&self) -> Option<f64> {
        if !self.is_active() {
            return None;
        }
        let done = self.history.len();
        let epoch_seconds = if done > 0 {
            self.history
                .iter()
                .map(|metrics| metrics.seconds)
                .sum::<f64>()
                / done as f64
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
