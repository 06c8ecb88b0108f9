//! A frame of zeros around images.

use super::pieces::{PIECE, for_pieces};
use crate::shape::Shape;

/// `size` zeros above, below, to the left and to the right of each image.
#[derive(Clone, Copy, Debug)]
pub struct ZeroPadding2d {
    /// Images.
    pub batch: usize,
    /// Of each image.
    pub input: Shape,
    /// Rows and columns of zeros at each side.
    pub size: usize,
}

impl ZeroPadding2d {
    /// The shape of one output image.
    pub const fn output(&self) -> Shape {
        Shape::new(
            self.input.height + 2 * self.size,
            self.input.width + 2 * self.size,
            self.input.channels,
        )
    }

    fn images_in_a_piece(&self) -> usize {
        (PIECE / self.output().len()).max(1)
    }

    /// For each line of one image: where it begins in the input and in the output, and its length.
    fn lines(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let (length, channels) = (self.input.width * self.input.channels, self.input.channels);
        let (padded, size) = (self.output().width * channels, self.size);
        (0..self.input.height)
            .map(move |y| (y * length, (y + size) * padded + size * channels, length))
    }
}

/// The images inside their frames into `output`.
pub fn forward(padding: &ZeroPadding2d, input: &[f32], output: &mut [f32]) {
    let (group, inner, outer) = lengths(padding);
    for_pieces(output, group * outer, |piece, output| {
        let images = input[piece * group * inner..].chunks_exact(inner);
        for (output, image) in output.chunks_exact_mut(outer).zip(images) {
            output.fill(0.0);
            for (from, to, length) in padding.lines() {
                output[to..][..length].copy_from_slice(&image[from..][..length]);
            }
        }
    });
}

/// The gradient with respect to the input, written whole: what lies inside the frame.
pub fn gradient(padding: &ZeroPadding2d, output_gradient: &[f32], input_gradient: &mut [f32]) {
    let (group, inner, outer) = lengths(padding);
    for_pieces(input_gradient, group * inner, |piece, input_gradient| {
        let images = output_gradient[piece * group * outer..].chunks_exact(outer);
        for (gradient, image) in input_gradient.chunks_exact_mut(inner).zip(images) {
            for (to, from, length) in padding.lines() {
                gradient[to..][..length].copy_from_slice(&image[from..][..length]);
            }
        }
    });
}

/// Images in a piece of work, and the lengths of one image without and with its frame.
fn lengths(padding: &ZeroPadding2d) -> (usize, usize, usize) {
    (
        padding.images_in_a_piece(),
        padding.input.len(),
        padding.output().len(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::reference_layers;
    use super::*;

    #[test]
    fn images_and_gradients_are_those_of_the_naive_twin() {
        for (input, size) in [
            (Shape::new(5, 7, 3), 2),
            (Shape::new(28, 28, 1), 1),
            (Shape::new(3, 3, 2), 0),
            (Shape::new(1, 1, 4), 5),
        ] {
            let padding = ZeroPadding2d {
                batch: 41,
                input,
                size,
            };
            let values = |length: usize| -> Vec<f32> { (1..=length).map(|i| i as f32).collect() };
            let images = values(41 * input.len());
            let gradients = values(41 * padding.output().len());
            let (mut fast, mut naive) = (gradients.clone(), gradients.clone());
            forward(&padding, &images, &mut fast);
            reference_layers::zero_padding2d(&padding, &images, &mut naive);
            assert_eq!(fast, naive);
            let (mut fast, mut naive) = (images.clone(), images.clone());
            gradient(&padding, &gradients, &mut fast);
            reference_layers::zero_padding2d_gradient(&padding, &gradients, &mut naive);
            assert_eq!(fast, naive);
        }
    }
}
