//! What synthetic digits look like and how many there are.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::data::augmented_set::SEED;
use crate::data::error::{self, DataError};
use crate::field::{Field, settings};

/// The most images of one split: a gigabyte of 28×28 pixels.
const MOST_IMAGES: usize = 1_200_000;

const COUNTS: &[usize] = &[1_000, 10_000, 20_000, 60_000, 120_000, 240_000];
const SIDES: &[usize] = &[16, 20, 28, 32, 64];

settings! {
    /// A set of synthetic digits.
    pub struct DigitSettings {
        /// digits to train on
        train_images: usize = Field::whole(60_000, 1..=MOST_IMAGES, COUNTS),
        /// digits to test on
        test_images: usize = Field::whole(10_000, 1..=MOST_IMAGES, COUNTS),
        /// height of each image, in pixels
        height: usize = Field::whole(28, 8..=512, SIDES),
        /// width of each image, in pixels
        width: usize = Field::whole(28, 8..=512, SIDES),
        /// what the digits look like
        style: Style = Field::group(),
        /// share of the typefaces that only test digits are drawn from
        test_share: f64 = Field::span(0.25, 0.05..=0.95, &[0.1, 0.25, 0.5]),
        /// draw training and test digits from the same typefaces, so that overfitting to them cannot be seen
        same_typefaces: bool = Field::flag(),
        seed: u64 = SEED,
    } and {
        /// Font files, or folders with such, used beside the bundled typefaces.
        fonts: Vec<PathBuf>,
    }
}

settings! {
    /// How far digits differ from their typeface, each by chance; sizes are shares of the image's smaller side. The defaults are as
    /// MNIST's digits, by the look of them: 20 of 28 pixels, their centre of ink in the middle.
    #[derive(Copy, Serialize, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    pub struct Style {
        /// larger side of the smallest digits, as a share of the image
        size_least: f32 = Field::span(0.62, 0.2..=1.0, &[0.3, 0.4, 0.5, 0.62, 0.7, 0.8]),
        /// larger side of the largest digits, as a share of the image
        size_most: f32 = Field::span(0.8, 0.2..=1.0, &[0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
        /// largest distance of the centre of ink from the middle, as a share of the image
        shift: f32 = Field::span(0.05, 0.0..=0.4, &[0.0, 0.02, 0.05, 0.1, 0.2]),
        /// largest rotation either way, in degrees
        rotation: f32 = Field::span(15.0, 0.0..=180.0, &[0.0, 5.0, 10.0, 15.0, 20.0, 30.0]),
        /// largest lean either way, in degrees
        slant: f32 = Field::span(20.0, 0.0..=45.0, &[0.0, 10.0, 20.0, 30.0]),
        /// largest change of the width either way, as a share
        stretch: f32 = Field::span(0.2, 0.0..=0.6, &[0.0, 0.1, 0.2, 0.3]),
        /// width of the thinnest strokes, as a share of the digit
        stroke_least: f32 = Field::span(0.07, 0.01..=0.4, &[0.03, 0.05, 0.07, 0.1]),
        /// width of the thickest strokes, as a share of the digit
        stroke_most: f32 = Field::span(0.17, 0.01..=0.4, &[0.1, 0.13, 0.17, 0.2, 0.25]),
        /// how far slow waves move the outline, as a share of the digit
        elastic: f32 = Field::span(0.03, 0.0..=0.2, &[0.0, 0.01, 0.03, 0.05, 0.1]),
        /// softness of the edges: 0 none, 1 a pixel as wide as its neighbours
        blur: f32 = Field::span(0.7, 0.0..=1.0, &[0.0, 0.3, 0.5, 0.7, 1.0]),
        /// the most that ink loses of its white, as a share
        ink_loss: f32 = Field::span(0.1, 0.0..=0.9, &[0.0, 0.1, 0.2, 0.4]),
        /// standard deviation of noise on each pixel, where white is 1
        noise: f32 = Field::span(0.0, 0.0..=1.0, &[0.0, 0.02, 0.05, 0.1]),
    }
}

impl DigitSettings {
    /// An error that names the first setting which is not in its range, or does not go with the others.
    pub fn check(&self) -> Result<(), DataError> {
        error::check(self)?;
        let style = &self.style;
        for (name, least, most) in [
            ("size_most", style.size_least, style.size_most),
            ("stroke_most", style.stroke_least, style.stroke_most),
        ] {
            if most < least {
                return Err(DataError::Setting {
                    name,
                    expected: format!("a number of at least the smallest, {least}"),
                    found: most.to_string(),
                });
            }
        }
        Ok(())
    }
}
