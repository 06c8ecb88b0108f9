//! The learning rate of a step, and the decay of the running average.

use super::super::schedules::Place;
use super::Trainer;

impl Trainer {
    /// The learning rate of the step that follows `batches_done` batches of this epoch.
    ///
    /// Warm-up raises it evenly from 0 over the first epochs of the run; the schedule covers the rest of the plan.
    pub(super) fn rate(&self, batches_done: usize) -> f64 {
        let batches = self.batches_per_epoch() as f64;
        let since = self.plan.since;
        let epoch = (self.epochs_done - since) as f64 + batches_done as f64 / batches;
        let warm_up = if since == 0 { self.recipe.warm_up } else { 0.0 };
        let warmed = epoch + 1.0 / batches;
        if warmed <= warm_up {
            return self.learning_rate * warmed / warm_up;
        }
        let known = since.min(self.val_losses.len());
        let other_images: Vec<usize> = (self.stretch_starts.iter())
            .filter(|start| **start >= known)
            .map(|start| start - known)
            .collect();
        let place = Place {
            epoch: (epoch - warm_up).max(0.0),
            epochs: (self.plan.epochs - since) as f64 - warm_up,
            val_losses: &self.val_losses[known..],
            other_images: &other_images,
        };
        self.learning_rate * self.schedule.factor(&place)
    }
}

/// The decay of the running average at a step, from 1: smaller at first, so that the random start is soon forgotten.
///
/// Source: TensorFlow's `ExponentialMovingAverage` with `num_updates`.
pub(super) fn average_decay(decay: f64, step: u64) -> f64 {
    let step = step as f64;
    decay.min((1.0 + step) / (10.0 + step))
}
