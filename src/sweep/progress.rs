//! What is asked of a running sweep, and what it tells.

use super::state::TrialState;
use super::trials::Trial;
use crate::training::EpochMetrics;

/// What is asked of a running sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wish {
    /// To continue.
    Continue,
    /// To start nothing further, and finish what runs.
    Finish,
    /// To save what runs, and stop.
    Stop,
}

/// What happens in a running sweep, for whoever shows it.
#[derive(Debug)]
pub enum Progress<'a> {
    /// A trial begins, or continues after a comparison.
    Began(&'a Trial),
    /// A trial has finished an epoch.
    Epoch(&'a Trial, &'a EpochMetrics),
    /// The work on a trial has ended; how far it is.
    Ended(&'a Trial, &'a TrialState),
    /// A trial's process was lost, and is started again.
    Lost(&'a Trial, &'a str),
    /// So many trials were compared after so many epochs, and so many continue.
    Compared {
        /// Epochs of each.
        epochs: usize,
        /// How many were compared.
        of: usize,
        /// How many continue.
        kept: usize,
    },
    /// No further trial starts.
    Ending {
        /// Why.
        end: End,
        /// Whether those that run are stopped too.
        is_at_once: bool,
    },
}

/// Why a sweep is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing is left to train.
    Complete,
    /// It was asked to end.
    Asked,
    /// `sweep cancel` asked it to stop.
    Cancelled,
    /// Its time is up.
    TimeLimit,
    /// Others train what is left, without this process; who, in a sentence.
    HandedOver(String),
    /// Something is in the way that is no trial's fault.
    Hindered(String),
}
