//! What the worker tells.

use super::corrections::SetMarks;
use super::drafts::FoundDraft;
use super::purpose::Purpose;
use super::run_facts::{BatchProgress, InUse, OpenedRun, Outcome, RunFacts, RunId, SetNames};
use crate::analysis::ConfusionTable;
use crate::data::DatasetSummary;
use crate::training::{Best, EpochMetrics, FinalTest, Portion};

/// Something the worker tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A set was opened. It takes the place of the one with its name, where there is one.
    DataLoaded {
        summary: DatasetSummary,
        seconds: f64,
    },
    /// A loaded set is, all of it, a known one: what a preset's `data:` may call it.
    Recognized {
        name: String,
        names: Vec<String>,
    },
    /// A loaded set is called something else.
    Renamed {
        from: String,
        to: String,
    },
    /// A loaded set is forgotten; its files stay.
    Unloaded {
        name: String,
    },
    /// Some [`Asked`](super::Asked) has something to take in.
    Answered,
    RunStarted(Box<RunFacts>),
    /// An earlier run is there to be looked into and to go on with.
    RunOpened(Box<OpenedRun>),
    /// News of the run that is there: another process trains it, has trained it further, or trains it no longer.
    RunFollowed(Box<OpenedRun>),
    /// At most about five a second; the last batch of an epoch is always told.
    Batch(BatchProgress),
    Epoch {
        run: RunId,
        metrics: EpochMetrics,
    },
    /// The confusion table of the validation images after an epoch.
    Confusion {
        run: RunId,
        epoch: usize,
        table: ConfusionTable,
        /// The set that they are of.
        measured_on: SetNames,
        /// Which of its images they are.
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
        /// The epoch under way, from 1.
        epoch: usize,
        /// In words: `after batch 12: learning rate 0.5, before 1`.
        change: String,
        in_use: InUse,
        /// What the run is called now.
        name: String,
    },
    /// The test set's figures at the end of a run that was validated on a part of its training images.
    Tested {
        run: RunId,
        test: FinalTest,
    },
    RunEnded {
        run: RunId,
        outcome: Outcome,
        best: Option<Best>,
    },
    /// An earlier start in this folder left a draft; told once, before all else.
    DraftFound(Box<FoundDraft>),
    /// The marked training images of a set that was loaded, where there are any.
    Marks(SetMarks),
    /// Something asked for could not be done; nothing else changed.
    Failed {
        what: Purpose,
        /// Sentences: what, where, expected, got, next step.
        message: String,
    },
}
