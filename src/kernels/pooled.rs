//! Max pooling of a few images while they are in the caches, followed by a rectifier that costs nothing.
//!
//! The largest of rectified values is the rectified largest value, gradient included.

use super::lanes::{LANES, Lanes};
use super::tier::in_every_tier;
use crate::shape::Shape;

/// Windows of `size × size`, stride equal to the size, only those inside the image; then, if `rectified`,
/// `max(value, 0)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// 1 to [`Pool::LARGEST`].
    pub size: usize,
    /// Whether values below zero become zero.
    pub rectified: bool,
}

impl Pool {
    /// The largest size, so that a place in a window fits a byte.
    pub const LARGEST: usize = 15;

    /// The shape of one pooled image.
    pub const fn output(&self, input: Shape) -> Shape {
        Shape::new(
            input.height / self.size,
            input.width / self.size,
            input.channels,
        )
    }
}

/// The place of a value that the rectifier set to zero.
pub(super) const NOWHERE: u8 = u8::MAX;

in_every_tier! {
    /// The pooled values of `input`, images of `shape` that windows fill exactly, and the place of each in its window
    /// (`ky · size + kx`; the first of equals, [`NOWHERE`] where rectified away), unless `places` is empty.
    pub(super) fn pool_images<V>(pool: Pool, shape: Shape, input: &[f32], output: &mut [f32], places: &mut [u8]) {
        let channels = shape.channels;
        let mut windows = Windows::over(pool, shape, pool.output(shape));
        let pixels = output.chunks_exact_mut(channels);
        if places.is_empty() {
            pixels.for_each(|output| {
                pool_window::<V>(&mut windows, input, output, |_, _| ());
            });
        } else {
            for (output, places) in pixels.zip(places.chunks_exact_mut(channels)) {
                pool_window::<V>(&mut windows, input, output, |channel, place| {
                    store_places(place, &mut places[channel..]);
                });
            }
        }
    }
}

/// Pools the next window of all channels; `store` receives each first channel and the places from there on.
#[inline(always)]
fn pool_window<V: Lanes>(
    windows: &mut Windows,
    input: &[f32],
    output: &mut [f32],
    mut store: impl FnMut(usize, V),
) {
    let corner = windows.next_corner();
    for channel in (0..windows.channels).step_by(LANES) {
        let (lanes, input) = (
            LANES.min(windows.channels - channel),
            &input[corner + channel..],
        );
        // A number that the compiler knows, wherever it can be: checks of lengths take longer than the comparisons.
        let (value, place) = match lanes {
            LANES => largest::<V>(windows, LANES, input),
            lanes => largest::<V>(windows, lanes, input),
        };
        value.store_part(&mut output[channel..channel + lanes]);
        store(channel, place);
    }
}

/// Stores as many places as fit.
#[inline(always)]
pub(super) fn store_places<V: Lanes>(place: V, places: &mut [u8]) {
    match places.first_chunk_mut() {
        Some(places) => place.store_bytes(places),
        None => {
            let mut bytes = [0; LANES];
            place.store_bytes(&mut bytes);
            places.copy_from_slice(&bytes[..places.len()]);
        }
    }
}

/// The windows of some images, one after another.
struct Windows {
    pool: Pool,
    /// Values from a window to the next, from its row to the next, from a row of windows to the next.
    across: usize,
    line: usize,
    down: usize,
    channels: usize,
    columns: usize,
    /// The column and the corner of the next window.
    column: usize,
    corner: usize,
}

impl Windows {
    #[inline(always)]
    fn over(pool: Pool, shape: Shape, pooled: Shape) -> Self {
        let line = shape.width * shape.channels;
        assert!(
            pooled.height * pool.size == shape.height && pooled.width * pool.size == shape.width,
            "windows fill the image"
        );
        Self {
            pool,
            across: pool.size * shape.channels,
            line,
            down: (pool.size - 1) * line,
            channels: shape.channels,
            columns: pooled.width,
            column: 0,
            corner: 0,
        }
    }

    /// Where the next window's first value is.
    #[inline(always)]
    fn next_corner(&mut self) -> usize {
        let corner = self.corner;
        self.corner += self.across;
        self.column += 1;
        if self.column == self.columns {
            (self.column, self.corner) = (0, self.corner + self.down);
        }
        corner
    }

    /// Where the value at a place of the window is, from its corner.
    #[inline(always)]
    fn offset(&self, place: usize) -> usize {
        // The usual size as a number that the compiler knows: a division takes longer than what is done with a value.
        let (row, column) = match self.pool.size {
            2 => (place / 2, place % 2),
            size => (place / size, place % size),
        };
        row * self.line + column * self.channels
    }
}

/// The largest of a window's values and their places, for the first `lanes` channels.
#[inline(always)]
fn largest<V: Lanes>(windows: &Windows, lanes: usize, input: &[f32]) -> (V, V) {
    let size = windows.pool.size;
    let mut best = (V::load_part(&input[..lanes]), bits::<V>(0));
    for place in 1..size * size {
        let begin = windows.offset(place);
        let value = V::load_part(&input[begin..begin + lanes]);
        // Not-a-number wins and stays, so that a training gone wrong is seen.
        best = value.larger(bits::<V>(place as u8), best.0, best.1);
    }
    if windows.pool.rectified {
        best = best.0.rectified(best.1, bits::<V>(NOWHERE));
    }
    best
}

/// The bit pattern of a place in each lane.
#[inline(always)]
pub(super) fn bits<V: Lanes>(place: u8) -> V {
    V::splat(f32::from_bits(u32::from(place)))
}

in_every_tier! {
    /// Each pooled gradient at the place that its value came from, zeros elsewhere; `input_gradient`, images of `shape`, is written
    /// whole.
    pub(super) fn spread<V>(
        pool: Pool,
        shape: Shape,
        output_gradient: &[f32],
        places: &[u8],
        input_gradient: &mut [f32],
    ) {
        let (pooled, channels, size) = (pool.output(shape), shape.channels, pool.size);
        let pixels = output_gradient.chunks_exact(channels).zip(places.chunks_exact(channels));
        let mut windows = Windows::over(pool, shape, pooled);
        for (gradient, places) in pixels {
            let corner = windows.next_corner();
            for channel in (0..channels).step_by(LANES) {
                let lanes = LANES.min(channels - channel);
                let from = V::load_part(&gradient[channel..channel + lanes]);
                let at = match places[channel..].first_chunk() {
                    Some(places) => V::load_bytes(places),
                    None => {
                        let mut bytes = [0; LANES];
                        bytes[..lanes].copy_from_slice(&places[channel..]);
                        V::load_bytes(&bytes)
                    }
                };
                for place in 0..size * size {
                    let begin = corner + channel + windows.offset(place);
                    let kept = from.kept_at(at, bits::<V>(place as u8));
                    kept.store_part(&mut input_gradient[begin..begin + lanes]);
                }
            }
        }
    }
}
