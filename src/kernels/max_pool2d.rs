//! Max pooling with windows that do not overlap.

use rayon::prelude::*;

use super::pieces::{PIECE, for_pieces};
use super::tier::in_every_tier;
use crate::shape::{Padding, Shape, Window};

/// Windows of `size × size`, stride equal to the size, only those that lie inside the image.
#[derive(Clone, Copy, Debug)]
pub struct MaxPool2d {
    pub batch: usize,
    pub input: Shape,
    /// At most 255, so that a place in the window fits 16 bits.
    pub size: usize,
}

impl MaxPool2d {
    /// The shape of one output image.
    pub const fn output(&self) -> Shape {
        let window = Window {
            size: self.size,
            stride: self.size,
            padding: Padding::Valid,
        };
        window.slide(self.input, self.input.channels)
    }

    fn images_in_a_piece(&self) -> usize {
        (PIECE / self.input.len()).max(1)
    }
}

/// The largest value of each window into `output`, `[batch, height / size, width / size, channels]`, and its place in the window
/// (`ky · size + kx`; the first of equals) into `places`.
pub fn forward(pool: &MaxPool2d, input: &[f32], output: &mut [f32], places: &mut [u16]) {
    let (group, length) = (pool.images_in_a_piece(), pool.output().len());
    output
        .par_chunks_mut(group * length)
        .zip(places.par_chunks_mut(group * length))
        .zip(input.par_chunks(group * pool.input.len()))
        .with_max_len(1)
        .for_each(|((output, places), input)| find_largest(pool, input, output, places));
}

in_every_tier! {
    fn find_largest(pool: &MaxPool2d, input: &[f32], output: &mut [f32], places: &mut [u16]) {
        let (shape, pooled, size) = (pool.input, pool.output(), pool.size);
        let channels = shape.channels;
        let pixels = output.chunks_exact_mut(channels).zip(places.chunks_exact_mut(channels));
        for (index, (output, places)) in pixels.enumerate() {
            let (line, ox) = (index / pooled.width, index % pooled.width);
            let (image, oy) = (line / pooled.height, line % pooled.height);
            let corner = (image * shape.height + oy * size) * shape.width + ox * size;
            output.copy_from_slice(&input[corner * channels..][..channels]);
            places.fill(0);
            for place in 1..size * size {
                let pixel = corner + place / size * shape.width + place % size;
                let values = &input[pixel * channels..][..channels];
                for ((best, best_place), value) in output.iter_mut().zip(places.iter_mut()).zip(values) {
                    let better = *value > *best;
                    *best = if better { *value } else { *best };
                    *best_place = if better { place as u16 } else { *best_place };
                }
            }
        }
    }
}

/// The gradient by the input, written whole: each output's gradient at the place of the largest value, zero elsewhere.
pub fn gradient(
    pool: &MaxPool2d,
    output_gradient: &[f32],
    places: &[u16],
    input_gradient: &mut [f32],
) {
    let (group, length) = (pool.images_in_a_piece(), pool.output().len());
    for_pieces(
        input_gradient,
        group * pool.input.len(),
        |piece, input_gradient| {
            let images = input_gradient.len() / pool.input.len();
            let range = piece * group * length..(piece * group + images) * length;
            spread(
                pool,
                &output_gradient[range.clone()],
                &places[range],
                input_gradient,
            );
        },
    );
}

in_every_tier! {
    fn spread(pool: &MaxPool2d, output_gradient: &[f32], places: &[u16], input_gradient: &mut [f32]) {
        let (shape, pooled, size) = (pool.input, pool.output(), pool.size);
        let channels = shape.channels;
        let covered = (pooled.height * size, pooled.width * size);
        if covered != (shape.height, shape.width) {
            input_gradient.fill(0.0);
        }
        let pixels = output_gradient.chunks_exact(channels).zip(places.chunks_exact(channels));
        for (index, (gradient, places)) in pixels.enumerate() {
            let (line, ox) = (index / pooled.width, index % pooled.width);
            let (image, oy) = (line / pooled.height, line % pooled.height);
            let corner = (image * shape.height + oy * size) * shape.width + ox * size;
            for place in 0..size * size {
                let pixel = corner + place / size * shape.width + place % size;
                let target = &mut input_gradient[pixel * channels..][..channels];
                for ((target, gradient), at) in target.iter_mut().zip(gradient).zip(places) {
                    *target = if usize::from(*at) == place { *gradient } else { 0.0 };
                }
            }
        }
    }
}
