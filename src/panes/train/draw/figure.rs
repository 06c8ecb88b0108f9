//! The figure of an epoch that a chart shows.

use crate::lab::Part;
use crate::training::{Best, EpochMetrics};
use crate::worker::BatchProgress;

/// A figure of training and of validation.
pub(super) struct Figure {
    pub name: &'static str,
    /// What its best value is called.
    pub best_word: &'static str,
    /// Stands at its best point.
    pub mark: char,
    /// Of training and of validation.
    pub of_epoch: [fn(&EpochMetrics) -> f64; 2],
    /// Of training, in the epoch under way.
    pub so_far: fn(&BatchProgress) -> f64,
    /// The epoch of the best value, and the value.
    pub best: fn(&Best) -> (usize, f64),
    /// Whether it can be drawn on a logarithmic scale.
    pub has_log: bool,
}

static ACCURACY: Figure = Figure {
    name: "Accuracy",
    best_word: "best",
    mark: '▲',
    of_epoch: [|metrics| metrics.accuracy, |metrics| metrics.val_accuracy],
    so_far: |batch| batch.mean_accuracy,
    best: |best| (best.val_accuracy_epoch, best.val_accuracy),
    has_log: false,
};

static LOSS: Figure = Figure {
    name: "Loss",
    best_word: "lowest",
    mark: '▼',
    of_epoch: [|metrics| metrics.loss, |metrics| metrics.val_loss],
    so_far: |batch| batch.mean_loss,
    best: |best| (best.val_loss_epoch, best.val_loss),
    has_log: true,
};

impl Figure {
    /// The one that a part of the pane shows.
    pub fn of(part: Part) -> &'static Self {
        match part {
            Part::Loss => &LOSS,
            _ => &ACCURACY,
        }
    }
}
