//! The loss, the same for training and for every measurement.

use super::{Flow, Loss, smoothed_cross_entropy, weighted_cross_entropy};
use crate::kernels::label_smoothing;

/// The loss of a network, as in a compiled Keras model: the cross-entropy of softmax(scores) with the smoothed labels, mean over the images,
/// plus the [penalty](crate::network::Model::penalty) of the layers that are trained. Training, validation, evaluation and the final test all
/// report this loss; without penalty and smoothing it is called cross-entropy.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Objective {
    /// The share of every label that is spread evenly over all classes, in [0, 1).
    pub label_smoothing: f64,
}

impl Objective {
    /// The images' part of the loss of a batch: scores `[batch, 1, 1, classes]` and one label per image.
    ///
    /// # Panics
    /// If there is not one label below `classes` for each image.
    pub fn of_images(self, scores: Flow, labels: &[u16]) -> Loss {
        smoothed_cross_entropy(scores, labels, self.label_smoothing as f32)
    }

    /// As [`of_images`](Self::of_images), with the loss of each image times the weight of its class; with no weights the same. The mean is
    /// over the number of images, not over their weights, and label smoothing is a part of the loss that is weighed. Source: Keras's
    /// `class_weight` of `fit`.
    ///
    /// # Panics
    /// As for [`of_images`](Self::of_images), or if there is not one weight for each class.
    pub fn of_weighted(self, scores: Flow, labels: &[u16], class_weights: &[f32]) -> Loss {
        weighted_cross_entropy(scores, labels, self.label_smoothing as f32, class_weights)
    }

    /// The loss of one image without the penalty, from its plain cross-entropy and its scores.
    pub fn of_image(self, cross_entropy: f64, scores: &[f32], label: u16) -> f64 {
        let smoothing = self.label_smoothing as f32;
        cross_entropy + f64::from(label_smoothing::added(smoothing, scores, label))
    }

    /// The loss of a network with this penalty, on images whose mean loss without it is `images`.
    pub fn whole(self, images: f64, penalty: f64) -> f64 {
        images + penalty
    }
}
