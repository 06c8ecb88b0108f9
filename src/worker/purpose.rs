//! The purpose of a command, as named in failures.

use std::fmt;

/// What a [`Failed`](super::Event::Failed) event is about; its text continues "Could not …".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Read the corrections of a set.
    ReadCorrections,
    /// Start a run.
    Train,
    /// Continue a run.
    TrainOn,
    /// Open a run's folder.
    OpenRun,
    /// Copy a run's folder.
    CopyRun,
    /// Change a run in progress.
    Change,
    RestoreBest,
    ResetWeights,
    /// Write a run's folder.
    SaveRun,
    /// Keep a draft of unsaved work.
    KeepDraft,
    /// Start the training thread.
    StartThread,
}

impl Purpose {
    /// Whether it was to start or to continue a run.
    pub fn is_training(self) -> bool {
        matches!(self, Self::Train | Self::TrainOn)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadCorrections => "read your label corrections",
            Self::Train => "train",
            Self::TrainOn => "continue the run",
            Self::OpenRun => "open the run",
            Self::CopyRun => "copy the run",
            Self::Change => "change the run",
            Self::RestoreBest => "restore the best epoch",
            Self::ResetWeights => "reset the weights",
            Self::SaveRun => "save the run",
            Self::KeepDraft => "keep a draft of unsaved work",
            Self::StartThread => "start the training thread",
        })
    }
}
