//! Synthetic digits, drawn from typefaces to look handwritten.

mod draw;
mod glyph;
mod typefaces;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use rand::RngExt;
use rand::seq::SliceRandom;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::draw::Artist;
use self::typefaces::Typeface;
use super::augmentation::stream;
use super::augmented_set::SEED;
use super::dataset::{Dataset, Parts, Source};
use super::error::{self, DataError, Problem};
use super::known::SYNTHETIC_DIGITS;
use super::progress::Progress;
use super::split::{Pixels, Split};
use crate::field::{Field, settings};
use crate::shape::Shape;

/// Maximum images of one split: a gigabyte of 28×28 pixels.
const MOST_IMAGES: usize = 1_200_000;

const COUNTS: &[usize] = &[1_000, 10_000, 20_000, 60_000, 120_000, 240_000];
const SIDES: &[usize] = &[16, 20, 28, 32, 64];

settings! {
    /// Settings of a set of synthetic digits.
    pub struct DigitSettings {
        /// number of training digits
        train_images: usize = Field::whole(60_000, 1..=MOST_IMAGES, COUNTS),
        /// number of test digits
        test_images: usize = Field::whole(10_000, 1..=MOST_IMAGES, COUNTS),
        /// height of each image, in pixels
        height: usize = Field::whole(28, 8..=512, SIDES),
        /// width of each image, in pixels
        width: usize = Field::whole(28, 8..=512, SIDES),
        /// style of the digits
        style: Style = Field::group(),
        /// share of the typefaces used for test digits only
        test_share: f64 = Field::span(0.25, 0.05..=0.95, &[0.1, 0.25, 0.5]),
        /// draw training and test digits from the same typefaces, which hides overfitting to them
        same_typefaces: bool = Field::flag(),
        seed: u64 = SEED,
    } and {
        /// Font files, or folders of font files, used in addition to the built-in typefaces.
        fonts: Vec<PathBuf>,
    }
}

settings! {
    /// Ranges of the random differences of digits from their typeface; sizes are shares of the image's smaller side. The defaults look like
    /// MNIST's digits: 20 of 28 pixels, their centre of ink in the middle.
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
        /// largest slant either way, in degrees
        slant: f32 = Field::span(20.0, 0.0..=45.0, &[0.0, 10.0, 20.0, 30.0]),
        /// largest change of the width either way, as a share
        stretch: f32 = Field::span(0.2, 0.0..=0.6, &[0.0, 0.1, 0.2, 0.3]),
        /// width of the thinnest strokes, as a share of the digit
        stroke_least: f32 = Field::span(0.07, 0.01..=0.4, &[0.03, 0.05, 0.07, 0.1]),
        /// width of the thickest strokes, as a share of the digit
        stroke_most: f32 = Field::span(0.17, 0.01..=0.4, &[0.1, 0.13, 0.17, 0.2, 0.25]),
        /// strength of the waves that bend the outline, as a share of the digit
        elastic: f32 = Field::span(0.03, 0.0..=0.2, &[0.0, 0.01, 0.03, 0.05, 0.1]),
        /// softness of the edges, from 0 for none to 1
        blur: f32 = Field::span(0.7, 0.0..=1.0, &[0.0, 0.3, 0.5, 0.7, 1.0]),
        /// largest loss of ink brightness, as a share
        ink_loss: f32 = Field::span(0.1, 0.0..=0.9, &[0.0, 0.1, 0.2, 0.4]),
        /// standard deviation of noise on each pixel, where white is 1
        noise: f32 = Field::span(0.0, 0.0..=1.0, &[0.0, 0.02, 0.05, 0.1]),
    }
}

impl DigitSettings {
    /// An error that names the first setting out of its range, or inconsistent with the others.
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
                    expected: format!("a number not below the smallest, {least}"),
                    found: most.to_string(),
                });
            }
        }
        Ok(())
    }
}

/// Draws a set of digits; the bytes depend only on the settings, not on the number of threads.
///
/// Training and test digits use different typefaces unless the settings allow the same.
pub fn make(settings: &DigitSettings, progress: &Progress<'_>) -> Result<Dataset, DataError> {
    let (train, test) = typefaces(settings)?;
    let all = (settings.train_images + settings.test_images) as u64;
    let work = Work::new(settings, progress, all);
    let train = work.split(0, &train, settings.train_images)?;
    let test = work.split(1, &test, settings.test_images)?;
    set(train, test)
}

