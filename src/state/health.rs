//! How the network is, epoch by epoch.

use crate::network::NetworkSpec;
use crate::worker::{EpochHealth, RunId};

/// What is known of the network's health.
#[derive(Clone, Debug, Default)]
pub struct HealthState {
    /// Whether it lies over the maps.
    pub is_open: bool,
    /// The layer under the cursor.
    pub layer: usize,
    pub quantity: Quantity,
    /// In the order of the epochs.
    pub epochs: Vec<EpochHealth>,
    /// Whose health it is, and the latest request with the epochs that it asked for.
    pub(super) asked: Option<(HealthQuery, u64, Vec<usize>)>,
}

/// What decides whose health is shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct HealthQuery {
    pub network: NetworkSpec,
    pub seed: u64,
    pub dataset: String,
    pub run: Option<RunId>,
}

/// What is shown over the epochs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quantity {
    #[default]
    Weights,
    Values,
    Gradients,
}

impl Quantity {
    pub const ALL: [Self; 3] = [Self::Weights, Self::Values, Self::Gradients];

    pub fn name(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::Values => "values",
            Self::Gradients => "gradients",
        }
    }
}

impl HealthState {
    /// The latest epoch that is known.
    pub fn latest(&self) -> Option<&EpochHealth> {
        self.epochs.last()
    }
}
