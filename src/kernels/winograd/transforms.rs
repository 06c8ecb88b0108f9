//! From an image to the points of its tiles and back.
//!
//! At each point a tile has a vector of channels. They lie in blocks of [`WIDTH`] channels, and within a tile in the order
//! of the filter's values that the points take: `[block][tile][point][channel]`.

// Plain indices keep the unrolled loops plain.
#![allow(
    clippy::needless_range_loop,
    reason = "a place in an array is what the arithmetic is about"
)]

use std::mem::MaybeUninit;

use super::Tiling;
use super::points::{F2, F3, F4, F5, F6, Points, Strided4, Strided7};
use crate::kernels::lanes::{LANES, Lanes, unrolled};
use crate::kernels::pieces::SharedOutput;
use crate::kernels::tier::in_every_tier;
use crate::kernels::volume::fetch;

/// Channels in a block.
pub(super) const WIDTH: usize = 32;

/// The source of a transform's values.
pub(super) trait Source<V> {
    /// The lanes at row `i` and column `j`.
    fn load(&self, i: usize, j: usize) -> V;
}

/// The target of a transform's values.
pub(super) trait Target<V> {
    fn store(&mut self, i: usize, j: usize, values: V);
}

/// `target(y, x) = Σ matrix[y, i] · source(i, j) · matrix[x, j]`.
#[inline(always)]
pub(super) fn two_sided<V: Lanes, const R: usize, const C: usize>(
    matrix: &[[f32; C]; R],
    source: &impl Source<V>,
    target: &mut impl Target<V>,
) {
    // Not filled with anything first, which took longer than the sums.
    let mut half = [const { [const { MaybeUninit::uninit() }; C] }; R];
    for x in 0..C {
        let mut column = [V::splat(0.0); C];
        unrolled!(C, |y| { column[y] = source.load(y, x) });
        unrolled!(R, |r| {
            half[r][x].write(combined(&matrix[r], &column));
        });
    }
    for r in 0..R {
        let mut row = [V::splat(0.0); C];
        // SAFETY: the loop above has written every column of every row.
        unrolled!(C, |x| { row[x] = unsafe { half[r][x].assume_init() } });
        unrolled!(R, |s| { target.store(r, s, combined(&matrix[s], &row)) });
    }
}

/// `Σ factors[i] · values[i]`; the factors are known to the compiler, and zeros cost nothing.
#[inline(always)]
fn combined<V: Lanes, const C: usize>(factors: &[f32; C], values: &[V; C]) -> V {
    let mut sum: Option<V> = None;
    unrolled!(C, |i| {
        if factors[i] != 0.0 {
            sum = Some(match (sum, factors[i] == 1.0) {
                (None, true) => values[i],
                (None, false) => values[i].multiply(V::splat(factors[i])),
                (Some(sum), true) => sum.add(values[i]),
                (Some(sum), false) => values[i].multiply_add(V::splat(factors[i]), sum),
            });
        }
    });
    sum.unwrap_or(V::splat(0.0))
}

/// The points of a tile, from the first lane's on, and their places.
struct TilePoints<'a, P>(&'a [f32], P);
struct TilePointsMut<'a, P>(&'a mut [f32], P);

impl<V: Lanes, P: Fn(usize, usize) -> usize> Source<V> for TilePoints<'_, P> {
    #[inline(always)]
    fn load(&self, i: usize, j: usize) -> V {
        V::load_part(&self.0[self.1(i, j) * WIDTH..][..LANES])
    }
}

impl<V: Lanes, P: Fn(usize, usize) -> usize> Target<V> for TilePointsMut<'_, P> {
    #[inline(always)]
    fn store(&mut self, i: usize, j: usize, values: V) {
        values.store_part(&mut self.0[self.1(i, j) * WIDTH..][..LANES]);
    }
}

/// Values in a tile's points from the first lane's on.
const fn reach(points: usize) -> usize {
    (points - 1) * WIDTH + LANES
}

/// Calls a function for the tiling's scheme: `$function::<V, Points, M, N, L, K>(…)`.
macro_rules! for_scheme {
    ($tiling:expr, $function:ident($($argument:expr),*)) => {
        match ($tiling.scheme.stride, $tiling.scheme.size) {
            (1, 2) => $function::<V, F2, 2, 4, 4, 4>($($argument),*),
            (1, 3) => $function::<V, F3, 3, 5, 5, 5>($($argument),*),
            (1, 4) => $function::<V, F4, 4, 6, 6, 6>($($argument),*),
            (1, 5) => $function::<V, F5, 5, 7, 7, 7>($($argument),*),
            (1, _) => $function::<V, F6, 6, 8, 8, 8>($($argument),*),
            (_, 4) => $function::<V, Strided4, 4, 9, 9, 6>($($argument),*),
            (_, _) => $function::<V, Strided7, 7, 16, 15, 6>($($argument),*),
        }
    };
}

