//! Pooling with windows that may overlap, leave gaps, or reach beyond the image, where only pixels inside it count.

use super::pieces::{PIECE, for_each, for_pieces};
use super::tier::in_every_tier;
use crate::shape::{Shape, Window};

/// Windows that slide over images, each channel on its own.
#[derive(Clone, Copy, Debug)]
pub struct SlidingPool2d {
    /// Images.
    pub batch: usize,
    /// Of each image.
    pub input: Shape,
    /// At most 255 in size, so that a place in the window fits 16 bits.
    pub window: Window,
}

impl SlidingPool2d {
    /// The shape of one output image.
    pub const fn output(&self) -> Shape {
        self.window.slide(self.input, self.input.channels)
    }

    fn images_in_a_piece(&self) -> usize {
        (PIECE / self.input.len()).max(1)
    }

    /// Where the pixels lie in the window with this index, `[image, height, width]`.
    #[inline(always)]
    fn covered(&self, index: usize) -> Covered {
        let (input, output) = (self.input, self.output());
        let (line, ox) = (index / output.width, index % output.width);
        let (image, oy) = (line / output.height, line % output.height);
        let (rows, columns) = (self.inside(oy, input.height), self.inside(ox, input.width));
        Covered {
            pixel: (image * input.height + rows.pixel) * input.width + columns.pixel,
            rows,
            columns,
        }
    }

    /// The part of a window inside the image, along one axis.
    #[inline(always)]
    fn inside(&self, position: usize, length: usize) -> Inside {
        let (corner, zeros) = (position * self.window.stride, self.window.zeros(length).0);
        let first = zeros.saturating_sub(corner);
        Inside {
            first,
            count: self.window.size.min(length + zeros - corner) - first,
            pixel: corner + first - zeros,
        }
    }
}

/// The first tap inside the image along one axis, the number of such taps, and the pixel under the first.
#[derive(Clone, Copy)]
struct Inside {
    first: usize,
    count: usize,
    pixel: usize,
}

/// The part of a window inside the image, and the index of its first pixel.
#[derive(Clone, Copy)]
struct Covered {
    rows: Inside,
    columns: Inside,
    pixel: usize,
}

impl Covered {
    const fn count(&self) -> usize {
        self.rows.count * self.columns.count
    }

    /// The index of a pixel, and its place in the window.
    #[inline(always)]
    fn at(&self, pool: &SlidingPool2d, number: usize) -> (usize, usize) {
        let (row, column) = (number / self.columns.count, number % self.columns.count);
        (
            self.pixel + row * pool.input.width + column,
            (self.rows.first + row) * pool.window.size + self.columns.first + column,
        )
    }
}

/// The largest value of each window into `output`, and its place in the window (`ky · size + kx`; the first of equals) into `places`.
pub fn largest(pool: &SlidingPool2d, input: &[f32], output: &mut [f32], places: &mut [u16]) {
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
    fn find_largest(pool: &SlidingPool2d, input: &[f32], output: &mut [f32], places: &mut [u16]) {
        let channels = pool.input.channels;
        let windows = output.chunks_exact_mut(channels).zip(places.chunks_exact_mut(channels));
        for (index, (output, places)) in windows.enumerate() {
            let covered = pool.covered(index);
            for number in 0..covered.count() {
                let (pixel, place) = covered.at(pool, number);
                let values = &input[pixel * channels..][..channels];
                for ((best, at), value) in output.iter_mut().zip(&mut *places).zip(values) {
                    // Not-a-number wins and stays, so that a training gone wrong is seen.
                    let better = (number == 0) | (*value > *best) | value.is_nan();
                    *best = if better { *value } else { *best };
                    *at = if better { place as u16 } else { *at };
                }
            }
        }
    }
}

/// The gradient with respect to the input, written whole: each output's gradient is added at the place of the largest value.
pub fn largest_gradient(
    pool: &SlidingPool2d,
    output_gradient: &[f32],
    places: &[u16],
    input_gradient: &mut [f32],
) {
    let (group, length) = (pool.images_in_a_piece(), pool.output().len());
    for_pieces(input_gradient, group * pool.input.len(), |piece, target| {
        let images = target.len() / pool.input.len();
        let range = piece * group * length..(piece * group + images) * length;
        spread_to_largest(
            pool,
            &output_gradient[range.clone()],
            &places[range],
            target,
        );
    });
}

in_every_tier! {
    fn spread_to_largest(pool: &SlidingPool2d, gradient: &[f32], places: &[u16], target: &mut [f32]) {
        let channels = pool.input.channels;
        target.fill(0.0);
        let windows = gradient.chunks_exact(channels).zip(places.chunks_exact(channels));
        for (index, (gradient, places)) in windows.enumerate() {
            let covered = pool.covered(index);
            for number in 0..covered.count() {
                let (pixel, place) = covered.at(pool, number);
                let target = &mut target[pixel * channels..][..channels];
                for ((target, gradient), at) in target.iter_mut().zip(gradient).zip(places) {
                    *target += if *at == place as u16 { *gradient } else { 0.0 };
                }
            }
        }
    }
}

