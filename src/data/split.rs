//! Images of one shape with their labels, in memory.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::shape::Shape;

/// The pixels of a split, `[images, height, width, channels]`, in their original type.
#[derive(Clone, Debug, PartialEq)]
pub enum Pixels {
    /// 0 to 255.
    U8(Vec<u8>),
    /// 0 to 1.
    F32(Vec<f32>),
}

impl Pixels {
    /// Number of values, not images.
    pub fn len(&self) -> usize {
        match self {
            Self::U8(values) => values.len(),
            Self::F32(values) => values.len(),
        }
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Memory in bytes.
    pub fn memory_bytes(&self) -> usize {
        match self {
            Self::U8(values) => values.len(),
            Self::F32(values) => values.len() * size_of::<f32>(),
        }
    }
}

/// Images of one shape, each with the number of its class.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    shape: Shape,
    /// Shared between splits of the same images with other labels.
    pixels: Arc<Pixels>,
    labels: Vec<u16>,
}

impl Split {
    /// A split of `labels.len()` images.
    ///
    /// # Panics
    /// When `pixels` does not hold `labels.len()` images of `shape`.
    pub fn new(shape: Shape, pixels: Pixels, labels: Vec<u16>) -> Self {
        assert_eq!(
            pixels.len(),
            labels.len() * shape.len(),
            "{} images of {shape}",
            labels.len()
        );
        Self {
            shape,
            pixels: Arc::new(pixels),
            labels,
        }
    }

    /// The same images with other labels.
    pub(super) fn relabelled(&self, labels: Vec<u16>) -> Self {
        assert_eq!(labels.len(), self.len(), "one label an image");
        Self {
            labels,
            ..self.clone()
        }
    }

    /// The same images with rows and columns exchanged.
    pub(super) fn transposed(&self) -> Self {
        let pixels = match &*self.pixels {
            Pixels::U8(values) => Pixels::U8(transposed(values, self.shape)),
            Pixels::F32(values) => Pixels::F32(transposed(values, self.shape)),
        };
        Self::new(self.shape.transposed(), pixels, self.labels.clone())
    }

    /// The images at `positions`, in that order.
    pub(super) fn part(&self, positions: &[usize]) -> Self {
        fn picked<T: Copy>(values: &[T], length: usize, positions: &[usize]) -> Vec<T> {
            let images = positions.iter();
            let images = images.flat_map(|&at| &values[at * length..(at + 1) * length]);
            images.copied().collect()
        }
        let length = self.shape.len();
        let pixels = match &*self.pixels {
            Pixels::U8(values) => Pixels::U8(picked(values, length, positions)),
            Pixels::F32(values) => Pixels::F32(picked(values, length, positions)),
        };
        let labels = positions.iter().map(|&at| self.labels[at]).collect();
        Self::new(self.shape, pixels, labels)
    }

