//! How a network is trained: the `training:` part of a preset.

use serde::{Deserialize, Serialize};

use super::optimizers::OptimizerSpec;
use crate::data::AugmentSettings;

/// Epochs, batches, optimizer and what else decides a training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recipe {
    /// Passes over the training images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    pub optimizer: OptimizerSpec,
    /// What the validation figures are measured on.
    pub validation: Validation,
    /// Random changes to every training image, new in each epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub augment: Option<AugmentSettings>,
}

/// What the validation figures are measured on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validation {
    /// The test set, as the seed GUI does; choosing the best epoch by it flatters.
    #[default]
    Test,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            epochs: 10,
            batch_size: 128,
            optimizer: OptimizerSpec::default(),
            validation: Validation::default(),
            augment: None,
        }
    }
}
