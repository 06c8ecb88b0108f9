//! How much larger an augmented set is, and how its images are changed.

use crate::data::augmentation::{AugmentSettings, NOISES};
use crate::data::error::DataError;
use crate::field::{Field, Inner, InnerMut, Setting, Value, problem_of, settings};

/// How the images of an augmented set are changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Changes {
    /// As the seed GUI does.
    Pixels(PixelChanges),
    /// As while training.
    Warps(AugmentSettings),
}

settings! {
    /// Shifts by whole pixels, noise and level, held to [0, 1]; black comes in from the edge.
    #[derive(Copy)]
    pub struct PixelChanges {
        /// largest shift to each side, in pixels
        shift: usize = Field::whole(2, 0..=4, &[0, 1, 2, 3, 4]),
        /// standard deviation of noise on each pixel, where white is 1
        noise: f32 = Field::span(0.05, 0.0..=1.0, NOISES),
        /// largest change of all pixels alike, either way, where white is 1
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
        /// leave the first copy of each image as it is
        keep_originals: bool = Field::flag(),
        seed: u64 = SEED,
    }
}

/// Where the random numbers of made sets come from.
pub const SEED: Field = Field::whole(1, 0..=u32::MAX as usize, &[1, 2, 3, 4, 5])
    .meaning("where all random numbers come from");

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

impl AugmentedSettings {
    /// An error that names the first setting which is not in its range.
    pub fn check(&self) -> Result<(), DataError> {
        problem_of(self).map_or(Ok(()), |(_, problem)| Err(problem.into()))
    }
}