/// As [`make`], but with the real digits of `real` as test images.
pub(super) fn make_for(
    real: Dataset,
    settings: &DigitSettings,
    progress: &Progress<'_>,
) -> Result<Dataset, DataError> {
    let (train, test) = typefaces(settings)?;
    let work = Work::new(settings, progress, settings.train_images as u64);
    let train = work.split(0, &[train, test].concat(), settings.train_images)?;
    let note = format!(
        "drawn for training; tested on the {} test images of {}",
        real.test().len(),
        real.name
    );
    Ok(set(train, real.into_test())?.with_note(note))
}

fn set(train: Split, test: Split) -> Result<Dataset, DataError> {
    Dataset::new(Parts {
        name: SYNTHETIC_DIGITS.to_owned(),
        source: Source::Digits,
        class_names: (0..10).map(|digit| digit.to_string()).collect(),
        train,
        test,
        validation: None,
    })
}

/// The typefaces of training and of test digits.
fn typefaces(settings: &DigitSettings) -> Result<(Vec<Typeface>, Vec<Typeface>), DataError> {
    settings.check()?;
    let mut typefaces = typefaces::bundled();
    for path in &settings.fonts {
        let more = typefaces::in_path(path)?;
        if more.is_empty() {
            return Err(Problem::NoTypeface.at(path.display()));
        }
        typefaces.extend(more);
    }
    if settings.same_typefaces {
        return Ok((typefaces.clone(), typefaces));
    }
    typefaces.shuffle(&mut stream([settings.seed, u64::MAX, 0]));
    let count = (typefaces.len() as f64 * settings.test_share).round() as usize;
    let train = typefaces.split_off(count.clamp(1, typefaces.len() - 1));
    Ok((train, typefaces))
}

struct Work<'a> {
    settings: &'a DigitSettings,
    progress: &'a Progress<'a>,
    done: AtomicU64,
    all: u64,
}

/// Images that one thread draws at a time.
const BATCH: usize = 64;

impl<'a> Work<'a> {
    fn new(settings: &'a DigitSettings, progress: &'a Progress<'a>, all: u64) -> Self {
        Self {
            settings,
            progress,
            done: AtomicU64::new(0),
            all,
        }
    }

    /// `images` digits, evenly distributed over the classes, in random order.
    fn split(&self, part: u64, typefaces: &[Typeface], images: usize) -> Result<Split, DataError> {
        let DigitSettings {
            height,
            width,
            seed,
            ref style,
            ..
        } = *self.settings;
        let mut labels: Vec<u16> = (0..images).map(|image| (image % 10) as u16).collect();
        labels.shuffle(&mut stream([seed, part, u64::MAX]));
        let mut pixels = vec![0; images * height * width];
        pixels
            .par_chunks_mut(BATCH * height * width)
            .zip(labels.par_chunks(BATCH))
            .enumerate()
            .try_for_each_init(
                || Artist::new(style, height, width),
                |artist, (batch, (pixels, labels))| {
                    let done = self.done.fetch_add(labels.len() as u64, Ordering::Relaxed);
                    self.progress.step(done, self.all)?;
                    for (place, (image, &label)) in pixels
                        .chunks_exact_mut(height * width)
                        .zip(labels)
                        .enumerate()
                    {
                        let mut random = stream([seed, part, (batch * BATCH + place) as u64]);
                        let typeface = &typefaces[random.random_range(0..typefaces.len())];
                        artist.draw(&typeface.digits[usize::from(label)], &mut random, image);
                    }
                    Ok::<(), DataError>(())
                },
            )?;
        Ok(Split::new(
            Shape::new(height, width, 1),
            Pixels::U8(pixels),
            labels,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use typefaces::{HANDWRITTEN, PRINTED};

    fn bundled() -> usize {
        HANDWRITTEN.len() + PRINTED.len()
    }

    #[test]
    fn every_bundled_typeface_has_ten_digits_and_there_are_enough() {
        assert_eq!(typefaces::bundled().len(), bundled());
        assert!(bundled() >= 24);
        assert!(HANDWRITTEN.len() >= 8);
    }

    #[test]
    fn training_and_test_typefaces_differ_unless_asked() {
        let (train, test) = typefaces(&DigitSettings::default()).unwrap();
        assert_eq!(train.len() + test.len(), bundled());
        for typeface in &test {
            let same = |other: &Typeface| other.digits[3].contours == typeface.digits[3].contours;
            assert!(!train.iter().any(same));
        }
        let settings = DigitSettings {
            same_typefaces: true,
            ..DigitSettings::default()
        };
        let (train, test) = typefaces(&settings).unwrap();
        assert_eq!((train.len(), test.len()), (bundled(), bundled()));
    }
}
