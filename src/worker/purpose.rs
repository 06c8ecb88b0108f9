//! What the worker was asked for, as failures name it.

use std::fmt;

/// What a [`Failed`](super::Event::Failed) event is about; its text goes on "Could not …".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Read what is marked in a set.
    ReadCorrections,
    /// Begin a training from fresh weights.
    Train,
    /// Go on with a training.
    TrainOn,
    /// Open a run's folder.
    OpenRun,
    /// Copy a run's folder.
    CopyRun,
    /// Change a training under way.
    Change,
    RestoreBest,
    ResetWeights,
    /// Write a run's folder.
    SaveRun,
    /// Keep a draft of what is not saved.
    KeepDraft,
    /// Compute at all.
    StartThread,
}

impl Purpose {
    /// Whether it was to begin or to go on with a training.
    pub fn is_training(self) -> bool {
        matches!(self, Self::Train | Self::TrainOn)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadCorrections => "read your corrections of the labels",
            Self::Train => "train",
            Self::TrainOn => "train on",
            Self::OpenRun => "open the run",
            Self::CopyRun => "copy the run",
            Self::Change => "change the training",
            Self::RestoreBest => "restore the best epoch",
            Self::ResetWeights => "reset the weights",
            Self::SaveRun => "save the run",
            Self::KeepDraft => "keep a draft of what is not saved",
            Self::StartThread => "start the training thread",
        })
    }
}
