//! The commands from the screen to the worker.

use std::path::PathBuf;

use super::drafts::DraftCommand;
use super::question::Ask;
use crate::data::AugmentSettings;
use crate::training::{Preset, Recipe};

/// A command from the screen.
#[derive(Debug, PartialEq)]
pub enum Command {
    /// A question. Answered by an [`Event::Answered`](super::Event::Answered) whenever there is something for its asker to receive.
    Ask(Ask),
    /// Start a run, from initial weights or from those of the last run. Answered by [`Event::RunStarted`](super::Event::RunStarted), then batches and epochs, then [`Event::RunEnded`](super::Event::RunEnded).
    Train(TrainRequest),
    /// Pause the run before its next batch.
    Pause,
    /// Continue after a pause.
    Resume,
    /// Stop the run before its next batch and save its weights.
    Stop,
    /// Train one batch and pause. Answered by [`Event::Batch`](super::Event::Batch), at an epoch's end by [`Event::Epoch`](super::Event::Epoch) too.
    StepOnce,
    /// Start a run with this command, train one batch and pause.
    StartAndStep(Box<Command>),
    /// Change the current run. Answered by [`Event::Changed`](super::Event::Changed) if anything changed.
    Steer(Steering),
    /// Continue the last run from its current weights with this recipe, on another loaded set if one is named: to the end of its plan,
    /// or, if it is finished or the recipe has other epochs or another schedule, for as many epochs as the recipe says.
    /// Answered by [`Event::RunStarted`](super::Event::RunStarted) with a new run id and the epochs so far.
    Continue {
        recipe: Recipe,
        dataset: Option<String>,
    },
    /// Open the run in this folder in its current state, on its own data, without training; see [`Command::Continue`]. Answered by
    /// [`Event::RunOpened`](super::Event::RunOpened).
    OpenRun { folder: PathBuf },
    /// Copy the run in this folder, in its current state, to a new run folder beside it, and open that. Answered by [`Event::RunOpened`](super::Event::RunOpened).
    CopyRun { folder: PathBuf },
    /// Replace the current weights with the best epoch's. Answered by [`Event::Changed`](super::Event::Changed).
    RestoreBest,
    /// Reset the network to the initial weights of its seed. Not during a run.
    ResetWeights,
    /// Stop reading the set of a run; what needs it then fails.
    StopReading,
    /// A command about the draft of unsaved work.
    Draft(DraftCommand),
    /// Stop everything and end the worker.
    Quit,
}

/// A run to start.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainRequest {
    pub preset: Preset,
    /// Name of a loaded set.
    pub dataset: String,
    /// Folder in which the run folder is created; `None` keeps the run in memory.
    pub runs_folder: Option<PathBuf>,
    /// Whether layers that are unchanged since the last run keep its weights; the optimizer's state is cleared in any case.
    pub keep_weights: bool,
}

/// A change of the current run, from its next batch on.
#[derive(Clone, Debug, PartialEq)]
pub enum Steering {
    /// The learning rate that the schedule starts from.
    LearningRate(f64),
    /// Augmentation with these settings, or off.
    Augment(Option<AugmentSettings>),
    /// Name of a loaded set.
    Dataset(String),
    /// Whether to stop at the end of the current epoch.
    StopAfterEpoch(bool),
}
