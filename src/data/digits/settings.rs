//! What synthetic digits look like and how many there are.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::data::error::DataError;

/// How far digits differ from their typeface, each by chance; sizes are shares of the image's smaller side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Style {
    /// The larger side of the smallest and of the largest digit.
    pub size_least: f32,
    pub size_most: f32,
    /// Largest distance of a digit's centre of ink from the middle, across and down.
    pub shift: f32,
    /// Largest rotation either way, in degrees.
    pub rotation: f32,
    /// Largest lean either way, in degrees.
    pub slant: f32,
    /// Largest change of the width either way, as a share.
    pub stretch: f32,
    /// Width of the thinnest and of the thickest strokes, as a share of the digit's larger side.
    pub stroke_least: f32,
    pub stroke_most: f32,
    /// How far slow waves move the outline, as a share of the digit's larger side.
    pub elastic: f32,
    /// Softness of the edges: 0 none, 1 a pixel as wide as its neighbours.
    pub blur: f32,
    /// The most that ink loses of its white, as a share.
    pub ink_loss: f32,
    /// Standard deviation of noise, where white is 1.
    pub noise: f32,
}

impl Default for Style {
    /// As MNIST's digits, by the look of them: 20 of 28 pixels, their centre of ink in the middle.
    fn default() -> Self {
        Self {
            size_least: 0.62,
            size_most: 0.8,
            shift: 0.05,
            rotation: 15.0,
            slant: 20.0,
            stretch: 0.2,
            stroke_least: 0.07,
            stroke_most: 0.17,
            elastic: 0.03,
            blur: 0.7,
            ink_loss: 0.1,
            noise: 0.0,
        }
    }
}

/// A set of synthetic digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DigitSettings {
    pub train_images: usize,
    pub test_images: usize,
    pub height: usize,
    pub width: usize,
    pub style: Style,
    /// Draws training and test digits from the same typefaces, so that overfitting to them cannot be seen.
    pub same_typefaces: bool,
    /// The share of the typefaces that only test digits are drawn from.
    pub test_share: f64,
    /// Font files, or folders with such, used beside the bundled typefaces.
    pub fonts: Vec<PathBuf>,
    pub seed: u64,
}

impl Default for DigitSettings {
    fn default() -> Self {
        Self {
            train_images: 60_000,
            test_images: 10_000,
            height: 28,
            width: 28,
            style: Style::default(),
            same_typefaces: false,
            test_share: 0.25,
            fonts: Vec::new(),
            seed: 1,
        }
    }
}

/// The most images of one split: a gigabyte of 28×28 pixels.
const MOST_IMAGES: usize = 1_200_000;

impl DigitSettings {
    /// An error that names the first setting which is not in its range.
    pub fn check(&self) -> Result<(), DataError> {
        let style = &self.style;
        for (name, value, least, most) in [
            (
                "train_images",
                self.train_images as f64,
                1.0,
                MOST_IMAGES as f64,
            ),
            (
                "test_images",
                self.test_images as f64,
                1.0,
                MOST_IMAGES as f64,
            ),
            ("height", self.height as f64, 8.0, 512.0),
            ("width", self.width as f64, 8.0, 512.0),
            ("test_share", self.test_share, 0.05, 0.95),
            ("size_least", style.size_least.into(), 0.2, 1.0),
            (
                "size_most",
                style.size_most.into(),
                style.size_least.into(),
                1.0,
            ),
            ("shift", style.shift.into(), 0.0, 0.4),
            ("rotation", style.rotation.into(), 0.0, 180.0),
            ("slant", style.slant.into(), 0.0, 45.0),
            ("stretch", style.stretch.into(), 0.0, 0.6),
            ("stroke_least", style.stroke_least.into(), 0.01, 0.4),
            (
                "stroke_most",
                style.stroke_most.into(),
                style.stroke_least.into(),
                0.4,
            ),
            ("elastic", style.elastic.into(), 0.0, 0.2),
            ("blur", style.blur.into(), 0.0, 1.0),
            ("ink_loss", style.ink_loss.into(), 0.0, 0.9),
            ("noise", style.noise.into(), 0.0, 1.0),
        ] {
            if !(least..=most).contains(&value) {
                return Err(DataError::Setting {
                    name,
                    expected: format!("a number from {least} to {most}"),
                    found: value.to_string(),
                });
            }
        }
        Ok(())
    }
}
