//! The events from the worker to the screen.

use super::corrections::SetMarks;
use super::drafts::FoundDraft;
use super::purpose::Purpose;
use super::run_facts::{BatchProgress, InUse, OpenedRun, Outcome, RunFacts, RunId, SetNames};
use crate::analysis::ConfusionTable;
use crate::data::DatasetSummary;
use crate::training::{Best, EpochMetrics, FinalTest, Portion};

/// A set that is read for a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Its name.
    pub name: String,
    /// The share done, in [0, 1].
    pub share: f32,
}

/// An event from the worker.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A set was opened. It replaces the one with the same name, if any.
    DataLoaded {
        summary: DatasetSummary,
        seconds: f64,
    },
    /// A loaded set is all of a known one, with the names that a preset's `data:` can use for it.
    Recognized {
        name: String,
        names: Vec<String>,
    },
    /// A loaded set was renamed.
    Renamed {
        from: String,
        to: String,
    },
    /// A loaded set was unloaded; its files are kept.
    Unloaded {
        name: String,
    },
    /// A set is read for a run, which takes a while; `None` once that has ended, however it did.
    Reading(Option<Reading>),
    /// Some [`Asked`](super::Asked) has an answer to receive.
    Answered,
    RunStarted(Box<RunFacts>),
    /// An earlier run was opened, to inspect or continue it.
    RunOpened(Box<OpenedRun>),
    /// News of the open run: another process is training it, has trained it further, or no longer trains it.
    RunFollowed(Box<OpenedRun>),
    /// At most about five per second; the last batch of an epoch is always reported.
    Batch(BatchProgress),
    Epoch {
        run: RunId,
        metrics: EpochMetrics,
    },
    /// The confusion matrix of the validation images after an epoch.
    Confusion {
        run: RunId,
        epoch: usize,
        table: ConfusionTable,
        /// The set of these images.
        measured_on: SetNames,
        /// The portion of the set.
        portion: Portion,
    },
    Paused {
        run: RunId,
    },
    Resumed {
        run: RunId,
    },
    /// Something was changed by hand, by [`Command::Steer`](super::Command::Steer) or [`Command::RestoreBest`](super::Command::RestoreBest), or as planned; the epoch's metrics will list it
    /// too.
    Changed {
        run: RunId,
        /// The current epoch, from 1.
        epoch: usize,
        /// In words: `after batch 12: learning rate 0.5 (was 1)`.
        change: String,
        in_use: InUse,
        /// The run's current name.
        name: String,
    },
    /// The test set's figures at the end of a run that was validated on held-out images.
    Tested {
        run: RunId,
        test: FinalTest,
    },
    RunEnded {
        run: RunId,
        outcome: Outcome,
        best: Option<Best>,
    },
    /// An earlier session left a draft; reported once, first.
    DraftFound(Box<FoundDraft>),
    /// The marked training images of a loaded set, if any.
    Marks(SetMarks),
    /// A command failed; nothing else changed.
    Failed {
        what: Purpose,
        /// Sentences: what, where, expected, got, next step.
        message: String,
    },
}
