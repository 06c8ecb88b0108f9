//! Stretches: consecutive epochs measured on the same images, whose figures can be compared.

use super::Trainer;
use crate::data::SetNote;

impl Trainer {
    /// The stretch of the latest epoch, from 1.
    pub fn stretch(&self) -> usize {
        1 + self.position.stretch_starts.len()
    }

    /// The set of the latest batch, whose classes the weights know.
    pub fn trained_on(&self) -> &SetNote {
        &self.trained_on
    }

    /// Epochs done when the latest stretch began.
    pub(super) fn latest_stretch_start(&self) -> usize {
        self.position.stretch_starts.last().copied().unwrap_or(0)
    }

    /// Whether the validation loss has not fallen for as many epochs of the latest stretch as the recipe's patience.
    pub fn stopped_early(&self) -> bool {
        let since = self
            .position
            .schedule_since
            .max(self.latest_stretch_start())
            .max(self.position.young_epochs);
        let losses = &self.position.val_losses[since.min(self.position.val_losses.len())..];
        let Some(patience) = self.recipe.early_stopping.patience else {
            return false;
        };
        let best = (0..losses.len()).min_by(|&a, &b| losses[a].total_cmp(&losses[b]));
        best.is_some_and(|best| losses.len() - 1 - best >= patience)
    }

    /// At the end of an epoch, begins a new stretch if its validation images changed; returns its stretch.
    pub(super) fn end_of_stretch(&mut self) -> usize {
        let measured_on = self.division.measured_on(&self.dataset);
        let before = self.position.measured_on.replace(measured_on);
        if before.is_some() && before != self.position.measured_on {
            self.position.stretch_starts.push(self.position.epochs);
        }
        self.stretch()
    }

    /// Records that the weights were trained on the data in use.
    pub(super) fn note_training(&mut self) {
        if !self.is_noted {
            self.trained_on = SetNote::of(&self.dataset);
            self.is_noted = true;
        }
    }
}