    /// Whether both share the same pixels in memory.
    pub(super) fn shares_pixels_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.pixels, &other.pixels)
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Shape of one image.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// `[images, height, width, channels]`.
    pub fn pixels(&self) -> &Pixels {
        &self.pixels
    }

    /// The class of each image.
    pub fn labels(&self) -> &[u16] {
        &self.labels
    }

    /// Image `index` in [0, 1] → `out` `[height, width, channels]`.
    ///
    /// # Panics
    /// When there is no such image, or `out` is not one image long.
    pub fn image(&self, index: usize, out: &mut [f32]) {
        let length = self.shape.len();
        let range = index * length..(index + 1) * length;
        match &*self.pixels {
            Pixels::U8(values) => scale(&values[range], out),
            Pixels::F32(values) => out.copy_from_slice(&values[range]),
        }
    }

    /// The images at `indices` in [0, 1] → `out` `[indices, height, width, channels]`. It allocates nothing, and threads may
    /// gather pieces of one batch side by side.
    ///
    /// # Panics
    /// When there is no image at an index, or `out` is not `indices.len()` images long.
    pub fn gather(&self, indices: &[u32], out: &mut [f32]) {
        let length = self.shape.len();
        assert_eq!(out.len(), indices.len() * length, "one place for an image");
        for (&index, out) in indices.iter().zip(out.chunks_exact_mut(length)) {
            self.image(index as usize, out);
        }
    }

    /// The classes of the images at `indices` → `out`.
    ///
    /// # Panics
    /// When there is no image at an index, or the lengths differ.
    pub fn gather_labels(&self, indices: &[u32], out: &mut [u16]) {
        assert_eq!(out.len(), indices.len(), "one place for a label");
        for (&index, out) in indices.iter().zip(out) {
            *out = self.labels[index as usize];
        }
    }

    /// Image `index` as 0 to 255, `[height, width, channels]`, for drawing.
    ///
    /// # Panics
    /// When there is no such image.
    pub fn image_u8(&self, index: usize) -> Vec<u8> {
        let length = self.shape.len();
        let range = index * length..(index + 1) * length;
        match &*self.pixels {
            Pixels::U8(values) => values[range].to_vec(),
            Pixels::F32(values) => values[range]
                .iter()
                .map(|value| (value * 255.0).round() as u8)
                .collect(),
        }
    }

    /// All pixels as 0 to 255 where each is one of these levels.
    ///
    /// # Errors
    /// The first image with a pixel between two levels.
    pub(super) fn whole_levels(&self) -> Result<Cow<'_, [u8]>, usize> {
        let values = match &*self.pixels {
            Pixels::U8(values) => return Ok(values.into()),
            Pixels::F32(values) => values,
        };
        let byte = |(place, value): (usize, &f32)| {
            let level = (value * 255.0).round();
            let is_whole = (value * 255.0 - level).abs() < 1e-4;
            is_whole
                .then_some(level as u8)
                .ok_or(place / self.shape.len())
        };
        let bytes = values.iter().enumerate().map(byte);
        bytes.collect::<Result<Vec<u8>, usize>>().map(Cow::from)
    }

    /// Number of images of each class.
    ///
    /// # Panics
    /// When a label is `classes` or more.
    pub fn class_counts(&self, classes: usize) -> Vec<usize> {
        let mut counts = vec![0; classes];
        for &label in &self.labels {
            counts[usize::from(label)] += 1;
        }
        counts
    }

    /// Bytes of pixels and labels.
    pub fn memory_bytes(&self) -> usize {
        self.pixels.memory_bytes() + self.labels.len() * size_of::<u16>()
    }

    /// Feeds shape, pixels and labels to a hash.
    pub(super) fn digest(&self, hasher: &mut Sha256) {
        let [height, width, channels] = self.shape.into();
        for length in [self.len(), height, width, channels] {
            hasher.update((length as u64).to_le_bytes());
        }
        match &*self.pixels {
            Pixels::U8(values) => {
                hasher.update(b"u8");
                hasher.update(values);
            }
            Pixels::F32(values) => {
                hasher.update(b"f32");
                let mut bytes = Vec::with_capacity(4 * 4096);
                for values in values.chunks(4096) {
                    bytes.clear();
                    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
                    hasher.update(&bytes);
                }
            }
        }
        for label in &self.labels {
            hasher.update(label.to_le_bytes());
        }
    }
}

/// 0 to 255 → 0 to 1, correctly rounded as `x / 255` in Keras examples is.
fn scale(values: &[u8], out: &mut [f32]) {
    assert_eq!(values.len(), out.len(), "one place for a pixel");
    for (&value, out) in values.iter().zip(out) {
        *out = f32::from(value) / 255.0;
    }
}

/// `[images, height, width, channels]` of this shape → `[images, width, height, channels]`.
pub(super) fn transposed<T: Copy + Default + Send + Sync>(pixels: &[T], shape: Shape) -> Vec<T> {
    let Shape {
        height,
        width,
        channels,
    } = shape;
    let mut turned = vec![T::default(); pixels.len()];
    let images = pixels.par_chunks_exact(shape.len());
    images
        .zip(turned.par_chunks_exact_mut(shape.len()))
        .for_each(|(from, to)| {
            for (place, pixel) in to.chunks_exact_mut(channels).enumerate() {
                let (column, row) = (place / height, place % height);
                let at = (row * width + column) * channels;
                pixel.copy_from_slice(&from[at..at + channels]);
            }
        });
    turned
}
