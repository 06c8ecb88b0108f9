//! What the Activations pane shows: one image, and what a layer makes of it.

use crate::analysis::FeatureMaps;
use crate::data::SplitName;
use crate::network::NetworkSpec;
use crate::shape::Shape;
use crate::worker::RunId;

/// Which image and layer are looked at, and what has come.
#[derive(Clone, Debug)]
pub struct ActivationState {
    pub split: SplitName,
    /// Position in the split, from 0.
    pub image: usize,
    /// Position in the network, from 0.
    pub layer: usize,
    /// The first map on the page.
    pub first_map: usize,
    pub shown: Option<Activations>,
    /// The latest request and what it asked for.
    pub(super) asked: Option<(u64, MapQuery)>,
}

/// A worker's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Activations {
    pub dataset: String,
    pub split: SplitName,
    /// Position in the split, from 0.
    pub image: usize,
    /// Name of the layer, as in Keras.
    pub layer_name: String,
    pub trained_epochs: usize,
    pub label: u16,
    /// `[height, width, channels]`, 0–255.
    pub pixels: Vec<u8>,
    pub input: Shape,
    pub maps: FeatureMaps,
}

/// What decides which maps come.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MapQuery {
    pub network: NetworkSpec,
    pub layer_name: String,
    pub seed: u64,
    pub dataset: String,
    pub split: SplitName,
    pub image: usize,
    pub layer: usize,
    /// Run and finished epochs whose weights are meant.
    pub weights: Option<(RunId, usize)>,
}

impl ActivationState {
    pub(super) fn new() -> Self {
        Self {
            split: SplitName::Test,
            image: 0,
            layer: 0,
            first_map: 0,
            shown: None,
            asked: None,
        }
    }

    /// Drops what is shown and under way, because the network or the data is another one now.
    pub(super) fn forget(&mut self) {
        self.shown = None;
        self.asked = None;
    }
}
