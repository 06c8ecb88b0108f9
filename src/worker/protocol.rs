//! What the screen may ask of the worker, and what the worker tells.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::corrections::SetMarks;
use super::drafts::{DraftCommand, FoundDraft};
use super::purpose::Purpose;
use super::question::Ask;
use super::run_facts::{BatchProgress, InUse, OpenedRun, Outcome, RunFacts, SetNames};
use crate::analysis::ConfusionTable;
use crate::data::{AugmentSettings, DatasetSummary};
use crate::training::{Best, EpochMetrics, FinalTest, Portion, Preset, Recipe};

/// Names a run within one start of the program; every event of a run carries it.
pub type RunId = u64;

/// Something the screen asks for.
#[derive(Debug, PartialEq)]
pub enum Command {
    /// A question. Answered by an [`Event::Answered`] whenever there is something for its asker to take in.
    Ask(Ask),
    /// Train a network, from fresh weights or from those that the last training left. Answered by [`Event::RunStarted`], then batches and epochs, then [`Event::RunEnded`].
    Train(TrainRequest),
    /// Hold the training before its next batch.
    Pause,
    /// Go on after a pause.
    Resume,
    /// End the training before its next batch; what it learned is kept.
    Stop,
    /// Train one batch and pause. Answered by [`Event::Batch`], at an epoch's end by [`Event::Epoch`] too.
    StepOnce,
    /// Change the training under way. Answered by [`Event::Changed`] where it changed anything.
    Steer(Steering),
    /// Go on with the training that ended last, where it stands, by this recipe, on another loaded set if one is named: to the end of
    /// its plan, or, where it is at its end or the recipe has other epochs or another schedule, for as many epochs as the recipe says.
    /// Answered by [`Event::RunStarted`] with a new run id and the epochs so far.
    Continue {
        recipe: Recipe,
        dataset: Option<String>,
    },
    /// Open the run in this folder where it stands, on its own data, without training on: [`Command::Continue`] does. Answered by
    /// [`Event::RunOpened`].
    OpenRun { folder: PathBuf },
    /// Copy the run in this folder, as it stands, to a run of its own beside it, and open that. Answered by [`Event::RunOpened`].
    CopyRun { folder: PathBuf },
    /// Put the best epoch's weights in place of the latest. Answered by [`Event::Changed`].
    RestoreBest,
    /// Forget the weights of the last training, so that a network starts afresh from its seed. Not while one is under way.
    ResetWeights,
    /// On the draft of what is not saved.
    Draft(DraftCommand),
    /// Stop everything and end the worker.
    Quit,
}

/// One of the person's own presets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPreset {
    pub name: String,
    pub text: String,
}

/// A training to start.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainRequest {
    pub preset: Preset,
    /// Name of a loaded set.
    pub dataset: String,
    /// Folder in which the run folder is made; `None` keeps the run in memory.
    pub runs_folder: Option<PathBuf>,
    /// Whether layers that stayed the same since the last training keep its weights; the optimizer starts new all the same.
    pub keep_weights: bool,
}

/// A change of the training under way, from its next batch on.
#[derive(Clone, Debug, PartialEq)]
pub enum Steering {
    /// What the schedule, if there is one, starts from.
    LearningRate(f64),
    /// Augmentation with these figures, or off.
    Augment(Option<AugmentSettings>),
    /// Name of a loaded set.
    Dataset(String),
    /// Whether to stop at the end of the epoch under way.
    StopAfterEpoch(bool),
}

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
    /// Something was changed by hand, by [`Command::Steer`] or [`Command::RestoreBest`], or as planned; the epoch's metrics will list it
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
