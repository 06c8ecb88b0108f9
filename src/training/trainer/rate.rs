//! The learning rate of a step.

use super::super::schedules::Place;
use super::Trainer;

impl Trainer {
    /// The learning rate of the step that follows `batches_done` batches of this epoch.
    ///
    /// Warm-up raises it linearly over the first epochs of the run, from 0 at the first step to its full value at the step at which the
    /// schedule begins, as Keras's `CosineDecay` does with `warmup_steps`; the schedule covers the rest of the plan.
    pub(super) fn rate(&self, batches_done: usize) -> f64 {
        let batches = self.batches_per_epoch() as f64;
        let since = self.position.schedule_since;
        let epoch = (self.position.epochs - since) as f64 + batches_done as f64 / batches;
        let warm_up = if since == 0 { self.recipe.warm_up } else { 0.0 };
        if epoch < warm_up {
            return self.position.learning_rate * epoch / warm_up;
        }
        let known = since
            .max(self.position.young_epochs)
            .min(self.position.val_losses.len());
        let other_images: Vec<usize> = (self.position.stretch_starts.iter())
            .filter(|start| **start >= known)
            .map(|start| start - known)
            .collect();
        let place = Place {
            epoch: (epoch - warm_up).max(0.0),
            epochs: (self.position.planned_epochs - since) as f64 - warm_up,
            batches,
            val_losses: &self.position.val_losses[known..],
            other_images: &other_images,
        };
        self.position.learning_rate * self.schedule.factor(&place)
    }
}
