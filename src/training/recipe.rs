//! How a network is trained: the `training:` part of a preset.

mod check;
mod planned;
mod transfer;
mod validation;

use serde::{Deserialize, Serialize};

use super::optimizers::{OptimizerKind, OptimizerSpec};
use super::schedules::{ScheduleKind, ScheduleSpec};
use crate::data::{AugmentSettings, Corrections};
use crate::field::{Field, Setting, SettingRow, Value, put, rows, settings};
use crate::ops::Objective;

pub use planned::{PlannedAugment, PlannedChange};
pub use transfer::{Pretrain, Transfer};
pub use validation::{Portion, Validation};

/// Of epochs, wherever they are counted.
const EPOCHS: Field = Field::whole(10, 1..=1_000_000, &[1, 2, 3, 5, 10, 20, 50, 100]);
const BATCH_SIZE: Field = Field::whole(128, 1..=65_536, &[16, 32, 64, 128, 256, 512, 1024]);
const PATIENCES: &[usize] = &[0, 2, 3, 5, 10, 20];

const TRAINING: &str = "Training";
const TRANSFER: &str = "Transfer";
const STEPS: &str = "Optimizer";
const RATE: &str = "Learning rate over the epochs";
const MEASURED: &str = "Validation";
const AUGMENTATION: &str = "Augmentation";
const WEIGHTS: &str = "Weights and loss";

settings! {
    /// Epochs, batches, optimizer and what else decides a training.
    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    pub struct Recipe {
        /// passes over the training images; a training that goes on after its end does as many more
        epochs: usize = EPOCHS.under(TRAINING),
        /// images a step
        batch_size: usize = BATCH_SIZE.under(TRAINING),
        /// weights to start from, instead of random ones
        [skip_serializing_if = "Option::is_none"]
        transfer: Option<Transfer> = Field::group().under(TRANSFER),
        /// how weights follow their gradients
        optimizer: OptimizerSpec = Field::choice(OptimizerKind::NAMES).under(STEPS),
        /// how the learning rate goes over the epochs
        [skip_serializing_if = "is_default"]
        schedule: ScheduleSpec = Field::choice(ScheduleKind::NAMES).under(RATE),
        /// epochs over which the learning rate rises evenly, from 0 at the first step, before the schedule begins, as in Keras
        [skip_serializing_if = "is_default"]
        warm_up: f64 = Field::number(0.0, 0.0..1e6, &[0.0, 0.5, 1.0, 2.0, 5.0]).under(RATE),
        /// what is measured after each epoch: the test set, by which choosing the best epoch flatters, or a split of the training set,
        /// of each class alike, and the test set once at the end
        validation: Validation = Field::choice(Validation::NAMES).under(MEASURED),
        /// when to end before all epochs are done
        [skip_serializing_if = "is_default"]
        early_stopping: EarlyStopping = Field::group().under(MEASURED),
        /// whether epochs count for the best one, early stopping and reduce_on_plateau only once batch norm's moving mean and variance
        /// hold at most 5 % of what they began with; Keras counts all
        [skip_serializing_if = "is_on"]
        await_batch_norm: bool = Field::flag().on().under(MEASURED),
        /// whether every training image is changed by chance, anew in each epoch
        [skip_serializing_if = "Option::is_none"]
        augment: Option<AugmentSettings> = Field::flag().under(AUGMENTATION).live(),
        /// decay of a running average of the weights, which is what is measured and kept, as Keras's ema_momentum: it looks back over
        /// about 1/(1 − decay) steps; 0 for none
        [skip_serializing_if = "Option::is_none"]
        average: Option<f64> = Field::number(0.0, 0.0..1.0, &[0.0, 0.9, 0.99, 0.999, 0.9999]).optional().under(WEIGHTS),
        /// share of every label that is spread evenly over all classes, for training and for every loss that is told, as in Keras
        [skip_serializing_if = "is_default"]
        label_smoothing: f64 = Field::number(0.0, 0.0..1.0, &[0.0, 0.05, 0.1, 0.2]).under(WEIGHTS),
        /// the most that the norm of all gradients together may be; 0 for no limit
        [skip_serializing_if = "Option::is_none"]
        gradient_clip: Option<f64> = Field::between(0.0, 0.0..1e6, &[0.0, 0.5, 1.0, 5.0]).optional().under(WEIGHTS),
    } and {
        /// Training images to leave out and right labels, for the set that they name; on any other set they say nothing.
        #[serde(skip_serializing_if = "Option::is_none")]
        corrections: Option<Corrections>,
        /// Changes at the start of certain epochs.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        plan: Vec<PlannedChange>,
    }
}

settings! {
    /// When to end before all epochs are done.
    #[derive(Copy, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    pub struct EarlyStopping {
        /// epochs without a lower validation loss that end the training; 0 for never
        [skip_serializing_if = "Option::is_none"]
        patience: Option<usize> = Field::whole(10, 1..=1_000_000, PATIENCES).optional().labelled("early_stopping"),
    }
}

impl Recipe {
    /// The loss that is trained by, and told.
    pub fn objective(&self) -> Objective {
        Objective {
            label_smoothing: self.label_smoothing,
        }
    }

    /// Every setting that a form shows: the fields of its optimizer and of no other one.
    pub fn settings(&self) -> Vec<SettingRow> {
        let mut rows = rows(self);
        rows.retain(|row| row.is_shown);
        rows
    }

    /// Gives the setting at `path` a value that its description accepted.
    ///
    /// # Panics
    /// When there is no such setting.
    pub fn put(&mut self, path: &str, value: Value) {
        put(self, path, value);
        if path == "transfer.pretrain.augment"
            && let Some(pretrain) = self.transfer.as_mut().and_then(|t| t.pretrain.as_mut())
        {
            // What comes first is augmented like what follows.
            let figures = self.augment;
            pretrain.augment = pretrain.augment.map(|usual| figures.unwrap_or(usual));
        }
    }
}

/// The settings of what is there or is not.
macro_rules! only_where_there {
    ($($type:ty),*) => {$(
        impl Setting for Option<$type> {
            fn initial(_field: &Field) -> Self {
                None
            }

            fn value(&self) -> Option<Value> {
                None
            }

            fn inner(&self) -> crate::field::Inner<'_> {
                self.as_ref().map_or_else(Vec::new, Setting::inner)
            }

            fn inner_mut(&mut self) -> crate::field::InnerMut<'_> {
                self.as_mut().map_or_else(Vec::new, Setting::inner_mut)
            }
        }
    )*};
}

only_where_there!(Transfer, Pretrain);

fn is_on(on: &bool) -> bool {
    *on
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests;
