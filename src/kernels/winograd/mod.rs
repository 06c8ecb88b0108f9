//! Winograd's algorithm for 3×3 convolutions with stride 1: a tile of M × M output positions takes (M + 2)² products a channel and
//! filter instead of 9 · M².
//!
//! Source: Lavin and Gray 2015, "Fast algorithms for convolutional neural networks". The gradients are the adjoint of the
//! same three transforms, so that the output's gradient is transformed once for both of them.

mod forward;
mod gradients;
mod kernel_points;
mod points;
mod transforms;

pub(super) use forward::Forward;
pub(super) use gradients::gradients;

use super::conv2d::{Conv2d, Part};
use transforms::WIDTH;

/// From this many channels and filters on, the transforms are a small part of the work.
const CHANNELS: usize = 32;

/// How the output of a convolution is cut into tiles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tiling {
    conv: Conv2d,
    /// Height and width of a tile, in output positions.
    size: usize,
    /// Tiles from top to bottom and from left to right.
    rows: usize,
    columns: usize,
    /// The output positions that are wanted.
    height: usize,
    width: usize,
    /// Zeros above and left of the image.
    top: usize,
    left: usize,
}

impl Tiling {
    /// The tiles of a convolution; none where the algorithm does not fit or another is faster.
    ///
    /// Of 2×2, 3×3 and 4×4 tiles those that need the fewest products; at least a third fewer than without.
    pub(super) fn of(part: &Part) -> Option<Self> {
        let Part {
            conv,
            height,
            width,
        } = *part;
        let window = conv.window;
        let fits = window.size == 3
            && window.stride == 1
            && conv.input.channels.min(conv.filters) >= CHANNELS;
        if !fits {
            return None;
        }
        let with = |size: usize| Self {
            conv,
            size,
            rows: height.div_ceil(size),
            columns: width.div_ceil(size),
            height,
            width,
            top: window.zeros(conv.input.height).0,
            left: window.zeros(conv.input.width).0,
        };
        let best = [2, 3, 4]
            .map(with)
            .into_iter()
            .min_by_key(|tiling| tiling.tiles() * tiling.points())?;
        let products = best.tiles() * best.points();
        (2 * part.products() >= 3 * products).then_some(best)
    }

    /// `F(4×4, 3×3)`
    pub(super) fn name(&self) -> String {
        format!("F({0}×{0}, 3×3)", self.size)
    }

    /// Tiles of an image.
    fn tiles(&self) -> usize {
        self.rows * self.columns
    }

    /// Points of a tile.
    fn points(&self) -> usize {
        (self.size + 2) * (self.size + 2)
    }

    /// Values in a block of an image's channels.
    fn block(&self) -> usize {
        self.tiles() * self.points() * WIDTH
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

    /// Where each tile of so many images begins, when an image has `blocks` blocks.
    fn tile_rows(&self, images: usize, blocks: usize) -> Vec<usize> {
        let each = |image| (0..self.tiles()).map(move |tile| (image, tile));
        let (image_length, length) = (blocks * self.block(), self.points() * WIDTH);
        (0..images)
            .flat_map(each)
            .map(|(image, tile)| image * image_length + tile * length)
            .collect()
    }
}
