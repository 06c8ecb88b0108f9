//! Questions about what a network makes of images, and their answers.

use serde::{Deserialize, Serialize};

use super::image::LabelledImage;
use super::protocol::RunId;
use super::run_facts::SetNames;
use crate::analysis::{Figures, Gallery, Judgement};
use crate::data::SplitName;
use crate::network::NetworkSpec;
use crate::shape::Shape;

/// A drawing to classify.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictRequest {
    /// Comes back with the answer; an earlier request that waits when a later one comes is never answered.
    pub request: u64,
    pub network: NetworkSpec,
    /// Layers that have no trained weights have fresh ones from this seed.
    pub seed: u64,
    /// Whether layers that stayed the same since the last training, or the one under way, have its weights.
    pub keep_weights: bool,
    /// `[height, width, channels]` of the network's input, 0–255.
    pub image: Vec<u8>,
    /// Whether the drawing is scaled and moved as the makers of MNIST did before the network sees it.
    pub centre: bool,
    /// Name of a loaded set whose nearest training images are sent along.
    pub dataset: Option<String>,
    /// How many of them.
    pub neighbours: usize,
}

/// What a network takes a drawing for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    pub request: u64,
    /// Epochs that every layer was trained for at least; 0 where the weights of one are new.
    pub trained_epochs: usize,
    /// One a class.
    pub probabilities: Vec<f32>,
    /// What the network saw, `[height, width, channels]`, 0–255.
    pub seen: Vec<u8>,
}

/// The training images most like what the network saw of a drawing; they come after its [`Prediction`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Neighbours {
    /// That of the [`PredictRequest`].
    pub request: u64,
    /// The nearest first.
    pub images: Vec<LabelledImage>,
}

/// Images of a run's set, selected by what its network takes them for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JudgedRequest {
    /// Comes back with the answer.
    pub request: u64,
    /// The latest run of the worker; of earlier ones the weights are gone.
    pub run: RunId,
    /// It says of which split the images are, too.
    pub gallery: Gallery,
    /// Finished epochs of the weights that are to judge training images, if they have judged some before; else those in memory do.
    pub epochs: usize,
    /// Position in the selection, from 0, from which on images are sent.
    pub from: usize,
    /// How many at most; 0 brings the figures alone.
    pub count: usize,
}

/// The answer to a [`JudgedRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JudgedPage {
    pub request: u64,
    pub run: RunId,
    /// Finished epochs of the weights that judged.
    pub epochs: usize,
    /// The set that the images are of.
    pub set: SetNames,
    /// Of which split the images are.
    pub split: SplitName,
    /// Over all images of the split.
    pub figures: Figures,
    pub shape: Shape,
    /// Images of the selection in all.
    pub matching: usize,
    pub from: usize,
    /// Of training images on the page those that the run is not trained on: left out, or kept for validation.
    pub untrained: Vec<usize>,
    pub images: Vec<JudgedImage>,
}

/// An image with what a network takes it for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JudgedImage {
    pub judgement: Judgement,
    /// `[height, width, channels]`, 0–255.
    pub pixels: Vec<u8>,
}
