//! Mean images and standard deviations, class by class.

use serde::Serialize;

use crate::shape::Shape;

/// Statistics of a split.
#[derive(Clone, Debug, PartialEq)]
pub struct SplitStatistics {
    /// Number of images.
    pub images: usize,
    /// Moments of the mean pixel of each image, where white is 1.
    pub brightness: Moments,
    /// Every class of the set, those without images included.
    pub classes: Vec<ClassStatistics>,
}

/// Statistics of a class of a split; all 0 where it has no images.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassStatistics {
    /// Number of images.
    pub images: usize,
    /// Moments of the mean pixel of each image, where white is 1.
    pub brightness: Moments,
    /// Distance of images from the mean image: the root of the mean square over all pixels, where white is 1.
    pub spread: f64,
    /// The mean image `[height, width, channels]`, 0–255.
    pub mean: Vec<u8>,
    /// The standard deviation of each pixel `[height, width, channels]`, where white is 1: at most 0.5.
    pub deviation: Vec<f32>,
}

/// Mean and standard deviation of some numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Moments {
    /// Mean, in [0, 1].
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
}

/// Sums of numbers and of their squares.
#[derive(Clone, Copy, Default)]
struct Sum(f64, f64);

impl Sum {
    fn add(&mut self, value: f64) {
        self.0 += value;
        self.1 += value * value;
    }

    fn moments(self, count: usize) -> Moments {
        if count == 0 {
            return Moments::default();
        }
        let mean = self.0 / count as f64;
        // Rounding may give a value slightly below 0.
        let variance = (self.1 / count as f64 - mean * mean).max(0.0);
        let deviation = variance.sqrt();
        Moments { mean, deviation }
    }
}

/// The sums over the images of a split.
pub(super) struct Sums {
    reduction: Reduction,
    classes: Vec<ClassSums>,
    /// One image, reduced.
    small: Vec<f64>,
}

/// How images are reduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reduction {
    pub from: Shape,
    pub to: Shape,
    /// Pixels, each way, averaged into one.
    pub side: usize,
}

#[derive(Clone, Default)]
struct ClassSums {
    images: usize,
    brightness: Sum,
    pixels: Vec<Sum>,
}

impl Sums {
    /// Empty sums for images with this reduction.
    pub fn new(classes: usize, reduction: Reduction) -> Self {
        let shape = reduction.to;
        let empty = ClassSums {
            pixels: vec![Sum::default(); shape.len()],
            ..ClassSums::default()
        };
        Self {
            reduction,
            classes: vec![empty; classes],
            small: vec![0.0; shape.len()],
        }
    }

    /// Adds an image in [0, 1] of a class.
    pub fn add(&mut self, label: u16, image: &[f32]) {
        let class = &mut self.classes[usize::from(label)];
        let sum: f64 = image.iter().map(|value| f64::from(*value)).sum();
        class.images += 1;
        class.brightness.add(sum / image.len() as f64);
        if self.reduction.side == 1 {
            for (sum, value) in class.pixels.iter_mut().zip(image) {
                sum.add(f64::from(*value));
            }
        } else {
            self.reduction.apply(image, &mut self.small);
            for (sum, value) in class.pixels.iter_mut().zip(&self.small) {
                sum.add(*value);
            }
        }
    }

    pub fn finish(self) -> SplitStatistics {
        let (mut images, mut brightness) = (0, Sum::default());
        for class in &self.classes {
            images += class.images;
            brightness.0 += class.brightness.0;
            brightness.1 += class.brightness.1;
        }
        SplitStatistics {
            images,
            brightness: brightness.moments(images),
            classes: self.classes.into_iter().map(ClassSums::finish).collect(),
        }
    }
}

impl ClassSums {
    fn finish(self) -> ClassStatistics {
        let pixels = self.pixels.iter().map(|sum| sum.moments(self.images));
        let pixels: Vec<Moments> = pixels.collect();
        let variance: f64 = pixels.iter().map(|pixel| pixel.deviation.powi(2)).sum();
        let level = |pixel: &Moments| (255.0 * pixel.mean).round() as u8;
        ClassStatistics {
            images: self.images,
            brightness: self.brightness.moments(self.images),
            spread: (variance / pixels.len() as f64).sqrt(),
            mean: pixels.iter().map(level).collect(),
            deviation: pixels.iter().map(|pixel| pixel.deviation as f32).collect(),
        }
    }
}

impl Reduction {
    /// The mean of each square of `image`, cut off at the right and lower edge → `small`.
    fn apply(&self, image: &[f32], small: &mut [f64]) {
        let Self { from, to, side } = *self;
        let channels = from.channels;
        small.fill(0.0);
        for (y, row) in image.chunks_exact(from.width * channels).enumerate() {
            for (x, pixel) in row.chunks_exact(channels).enumerate() {
                let first = (y / side * to.width + x / side) * channels;
                for (sum, value) in small[first..].iter_mut().zip(pixel) {
                    *sum += f64::from(*value);
                }
            }
        }
        let covered = |place: usize, length: usize| side.min(length - place * side);
        for (place, pixel) in small.chunks_exact_mut(channels).enumerate() {
            let (y, x) = (place / to.width, place % to.width);
            let area = (covered(y, from.height) * covered(x, from.width)) as f64;
            pixel.iter_mut().for_each(|sum| *sum /= area);
        }
    }
}