/// As [`for_scheme`] for the backward pass, which strided convolutions do not use.
macro_rules! for_size {
    ($tiling:expr, $function:ident($($argument:expr),*)) => {
        match $tiling.scheme.size {
            2 => $function::<V, F2, 2, 4>($($argument),*),
            3 => $function::<V, F3, 3, 5>($($argument),*),
            4 => $function::<V, F4, 4, 6>($($argument),*),
            5 => $function::<V, F5, 5, 7>($($argument),*),
            _ => $function::<V, F6, 6, 8>($($argument),*),
        }
    };
}

pub(super) use {for_scheme, for_size};

/// Each tile's first output position `(y, x)`, and where it begins in a block.
#[inline(always)]
fn tiles(tiling: &Tiling) -> impl Iterator<Item = (usize, usize, usize)> {
    let (columns, size, step) = (tiling.columns, tiling.scheme.size, tiling.tile_step());
    (0..tiling.tiles()).map(move |tile| {
        let (row, column) = (tile / columns, tile % columns);
        (row * size, column * size, tile * step)
    })
}

in_every_tier! {
    /// The pixels `[height, width, channels]` of an image to points.
    pub(super) fn input_to_points<V>(tiling: &Tiling, input: &[f32], points: &mut [f32]) {
        // Tiles take their pixels column by column and a few channels at a time.
        fetch(input);
        for_scheme!(tiling, input_tiles(tiling, input, points))
    }
}

/// An image's pixels under a tile, from one channel on; zeros around the image.
struct TilePixels<'a> {
    tiling: &'a Tiling,
    image: &'a [f32],
    y: usize,
    x: usize,
    channel: usize,
}

impl<V: Lanes> Source<V> for TilePixels<'_> {
    #[inline(always)]
    fn load(&self, i: usize, j: usize) -> V {
        let channels = self.tiling.conv.input.channels;
        match self.tiling.pixel(self.y + i, self.x + j) {
            Some(pixel) => {
                V::load_part(&self.image[pixel * channels + self.channel..(pixel + 1) * channels])
            }
            None => V::splat(0.0),
        }
    }
}

#[inline(always)]
fn input_tiles<
    V: Lanes,
    P: Points<M, N, L, K>,
    const M: usize,
    const N: usize,
    const L: usize,
    const K: usize,
>(
    tiling: &Tiling,
    image: &[f32],
    points: &mut [f32],
) {
    let block = tiling.block();
    for (y, x, begin) in tiles(tiling) {
        for channel in (0..tiling.conv.input.channels).step_by(LANES) {
            let place = channel / WIDTH * block + begin + channel % WIDTH;
            let source = TilePixels {
                tiling,
                image,
                y: y * P::SCHEME.stride,
                x: x * P::SCHEME.stride,
                channel,
            };
            let points = &mut points[place..][..reach(N * N)];
            let mut target = TilePointsMut(points, P::place);
            two_sided::<V, N, L>(&P::MATRICES.input, &source, &mut target);
        }
    }
}

in_every_tier! {
    /// The gradient at the points to that of the pixels, which it writes whole.
    pub(super) fn points_to_input<V>(tiling: &Tiling, points: &[f32], input: &mut [f32]) {
        for_size!(tiling, input_tiles_back(tiling, points, input))
    }
}

/// As [`TilePixels`], to add to.
struct TilePixelsMut<'a> {
    tiling: &'a Tiling,
    image: &'a mut [f32],
    y: usize,
    x: usize,
    channel: usize,
}

impl<V: Lanes> Target<V> for TilePixelsMut<'_> {
    #[inline(always)]
    fn store(&mut self, i: usize, j: usize, values: V) {
        let channels = self.tiling.conv.input.channels;
        if let Some(pixel) = self.tiling.pixel(self.y + i, self.x + j) {
            let lanes = LANES.min(channels - self.channel);
            let target = &mut self.image[pixel * channels + self.channel..][..lanes];
            V::load_part(target).add(values).store_part(target);
        }
    }
}

