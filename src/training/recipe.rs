//! How a network is trained: the `training:` part of a preset.

mod check;
mod planned;
mod settings;
mod transfer;
mod validation;

use serde::{Deserialize, Serialize};

use super::optimizers::OptimizerSpec;
use super::schedules::ScheduleSpec;
use crate::data::{AugmentSettings, Corrections};
use crate::ops::Objective;

pub use planned::{PlannedAugment, PlannedChange};
pub use settings::Setting;
pub use transfer::{Pretrain, Transfer};
pub use validation::Validation;

/// Epochs, batches, optimizer and what else decides a training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recipe {
    /// Passes over the training images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// What makes a step of a gradient.
    pub optimizer: OptimizerSpec,
    /// How the learning rate goes from the optimizer's own, over all planned epochs.
    #[serde(skip_serializing_if = "is_default")]
    pub schedule: ScheduleSpec,
    /// Epochs, parts of one allowed, over which the learning rate rises from 0, at the first step, to its full height, with which the
    /// schedule begins; as in Keras's `CosineDecay`.
    #[serde(skip_serializing_if = "is_default")]
    pub warm_up: f64,
    /// The decay of a running average of the weights (0.99 is usual, Keras's `ema_momentum`), which validation, the best epoch and everything
    /// after the training use in place of the weights themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average: Option<f64>,
    /// The share of every label that is spread evenly over all classes, in training and in every loss that is told, as in Keras.
    #[serde(skip_serializing_if = "is_default")]
    pub label_smoothing: f64,
    /// The most that the norm of all gradients together may be; longer ones are scaled down to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gradient_clip: Option<f64>,
    /// What the validation figures are measured on.
    pub validation: Validation,
    /// When to end before all epochs are done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub early_stopping: Option<EarlyStopping>,
    /// Random changes to every training image, new in each epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub augment: Option<AugmentSettings>,
    /// Training images to leave out and right labels, for the set that they name; on any other set they say nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrections: Option<Corrections>,
    /// Weights to start from, instead of random ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Transfer>,
    /// Changes at the start of certain epochs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plan: Vec<PlannedChange>,
}

/// When to end before all epochs are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlyStopping {
    /// Epochs in a row without a lower validation loss than ever that end the training.
    pub patience: usize,
}

impl Recipe {
    /// The loss that is trained by, and told.
    pub fn objective(&self) -> Objective {
        Objective {
            label_smoothing: self.label_smoothing,
        }
    }
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            epochs: 10,
            batch_size: 128,
            optimizer: OptimizerSpec::default(),
            schedule: ScheduleSpec::default(),
            warm_up: 0.0,
            average: None,
            label_smoothing: 0.0,
            gradient_clip: None,
            validation: Validation::default(),
            early_stopping: None,
            augment: None,
            corrections: None,
            transfer: None,
            plan: Vec::new(),
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
