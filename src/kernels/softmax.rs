//! Softmax and its cross-entropy. A row is ten values or so: plain loops do.

pub use super::reference::{softmax, softmax_cross_entropy};
