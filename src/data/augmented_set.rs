//! Augmented sets: several randomly changed copies of every image, in random order, written directly to an npz file.

use std::path::Path;
use std::sync::mpsc::sync_channel;

use rand::RngExt;
use rand::seq::SliceRandom;

use super::augmentation::{
    AugmentSettings, Augmentation, NOISES, add_noise, either_way, side_by_side, stream,
};
use super::dataset::{Dataset, refuse_validation};
use super::error::{DataError, check};
use super::npz::{Form, SaveOptions, Writer};
use super::progress::Progress;
use super::split::Split;
use crate::field::{Field, Inner, InnerMut, Setting, Value, settings};
use crate::shape::Shape;

/// How the images of a set are changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Changes {
    /// Shifts by whole pixels, noise and level, as in the published experiments.
    Pixels(PixelChanges),
    /// Warps, as in training.
    Warps(AugmentSettings),
}

settings! {
    /// Shifts by whole pixels, noise and level, clipped to [0, 1]; pixels shifted in are black.
    #[derive(Copy)]
    pub struct PixelChanges {
        /// largest shift to each side, in pixels
        shift: usize = Field::whole(2, 0..=4, &[0, 1, 2, 3, 4]),
        /// standard deviation of noise on each pixel, where white is 1
        noise: f32 = Field::span(0.05, 0.0..=1.0, NOISES),
        /// largest change of the level of all pixels either way, where white is 1
        level: f32 = Field::span(0.1, 0.0..=1.0, &[0.0, 0.02, 0.05, 0.1, 0.2, 0.3]),
        /// stretch each image so that its darkest pixel is 0 and its brightest 1
        normalise: bool = Field::flag(),
    }
}

settings! {
    /// An augmented set.
    #[derive(Copy)]
    pub struct AugmentedSettings {
        /// copies of each training image
        train_factor: usize = Field::whole(5, 1..=20, &[1, 2, 3, 5, 10, 15, 20]),
        /// copies of each test image
        test_factor: usize = Field::whole(1, 1..=5, &[1, 2, 3, 4, 5]),
        /// how the images are changed
        changes: Changes = Field::group(),
        /// keep the first copy of each image unchanged
        keep_originals: bool = Field::flag(),
        seed: u64 = SEED,
    }
}

/// The seed of a made set.
pub const SEED: Field =
    Field::whole(1, 0..=u32::MAX as usize, &[1, 2, 3, 4, 5]).meaning("seed of all random numbers");

impl Setting for Changes {
    fn initial(_field: &Field) -> Self {
        Self::Pixels(PixelChanges::default())
    }

    fn value(&self) -> Option<Value> {
        None
    }

    fn inner(&self) -> Inner<'_> {
        match self {
            Self::Pixels(changes) => changes.inner(),
            Self::Warps(warps) => warps.inner(),
        }
    }

    fn inner_mut(&mut self) -> InnerMut<'_> {
        match self {
            Self::Pixels(changes) => changes.inner_mut(),
            Self::Warps(warps) => warps.inner_mut(),
        }
    }
}

/// Images made and written at a time.
const BATCH: usize = 1024;

/// Writes the augmented set of `dataset` to the npz file `path`, completely or not at all: the same bytes for the same settings,
/// whatever the number of threads, and a few megabytes of memory whatever the number of images. Validation images are written as they are.
pub fn write(
    dataset: &Dataset,
    settings: &AugmentedSettings,
    path: &Path,
    options: SaveOptions,
    progress: &Progress<'_>,
) -> Result<(), DataError> {
    check(settings)?;
    if options.form == Form::Seed {
        refuse_validation(dataset, path)?;
    }
    let mut writer = Writer::create(path, options)?;
    let parts = [
        (dataset.train(), settings.train_factor),
        (dataset.test(), settings.test_factor),
    ];
    let all = parts
        .iter()
        .map(|(split, factor)| (split.len() * factor) as u64)
        .sum();
    let mut done = 0;
    for (part, (split, factor)) in parts.into_iter().enumerate() {
        let maker = Maker::new(settings, part as u64, split)?;
        let entries = maker.entries(factor);
        writer.begin_images(part, entries.len(), split)?;
        std::thread::scope(|scope| {
            // One batch is made while another one is written; if the writer fails, the sender fails and the maker ends.
            let (sender, receiver) = sync_channel(2);
            let (maker, entries) = (&maker, &entries);
            scope.spawn(move || {
                for batch in entries.chunks(BATCH) {
                    if sender.send(maker.make(batch)).is_err() {
                        return;
                    }
                }
            });
            for batch in receiver {
                progress.step(done, all)?;
                writer.images(&batch)?;
                done += (batch.len() / split.shape().len()) as u64;
            }
            Ok::<(), DataError>(())
        })?;
        let labels: Vec<u16> = entries
            .iter()
            .map(|entry| split.labels()[maker.image(*entry)])
            .collect();
        writer.labels(part, &labels, dataset.classes())?;
    }
    if let Some(validation) = dataset.validation() {
        writer.split(2, validation, dataset.classes(), &mut |_| {
            progress.step(done, all)
        })?;
    }
    progress.step(done, all)?;
    writer.finish(dataset)
}

