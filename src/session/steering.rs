//! Changes while a session runs or after its end; each is recorded with its epoch.

use std::sync::Arc;

use super::begin::{first_recipe, planned_data};
use super::checks::{check_images, check_memory, check_preset, corrections_note};
use super::{Second, Session, SessionError};
use crate::data::{AugmentSettings, Dataset};
use crate::training::{Preset, Recipe, check_data, is_edited_name};

impl Session {
    /// Continues from the current weights with `recipe`, on another set if one is given. An unfinished run keeps its plan, unless the
    /// recipe's epochs or schedule differ from those last requested; otherwise the recipe's epochs follow those that are done, and the
    /// schedule restarts. Settings that are unchanged in the recipe keep their current value, even if it was changed while it ran.
    ///
    /// # Errors
    /// If the recipe cannot be trained, memory is insufficient, or the set has another shape or other classes; nothing is changed then.
    ///
    /// During pretraining, recipe and set are those of the run that follows.
    pub fn go_on(
        &mut self,
        recipe: &Recipe,
        dataset: Option<Arc<Dataset>>,
    ) -> Result<(), SessionError> {
        let Some(before) = &self.following else {
            return self.go_on_by(recipe, dataset);
        };
        let second = Second {
            preset: Preset {
                training: recipe.clone(),
                ..before.preset.clone()
            }
            .titled(Some(&before.preset)),
            dataset: dataset.unwrap_or_else(|| Arc::clone(&before.dataset)),
        };
        check_preset(&second.preset)?;
        check_images(&second.preset, &second.dataset)?;
        let transfer = recipe.transfer.as_ref();
        let pretrain = transfer.and_then(|transfer| transfer.pretrain.as_ref());
        if let Some(pretrain) = pretrain.filter(|_| !self.trainer.is_finished()) {
            let first = match *recipe == before.preset.training {
                // Keeps changes made by hand.
                true => self.asked.clone(),
                false => first_recipe(recipe, pretrain, self.trainer.dataset()),
            };
            self.go_on_by(&first, None)?;
        }
        if let Some(keeper) = &mut self.keeper {
            keeper.change_record(|record| record.then = Some(Box::new(second.record())));
        }
        self.following = Some(second);
        Ok(())
    }

    fn go_on_by(
        &mut self,
        recipe: &Recipe,
        dataset: Option<Arc<Dataset>>,
    ) -> Result<(), SessionError> {
        let preset = Preset {
            training: recipe.clone(),
            ..self.preset.clone()
        };
        check_preset(&preset)?;
        let model = self.trainer.model();
        let set = dataset.as_ref().unwrap_or(self.trainer.dataset());
        check_data(model, set)?;
        check_images(&preset, set)?;
        if let Some(next) = self.trainer.next_dataset() {
            check_images(&preset, next)?;
        }
        check_memory(model.network(), &preset)?;
        let planned = planned_data(&preset, model, &self.find)?;
        let identity = self.trainer.dataset().identity();
        let chosen = dataset.filter(|dataset| dataset.identity() != identity);
        let keeps_plan = !self.trainer.is_finished()
            && (recipe.epochs, &recipe.schedule) == (self.asked.epochs, &self.asked.schedule);
        self.trainer.change_recipe(&self.asked, recipe, planned);
        if !keeps_plan {
            self.trainer.go_on_for(recipe.epochs);
        }
        if let Some(chosen) = chosen {
            // Chosen by hand, it takes precedence over the plan for the epoch that begins.
            self.trainer.set_dataset(chosen)?;
        }
        self.asked = recipe.clone();
        self.testing.done = None;
        let note = corrections_note(&preset, self.trainer.dataset());
        self.notes = note.into_iter().collect();
        self.record_continuation();
        self.name_again();
        Ok(())
    }

    /// Sets the total number of planned epochs, without restarting the schedule.
    pub fn set_planned_epochs(&mut self, epochs: usize) {
        if epochs != self.trainer.planned_epochs() {
            self.trainer.set_planned_epochs(epochs);
            self.testing.done = None;
            self.record_continuation();
            self.name_again();
        }
    }

    /// Marks the run as edited once its recipe or number of epochs differs from what its name says; it stays so even if the change is
    /// undone.
    fn name_again(&mut self) {
        let own = &self.preset;
        let recipe = &own.carrier(Some(own)).unwrap_or(own).training;
        let is_as_named =
            !self.asked.differs(recipe) && self.trainer.planned_epochs() == recipe.epochs;
        if is_as_named || is_edited_name(&own.name) {
            return;
        }
        self.preset = own.clone().called_edited();
        if let Some(keeper) = &mut self.keeper {
            keeper.change_record(|record| record.preset = record.preset.clone().called_edited());
        }
    }

    /// Changes the learning rate from the next batch on. Returns a description of the change.
    pub fn set_learning_rate(&mut self, learning_rate: f64) -> Option<String> {
        if let Some(change) = self.trainer.set_learning_rate(learning_rate) {
            self.asked.optimizer.set_learning_rate(learning_rate);
            self.name_again();
            return Some(change);
        }
        None
    }

    /// Changes the augmentation from the next batch on. Returns a description of the change.
    ///
    /// # Errors
    /// If a setting is out of range; nothing is changed then.
    pub fn set_augment(
        &mut self,
        augment: Option<AugmentSettings>,
    ) -> Result<Option<String>, SessionError> {
        if let Some(augment) = &augment {
            augment
                .check()
                .map_err(|error| SessionError::Preset(error.to_string()))?;
        }
        self.asked.augment = augment;
        self.name_again();
        Ok(self.trainer.set_augment(augment))
    }

    /// Changes the data from the next batch on. Returns a description of the change.
    ///
    /// # Errors
    /// If the set has another shape or other classes; nothing is changed then.
    pub fn set_dataset(&mut self, dataset: Arc<Dataset>) -> Result<Option<String>, SessionError> {
        let change = self.trainer.set_dataset(dataset)?;
        // During validation it applies from the next epoch on, and is recorded then.
        self.record_new_data();
        Ok(change)
    }

    /// Replaces the current weights with the best epoch's and clears the optimizer's state. Returns a description of the change.
    ///
    /// # Errors
    /// If no epoch is done yet, or none on the data in use.
    pub fn restore_best(&mut self) -> Result<String, SessionError> {
        let (Some(best), Some(weights)) = (self.best(), self.best_weights.clone()) else {
            return Err(SessionError::Preset(
                "no epoch counts as the best yet; wait for one after which batch norm is no longer young".into(),
            ));
        };
        if self.best_on_data_in_use().is_none() {
            let known = weights.position.trained_on.as_ref();
            return Err(SessionError::Preset(format!(
                "the best weights are from epoch {}, on {}, but no epoch on {} is done yet; wait for one",
                best.val_accuracy_epoch,
                known.map_or("other data", |known| &known.name),
                self.trainer.dataset().name
            )));
        }
        self.trainer
            .take_weights(&weights.weights, best.val_accuracy_epoch)
            .map_err(SessionError::Preset)
    }
}
