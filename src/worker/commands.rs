//! What the screen may ask of the worker.

use std::path::PathBuf;

use super::drafts::DraftCommand;
use super::question::Ask;
use crate::data::AugmentSettings;
use crate::training::{Preset, Recipe};

/// Something the screen asks for.
#[derive(Debug, PartialEq)]
pub enum Command {
    /// A question. Answered by an [`Event::Answered`](super::Event::Answered) whenever there is something for its asker to take in.
    Ask(Ask),
    /// Train a network, from fresh weights or from those that the last training left. Answered by [`Event::RunStarted`](super::Event::RunStarted), then batches and epochs, then [`Event::RunEnded`](super::Event::RunEnded).
    Train(TrainRequest),
    /// Hold the training before its next batch.
    Pause,
    /// Go on after a pause.
    Resume,
    /// End the training before its next batch; what it learned is kept.
    Stop,
    /// Train one batch and pause. Answered by [`Event::Batch`](super::Event::Batch), at an epoch's end by [`Event::Epoch`](super::Event::Epoch) too.
    StepOnce,
    /// Start a training by this command, train one batch of it and pause.
    StartAndStep(Box<Command>),
    /// Change the training under way. Answered by [`Event::Changed`](super::Event::Changed) where it changed anything.
    Steer(Steering),
    /// Go on with the training that ended last, where it stands, by this recipe, on another loaded set if one is named: to the end of
    /// its plan, or, where it is at its end or the recipe has other epochs or another schedule, for as many epochs as the recipe says.
    /// Answered by [`Event::RunStarted`](super::Event::RunStarted) with a new run id and the epochs so far.
    Continue {
        recipe: Recipe,
        dataset: Option<String>,
    },
    /// Open the run in this folder where it stands, on its own data, without training on: [`Command::Continue`] does. Answered by
    /// [`Event::RunOpened`](super::Event::RunOpened).
    OpenRun { folder: PathBuf },
    /// Copy the run in this folder, as it stands, to a run of its own beside it, and open that. Answered by [`Event::RunOpened`](super::Event::RunOpened).
    CopyRun { folder: PathBuf },
    /// Put the best epoch's weights in place of the latest. Answered by [`Event::Changed`](super::Event::Changed).
    RestoreBest,
    /// Forget the weights of the last training, so that a network starts afresh from its seed. Not while one is under way.
    ResetWeights,
    /// On the draft of what is not saved.
    Draft(DraftCommand),
    /// Stop everything and end the worker.
    Quit,
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
