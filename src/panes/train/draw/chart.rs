//! The charts of the pane, each of the figures of one unit.

use crate::lab::Part;
use crate::panes::CurveView;
use crate::training::{Best, EpochMetrics, FIGURES, Figure, Unit};
use crate::worker::BatchProgress;

/// A curve as points (epoch, value).
pub(super) type Points = Vec<(f64, f64)>;

/// A chart: that of training comes first of its figures, that of validation second.
pub(super) struct Chart {
    pub name: &'static str,
    unit: Unit,
    /// What its best value is called.
    pub best_word: &'static str,
    /// Stands at its best point.
    mark: char,
    /// Of training, in the epoch under way.
    pub so_far: fn(&BatchProgress) -> f64,
    /// The epoch of the best value, and the value.
    pub best: fn(&Best) -> (usize, f64),
    /// Whether it can be drawn on a logarithmic scale.
    pub has_log: bool,
}

static ACCURACY: Chart = Chart {
    name: "Accuracy",
    unit: Unit::Share,
    best_word: "best",
    mark: '▲',
    so_far: |batch| batch.mean_accuracy,
    best: |best| (best.val_accuracy_epoch, best.val_accuracy),
    has_log: false,
};

static LOSS: Chart = Chart {
    name: "Loss",
    unit: Unit::Nats,
    best_word: "lowest",
    mark: '▼',
    so_far: |batch| batch.mean_loss,
    best: |best| (best.val_loss_epoch, best.val_loss),
    has_log: true,
};

impl Chart {
    /// The one that a part of the pane shows.
    pub fn of(part: Part) -> &'static Self {
        match part {
            Part::Loss => &LOSS,
            _ => &ACCURACY,
        }
    }

    /// Its curves as they are looked at, with the figures that they are of.
    pub fn curves(
        &self,
        history: &[EpochMetrics],
        view: &CurveView,
    ) -> Vec<(&'static Figure, Points)> {
        let figures = FIGURES.iter().filter(|figure| figure.unit == self.unit);
        let curve = |figure: &'static Figure| {
            let points = history.iter();
            let points: Points = points
                .filter_map(|metrics| Some((metrics.epoch as f64, (figure.of)(metrics)?)))
                .collect();
            (figure, view.smoothed(&points))
        };
        figures.map(curve).collect()
    }

    pub fn best_point(&self, best: Option<Best>) -> Option<((f64, f64), char)> {
        let (epoch, value) = (self.best)(&best?);
        Some(((epoch as f64, value), self.mark))
    }
}
