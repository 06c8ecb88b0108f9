//! Mean images and spreads, class by class.

use serde::Serialize;

use crate::shape::Shape;

/// A split in statistics.
#[derive(Clone, Debug, PartialEq)]
pub struct SplitStatistics {
    pub images: usize,
    /// Of the mean pixel of each image, where white is 1.
    pub brightness: Moments,
    /// Every class of the set, those without images included.
    pub classes: Vec<ClassStatistics>,
}

/// A class of a split in statistics; of no images all figures are 0.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassStatistics {
    pub images: usize,
    /// Of the mean pixel of each image, where white is 1.
    pub brightness: Moments,
    /// How far images lie from the mean image: the root of the mean square over all pixels, where white is 1.
    pub spread: f64,
    /// The mean image `[height, width, channels]`, 0–255.
    pub mean: Vec<u8>,
    /// The standard deviation of each pixel `[height, width, channels]`, where white is 1: at most 0.5.
    pub deviation: Vec<f32>,
}

/// Mean and standard deviation of some numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Moments {
    pub mean: f64,
    pub deviation: f64,
}

impl Moments {
    fn new(count: usize, sum: f64, squares: f64) -> Self {
        if count == 0 {
            return Self::default();
        }
        let mean = sum / count as f64;
        // Rounding may leave a little less than nothing.
        let variance = (squares / count as f64 - mean * mean).max(0.0);
        Self {
            mean,
            deviation: variance.sqrt(),
        }
    }
}

/// What is summed up of the images of a split.
pub(super) struct Sums {
    reduction: Reduction,
    classes: Vec<ClassSums>,
    /// One image, reduced.
    small: Vec<f64>,
}

/// How images become smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reduction {
    pub from: Shape,
    pub to: Shape,
    /// Pixels, each way, that become one.
    pub side: usize,
}

#[derive(Clone, Default)]
struct ClassSums {
    images: usize,
    brightness: (f64, f64),
    pixels: Vec<f64>,
    squares: Vec<f64>,
}

impl Sums {
    /// Nothing yet of images that are reduced so.
    pub fn new(classes: usize, reduction: Reduction) -> Self {
        let shape = reduction.to;
        let empty = ClassSums {
            pixels: vec![0.0; shape.len()],
            squares: vec![0.0; shape.len()],
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
        let brightness = sum / image.len() as f64;
        class.images += 1;
        class.brightness.0 += brightness;
        class.brightness.1 += brightness * brightness;
        let mut add = |place: usize, value: f64| {
            class.pixels[place] += value;
            class.squares[place] += value * value;
        };
        if self.reduction.side == 1 {
            for (place, value) in image.iter().enumerate() {
                add(place, f64::from(*value));
            }
        } else {
            self.reduction.apply(image, &mut self.small);
            for (place, value) in self.small.iter().enumerate() {
                add(place, *value);
            }
        }
    }

    pub fn finish(self) -> SplitStatistics {
        let classes = self.classes.iter();
        let (images, sum, squares) =
            classes.fold((0, 0.0, 0.0), |(images, sum, squares), class| {
                (
                    images + class.images,
                    sum + class.brightness.0,
                    squares + class.brightness.1,
                )
            });
        SplitStatistics {
            images,
            brightness: Moments::new(images, sum, squares),
            classes: self.classes.into_iter().map(ClassSums::finish).collect(),
        }
    }
}

impl ClassSums {
    fn finish(self) -> ClassStatistics {
        let moments: Vec<Moments> = self
            .pixels
            .iter()
            .zip(&self.squares)
            .map(|(sum, squares)| Moments::new(self.images, *sum, *squares))
            .collect();
        let variance: f64 = moments.iter().map(|pixel| pixel.deviation.powi(2)).sum();
        ClassStatistics {
            images: self.images,
            brightness: Moments::new(self.images, self.brightness.0, self.brightness.1),
            spread: (variance / moments.len() as f64).sqrt(),
            mean: moments
                .iter()
                .map(|pixel| (255.0 * pixel.mean).round() as u8)
                .collect(),
            deviation: moments.iter().map(|pixel| pixel.deviation as f32).collect(),
        }
    }
}

impl Reduction {
    /// The mean of each square of `image`, those at the right and lower edge as far as they go → `small`.
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
