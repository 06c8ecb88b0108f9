//! Changes while a session runs or after its end; each is in the record of its epoch.

use std::sync::Arc;

use super::{Session, SessionError};
use crate::data::{AugmentSettings, Dataset};
use crate::runs::{Continuation, DataIdentity};

impl Session {
    /// Goes on for so many more epochs than are done, on another set if one is given. The schedule begins anew.
    ///
    /// # Errors
    /// A set of another shape or with other classes; nothing changed then.
    pub fn go_on(
        &mut self,
        epochs: usize,
        dataset: Option<Arc<Dataset>>,
    ) -> Result<(), SessionError> {
        if let Some(dataset) = dataset {
            self.trainer.set_dataset(dataset)?;
        }
        self.trainer.go_on_for(epochs);
        self.testing.done = None;
        self.record_continuation();
        Ok(())
    }

    /// Plans so many epochs in all, in the schedule that is under way.
    pub fn set_planned_epochs(&mut self, epochs: usize) {
        if epochs != self.trainer.planned_epochs() {
            self.trainer.set_planned_epochs(epochs);
            self.testing.done = None;
            self.record_continuation();
        }
    }

    /// Changes the learning rate from the next batch on. Returns what changed, in words.
    pub fn set_learning_rate(&mut self, learning_rate: f64) -> Option<String> {
        self.trainer.set_learning_rate(learning_rate)
    }

    /// Changes the augmentation from the next batch on. Returns what changed, in words.
    ///
    /// # Errors
    /// Figures out of their range; nothing changed then.
    pub fn set_augment(
        &mut self,
        augment: Option<AugmentSettings>,
    ) -> Result<Option<String>, SessionError> {
        if let Some(augment) = &augment {
            augment
                .check()
                .map_err(|error| SessionError::Preset(error.to_string()))?;
        }
        Ok(self.trainer.set_augment(augment))
    }

    /// Changes the data from the next batch on. Returns what changed, in words.
    ///
    /// # Errors
    /// A set of another shape or with other classes; nothing changed then.
    pub fn set_dataset(&mut self, dataset: Arc<Dataset>) -> Result<Option<String>, SessionError> {
        let identity = DataIdentity::of(&dataset);
        let change = self.trainer.set_dataset(dataset)?;
        if change.is_some() {
            self.record_data(identity);
        }
        Ok(change)
    }

    /// Puts the best epoch's weights in place of those that are trained; the optimizer forgets what it has gathered. Returns what
    /// changed, in words.
    ///
    /// # Errors
    /// Where no epoch is done yet.
    pub fn restore_best(&mut self) -> Result<String, SessionError> {
        let (Some(best), Some(weights)) = (self.best(), self.best_weights.clone()) else {
            return Err(SessionError::Preset(
                "no epoch is done yet, so there are no best weights; let it finish one".into(),
            ));
        };
        self.trainer
            .take_weights(&weights.weights, best.val_accuracy_epoch)
            .map_err(SessionError::Preset)
    }

    fn record_continuation(&mut self) {
        let identity = DataIdentity::of(self.trainer.dataset());
        self.record_data(identity);
    }

    fn record_data(&mut self, data: DataIdentity) {
        let continuation = Continuation {
            after_epoch: self.trainer.epochs_done(),
            epochs: self.trainer.planned_epochs(),
            data,
        };
        if let Some(keeper) = &mut self.keeper {
            keeper.change_record(|record| record.continued.push(continuation));
        }
    }
}
