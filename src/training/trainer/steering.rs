//! Changes to a run in progress, each described for the record.

use std::sync::Arc;

use super::super::recipe::PlannedAugment;
use super::diagnosis::{TrainError, check_data, check_recipe};
use super::{Phase, Trainer, corrected, divided};
use crate::data::{AugmentSettings, Dataset, to_train_on};
use crate::network::NamedWeights;

impl Trainer {
    /// The learning rate that the schedule starts from.
    pub fn learning_rate(&self) -> f64 {
        self.position.learning_rate
    }

    /// Changes made in the current epoch, in words.
    pub fn changes(&self) -> &[String] {
        &self.position.changes
    }

    /// The augmentation in use.
    pub fn augment(&self) -> Option<&AugmentSettings> {
        self.position.augment.as_ref()
    }

    /// Changes the learning rate, which the schedule multiplies, from the next batch on. Returns a description of the change; `None` if
    /// nothing changed.
    pub fn set_learning_rate(&mut self, learning_rate: f64) -> Option<String> {
        let before = std::mem::replace(&mut self.position.learning_rate, learning_rate);
        (before != learning_rate)
            .then(|| self.note(format!("learning rate {learning_rate} (was {before})")))
    }

    /// Changes the augmentation from the next batch on. Returns a description of the change; `None` if nothing changed.
    pub fn set_augment(&mut self, augment: Option<AugmentSettings>) -> Option<String> {
        if self.position.augment == augment {
            return None;
        }
        self.position.augment = augment;
        self.feed = None;
        let change = match &self.position.augment {
            None => "augmentation off".to_owned(),
            Some(augment) => format!("augmentation on: {}", in_words(augment)),
        };
        Some(self.note(change))
    }

    /// Changes the data from the next batch on; during validation, from the next epoch on. Within an epoch the batch numbers continue.
    /// Returns a description of the change; `None` if nothing changed.
    ///
    /// # Errors
    /// If the image shape, the number of classes or the corrections do not match, or it has not what the recipe asks for.
    pub fn set_dataset(&mut self, dataset: Arc<Dataset>) -> Result<Option<String>, TrainError> {
        check_data(&self.model, &dataset)?;
        let corrections = self.recipe.corrections.as_ref();
        let corrected = dataset.corrected(corrections).map_err(TrainError::Data)?;
        check_recipe(&self.recipe, &corrected, self.seed)?;
        let latest = self.next_dataset.as_ref().unwrap_or(&self.dataset);
        if latest.identity() == dataset.identity() {
            return Ok(None);
        }
        let name = self.words_for(&dataset);
        if matches!(self.phase, Phase::Validating(_)) {
            self.next_dataset = Some(dataset);
            return Ok(Some(
                self.note(format!("data {name} from the next epoch on")),
            ));
        }
        self.next_dataset = None;
        self.take_dataset(dataset);
        self.go_to(self.position.next_image);
        Ok(Some(self.note(format!("data {name}"))))
    }

    /// The set for the next epoch, if it changes.
    pub fn next_dataset(&self) -> Option<&Arc<Dataset>> {
        self.next_dataset.as_ref()
    }

    /// Sets the total number of planned epochs.
    pub fn set_planned_epochs(&mut self, epochs: usize) {
        self.position.planned_epochs = epochs;
        self.begin_what_was_due();
    }

    /// Plans `epochs` more epochs than are done; the schedule and the count of early stopping restart.
    pub fn go_on_for(&mut self, epochs: usize) {
        self.position.planned_epochs = self.position.epochs + epochs;
        self.position.schedule_since = self.position.epochs;
        self.begin_what_was_due();
    }

    /// Begins an epoch if more epochs were planned after the last one ended.
    fn begin_what_was_due(&mut self) {
        if self.position.plan_due && !self.is_finished() {
            self.change_as_planned();
            self.go_to(self.position.next_image);
        }
    }

