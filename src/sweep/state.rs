//! How far a trial is, read from its run folder.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::SweepError;
use super::folder::{Outcome, SweepFolder};
use super::halving::Measure;
use super::runs::latest;
use super::trials::Trial;
use crate::runs::{Claim, RunFolder};
use crate::training::{Best, EpochMetrics};

/// How far a trial is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialState {
    /// Its run folder, once there is one.
    pub run: Option<PathBuf>,
    /// Epochs that are done.
    pub epochs: usize,
    /// The best figures so far.
    pub best: Option<Best>,
    /// Where it stands.
    #[serde(flatten)]
    pub stand: Stand,
}

/// Where a trial stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Stand {
    /// Not begun.
    Waiting,
    /// A process trains it now.
    Training,
    /// Begun, and not at its end.
    Stopped,
    /// Trained to its end.
    Finished,
    /// It cannot be trained to its end.
    Failed {
        /// Why, in a sentence.
        reason: String,
    },
}

impl Stand {
    /// In one word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Training => "training",
            Self::Stopped => "stopped",
            Self::Finished => "finished",
            Self::Failed { .. } => "failed",
        }
    }

    /// Whether nothing is left to train.
    pub fn is_ended(&self) -> bool {
        matches!(self, Self::Finished | Self::Failed { .. })
    }
}

impl TrialState {
    /// That of a trial with these run folders, the latest last.
    ///
    /// # Errors
    /// If something is there and cannot be read.
    pub fn read(folder: &SweepFolder, trial: &Trial, runs: &[PathBuf]) -> Result<Self, SweepError> {
        let outcome = folder.outcome(trial.number)?;
        let run = latest(runs);
        let mut state = Self {
            run: run.as_ref().map(|run| run.path().to_owned()),
            epochs: 0,
            best: None,
            stand: Stand::Waiting,
        };
        let mut is_finished = false;
        if let Some(run) = run {
            // Pretraining is not the trial itself.
            let is_own = !trial.pretrained || run.record()?.then.is_none();
            let history = match is_own {
                true => run.metrics()?,
                false => Vec::new(),
            };
            state.epochs = history.len();
            state.best = Best::of(&history);
            let is_tested = !trial.tested || run.test()?.is_some();
            is_finished = history.len() >= trial.epochs && is_tested && run.is_settled();
            state.stand = Stand::Stopped;
        }
        match outcome {
            Some(Outcome::Failed(reason)) => state.stand = Stand::Failed { reason },
            Some(Outcome::EndedEarly(_)) => state.stand = Stand::Finished,
            None if is_finished => state.stand = Stand::Finished,
            None if Claim::holder(&folder.trial(trial.number)).is_some() => {
                state.stand = Stand::Training;
            }
            None => {}
        }
        Ok(state)
    }

    /// The same as a process tells it that may name the sweep's folder in another way.
    pub(super) fn in_folder(mut self, folder: &SweepFolder) -> Self {
        let name = self.run.as_deref().and_then(Path::file_name);
        self.run = name.map(|name| folder.runs().join(name));
        self
    }

    /// What halving compares after `epochs` epochs, the higher the better; `None` without figures.
    ///
    /// # Errors
    /// If the run cannot be read.
    pub fn score(&self, epochs: usize, by: Measure) -> Result<Option<f64>, SweepError> {
        let (Some(run), false) = (&self.run, matches!(self.stand, Stand::Failed { .. })) else {
            return Ok(None);
        };
        let mut history: Vec<EpochMetrics> = RunFolder::open(run)?.metrics()?;
        history.truncate(epochs);
        Ok(Best::of(&history).map(|best| by.score(&best)))
    }
}
