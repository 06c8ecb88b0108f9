//! Augmentation: random changes of training images with the semantics of Keras's `ImageDataGenerator` (fill mode nearest,
//! interpolation order 1), and erasing, brightness and noise.

mod warp;

use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use warp::{Warp, flip_horizontally};

use super::error::{DataError, check};
use super::split::Split;
use crate::field::{Field, Inner, InnerMut, Setting, Value, off_on, settings};
use crate::shape::Shape;

const SHARES: &[f64] = &[0.0, 0.02, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3];
const ANGLES: &[f64] = &[
    0.0, 5.0, 8.0, 10.0, 12.0, 15.0, 20.0, 30.0, 45.0, 90.0, 180.0,
];
pub(super) const NOISES: &[f64] = &[0.0, 0.01, 0.02, 0.05, 0.1, 0.2];

settings! {
    /// Ranges of the random changes of each image in each epoch: the `augment:` part of a preset. 0 changes nothing.
    ///
    /// Source of erasing, of rectangles of 2 to 33 % of the area: Zhong et al., "Random erasing data augmentation", 2017.
    #[derive(Copy, Serialize, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    pub struct AugmentSettings {
        /// largest rotation either way, in degrees
        rotation: f32 = Field::span(0.0, 0.0..=180.0, ANGLES),
        /// largest shear angle either way, in degrees
        shear: f32 = Field::span(0.0, 0.0..=80.0, &[0.0, 2.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0]),
        /// largest shift to either side, as a share of the width
        width_shift: f32 = Field::span(0.0, 0.0..=1.0, SHARES),
        /// largest shift up or down, as a share of the height
        height_shift: f32 = Field::span(0.0, 0.0..=1.0, SHARES),
        /// largest zoom either way, as a share
        zoom: f32 = Field::span(0.0, 0.0..=0.9, SHARES),
        /// mirrors each image left to right with probability 1/2
        horizontal_flip: bool = Field::flag(),
        /// share of images in which a random rectangle is replaced by noise
        erasing: f32 = Field::span(0.0, 0.0..=1.0, &[0.0, 0.1, 0.25, 0.5, 0.75, 1.0]),
        /// largest change of brightness either way, as a share
        brightness: f32 = Field::span(0.0, 0.0..=1.0, SHARES),
        /// standard deviation of noise on each pixel, where white is 1
        noise: f32 = Field::span(0.0, 0.0..=1.0, NOISES),
    }
}

/// Off, or on with these settings.
impl Setting for Option<AugmentSettings> {
    fn initial(_field: &Field) -> Self {
        None
    }

    fn value(&self) -> Option<Value> {
        Some(Value::Choice(off_on(self.is_some())))
    }

    fn put(&mut self, value: Value) {
        *self = (value.choice() == off_on(true)).then(|| self.unwrap_or(AugmentSettings::usual()));
    }

    fn inner(&self) -> Inner<'_> {
        self.as_ref().map_or_else(Vec::new, Setting::inner)
    }

    fn inner_mut(&mut self) -> InnerMut<'_> {
        self.as_mut().map_or_else(Vec::new, Setting::inner_mut)
    }
}

impl AugmentSettings {
    /// Whether every image stays unchanged.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Typical settings to start from, mild enough to keep digits recognizable.
    pub fn usual() -> Self {
        Self {
            rotation: 12.0,
            shear: 7.0,
            width_shift: 0.075,
            height_shift: 0.075,
            ..Self::default()
        }
    }

    /// An error that names the first setting out of its range.
    pub fn check(&self) -> Result<(), DataError> {
        check(self)
    }

    /// A warning about these settings for images of these classes, if any.
    pub fn warning(&self, class_names: &[String]) -> Option<&'static str> {
        let digits = class_names.iter().any(|name| {
            name.len() == 1 && name.starts_with(|letter: char| letter.is_ascii_digit())
        });
        (self.horizontal_flip && digits).then_some(
            "a horizontal flip mirrors digits and letters, which changes or destroys their meaning",
        )
    }
}

/// Makes an image of `length` values for each of `indices` → `out`, on all threads, each with a `scratch` of the length of an image.
pub(super) fn side_by_side(
    indices: &[u32],
    out: &mut [f32],
    length: usize,
    make: impl Fn(u32, &mut [f32], &mut [f32]) + Sync,
) {
    // A few images at a time, so that a thread's work outweighs its start.
    let batches = indices.par_chunks(8).zip(out.par_chunks_mut(8 * length));
    batches.for_each_init(
        || vec![0.0; length],
        |scratch, (indices, out)| {
            for (&index, out) in indices.iter().zip(out.chunks_exact_mut(length)) {
                make(index, scratch, out);
            }
        },
    );
}

/// [`AugmentSettings`] for images of one shape and one seed.
#[derive(Clone, Debug)]
pub struct Augmentation {
    settings: AugmentSettings,
    shape: Shape,
    seed: u64,
}