#[inline(always)]
fn input_tiles_back<V: Lanes, P: Points<M, N, N, N>, const M: usize, const N: usize>(
    tiling: &Tiling,
    points: &[f32],
    image: &mut [f32],
) {
    let block = tiling.block();
    // Tiles overlap: each adds its share.
    image.fill(0.0);
    for (y, x, begin) in tiles(tiling) {
        for channel in (0..tiling.conv.input.channels).step_by(LANES) {
            let place = channel / WIDTH * block + begin + channel % WIDTH;
            let source = TilePoints(&points[place..][..reach(N * N)], P::place);
            let mut target = TilePixelsMut {
                tiling,
                image,
                y,
                x,
                channel,
            };
            two_sided::<V, N, N>(&P::INPUT_BACK, &source, &mut target);
        }
    }
}

/// One block of filters of an image's output, in `[image, height, width, filters]`.
pub(super) struct OutputBlock<'a> {
    /// The block's first filter.
    pub(super) first: usize,
    pub(super) bias: &'a [f32],
    pub(super) output: SharedOutput,
    pub(super) image: usize,
}

in_every_tier! {
    /// The points of a block of filters to output positions, with the bias.
    ///
    /// The caller must have exclusive access to the block's filters of the image.
    pub(super) fn points_to_output<V>(tiling: &Tiling, points: &[f32], target: &OutputBlock) {
        for_scheme!(tiling, output_tiles(tiling, points, target))
    }
}

/// The positions of a tile, from one filter on; those beyond the output are left out.
struct TilePositionsMut<'a, V> {
    tiling: &'a Tiling,
    block: &'a OutputBlock<'a>,
    y: usize,
    x: usize,
    filter: usize,
    bias: V,
}

impl<V: Lanes> Target<V> for TilePositionsMut<'_, V> {
    #[inline(always)]
    fn store(&mut self, i: usize, j: usize, values: V) {
        let (tiling, filters) = (self.tiling, self.tiling.conv.filters);
        if let Some(position) = tiling.position(self.y + i, self.x + j) {
            let lanes = LANES.min(filters - self.filter);
            let begin =
                self.block.image * tiling.output_length() + position * filters + self.filter;
            // SAFETY: whoever works on the block has its filters of the image for himself.
            let target = unsafe { self.block.output.range(begin..begin + lanes) };
            values.add(self.bias).store_part(target);
        }
    }
}

#[inline(always)]
fn output_tiles<
    V: Lanes,
    P: Points<M, N, L, K>,
    const M: usize,
    const N: usize,
    const L: usize,
    const K: usize,
>(
    tiling: &Tiling,
    points: &[f32],
    block: &OutputBlock,
) {
    let first = block.first;
    let end = tiling.conv.filters.min(first + WIDTH);
    for (y, x, begin) in tiles(tiling) {
        for filter in (first..end).step_by(LANES) {
            let place = begin + filter - first;
            let source = TilePoints(&points[place..][..reach(N * N)], P::place);
            let mut target = TilePositionsMut {
                tiling,
                block,
                y,
                x,
                filter,
                bias: V::load_part(&block.bias[filter..end]),
            };
            two_sided::<V, M, N>(&P::MATRICES.output, &source, &mut target);
        }
    }
}

in_every_tier! {
    /// The gradient of an image's output `[height, width, filters]` to points.
    pub(super) fn output_to_points<V>(tiling: &Tiling, gradient: &[f32], points: &mut [f32]) {
        for_size!(tiling, output_tiles_back(tiling, gradient, points))
    }
}

/// The gradient at a tile's positions, from one filter on; zeros beyond the output.
struct TilePositions<'a> {
    tiling: &'a Tiling,
    gradient: &'a [f32],
    y: usize,
    x: usize,
    filter: usize,
}

impl<V: Lanes> Source<V> for TilePositions<'_> {
    #[inline(always)]
    fn load(&self, i: usize, j: usize) -> V {
        let filters = self.tiling.conv.filters;
        match self.tiling.position(self.y + i, self.x + j) {
            Some(position) => V::load_part(
                &self.gradient[position * filters + self.filter..(position + 1) * filters],
            ),
            None => V::splat(0.0),
        }
    }
}

#[inline(always)]
fn output_tiles_back<V: Lanes, P: Points<M, N, N, N>, const M: usize, const N: usize>(
    tiling: &Tiling,
    gradient: &[f32],
    points: &mut [f32],
) {
    let block = tiling.block();
    for (y, x, begin) in tiles(tiling) {
        for filter in (0..tiling.conv.filters).step_by(LANES) {
            let place = filter / WIDTH * block + begin + filter % WIDTH;
            let source = TilePositions {
                tiling,
                gradient,
                y,
                x,
                filter,
            };
            let points = &mut points[place..][..reach(N * N)];
            let mut target = TilePointsMut(points, P::place);
            two_sided::<V, N, M>(&P::OUTPUT_BACK, &source, &mut target);
        }
    }
}
