//! Winograd's algorithm for 3×3 convolutions: a tile of M × M output positions takes (M + 2)² products per channel and filter instead
//! of 9 · M² with stride 1, and little more than (2 · M)² with stride 2.
//!
//! Source: Lavin and Gray 2015, "Fast algorithms for convolutional neural networks". The gradients are the adjoint of the
//! same three transforms, so that the output's gradient is transformed once for both of them; with stride 2 the direct ones are as
//! fast, because a tile has more points than pixels.

mod forward;
mod gradients;
mod kernel_points;
mod points;
mod transforms;

pub(super) use forward::Forward;
pub(super) use gradients::gradients;

use std::ops::Range;

use super::conv2d::{Conv2d, Part};
use super::product::{ALL, Rows};
use points::{F2, F3, F4, F5, F6, Points, Scheme, Strided4, Strided7};
use transforms::WIDTH;

/// From this many channels and filters on, the transforms are a small part of the work.
const CHANNELS: usize = 32;

/// The tiles there are.
const SCHEMES: [&Scheme; 7] = [
    &F2::SCHEME,
    &F3::SCHEME,
    &F4::SCHEME,
    &F5::SCHEME,
    &F6::SCHEME,
    &Strided4::SCHEME,
    &Strided7::SCHEME,
];

/// How the output of a convolution is cut into tiles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tiling {
    conv: Conv2d,
    scheme: &'static Scheme,
    /// Tiles from top to bottom and from left to right.
    rows: usize,
    columns: usize,
    /// The requested output positions.
    height: usize,
    width: usize,
    /// Zeros above and left of the image.
    top: usize,
    left: usize,
}

impl Tiling {
    /// The tiles of a convolution; none where the algorithm does not fit or another is faster.
    ///
    /// They need the fewest products, at least a third fewer than the plain algorithm.
    pub(super) fn of(part: &Part) -> Option<Self> {
        let Part {
            conv,
            height,
            width,
        } = *part;
        let window = conv.window;
        if window.size != 3 || conv.input.channels.min(conv.filters) < CHANNELS {
            return None;
        }
        let with = |scheme: &'static Scheme| Self {
            conv,
            scheme,
            rows: height.div_ceil(scheme.size),
            columns: width.div_ceil(scheme.size),
            height,
            width,
            top: window.zeros(conv.input.height).0,
            left: window.zeros(conv.input.width).0,
        };
        let fitting = SCHEMES.into_iter().filter(|s| s.stride == window.stride);
        let best = fitting
            .map(with)
            .min_by_key(|tiling| tiling.tiles() * tiling.points())?;
        let products = best.tiles() * best.points();
        (2 * part.products() >= 3 * products).then_some(best)
    }

    /// `F(4×4, 3×3)`, `F(7×7, 3×3) by 2`
    pub(super) fn name(&self) -> String {
        let Scheme { size, stride, .. } = self.scheme;
        let stride = match stride {
            1 => String::new(),
            stride => format!(" by {stride}"),
        };
        format!("F({size}×{size}, 3×3){stride}")
    }

    /// Whether the gradients use the algorithm, too.
    pub(super) fn has_gradients(&self) -> bool {
        self.scheme.stride == 1
    }

    /// Tiles of an image.
    fn tiles(&self) -> usize {
        self.rows * self.columns
    }

    /// Points of a tile.
    fn points(&self) -> usize {
        self.scheme.points * self.scheme.points
    }

    /// Values of a filter at the points.
    fn kernel_values(&self) -> usize {
        self.scheme.values() * self.scheme.values()
    }

    /// The points of each tile that take value `value` of the filter; they are neighbours.
    fn points_taking(&self, value: usize) -> Range<usize> {
        let values = self.scheme.values();
        self.scheme.tile_points([value / values, value % values])
    }

    /// Values from a tile's points to the next one's: an odd number of vectors, otherwise the same point of all tiles would map to a few
    /// sets of the caches.
    fn tile_step(&self) -> usize {
        (self.points() | 1) * WIDTH
    }

    /// Values in a block of an image's channels.
    fn block(&self) -> usize {
        self.tiles() * self.tile_step()
    }

    /// Values from one point of a block of kernels to the next, for this number of rows. Without the row between, the points of one row
    /// would map to a few sets of the caches.
    fn value_step(rows: usize) -> usize {
        (rows + 1) * WIDTH
    }

    /// The number of segments of `products` each that are summed before their sum is added to the previous ones. The transforms of large
    /// tiles amplify rounding errors, and short sums round less.
    fn at_once(&self, products: usize) -> usize {
        if self.scheme.stride == 1 {
            32_usize.div_ceil(products)
        } else {
            ALL
        }
    }

    /// Values in an image's output.
    fn output_length(&self) -> usize {
        self.height * self.width * self.conv.filters
    }

    fn channel_blocks(&self) -> usize {
        self.conv.input.channels.div_ceil(WIDTH)
    }

    fn filter_blocks(&self) -> usize {
        self.conv.filters.div_ceil(WIDTH)
    }

    /// The pixel under row `y` and column `x` of the image with its zeros; none at a zero.
    #[inline(always)]
    fn pixel(&self, y: usize, x: usize) -> Option<usize> {
        let (y, x) = (y.wrapping_sub(self.top), x.wrapping_sub(self.left));
        let shape = self.conv.input;
        (y < shape.height && x < shape.width).then(|| y * shape.width + x)
    }

    /// The output position in row `y` and column `x`; none beyond the output.
    #[inline(always)]
    fn position(&self, y: usize, x: usize) -> Option<usize> {
        (y < self.height && x < self.width).then(|| y * self.width + x)
    }

    /// The start of each tile of this number of images, if an image has `blocks` blocks.
    fn tile_rows(&self, images: usize, blocks: usize) -> impl Iterator<Item = usize> {
        let (tiles, length) = (self.tiles(), self.tile_step());
        let image_length = blocks * self.block();
        let of_image =
            move |image| (0..tiles).map(move |tile| image * image_length + tile * length);
        (0..images).flat_map(of_image)
    }

    /// The start of `points` of each tile of this number of images, if an image has `blocks` blocks.
    fn point_rows(&self, points: &Range<usize>, images: usize, blocks: usize) -> Rows {
        let tiles = self.tile_rows(images, blocks);
        tiles
            .flat_map(|tile| points.clone().map(move |point| tile + point * WIDTH))
            .collect()
    }
}
