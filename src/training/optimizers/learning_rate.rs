//! The learning rate, which every optimizer has and a plan can change.

use std::ops::Range;

use crate::field::Field;

/// The range of learning rates.
pub(in crate::training) const LEARNING_RATES: Range<f64> = 0.0..1e6;

pub(super) const fn learning_rate(default: f64, steps: &'static [f64]) -> Field {
    Field::number(default, LEARNING_RATES, steps)
        .meaning("factor on every step")
        .live()
}
