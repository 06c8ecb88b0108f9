//! What is done to a convolution's output while it is still in the caches.

use super::batch_norm::{BatchNorm, Line, scale_and_shift_in_place};
use super::relu::rectify;

/// Nothing, a batch norm with fixed mean and variance, a rectifier, or the rectifier behind the batch norm.
#[derive(Default)]
pub struct Finish {
    line: Option<Line>,
    rectified: bool,
}

impl Finish {
    /// A rectifier alone, where there is one.
    pub fn rectified(rectified: bool) -> Self {
        Self {
            line: None,
            rectified,
        }
    }

    /// A batch norm, and the rectifier that may follow it: the same values as [`super::batch_norm::forward`] gives.
    pub fn batch_norm(norm: &BatchNorm) -> Self {
        Self {
            line: Some(norm.line()),
            rectified: norm.rectified,
        }
    }

    /// Finishes whole rows of channels.
    pub(super) fn run(&self, values: &mut [f32]) {
        match &self.line {
            Some(line) => scale_and_shift_in_place(line, self.rectified, values),
            None if self.rectified => rectify(values),
            None => {}
        }
    }
}