/// The mean of each window's pixels inside the image into `output`.
pub fn mean(pool: &SlidingPool2d, input: &[f32], output: &mut [f32]) {
    let (group, length) = (pool.images_in_a_piece(), pool.output().len());
    for_pieces(output, group * length, |piece, output| {
        let images = output.len() / length;
        let input = &input[piece * group * pool.input.len()..][..images * pool.input.len()];
        take_means(pool, input, output);
    });
}

in_every_tier! {
    fn take_means(pool: &SlidingPool2d, input: &[f32], output: &mut [f32]) {
        let channels = pool.input.channels;
        for (index, output) in output.chunks_exact_mut(channels).enumerate() {
            let covered = pool.covered(index);
            output.fill(0.0);
            for number in 0..covered.count() {
                let (pixel, _) = covered.at(pool, number);
                let values = &input[pixel * channels..][..channels];
                for (sum, value) in output.iter_mut().zip(values) {
                    *sum += value;
                }
            }
            let share = 1.0 / covered.count() as f32;
            for value in output {
                *value *= share;
            }
        }
    }
}

/// The gradient with respect to the input, written whole: each output's gradient is added in equal parts.
pub fn mean_gradient(pool: &SlidingPool2d, output_gradient: &[f32], input_gradient: &mut [f32]) {
    let (group, length) = (pool.images_in_a_piece(), pool.output().len());
    for_pieces(input_gradient, group * pool.input.len(), |piece, target| {
        let images = target.len() / pool.input.len();
        let gradient = &output_gradient[piece * group * length..][..images * length];
        spread_evenly(pool, gradient, target);
    });
}

in_every_tier! {
    fn spread_evenly(pool: &SlidingPool2d, gradient: &[f32], target: &mut [f32]) {
        let channels = pool.input.channels;
        target.fill(0.0);
        for (index, gradient) in gradient.chunks_exact(channels).enumerate() {
            let covered = pool.covered(index);
            let share = 1.0 / covered.count() as f32;
            for number in 0..covered.count() {
                let (pixel, _) = covered.at(pool, number);
                let target = &mut target[pixel * channels..][..channels];
                for (target, gradient) in target.iter_mut().zip(gradient) {
                    *target += gradient * share;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference_layers;
    use super::super::tests::noise;
    use super::*;
    use crate::shape::Padding;

    #[test]
    fn values_places_and_gradients_are_those_of_the_naive_twin() {
        let shapes = [
            Shape::new(5, 7, 3),
            Shape::new(9, 4, 17),
            Shape::new(1, 2, 1),
        ];
        let windows = (1..5).flat_map(|size| (1..5).map(move |stride| (size, stride)));
        for (size, stride) in windows {
            for padding in [Padding::Same, Padding::Valid] {
                let window = Window {
                    size,
                    stride,
                    padding,
                };
                for input in shapes {
                    let pool = SlidingPool2d {
                        batch: 3,
                        input,
                        window,
                    };
                    if !pool.output().is_empty() {
                        check(&pool);
                    }
                }
            }
        }
    }

    fn check(pool: &SlidingPool2d) {
        let length = pool.batch * pool.output().len();
        let images = noise(1, pool.batch * pool.input.len());
        let gradients = noise(2, length);
        let unwritten = |length: usize| vec![f32::NAN; length];
        let (mut fast, mut naive) = (unwritten(length), unwritten(length));
        let (mut places, mut naive_places) = (vec![9; length], vec![8; length]);
        largest(pool, &images, &mut fast, &mut places);
        reference_layers::sliding_max_pool2d(pool, &images, &mut naive, &mut naive_places);
        assert_eq!(fast, naive, "{pool:?}");
        assert_eq!(places, naive_places, "{pool:?}");
        let (mut fast, mut naive) = (unwritten(images.len()), unwritten(images.len()));
        largest_gradient(pool, &gradients, &places, &mut fast);
        reference_layers::sliding_max_pool2d_gradient(pool, &gradients, &places, &mut naive);
        agree(pool, &fast, &naive);
        let (mut fast, mut naive) = (unwritten(length), unwritten(length));
        mean(pool, &images, &mut fast);
        reference_layers::sliding_average_pool2d(pool, &images, &mut naive);
        agree(pool, &fast, &naive);
        let (mut fast, mut naive) = (unwritten(images.len()), unwritten(images.len()));
        mean_gradient(pool, &gradients, &mut fast);
        reference_layers::sliding_average_pool2d_gradient(pool, &gradients, &mut naive);
        agree(pool, &fast, &naive);
    }

    fn agree(pool: &SlidingPool2d, fast: &[f32], naive: &[f32]) {
        for (index, (fast, naive)) in fast.iter().zip(naive).enumerate() {
            let near = (fast - naive).abs() < 2e-6;
            assert!(near, "{pool:?}[{index}]: {fast}, {naive}");
        }
    }
}
