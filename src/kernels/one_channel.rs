//! Images of one channel through convolution, bias, rectifier and pooling by 2, all in registers: usually a network's first layers.
//!
//! The four positions of a pooling window read (K + 1)² pixels; each pixel is broadcast once against the filters' taps.

// Plain indices keep the unrolled loops plain.
#![allow(
    clippy::needless_range_loop,
    reason = "a place in an array is what the arithmetic is about"
)]

use super::block_gradient::{BlockGradient, Gradients};
use super::conv2d::{Conv2d, Part};
use super::lanes::{LANES, Lanes, unrolled};
use super::padded::padded_group;
use super::pieces::{SharedOutput, for_indices};
use super::pooled::{NOWHERE, Pool, bits, store_places};
use super::product::share;
use super::scratch::with_scratch;
use super::sums::add_parts;
use super::tier::in_every_tier;
use crate::shape::Shape;

/// The maximum number of pieces of work, and of separate sums.
const CHUNKS: usize = 16;

/// A convolution of one channel with stride 1, followed by pooling by 2.
#[derive(Clone, Copy, Debug)]
pub(super) struct OneChannel {
    conv: Conv2d,
    rectified: bool,
    /// One pooled image.
    output: Shape,
}

impl OneChannel {
    /// `None` for other shapes.
    pub(super) fn of(part: &Part, pool: Option<Pool>) -> Option<Self> {
        let (conv, pool) = (part.conv, pool?);
        let fits = conv.input.channels == 1
            && conv.window.stride == 1
            && matches!(conv.window.size, 2 | 3)
            && conv.filters.is_multiple_of(LANES)
            && pool.size == 2;
        fits.then(|| Self {
            conv,
            rectified: pool.rectified,
            output: pool.output(part.output()),
        })
    }

    /// One image with its border of zeros.
    fn padded(&self) -> Shape {
        self.conv.border().around(self.conv.input)
    }

    /// As [`super::conv_block::forward`].
    pub(super) fn forward(
        &self,
        input: &[f32],
        (kernel, bias): (&[f32], &[f32]),
        output: &mut [f32],
        places: &mut [u8],
    ) {
        let (image, length) = (self.conv.input.len(), self.output.len());
        let batch = input.len() / image;
        let chunks = CHUNKS.min(batch);
        let (output, places) = (SharedOutput::new(output), SharedOutput::new(places));
        for_indices(chunks, |chunk| {
            let images = share(batch, chunks, chunk);
            let range = images.start * length..images.end * length;
            // SAFETY: each chunk has its own images.
            let (output, places) =
                unsafe { (output.range(range.clone()), places.range_if_any(range)) };
            let input = &input[images.start * image..images.end * image];
            padded_group(input, self.conv.input, self.conv.border(), |pixels| {
                pooled_images(self, pixels, &Taps { kernel, bias }, output, places);
            });
        });
    }

    /// The gradients with respect to kernel and bias, if requested.
    pub(super) fn gradients(&self, input: &[f32], by_block: &BlockGradient, gradients: Gradients) {
        let Some((kernel_gradient, bias_gradient)) = gradients.parameters else {
            return;
        };
        let (image, length, filters) =
            (self.conv.input.len(), self.output.len(), self.conv.filters);
        let (chunks, taps) = (CHUNKS.min(self.conv.batch), self.conv.taps() * filters);
        with_scratch(chunks * (taps + filters), |scratch| {
            let (kernels, biases) = scratch.split_at_mut(chunks * taps);
            let (all_kernels, all_biases) = (SharedOutput::new(kernels), SharedOutput::new(biases));
            for_indices(chunks, |chunk| {
                let images = share(self.conv.batch, chunks, chunk);
                let range = images.start * length..images.end * length;
                let by_block = BlockGradient {
                    gradient: &by_block.gradient[range.clone()],
                    places: &by_block.places[range],
                };
                // SAFETY: each chunk has its own sums.
                let (kernel, bias) = unsafe {
                    (
                        all_kernels.range(chunk * taps..(chunk + 1) * taps),
                        all_biases.range(chunk * filters..(chunk + 1) * filters),
                    )
                };
                let input = &input[images.start * image..images.end * image];
                padded_group(input, self.conv.input, self.conv.border(), |pixels| {
                    tap_sums(self, pixels, &by_block, kernel, bias);
                });
            });
            for (total, parts) in [(kernel_gradient, &*kernels), (bias_gradient, &*biases)] {
                let (first, others) = parts.split_at(total.len());
                total.copy_from_slice(first);
                add_parts(total, others);
            }
        });
    }
}

struct Taps<'a> {
    kernel: &'a [f32],
    bias: &'a [f32],
}

in_every_tier! {
    /// Images with their border of zeros to pooled images.
    fn pooled_images<V>(block: &OneChannel, pixels: &[f32], taps: &Taps, output: &mut [f32], places: &mut [u8]) {
        match (block.conv.window.size, places.is_empty()) {
            (2, true) => pooled_filters::<V, 2>(block, pixels, taps, output, |_, _| ()),
            (_, true) => pooled_filters::<V, 3>(block, pixels, taps, output, |_, _| ()),
            (2, false) => pooled_filters::<V, 2>(block, pixels, taps, output, |begin, place| {
                store_places(place, &mut places[begin..][..LANES]);
            }),
            (_, false) => pooled_filters::<V, 3>(block, pixels, taps, output, |begin, place| {
                store_places(place, &mut places[begin..][..LANES]);
            }),
        }
    }
}

