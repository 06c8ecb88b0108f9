//! Max pooling with windows that do not overlap.

use super::pieces::{PIECE, for_each, for_pieces};
use super::tier::in_every_tier;
use crate::shape::{Padding, Shape, Window};

/// Windows of `size × size`, stride equal to the size, only those inside the image.
#[derive(Clone, Copy, Debug)]
pub struct MaxPool2d {
    /// Images.
    pub batch: usize,
    /// Of each image.
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
    let pieces = output
        .chunks_mut(group * length)
        .zip(places.chunks_mut(group * length))
        .zip(input.chunks(group * pool.input.len()));
    for_each(pieces, |((output, places), input)| {
        find_largest(pool, input, output, places);
    });
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
            let corner = &input[corner * channels..];
            let (wide, rest) = output.as_chunks_mut::<LANES>();
            let (wide_places, rest_places) = places.as_chunks_mut::<LANES>();
            for (block, (output, places)) in wide.iter_mut().zip(wide_places).enumerate() {
                largest_of(pool, &corner[block * LANES..], output, places);
            }
            let done = channels - rest.len();
            for (c, (output, place)) in rest.iter_mut().zip(rest_places).enumerate() {
                let (mut one, mut at) = ([0.0], [0]);
                largest_of(pool, &corner[done + c..], &mut one, &mut at);
                (*output, *place) = (one[0], at[0]);
            }
        }
    }
}

/// Channels that are compared together, in registers.
const LANES: usize = 16;

/// The largest values of one window, `N` neighbouring channels at once; `input` begins with the window's first.
#[inline(always)]
fn largest_of<const N: usize>(
    pool: &MaxPool2d,
    input: &[f32],
    output: &mut [f32; N],
    places: &mut [u16; N],
) {
    let channels = pool.input.channels;
    let values_at = |pixel: usize| -> &[f32; N] {
        let values = input.get(pixel * channels..);
        values
            .and_then(<[f32]>::first_chunk)
            .expect("the window lies inside the image")
    };
    let (mut best, mut best_places) = (*values_at(0), [0u32; N]);
    let mut place = 0;
    for ky in 0..pool.size {
        for kx in 0..pool.size {
            let values = values_at(ky * pool.input.width + kx);
            for i in 0..N {
                // Not-a-number wins and stays, so that a training gone wrong is seen.
                let better = (values[i] > best[i]) | values[i].is_nan();
                best[i] = if better { values[i] } else { best[i] };
                best_places[i] = if better { place } else { best_places[i] };
            }
            place += 1;
        }
    }
    (*output, *places) = (best, best_places.map(|place| place as u16));
}

/// The gradients whose place is `place`, zeros instead of the others.
#[inline(always)]
fn kept_at(place: u16, gradient: &[f32; LANES], places: &[u16; LANES]) -> [f32; LANES] {
    let mut kept = [0.0; LANES];
    for i in 0..LANES {
        let mask = 0u32.wrapping_sub(u32::from(places[i] == place));
        kept[i] = f32::from_bits(gradient[i].to_bits() & mask);
    }
    kept
}

/// The gradient with respect to the input, written whole: each output's gradient at the place of the largest value, zero elsewhere.
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
            let (wide, rest) = gradient.as_chunks::<LANES>();
            let (wide_places, rest_places) = places.as_chunks::<LANES>();
            let done = channels - rest.len();
            for place in 0..size * size {
                let pixel = corner + place / size * shape.width + place % size;
                let target = &mut input_gradient[pixel * channels..][..channels];
                let blocks = wide.iter().zip(wide_places).zip(target.as_chunks_mut::<LANES>().0);
                for ((gradient, places), target) in blocks {
                    *target = kept_at(place as u16, gradient, places);
                }
                for ((target, gradient), at) in target[done..].iter_mut().zip(rest).zip(rest_places) {
                    *target = if usize::from(*at) == place { *gradient } else { 0.0 };
                }
            }
        }
    }
}
