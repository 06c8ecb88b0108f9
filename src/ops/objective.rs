//! The one loss that training follows and every measurement tells.

use super::{Flow, Loss, smoothed_cross_entropy};
use crate::kernels::label_smoothing;

/// How the loss of a network is made, as Keras compiles it: the cross-entropy of softmax(scores) with the labels, smoothed, mean over
/// the images, and the [penalty](crate::network::Model::penalty) of the layers that are trained. Training, validation, evaluation and the test at the
/// end all tell this one; what is told without penalty and smoothing is called cross-entropy.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Objective {
    /// The share of every label that is spread evenly over all classes, in [0, 1).
    pub label_smoothing: f64,
}

impl Objective {
    /// The images' part of the loss of a batch: scores `[batch, 1, 1, classes]` and one label an image.
    ///
    /// # Panics
    /// If there is not one label below `classes` for each image.
    pub fn of_images(self, scores: Flow, labels: &[u16]) -> Loss {
        smoothed_cross_entropy(scores, labels, self.label_smoothing as f32)
    }

    /// The part of one image with these scores, whose plain cross-entropy is known.
    pub fn of_image(self, cross_entropy: f64, scores: &[f32], label: u16) -> f64 {
        let smoothing = self.label_smoothing as f32;
        cross_entropy + f64::from(label_smoothing::added(smoothing, scores, label))
    }

    /// The loss on images whose own part is `images` on average, of a network with this penalty.
    pub fn whole(self, images: f64, penalty: f64) -> f64 {
        images + penalty
    }
}