#[inline(always)]
fn pooled_filters<V: Lanes, const K: usize>(
    block: &OneChannel,
    pixels: &[f32],
    taps: &Taps,
    output: &mut [f32],
    mut store: impl FnMut(usize, V),
) {
    let (padded, filters) = (block.padded(), block.conv.filters);
    let Shape { height, width, .. } = block.output;
    for first in (0..filters).step_by(LANES) {
        let mut weights = [[V::splat(0.0); K]; K];
        for ky in 0..K {
            for kx in 0..K {
                weights[ky][kx] =
                    V::load_part(&taps.kernel[(ky * K + kx) * filters + first..][..LANES]);
            }
        }
        let bias = V::load_part(&taps.bias[first..][..LANES]);
        for (index, image) in pixels.chunks_exact(padded.len()).enumerate() {
            for y in 0..height {
                let line = &image[2 * y * padded.width..];
                for x in 0..width {
                    let window = &line[2 * x..][..K * padded.width + K + 1];
                    let place = ((index * height + y) * width + x) * filters + first;
                    let (value, at) = pooled::<V, K>(window, padded.width, &weights, bias);
                    let (value, at) = if block.rectified {
                        value.rectified(at, bits::<V>(NOWHERE))
                    } else {
                        (value, at)
                    };
                    value.store_part(&mut output[place..][..LANES]);
                    store(place, at);
                }
            }
        }
    }
}

/// The largest of a window's four positions, and its place.
#[inline(always)]
fn pooled<V: Lanes, const K: usize>(
    window: &[f32],
    width: usize,
    weights: &[[V; K]; K],
    bias: V,
) -> (V, V) {
    let mut sums = [bias; 4];
    unrolled!(K + 1, |i| {
        unrolled!(K + 1, |j| {
            let pixel = V::splat(window[i * width + j]);
            unrolled!(4, |p| {
                let (y, x) = (p / 2, p % 2);
                if i >= y && i - y < K && j >= x && j - x < K {
                    sums[p] = pixel.multiply_add(weights[i - y][j - x], sums[p]);
                }
            });
        });
    });
    // The upper two, the lower two, and the larger of both: no comparison waits for all others.
    let upper = sums[1].larger(bits::<V>(1), sums[0], bits::<V>(0));
    let lower = sums[3].larger(bits::<V>(3), sums[2], bits::<V>(2));
    lower.0.larger(lower.1, upper.0, upper.1)
}

in_every_tier! {
    /// The gradients with respect to kernel and bias from images with their border of zeros.
    fn tap_sums<V>(block: &OneChannel, pixels: &[f32], by_block: &BlockGradient, kernel: &mut [f32], bias: &mut [f32]) {
        match block.conv.window.size {
            2 => filter_sums::<V, 2>(block, pixels, by_block, kernel, bias),
            _ => filter_sums::<V, 3>(block, pixels, by_block, kernel, bias),
        }
    }
}

#[inline(always)]
fn filter_sums<V: Lanes, const K: usize>(
    block: &OneChannel,
    pixels: &[f32],
    by_block: &BlockGradient,
    kernel: &mut [f32],
    bias: &mut [f32],
) {
    let (padded, filters) = (block.padded(), block.conv.filters);
    let Shape { height, width, .. } = block.output;
    for first in (0..filters).step_by(LANES) {
        let mut sums = [[V::splat(0.0); K]; K];
        let mut bias_sum = V::splat(0.0);
        for (index, image) in pixels.chunks_exact(padded.len()).enumerate() {
            for y in 0..height {
                let line = &image[2 * y * padded.width..];
                for x in 0..width {
                    let window = &line[2 * x..][..K * padded.width + K + 1];
                    let place = ((index * height + y) * width + x) * filters + first;
                    let gradient = V::load_part(&by_block.gradient[place..][..LANES]);
                    let Some(at) = by_block.places[place..].first_chunk() else {
                        continue;
                    };
                    let at = V::load_bytes(at);
                    let mut parts = [V::splat(0.0); 4];
                    unrolled!(4, |p| {
                        parts[p] = gradient.kept_at(at, bits::<V>(p as u8))
                    });
                    bias_sum = bias_sum.add(parts[0].add(parts[1]).add(parts[2].add(parts[3])));
                    add_taps::<V, K>(window, padded.width, &parts, &mut sums);
                }
            }
        }
        for ky in 0..K {
            for kx in 0..K {
                let begin = (ky * K + kx) * filters + first;
                sums[ky][kx].store_part(&mut kernel[begin..][..LANES]);
            }
        }
        bias_sum.store_part(&mut bias[first..][..LANES]);
    }
}

/// Adds each position's gradient times the pixels under its taps.
#[inline(always)]
fn add_taps<V: Lanes, const K: usize>(
    window: &[f32],
    width: usize,
    parts: &[V; 4],
    sums: &mut [[V; K]; K],
) {
    unrolled!(K + 1, |i| {
        unrolled!(K + 1, |j| {
            let pixel = V::splat(window[i * width + j]);
            unrolled!(4, |p| {
                let (y, x) = (p / 2, p % 2);
                if i >= y && i - y < K && j >= x && j - x < K {
                    sums[i - y][j - x] = pixel.multiply_add(parts[p], sums[i - y][j - x]);
                }
            });
        });
    });
}
