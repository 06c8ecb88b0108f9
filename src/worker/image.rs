//! Images from a set or from the drawing pad.

use serde::{Deserialize, Serialize};

use crate::data::Split;
use crate::shape::Shape;

/// An image with its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledImage {
    /// Position in its split, from 0.
    pub index: usize,
    pub label: u16,
    /// `[height, width, channels]`, 0–255.
    pub pixels: Vec<u8>,
}

impl LabelledImage {
    /// The image at this position of a split.
    pub fn of(split: &Split, index: usize) -> Self {
        Self {
            index,
            label: split.labels()[index],
            pixels: split.image_u8(index),
        }
    }
}

/// A drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    pub shape: Shape,
    /// `[height, width, channels]`, 0–255.
    pub pixels: Vec<u8>,
}
