//! Changing the recipe of a run, with each difference described for the record.

use std::sync::Arc;

use super::super::optimizers::OptimizerSpec;
use super::super::recipe::Recipe;
use super::Trainer;
use crate::data::{Dataset, corrections};
use crate::field::{SettingRow, Value, rows};
use crate::ops;

/// Settings that are described individually, or that do not change a run in progress.
const WORDED: [&str; 8] = [
    "epochs",
    "batch_size",
    "transfer",
    "optimizer",
    "schedule",
    "validation",
    "augment",
    "early_stopping",
];

impl Trainer {
    /// Changes to `recipe`, which is checked, from `before`: settings that are equal in both keep their current value, even if it was changed
    /// by hand since. Another batch size or way to draw batches, and other training or validation
    /// images restart the current epoch with the current weights. The number of
    /// planned epochs is kept; see [`go_on_for`](Self::go_on_for). `planned_data` are the sets that the new plan names.
    pub fn change_recipe(
        &mut self,
        before: &Recipe,
        recipe: &Recipe,
        planned_data: Vec<(usize, Arc<Dataset>)>,
    ) {
        self.change_optimizer(&before.optimizer, &recipe.optimizer);
        if before.schedule != recipe.schedule {
            self.schedule = recipe.schedule.build();
            self.note(format!("schedule {}", recipe.schedule));
        }
        if before.augment != recipe.augment {
            self.set_augment(recipe.augment);
        }
        if before.average != recipe.average {
            self.averaged = recipe.average.map(|_| self.evaluated().clone());
        }
        if before.early_stopping != recipe.early_stopping {
            self.note(match recipe.early_stopping.patience {
                Some(epochs) => format!("early stopping after {epochs}"),
                None => "early stopping: none".to_owned(),
            });
        }
        self.note_plain(before, recipe);
        let is_other_batch = before.batch_size != recipe.batch_size;
        let is_other_validation = before.validation != recipe.validation;
        let are_other_corrections = match (&before.corrections, &recipe.corrections) {
            (None, None) => false,
            (Some(before), Some(corrections)) => !before.do_as(corrections),
            (None, Some(corrections)) | (Some(corrections), None) => !corrections.is_empty(),
        };
        if is_other_batch {
            self.note(format!("batch size {}", recipe.batch_size));
        }
        if is_other_validation {
            self.note(format!("validation on {}", recipe.validation));
        }
        if are_other_corrections {
            let corrections = recipe.corrections.as_ref();
            let words = corrections.map(ToString::to_string);
            self.note(words.unwrap_or_else(|| corrections::in_words(0, 0)));
        }
        self.recipe = recipe.clone();
        self.planned_data = planned_data;
        self.feed = None;
        let is_other_part = before.train_images != recipe.train_images;
        let are_other_weights = before.class_weights != recipe.class_weights;
        let is_other_order = is_other_batch || before.balanced_batches != recipe.balanced_batches;
        let are_other_images = is_other_validation || are_other_corrections || is_other_part;
        if are_other_images || are_other_weights {
            self.take_dataset(Arc::clone(&self.dataset));
        }
        if are_other_images || is_other_order {
            self.begin_epoch_anew();
        }
        self.good.averaged.clone_from(&self.averaged);
    }

    fn change_optimizer(&mut self, before: &OptimizerSpec, optimizer: &OptimizerSpec) {
        if before == optimizer {
            return;
        }
        self.optimizer = optimizer.build();
        if before.kind().name != optimizer.kind().name {
            let tensors = self.optimizer.state_names().len();
            let weights = self.model.trainable_mut();
            self.state = weights
                .map(|vector| vec![vec![0.0; ops::values(vector).len()]; tensors])
                .collect();
            self.position.optimizer_since = self.position.steps;
        }
        let but_rate = |spec: &OptimizerSpec| -> Vec<Value> {
            let fields = spec.fields();
            let others = fields.filter(|(field, _)| field.name != "learning_rate");
            others.map(|(_, value)| value.clone()).collect()
        };
        let is_same_kind = before.kind().name == optimizer.kind().name;
        if !is_same_kind || but_rate(before) != but_rate(optimizer) {
            self.note(format!("optimizer {optimizer}"));
        }
        self.set_learning_rate(optimizer.learning_rate());
    }

    /// Describes the differences of all other settings.
    fn note_plain(&mut self, before: &Recipe, recipe: &Recipe) {
        let old = rows(before);
        for row in rows(recipe) {
            let group = row.path.split('.').next().unwrap_or_default();
            let is_same = |old: &SettingRow| old.path == row.path && old.value == row.value;
            if WORDED.contains(&group) || old.iter().any(is_same) {
                continue;
            }
            let name = row.field.label().replace('_', " ");
            self.note(match row.value {
                Value::Off => format!("{name}: none"),
                value => format!("{name} {value}"),
            });
        }
    }

    fn begin_epoch_anew(&mut self) {
        if self.position.next_image > 0 || self.position.sums.images > 0 {
            self.note("the epoch restarts".to_owned());
        }
        self.begin_epoch();
    }
}