impl Augmentation {
    /// The augmentation of images of `shape`, after checking that the settings are in their ranges.
    pub fn new(settings: AugmentSettings, shape: Shape, seed: u64) -> Result<Self, DataError> {
        settings.check()?;
        Ok(Self {
            settings,
            shape,
            seed,
        })
    }

    /// Augments `image` `[height, width, channels]` in [0, 1] like image `index` in `epoch`; `scratch` is as long as the image.
    ///
    /// # Panics
    /// When `image` or `scratch` is not an image of the shape.
    pub fn apply(&self, epoch: u64, index: u32, image: &mut [f32], scratch: &mut [f32]) {
        let settings = &self.settings;
        let mut random = stream([self.seed, epoch, u64::from(index)]);
        let warp = self.warp(&mut random);
        if warp != Warp::NONE {
            scratch.copy_from_slice(image);
            warp.apply(self.shape, scratch, image);
        }
        if random.random::<bool>() && settings.horizontal_flip {
            flip_horizontally(self.shape, image);
        }
        let factor = 1.0 + either_way(&mut random, settings.brightness.into()) as f32;
        let erase = random.random::<f32>() < settings.erasing;
        if settings.brightness > 0.0 {
            image.iter_mut().for_each(|value| *value *= factor);
        }
        if settings.noise > 0.0 {
            add_noise(&mut random, settings.noise, image);
        }
        if settings.brightness > 0.0 || settings.noise > 0.0 {
            image
                .iter_mut()
                .for_each(|value| *value = value.clamp(0.0, 1.0));
        }
        if erase {
            self.erase(&mut random, image);
        }
    }

    /// The images at `indices`, augmented for `epoch` → `out` `[indices, height, width, channels]`: the same bits whatever the number
    /// of threads.
    ///
    /// # Panics
    /// When there is no image at an index, `out` is not `indices.len()` images long, or the split has another shape.
    pub fn gather(&self, split: &Split, epoch: u64, indices: &[u32], out: &mut [f32]) {
        assert_eq!(split.shape(), self.shape, "images of one shape");
        let length = self.shape.len();
        assert_eq!(out.len(), indices.len() * length, "one place for an image");
        side_by_side(indices, out, length, |index, scratch, out| {
            split.image(index as usize, out);
            self.apply(epoch, index, out, scratch);
        });
    }

    fn warp(&self, random: &mut impl Rng) -> Warp {
        let settings = &self.settings;
        let Shape { height, width, .. } = self.shape;
        let mut reach = |reach: f32| either_way(random, reach.into());
        Warp {
            rotation_degrees: reach(settings.rotation),
            shear_degrees: reach(settings.shear),
            shift_along_rows: reach(settings.width_shift) * width as f64,
            shift_along_columns: reach(settings.height_shift) * height as f64,
            zoom_along_rows: 1.0 + reach(settings.zoom),
            zoom_along_columns: 1.0 + reach(settings.zoom),
        }
    }

    fn erase(&self, random: &mut impl Rng, image: &mut [f32]) {
        let [height, width, channels] = self.shape.into();
        // A rectangle that is too long for the image is drawn again, as in the paper, but only a few times.
        for _ in 0..16 {
            let area = random.random_range(0.02..0.33) * (height * width) as f64;
            let aspect = random.random_range(0.3_f64.ln()..3.3_f64.ln()).exp();
            let rows = (area * aspect).sqrt().round() as usize;
            let columns = (area / aspect).sqrt().round() as usize;
            if (1..=height).contains(&rows) && (1..=width).contains(&columns) {
                let top = random.random_range(0..=height - rows);
                let left = random.random_range(0..=width - columns);
                for row in top..top + rows {
                    let first = (row * width + left) * channels;
                    for value in &mut image[first..first + columns * channels] {
                        *value = random.random();
                    }
                }
                return;
            }
        }
    }
}

/// A stream of random numbers that depends only on `words`: one for each image of each epoch, so that neither the order nor the
/// threads of the work have any influence.
pub(super) fn stream(words: [u64; 3]) -> Pcg64Mcg {
    let mixed = words.into_iter().fold(0, |state, word| mix(state ^ word));
    Pcg64Mcg::seed_from_u64(mixed)
}

/// SplitMix64's output function, which changes half of the bits when one changes.
fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// A uniform random number from `-reach` to `reach`.
pub(super) fn either_way(random: &mut impl Rng, reach: f64) -> f64 {
    (2.0 * random.random::<f64>() - 1.0) * reach
}

/// Adds normal noise with this standard deviation to every value.
///
/// Source: G. Marsaglia, T. A. Bray, "A convenient method for generating normal variables" (the polar method).
pub(super) fn add_noise(random: &mut impl Rng, deviation: f32, values: &mut [f32]) {
    for pair in values.chunks_mut(2) {
        let (x, y, square) = loop {
            let x = 2.0 * random.random::<f32>() - 1.0;
            let y = 2.0 * random.random::<f32>() - 1.0;
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                break (x, y, square);
            }
        };
        let scale = deviation * (-2.0 * square.ln() / square).sqrt();
        for (value, noise) in pair.iter_mut().zip([x, y]) {
            *value += scale * noise;
        }
    }
}
