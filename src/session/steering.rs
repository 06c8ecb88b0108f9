//! Changes while a session runs or after its end; each is in the record of its epoch.

use std::sync::Arc;

use super::begin::{first_recipe, planned_data};
use super::checks::{check_images, check_memory, check_preset, corrections_note};
use super::{Second, Session, SessionError};
use crate::data::{AugmentSettings, Dataset};
use crate::training::{Preset, Recipe, check_data, is_edited_name};

impl Session {
    /// Goes on where it stands, by `recipe`, on another set if one is given. A training that is not at its end keeps its plan, unless
    /// the recipe's epochs or schedule are others than were asked for last; else the recipe's epochs follow those that are done, and
    /// the schedule begins anew. What the recipe says as before stays as it is now, even where it was changed while it ran.
    ///
    /// # Errors
    /// A recipe that cannot be trained by, or too little memory for it, a set of another shape or with other classes; nothing changed
    /// then.
    ///
    /// In the first of two trainings, recipe and set are those of the second, as they were when both were started.
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
                // What was changed in it by hand stays.
                true => self.asked.clone(),
                false => first_recipe(recipe, pretrain),
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
            // Chosen by hand, it goes before what is planned for the epoch that begins.
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

    /// Plans so many epochs in all, in the schedule that is under way.
    pub fn set_planned_epochs(&mut self, epochs: usize) {
        if epochs != self.trainer.planned_epochs() {
            self.trainer.set_planned_epochs(epochs);
            self.testing.done = None;
            self.record_continuation();
            self.name_again();
        }
    }

    /// Calls the run edited once it trains by another recipe, or for another number of epochs, than its name says; it stays that, even
    /// if the change is taken back.
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

    /// Changes the learning rate from the next batch on. Returns what changed, in words.
    pub fn set_learning_rate(&mut self, learning_rate: f64) -> Option<String> {
        if let Some(change) = self.trainer.set_learning_rate(learning_rate) {
            self.asked.optimizer.set_learning_rate(learning_rate);
            self.name_again();
            return Some(change);
        }
        None
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
        self.asked.augment = augment;
        self.name_again();
        Ok(self.trainer.set_augment(augment))
    }

    /// Changes the data from the next batch on. Returns what changed, in words.
    ///
    /// # Errors
    /// A set of another shape or with other classes; nothing changed then.
    pub fn set_dataset(&mut self, dataset: Arc<Dataset>) -> Result<Option<String>, SessionError> {
        let change = self.trainer.set_dataset(dataset)?;
        // Chosen during validation it comes with the next epoch, and is recorded then.
        self.record_new_data();
        Ok(change)
    }

    /// Puts the best epoch's weights in place of those that are trained; the optimizer forgets what it has gathered. Returns what
    /// changed, in words.
    ///
    /// # Errors
    /// Where no epoch is done yet, or none on the data in use.
    pub fn restore_best(&mut self) -> Result<String, SessionError> {
        let (Some(best), Some(weights)) = (self.best(), self.best_weights.clone()) else {
            return Err(SessionError::Preset(
                "no epoch counts as the best one yet; let it finish one with a batch norm that is no longer young".into(),
            ));
        };
        if self.best_on_data_in_use().is_none() {
            let known = weights.position.trained_on.as_ref();
            return Err(SessionError::Preset(format!(
                "the best weights are of epoch {}, on {}, and no epoch on {} is done yet; let it finish one",
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
