//! Starting from weights that another training left.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{BATCH_SIZE, EPOCHS};
use crate::data::AugmentSettings;
use crate::field::{Field, settings};

const LAYERS: &[usize] = &[0, 1, 2, 3, 4, 6, 8, 10, 12, 16];

settings! {
    /// Weights to start from, and what becomes of them.
    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    pub struct Transfer {
        /// a training of the same network on another set, done first
        [skip_serializing_if = "Option::is_none"]
        pretrain: Option<Pretrain> = Field::group(),
        /// so many of the first layers, as they stand in the network, keep the weights that they come with
        frozen_layers: usize = Field::whole(0, 0..=1000, LAYERS),
        /// layers up to this number bring their weights along, those after it start new; 0 where all bring theirs
        [skip_serializing_if = "Option::is_none"]
        fresh_from: Option<usize> = Field::whole(1, 1..=1000, LAYERS).optional(),
    } and {
        /// The run folder whose best epoch's weights are taken.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<PathBuf>,
    }
}

settings! {
    /// A training that comes first, with the preset's own network and recipe but for what is said here.
    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Pretrain {
        /// epochs of the training that comes first
        epochs: usize = EPOCHS.labelled("pretrain_epochs"),
        /// images a step of the training that comes first; 0 for as many as batch_size says
        [default, skip_serializing_if = "Option::is_none"]
        batch_size: Option<usize> = BATCH_SIZE.optional().labelled("pretrain_batch"),
        /// whether the training that comes first changes its images by chance, with the figures under Augmentation
        [default, skip_serializing_if = "Option::is_none"]
        augment: Option<AugmentSettings> = Field::flag().alone().labelled("pretrain_augment"),
    } and {
        /// A known data set's name or a path.
        data: String,
    }
}