/// Makes the copies of one split; entry `copy * images + image` is one of them.
struct Maker<'a> {
    split: &'a Split,
    part: u64,
    settings: &'a AugmentedSettings,
    change: Change,
}

/// [`Changes`] of the images of one split.
enum Change {
    Pixels(PixelChanges),
    Warps(Augmentation),
}

impl<'a> Maker<'a> {
    fn new(
        settings: &'a AugmentedSettings,
        part: u64,
        split: &'a Split,
    ) -> Result<Self, DataError> {
        let change = match settings.changes {
            Changes::Warps(warps) => {
                // A separate stream for each split, and from training with the same seed.
                let seed = stream([settings.seed, part, u64::MAX - 1]).random();
                Change::Warps(Augmentation::new(warps, split.shape(), seed)?)
            }
            Changes::Pixels(changes) => Change::Pixels(changes),
        };
        Ok(Self {
            split,
            part,
            settings,
            change,
        })
    }

    /// All entries, in random order.
    fn entries(&self, factor: usize) -> Vec<u32> {
        let mut entries: Vec<u32> = (0..(self.split.len() * factor) as u32).collect();
        entries.shuffle(&mut stream([self.settings.seed, self.part, u64::MAX]));
        entries
    }

    fn image(&self, entry: u32) -> usize {
        entry as usize % self.split.len()
    }

    fn make(&self, entries: &[u32]) -> Vec<f32> {
        let length = self.split.shape().len();
        let mut out = vec![0.0; entries.len() * length];
        side_by_side(entries, &mut out, length, |entry, scratch, out| {
            self.make_one(entry, scratch, out);
        });
        out
    }

    fn make_one(&self, entry: u32, scratch: &mut [f32], out: &mut [f32]) {
        let image = self.image(entry);
        let copy = entry as usize / self.split.len();
        self.split.image(image, out);
        if copy == 0 && self.settings.keep_originals {
            return;
        }
        match &self.change {
            Change::Warps(warps) => warps.apply(copy as u64, image as u32, out, scratch),
            Change::Pixels(changes) => {
                let mut random = stream([self.settings.seed, self.part, u64::from(entry)]);
                let reach = changes.shift as i64;
                let [down, right] = [(); 2].map(|()| random.random_range(-reach..=reach));
                scratch.copy_from_slice(out);
                shift(self.split.shape(), down, right, scratch, out);
                let level = either_way(&mut random, changes.level.into()) as f32;
                if changes.noise > 0.0 {
                    add_noise(&mut random, changes.noise, out);
                }
                out.iter_mut()
                    .for_each(|value| *value = (*value + level).clamp(0.0, 1.0));
                if changes.normalise {
                    normalise(out);
                }
            }
        }
    }
}

/// Stretches the values so that the smallest is 0 and the largest 1; equal values are unchanged.
fn normalise(image: &mut [f32]) {
    let least = image.iter().copied().fold(f32::INFINITY, f32::min);
    let most = image.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if most > least {
        let span = most - least;
        image
            .iter_mut()
            .for_each(|value| *value = (*value - least) / span);
    }
}

/// The image `from`, shifted down and to the right → `to`; pixels shifted in are black.
fn shift(shape: Shape, down: i64, right: i64, from: &[f32], to: &mut [f32]) {
    let [height, width, channels] = shape.into();
    to.fill(0.0);
    let columns = width.saturating_sub(right.unsigned_abs() as usize) * channels;
    let first_from = (-right).max(0) as usize * channels;
    let first_to = right.max(0) as usize * channels;
    for row in 0..height {
        let source = row as i64 - down;
        if (0..height as i64).contains(&source) && columns > 0 {
            let first = source as usize * width * channels + first_from;
            let place = row * width * channels + first_to;
            to[place..place + columns].copy_from_slice(&from[first..first + columns]);
        }
    }
}
