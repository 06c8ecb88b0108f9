//! How a network is trained: the `training:` part of a preset.

mod check;
mod class_weights;
mod planned;
mod train_images;
mod transfer;
mod validation;

use serde::{Deserialize, Serialize};

use super::optimizers::{OptimizerKind, OptimizerSpec};
use super::schedules::{ScheduleKind, ScheduleSpec};
use crate::data::{AugmentSettings, Corrections};
use crate::field::{Field, Setting, SettingRow, Value, put, rows, settings};
use crate::ops::Objective;

use class_weights::CLASS_WEIGHTS;
pub use class_weights::ClassWeights;
pub use planned::{PlannedAugment, PlannedChange};
pub use train_images::TrainImages;
pub use transfer::{Pretrain, Transfer};
pub use validation::{Portion, Validation};

/// A number of epochs.
const EPOCHS: Field = Field::whole(10, 1..=1_000_000, &[1, 2, 3, 5, 10, 20, 50, 100]);
const BATCH_SIZE: Field = Field::whole(128, 1..=65_536, &[16, 32, 64, 128, 256, 512, 1024]);
const TRAIN_IMAGES: &[f64] = &[0.0, 20.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0, 30_000.0];
const PATIENCES: &[usize] = &[0, 2, 3, 5, 10, 20];

const TRAINING: &str = "Training";
const TRANSFER: &str = "Transfer";
const STEPS: &str = "Optimizer";
const RATE: &str = "Learning rate over the epochs";
const MEASURED: &str = "Validation";
const IMAGES: &str = "Training images";
const AUGMENTATION: &str = "Augmentation";
const WEIGHTS: &str = "Weights and loss";

settings! {
    /// Training settings: epochs, batches, optimizer and so on.
    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    pub struct Recipe {
        /// passes over the training images; resuming a finished run adds as many again
        epochs: usize = EPOCHS.under(TRAINING),
        /// images per step
        batch_size: usize = BATCH_SIZE.under(TRAINING),
        /// pretrained weights to start from
        [skip_serializing_if = "Option::is_none"]
        transfer: Option<Transfer> = Field::group().under(TRANSFER),
        /// how gradients update the weights
        optimizer: OptimizerSpec = Field::choice(OptimizerKind::NAMES).under(STEPS),
        /// how the learning rate changes over time
        [skip_serializing_if = "is_default"]
        schedule: ScheduleSpec = Field::choice(ScheduleKind::NAMES).under(RATE),
        /// epochs over which the learning rate rises linearly from 0 before the schedule begins, as in Keras
        [skip_serializing_if = "is_default"]
        warm_up: f64 = Field::number(0.0, 0.0..1e6, &[0.0, 0.5, 1.0, 2.0, 5.0]).under(RATE),
        /// what is measured after each epoch: the test set, which makes the best epoch look too good, held-out training images (split), or the
        /// validation images that the set brings (data); with these two the test set is measured once, at the end
        validation: Validation = Field::choice(Validation::NAMES).under(MEASURED),
        /// when to stop before all epochs are done
        [skip_serializing_if = "is_default"]
        early_stopping: EarlyStopping = Field::group().under(MEASURED),
        /// whether epochs count for the best one, early stopping and reduce_on_plateau only once at most 5 % of batch norm's moving
        /// statistics is their initial value; Keras counts all
        [skip_serializing_if = "is_on"]
        await_batch_norm: bool = Field::flag().on().under(MEASURED),
        /// how many of the training images are trained on, the same share of every class: a number of images, or a share below 1; 0 for
        /// all. The images of a smaller number are among those of a larger one
        [skip_serializing_if = "Option::is_none"]
        train_images: Option<TrainImages> = Field::between(0.0, 0.0..1e9, TRAIN_IMAGES).optional().under(IMAGES),
        /// whether every class is drawn equally often: an epoch has as many images as without, of rare classes several times, of frequent
        /// ones only some
        [skip_serializing_if = "is_default"]
        balanced_batches: bool = Field::flag().under(IMAGES),
        /// whether training images are changed at random, differently in each epoch
        [skip_serializing_if = "Option::is_none"]
        augment: Option<AugmentSettings> = Field::flag().under(AUGMENTATION).live(),
        /// decay of a running average of the weights, which is then measured and saved, like Keras's ema_momentum: it spans about
        /// 1/(1 − decay) steps; 0 for none
        [skip_serializing_if = "Option::is_none"]
        average: Option<f64> = Field::number(0.0, 0.0..1.0, &[0.0, 0.9, 0.99, 0.999, 0.9999]).optional().under(WEIGHTS),
        /// share of every label that is spread evenly over all classes, for training and for every reported loss, as in Keras
        [skip_serializing_if = "is_default"]
        label_smoothing: f64 = Field::number(0.0, 0.0..1.0, &[0.0, 0.05, 0.1, 0.2]).under(WEIGHTS),
        /// factor on the loss of each training image by its class, as in Keras's `class_weight`, where validation has none: `balanced` counts
        /// every class alike, or a figure for each class; none weighs no class
        [skip_serializing_if = "Option::is_none"]
        class_weights: Option<ClassWeights> = Field::written(&CLASS_WEIGHTS).optional().under(WEIGHTS),
        /// maximum norm of all gradients together; 0 for no limit
        [skip_serializing_if = "Option::is_none"]
        gradient_clip: Option<f64> = Field::between(0.0, 0.0..1e6, &[0.0, 0.5, 1.0, 5.0]).optional().under(WEIGHTS),
    } and {
        /// Excluded and relabelled training images of the set that they name; they do not apply to any other set.
        #[serde(skip_serializing_if = "Option::is_none")]
        corrections: Option<Corrections>,
        /// Changes at the start of certain epochs.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        plan: Vec<PlannedChange>,
    }
}

settings! {
    /// When to stop before all epochs are done.
    #[derive(Copy, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    pub struct EarlyStopping {
        /// epochs without a lower validation loss that end the run; 0 for never
        [skip_serializing_if = "Option::is_none"]
        patience: Option<usize> = Field::whole(10, 1..=1_000_000, PATIENCES).optional().labelled("early_stopping"),
    }
}

impl Recipe {
    /// The loss that is minimised and reported.
    pub fn objective(&self) -> Objective {
        Objective {
            label_smoothing: self.label_smoothing,
        }
    }

    /// Every setting that a form shows, with the fields of the chosen optimizer only.
    pub fn settings(&self) -> Vec<SettingRow> {
        let mut rows = rows(self);
        rows.retain(|row| row.is_shown);
        rows
    }

    /// Sets the setting at `path` to a value that its description accepted.
    ///
    /// # Panics
    /// If there is no such setting.
    pub fn put(&mut self, path: &str, value: Value) {
        put(self, path, value);
        if path == "transfer.pretrain.augment"
            && let Some(pretrain) = self.transfer.as_mut().and_then(|t| t.pretrain.as_mut())
        {
            // Pretraining uses the augmentation of the main run.
            let figures = self.augment;
            pretrain.augment = pretrain.augment.map(|usual| figures.unwrap_or(usual));
        }
    }
}

/// The settings of an optional part, if it is present.
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
