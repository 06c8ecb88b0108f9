//! Starting from weights that another training left.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::data::AugmentSettings;

/// Weights to start from, and what becomes of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Transfer {
    /// The run folder whose best epoch's weights are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<PathBuf>,
    /// A training of the same network on another set, done first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pretrain: Option<Pretrain>,
    /// So many of the first layers, counted as they stand in `layers:`, keep their weights.
    pub frozen_layers: usize,
    /// From this layer on, counted from 0 (so that as many layers before it are taken over), weights start new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fresh_from: Option<usize>,
}

/// A training that comes first, with the preset's own network and recipe but for what is said here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pretrain {
    /// A known data set's name or a path.
    pub data: String,
    /// How long it goes on.
    pub epochs: usize,
    /// Images a step, where they are not as many as in the training that follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<usize>,
    /// In place of that of the second training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub augment: Option<AugmentSettings>,
}
