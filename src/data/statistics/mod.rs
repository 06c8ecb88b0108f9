//! Statistics of a set: the mean image of each class and the standard deviation from it, brightness, and duplicate
//! images.

mod classes;
mod duplicates;

pub use classes::{ClassStatistics, Moments, SplitStatistics};
pub use duplicates::{DuplicatePair, Duplicates};

use classes::Reduction;

use super::dataset::Dataset;
use super::error::DataError;
use super::progress::Progress;
use super::split::Split;
use crate::shape::Shape;

/// Maximum pixels of the mean images of all classes together: large images of many classes are averaged over squares.
const MOST_PIXELS: usize = 1 << 21;

/// Images between two reports of progress.
const REPORT: usize = 512;

/// Statistics of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct SetStatistics {
    /// Shape of the mean images and their standard deviations.
    pub shape: Shape,
    /// Pixels of an image, each way, averaged into one of a mean image.
    pub reduction: usize,
    /// Statistics of its training images.
    pub train: SplitStatistics,
    /// Statistics of its test images.
    pub test: SplitStatistics,
    /// Statistics of its validation images, if it has some.
    pub validation: Option<SplitStatistics>,
    /// Duplicate images.
    pub duplicates: Duplicates,
}

impl SetStatistics {
    /// Measures a set in one pass over its images, on the caller's thread.
    ///
    /// # Errors
    /// [`DataError::Cancelled`] where `progress` is cancelled.
    pub fn of(dataset: &Dataset, progress: &Progress<'_>) -> Result<Self, DataError> {
        Self::reduced(dataset, MOST_PIXELS, progress)
    }

    /// The same with at most this many pixels in all mean images together.
    fn reduced(
        dataset: &Dataset,
        most_pixels: usize,
        progress: &Progress<'_>,
    ) -> Result<Self, DataError> {
        let reduction = reduction(dataset.shape(), dataset.classes(), most_pixels);
        let splits = [dataset.train(), dataset.test()].into_iter();
        let splits: Vec<&Split> = splits.chain(dataset.validation()).collect();
        let all = splits.iter().map(|split| split.len()).sum::<usize>() as u64;
        let mut done = 0;
        let mut fingerprints = Vec::with_capacity(all as usize);
        let mut pixels = vec![0.0; dataset.shape().len()];
        let mut measure = |number: usize| -> Result<SplitStatistics, DataError> {
            let split = splits[number];
            let mut sums = classes::Sums::new(dataset.classes(), reduction);
            for (index, &label) in split.labels().iter().enumerate() {
                if index.is_multiple_of(REPORT) {
                    progress.step(done + index as u64, all)?;
                }
                split.image(index, &mut pixels);
                sums.add(label, &pixels);
                fingerprints.push(duplicates::Fingerprint::of(&pixels, number, index));
            }
            done += split.len() as u64;
            Ok(sums.finish())
        };
        let (train, test) = (measure(0)?, measure(1)?);
        let validation = dataset.validation().map(|_| measure(2)).transpose()?;
        let duplicates = duplicates::count(&splits, fingerprints);
        progress.step(all, all)?;
        Ok(Self {
            shape: reduction.to,
            reduction: reduction.side,
            train,
            test,
            validation,
            duplicates,
        })
    }
}

