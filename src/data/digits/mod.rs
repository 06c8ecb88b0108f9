//! Synthetic digits: drawn from typefaces so that they look handwritten, and nobody had to write or label them.

mod draw;
mod glyph;
mod settings;
mod typefaces;

use std::sync::atomic::{AtomicU64, Ordering};

use rand::RngExt;
use rand::seq::SliceRandom;
use rayon::prelude::*;

pub use settings::{DigitSettings, Style};

use self::draw::Artist;
use self::typefaces::Typeface;
use super::augmentation::stream;
use super::dataset::{Dataset, Parts, Source};
use super::error::{DataError, Problem};
use super::progress::Progress;
use super::split::{Pixels, Split};
use crate::shape::Shape;

/// The name of the set.
pub const NAME: &str = "synthetic-digits";

/// Draws a set of digits: the same bytes for the same settings, whatever the number of threads.
///
/// Training and test digits come from different typefaces unless the settings say otherwise.
pub fn make(settings: &DigitSettings, progress: &Progress<'_>) -> Result<Dataset, DataError> {
    let (train, test) = typefaces(settings)?;
    let all = (settings.train_images + settings.test_images) as u64;
    let work = Work::new(settings, progress, all);
    let train = work.split(0, &train, settings.train_images)?;
    let test = work.split(1, &test, settings.test_images)?;
    set(train, test)
}

/// As [`make`], but tested on the real digits of `real`.
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
        name: NAME.to_owned(),
        source: Source::Digits,
        class_names: (0..10).map(|digit| digit.to_string()).collect(),
        train,
        test,
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

    /// `images` digits, as many of each class as can be, in random order.
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
