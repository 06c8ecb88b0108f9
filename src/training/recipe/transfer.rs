//! Starting from pretrained weights.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{BATCH_SIZE, EPOCHS};
use crate::data::AugmentSettings;
use crate::field::{Field, settings};

const LAYERS: &[usize] = &[0, 1, 2, 3, 4, 6, 8, 10, 12, 16];

settings! {
    /// Pretrained weights to start from, and which of them to keep.
    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    pub struct Transfer {
        /// a run of the same network on another set, done first
        [skip_serializing_if = "Option::is_none"]
        pretrain: Option<Pretrain> = Field::group(),
        /// number of first layers that are frozen: training does not change their weights
        frozen_layers: usize = Field::whole(0, 0..=1000, LAYERS),
        /// layers after this number start with initial weights; 0 if all take pretrained weights
        [skip_serializing_if = "Option::is_none"]
        fresh_from: Option<usize> = Field::whole(1, 1..=1000, LAYERS).optional(),
    } and {
        /// The run folder whose best weights are used.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<PathBuf>,
    }
}

settings! {
    /// A run that comes first, with the preset's own network and recipe except for these settings.
    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Pretrain {
        /// epochs of pretraining
        epochs: usize = EPOCHS.labelled("pretrain_epochs"),
        /// images per step of pretraining; 0 for the same as batch_size
        [default, skip_serializing_if = "Option::is_none"]
        batch_size: Option<usize> = BATCH_SIZE.optional().labelled("pretrain_batch"),
        /// whether pretraining changes its images at random, with the settings under Augmentation
        [default, skip_serializing_if = "Option::is_none"]
        augment: Option<AugmentSettings> = Field::flag().alone().labelled("pretrain_augment"),
    } and {
        /// A known data set's name or a path.
        data: String,
    }
}