/// The reduction with which the mean images of all classes have at most `most_pixels` together.
fn reduction(shape: Shape, classes: usize, most_pixels: usize) -> Reduction {
    let reduced = |side: usize| {
        let cut = |length: usize| length.div_ceil(side);
        Reduction {
            from: shape,
            to: Shape::new(cut(shape.height), cut(shape.width), shape.channels),
            side,
        }
    };
    let whole = shape.height.max(shape.width);
    (1..whole)
        .map(reduced)
        .find(|reduction| classes * reduction.to.len() <= most_pixels)
        .unwrap_or_else(|| reduced(whole))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::data::{Parts, Pixels, Source, Split};

    /// A set of 2×2 images with these pixels and labels.
    fn set(train: (&[[u8; 4]], &[u16]), test: (&[[u8; 4]], &[u16])) -> Dataset {
        let split = |(images, labels): (&[[u8; 4]], &[u16])| {
            let pixels = images.concat();
            Split::new(Shape::new(2, 2, 1), Pixels::U8(pixels), labels.to_vec())
        };
        Dataset::new(Parts {
            name: "squares".into(),
            source: Source::Digits,
            class_names: vec!["a".into(), "b".into()],
            train: split(train),
            test: split(test),
            validation: None,
        })
        .unwrap()
    }

    fn statistics(dataset: &Dataset) -> SetStatistics {
        SetStatistics::of(dataset, &Progress::silent()).unwrap()
    }

    #[test]
    fn means_and_spreads_are_those_of_each_class() {
        let train: &[[u8; 4]] = &[[0, 255, 51, 0], [255, 255, 51, 0], [255, 0, 0, 0]];
        let statistics = statistics(&set((train, &[0, 0, 1]), (&[[9; 4]], &[1])));
        let [a, b] = &statistics.train.classes[..] else {
            panic!("two classes");
        };
        assert_eq!((a.images, b.images), (2, 1));
        assert_eq!(a.mean, [128, 255, 51, 0]);
        let deviation: Vec<f32> = vec![0.5, 0.0, 0.0, 0.0];
        for (found, expected) in a.deviation.iter().zip(&deviation) {
            assert!((found - expected).abs() < 1e-6, "{:?}", a.deviation);
        }
        assert!((a.spread - 0.25).abs() < 1e-6, "{}", a.spread);
        // Means of 0.3 and 0.55.
        assert!((a.brightness.mean - 0.425).abs() < 1e-6);
        assert!((a.brightness.deviation - 0.125).abs() < 1e-6);
        assert_eq!(b.deviation, [0.0; 4]);
        assert_eq!(statistics.test.classes[0].images, 0);
        assert_eq!(statistics.test.classes[0].mean, [0; 4]);
        assert!((statistics.train.brightness.mean - 1.1 / 3.0).abs() < 1e-6);
        assert_eq!(
            (statistics.shape, statistics.reduction),
            (Shape::new(2, 2, 1), 1)
        );
    }

    #[test]
    fn equal_images_are_counted_within_and_between_the_splits() {
        let (x, y, z) = ([1, 2, 3, 4], [4, 3, 2, 1], [7; 4]);
        let train = (&[x, y, x, x][..], &[0, 0, 0, 1][..]);
        let test = (&[x, z, z, y][..], &[0, 1, 1, 0][..]);
        let found = statistics(&set(train, test)).duplicates;
        assert_eq!(found.test_in_train, 2);
        assert_eq!(found.contradicting, 1, "x is also of class b in training");
        assert_eq!(found.within_train, 2);
        assert_eq!(found.within_test, 1);
        let pair = |test, test_label, train, train_label| DuplicatePair {
            test,
            test_label,
            train,
            train_label,
        };
        // Those that contradict each other come first.
        assert_eq!(found.examples, [pair(0, 0, 3, 1), pair(3, 0, 1, 0)]);
    }

    #[test]
    fn the_type_of_the_pixels_makes_no_difference() {
        let mut dataset = set((&[[0, 51, 255, 0]], &[0]), (&[[0, 51, 255, 0]], &[1]));
        let test = vec![-0.0, 51.0 / 255.0, 1.0, 0.0];
        dataset = Dataset::new(Parts {
            name: dataset.name.clone(),
            source: Source::Digits,
            class_names: dataset.class_names().to_vec(),
            train: dataset.train().clone(),
            test: Split::new(dataset.shape(), Pixels::F32(test), vec![1]),
            validation: None,
        })
        .unwrap();
        let statistics = statistics(&dataset);
        assert_eq!(statistics.duplicates.test_in_train, 1);
        assert_eq!(statistics.duplicates.contradicting, 1);
        assert_eq!(statistics.test.classes[1].mean, [0, 51, 255, 0]);
    }

    #[test]
    fn large_images_are_averaged_over_squares() {
        let reduced = |shape, classes| {
            let reduction = reduction(shape, classes, MOST_PIXELS);
            (reduction.to, reduction.side)
        };
        let (large, small) = (Shape::new(512, 512, 3), Shape::new(28, 28, 1));
        assert_eq!(reduced(large, 1000), (Shape::new(26, 26, 3), 20));
        assert_eq!(reduced(small, 1000), (small, 1));
        let train = (&[[0, 255, 255, 255]][..], &[0][..]);
        let dataset = set(train, (&[[0; 4]], &[1]));
        let statistics = SetStatistics::reduced(&dataset, 2, &Progress::silent()).unwrap();
        assert_eq!(
            (statistics.shape, statistics.reduction),
            (Shape::new(1, 1, 1), 2)
        );
        assert_eq!(statistics.train.classes[0].mean, [191]);
    }

    #[test]
    fn it_ends_when_nobody_wants_it_any_more() {
        let dataset = set((&[[0; 4]], &[0]), (&[[0; 4]], &[1]));
        let cancelled = AtomicBool::new(true);
        let progress = Progress::new(&cancelled, |_, _| {});
        let found = SetStatistics::of(&dataset, &progress);
        assert!(matches!(found, Err(DataError::Cancelled)));
    }
}
