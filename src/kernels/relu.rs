//! The rectifier.

use super::pieces::{PIECE, for_pieces};
use super::tier::in_every_tier;

/// `max(value, 0)` in place; NaN stays NaN, as in Keras, so that a diverging run is noticed.
pub fn forward(values: &mut [f32]) {
    for_pieces(values, PIECE, |_, values| rectify(values));
}

/// The gradient from the rectifier's output, in place: zero where the output is not positive.
pub fn gradient(output: &[f32], gradient: &mut [f32]) {
    assert_eq!(output.len(), gradient.len(), "one gradient for each output");
    for_pieces(gradient, PIECE, |piece, gradient| {
        block(&output[piece * PIECE..][..gradient.len()], gradient);
    });
}

in_every_tier! {
    /// As [`forward`], in this thread.
    pub(super) fn rectify(values: &mut [f32]) {
        for value in values {
            *value = if *value < 0.0 { 0.0 } else { *value };
        }
    }
}

in_every_tier! {
    fn block(output: &[f32], gradient: &mut [f32]) {
        for (gradient, value) in gradient.iter_mut().zip(output) {
            *gradient = if *value > 0.0 { *gradient } else { 0.0 };
        }
    }
}
