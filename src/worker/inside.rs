//! Questions about the inside of a network, and their answers.

use serde::{Deserialize, Serialize};

use super::image::LabelledImage;
use super::subject::Subject;
use super::training_thread::Weights;
use crate::analysis::health::{Health, Remark};
use crate::analysis::{Ascent, AscentSettings, FeatureMaps, Origin, Place, Rectangle};
use crate::data::SplitName;
use crate::network::NetworkSpec;
use crate::shape::Shape;

/// Which layer, of which network, of which image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeatureMapRequest {
    /// Comes back with the answer; only the answer to the latest request is shown.
    pub request: u64,
    pub weights: Weights,
    pub subject: Subject,
    /// Position in the network, from 0.
    pub layer: usize,
    /// Whether the answer, while the network trains, waits for later weights and until looking costs the training less than
    /// a fiftieth of its time.
    pub live: bool,
}

/// The answer to a [`FeatureMapRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownMaps {
    pub request: u64,
    /// Epochs that every layer up to this one was trained for at least; 0 where the weights of one are new.
    pub trained_epochs: usize,
    /// Batches of the epoch after these that the weights have seen too.
    pub batches: usize,
    /// The class that the image has in its set.
    pub label: Option<u16>,
    /// The image itself, `[height, width, channels]`, 0–255.
    pub pixels: Vec<u8>,
    pub input: Shape,
    pub maps: FeatureMaps,
}

/// Where one value of a layer comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OriginRequest {
    /// Comes back with the answer; only the answer to the latest request is shown.
    pub request: u64,
    pub weights: Weights,
    pub subject: Subject,
    /// Position in the network, from 0.
    pub layer: usize,
    pub place: Place,
}

/// The answer to an [`OriginRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundOrigin {
    pub request: u64,
    /// Or a sentence that says why there is none.
    pub origin: Result<Origin, String>,
}

/// What excites a filter most: images of a set, and one made for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExciteRequest {
    /// Comes back with the answers; an earlier request is given up.
    pub request: u64,
    pub weights: Weights,
    /// Name of a loaded set, and its part, to search.
    pub dataset: String,
    pub split: SplitName,
    /// Position in the network, from 0.
    pub layer: usize,
    pub filter: usize,
    /// How many images.
    pub images: usize,
    pub ascent: AscentSettings,
}

/// An answer to an [`ExciteRequest`]; several come while the search goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Excited {
    pub request: u64,
    /// Images that were looked at, and all.
    pub done: usize,
    pub total: usize,
    /// The most exciting first.
    pub images: Vec<ExcitingImage>,
    /// The image made by gradient ascent, once it is.
    pub ascent: Option<Ascent>,
}

/// An image that excites a filter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExcitingImage {
    pub image: LabelledImage,
    /// The filter's largest value on it.
    pub activation: f32,
    /// The pixels that this value sees.
    pub sees: Rectangle,
}

/// How a network is, after some of its epochs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HealthRequest {
    /// Comes back with the answers; an earlier request is given up.
    pub request: u64,
    pub network: NetworkSpec,
    /// As in [`Weights`].
    pub seed: u64,
    pub keep_weights: bool,
    /// Name of the loaded set on whose test images it is looked at.
    pub dataset: String,
    /// Epochs of the latest run; where it has no folder, or is another network's, only its weights in memory are looked at.
    pub epochs: Vec<usize>,
}

/// An answer to a [`HealthRequest`]: one for each epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochHealth {
    pub request: u64,
    pub epoch: usize,
    pub health: Health,
    /// What is wrong, in sentences.
    pub remarks: Vec<Remark>,
}
