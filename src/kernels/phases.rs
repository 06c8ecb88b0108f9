//! Images cut into phases: every `dilation`-th row and column, from each of the first ones on. A window whose pixels are `dilation` apart
//! covers neighbouring pixels of one phase, so that a dilated convolution is an undilated one of each phase.
//!
//! Source: Chen et al. 2015, "Semantic image segmentation with deep convolutional nets"; TensorFlow's `space_to_batch`.

use super::pieces::for_images;
use crate::shape::Shape;

/// Images and their phases, `[batch · dilation², height, width, channels]`.
#[derive(Clone, Copy, Debug)]
pub struct Phases {
    /// Of each image.
    pub image: Shape,
    /// Rows from one of a phase to the next, and columns.
    pub dilation: usize,
    /// Rows above the image and columns left of it, which are zeros in the phases.
    pub before: (usize, usize),
    /// Of each phase.
    pub phase: Shape,
}

impl Phases {
    /// The index of a phase among those of its image, and the index there of a pixel of the image.
    fn place(&self, y: usize, x: usize) -> (usize, usize) {
        let (y, x) = (y + self.before.0, x + self.before.1);
        let phase = y % self.dilation * self.dilation + x % self.dilation;
        (
            phase,
            y / self.dilation * self.phase.width + x / self.dilation,
        )
    }

    /// The length of all phases of an image.
    pub const fn length(&self) -> usize {
        self.dilation * self.dilation * self.phase.len()
    }

    /// For each pixel of an image calls `visit` with its range and the range of its place among the phases.
    fn for_each_pixel(
        &self,
        mut visit: impl FnMut(std::ops::Range<usize>, std::ops::Range<usize>),
    ) {
        let channels = self.image.channels;
        for y in 0..self.image.height {
            for x in 0..self.image.width {
                let (phase, place) = self.place(y, x);
                let pixel = (y * self.image.width + x) * channels;
                let place = phase * self.phase.len() + place * channels;
                visit(pixel..pixel + channels, place..place + channels);
            }
        }
    }

    /// Writes the phases of each image, with zeros where there is no pixel.
    pub fn split(&self, images: &[f32], phases: &mut [f32]) {
        let length = self.image.len();
        for_images(phases, self.length(), |numbers, phases| {
            let images = images[numbers.start * length..].chunks_exact(length);
            for (image, phases) in images.zip(phases.chunks_exact_mut(self.length())) {
                phases.fill(0.0);
                self.for_each_pixel(|pixel, place| phases[place].copy_from_slice(&image[pixel]));
            }
        });
    }

    /// Writes each image from its phases.
    pub fn merge(&self, phases: &[f32], images: &mut [f32]) {
        for_images(images, self.image.len(), |numbers, images| {
            let phases = phases[numbers.start * self.length()..].chunks_exact(self.length());
            for (image, phases) in images.chunks_exact_mut(self.image.len()).zip(phases) {
                self.for_each_pixel(|pixel, place| image[pixel].copy_from_slice(&phases[place]));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

    #[test]
    fn each_pixel_has_its_place_and_the_rest_is_zero() {
        let phases = Phases {
            image: Shape::new(5, 4, 3),
            dilation: 3,
            before: (2, 1),
            phase: Shape::new(4, 2, 3),
        };
        let images = noise(1, 2 * phases.image.len());
        let mut split = vec![f32::NAN; 2 * phases.length()];
        phases.split(&images, &mut split);
        for (i, value) in split.iter().enumerate() {
            // [image, phase, row, column, channel]
            let (n, phase, row, column, c) = (i / 216, i / 24 % 9, i / 6 % 4, i / 3 % 2, i % 3);
            let (y, x) = (row * 3 + phase / 3, column * 3 + phase % 3);
            let inside = (2..7).contains(&y) && (1..5).contains(&x);
            let expected = match inside {
                true => images[((n * 5 + y - 2) * 4 + x - 1) * 3 + c],
                false => 0.0,
            };
            assert_eq!(*value, expected, "{i}");
        }
        let mut merged = vec![f32::NAN; images.len()];
        phases.merge(&split, &mut merged);
        assert_eq!(merged, images);
    }
}
