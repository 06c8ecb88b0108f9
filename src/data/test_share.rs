//! A set that comes as one part: a share of each class becomes the test images.

use std::path::Path;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64;

use super::error::{DataError, Problem};
use super::format::ImageOptions;
use super::split::Split;
use crate::wording::{counted, thousands};

/// Takes the test images of one class after the other; the same seed takes the same ones.
pub(super) struct TestShare {
    share: f64,
    seed: u64,
    random: Pcg64,
    /// Images of all classes so far, and how many of them are for testing.
    seen: usize,
    taken: usize,
}

impl TestShare {
    pub(super) fn new(options: &ImageOptions) -> Self {
        Self {
            share: options.test_share.clamp(0.0, 1.0),
            seed: options.seed,
            random: Pcg64::seed_from_u64(options.seed),
            seen: 0,
            taken: 0,
        }
    }

    /// Divides the images of the next class into those for training and those for testing: the share of them, rounded, but where there are
    /// two or more, at least one for each.
    pub(super) fn divide<T>(&mut self, mut images: Vec<T>) -> (Vec<T>, Vec<T>) {
        images.shuffle(&mut self.random);
        let count = (images.len() as f64 * self.share).round() as usize;
        let count = match images.len() {
            2.. if self.share > 0.0 && self.share < 1.0 => count.clamp(1, images.len() - 1),
            _ => count,
        };
        self.seen += images.len();
        self.taken += count;
        let test = images.drain(..count).collect();
        (images, test)
    }

    /// How the images were divided: `12 of 60 images are test images: 20 % of each class, seed 1`.
    pub(super) fn note(&self) -> String {
        let are = match self.taken {
            1 => "is a test image",
            _ => "are test images",
        };
        format!(
            "{} of {} {are}: {} % of each class, seed {}",
            thousands(self.taken),
            counted(self.seen, "image"),
            (self.share * 1000.0).round() / 10.0,
            self.seed
        )
    }

    /// Refuses a share that left the training or the test split of the set at `place` without images.
    pub(super) fn check(&self, place: &Path) -> Result<(), DataError> {
        let without = match (self.taken, self.seen - self.taken) {
            (0, _) => "test",
            (_, 0) => "training",
            _ => return Ok(()),
        };
        let problem = Problem::TestShare {
            share: self.share,
            images: self.seen,
            taken: self.taken,
        };
        Err(problem.at(format_args!("{}: {without} images", place.display())))
    }
}

/// The training and the test split of a set that comes as one, in the order of its images, and a note about them.
pub(super) fn divided(
    whole: &Split,
    classes: usize,
    options: &ImageOptions,
    path: &Path,
) -> Result<(Split, Split, String), DataError> {
    let mut positions = vec![Vec::new(); classes];
    for (position, &label) in whole.labels().iter().enumerate() {
        positions[usize::from(label)].push(position);
    }
    let mut share = TestShare::new(options);
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for positions in positions {
        let (of_train, of_test) = share.divide(positions);
        train.extend(of_train);
        test.extend(of_test);
    }
    share.check(path)?;
    train.sort_unstable();
    test.sort_unstable();
    Ok((whole.part(&train), whole.part(&test), share.note()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(test_share: f64) -> TestShare {
        TestShare::new(&ImageOptions {
            test_share,
            ..ImageOptions::default()
        })
    }

    #[test]
    fn each_class_gives_its_share_and_two_images_give_one_to_each() {
        let counts = |share: f64, images: usize| of(share).divide((0..images).collect()).1.len();
        assert_eq!(
            [10, 7, 5, 2, 1, 0].map(|images| counts(0.2, images)),
            [2, 1, 1, 1, 0, 0]
        );
        assert_eq!([2, 10].map(|images| counts(0.96, images)), [1, 9]);
        assert_eq!([1, 2].map(|images| counts(0.5, images)), [1, 1]);
        assert_eq!([2, 10].map(|images| counts(0.0, images)), [0, 0]);
        assert_eq!([2, 10].map(|images| counts(1.0, images)), [2, 10]);
    }

    #[test]
    fn a_share_without_test_or_training_images_is_told() {
        for (share, classes, is_right) in [
            (0.2, &[1, 1][..], false),
            (0.0, &[10, 10], false),
            (1.0, &[10, 10], false),
            (0.2, &[1, 2], true),
        ] {
            let mut shares = of(share);
            for &images in classes {
                let (train, test) = shares.divide((0..images).collect::<Vec<u32>>());
                assert_eq!(train.len() + test.len(), images as usize);
            }
            assert_eq!(
                shares.check(Path::new("set")).is_ok(),
                is_right,
                "{share} of {classes:?}"
            );
        }
    }
}
