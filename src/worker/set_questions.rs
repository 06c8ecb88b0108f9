//! Questions about the images of a set beyond a page of them, and their answers.

use serde::{Deserialize, Serialize};

use crate::data::{AugmentSettings, SetStatistics, SplitName};
use crate::shape::Shape;

/// One image with its pixels as exactly as they are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PixelRequest {
    /// Comes back with the answer; only the answer to the latest request is shown.
    pub request: u64,
    /// Name of a loaded set.
    pub dataset: String,
    pub split: SplitName,
    /// Position in the split, from 0.
    pub image: usize,
}

/// The answer to a [`PixelRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PixelValues {
    pub request: u64,
    /// `[height, width, channels]`, in [0, 1].
    pub values: Vec<f32>,
}

/// An image as training would change it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AugmentedRequest {
    /// Comes back with the answer; an earlier request that waits when a later one comes is never answered.
    pub request: u64,
    pub dataset: String,
    pub split: SplitName,
    /// Position in the split, from 0.
    pub image: usize,
    pub settings: AugmentSettings,
    /// Of the training.
    pub seed: u64,
    /// Finished epochs before the first version.
    pub epoch: u64,
    /// Versions, one for each epoch from there on.
    pub count: usize,
}

/// The answer to an [`AugmentedRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AugmentedImages {
    pub request: u64,
    pub shape: Shape,
    /// Finished epochs before the first version.
    pub epoch: u64,
    /// `[height, width, channels]`, 0–255.
    pub versions: Vec<Vec<u8>>,
}

/// How far the statistics of a set are, or what they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Measured {
    /// The share of the images that has been looked at.
    Under(f32),
    Done(Box<SetStatistics>),
}