    /// Replaces the weights with earlier ones of this run, such as its best epoch's.
    ///
    /// # Errors
    /// A sentence that names the first weight that does not fit; nothing is changed then.
    pub fn take_weights(
        &mut self,
        weights: &[NamedWeights],
        epoch: usize,
    ) -> Result<String, String> {
        self.model.import(weights)?;
        if let Some(averaged) = &mut self.averaged {
            averaged.import(weights)?;
        }
        self.forget_gradients();
        if matches!(self.phase, Phase::Validating(_)) {
            self.phase = Phase::Validating(self.validation_of());
        }
        Ok(self.note(format!("weights of epoch {epoch} restored")))
    }

    /// Applies the recipe's planned changes for the epoch that begins.
    pub(super) fn change_as_planned(&mut self) {
        if self.is_finished() {
            return;
        }
        self.position.plan_due = false;
        if let Some(dataset) = self.next_dataset.take() {
            let name = self.words_for(&dataset);
            self.take_dataset(dataset);
            self.position.changes.push(format!("data {name}"));
        }
        let epoch = self.position.epochs + 1;
        let planned: Vec<_> = self
            .recipe
            .plan
            .iter()
            .filter(|change| change.epoch == epoch)
            .cloned()
            .collect();
        for change in planned {
            let augment = change.augment.map(|augment| match augment {
                PlannedAugment::Off => None,
                PlannedAugment::On => self.recipe.augment,
                PlannedAugment::With(augment) => Some(augment),
            });
            if let Some(augment) = augment {
                self.set_augment(augment);
            }
            if let Some(rate) = change.learning_rate {
                self.set_learning_rate(rate);
            }
        }
        let data = self.planned_data.iter().find(|(at, _)| *at == epoch);
        if let Some((_, dataset)) = data
            && dataset.identity() != self.dataset.identity()
        {
            let dataset = Arc::clone(dataset);
            let name = self.words_for(&dataset);
            self.take_dataset(dataset);
            self.position.changes.push(format!("data {name}"));
        }
    }

    /// The name of a new set, and whether its classes are matched by name.
    fn words_for(&self, dataset: &Arc<Dataset>) -> String {
        match Arc::ptr_eq(&to_train_on(&self.trained_on, dataset), dataset) {
            true => dataset.name.clone(),
            false => format!("{}, its classes matched by name,", dataset.name),
        }
    }

    pub(super) fn take_dataset(&mut self, dataset: Arc<Dataset>) {
        let dataset = corrected(&to_train_on(&self.trained_on, &dataset), &self.recipe);
        self.is_noted &= dataset.identity() == self.dataset.identity();
        self.division = divided(&dataset, &self.recipe, self.seed);
        self.dataset = dataset;
        self.feed = None;
    }

    /// Records a change, with the batch after which it took effect if it is not at the start of the epoch.
    pub(super) fn note(&mut self, change: String) -> String {
        let batches = self.batches_done();
        let change = if batches == 0 {
            change
        } else {
            format!("after batch {batches}: {change}")
        };
        self.position.changes.push(change.clone());
        change
    }
}

/// `rotation 12°, zoom 0.1, horizontal flip`: what is not 0.
fn in_words(augment: &AugmentSettings) -> String {
    let figures = [
        ("rotation", augment.rotation, "°"),
        ("shear", augment.shear, "°"),
        ("width shift", augment.width_shift, ""),
        ("height shift", augment.height_shift, ""),
        ("zoom", augment.zoom, ""),
        ("erasing", augment.erasing, ""),
        ("brightness", augment.brightness, ""),
        ("noise", augment.noise, ""),
    ];
    let mut parts: Vec<String> = figures
        .iter()
        .filter(|(_, value, _)| *value != 0.0)
        .map(|(name, value, unit)| format!("{name} {value}{unit}"))
        .collect();
    if augment.horizontal_flip {
        parts.push("horizontal flip".to_owned());
    }
    if parts.is_empty() {
        parts.push("no change".to_owned());
    }
    parts.join(", ")
}
