//! The gradient that comes back to a block, and those that leave it.

use std::ops::Range;

use super::conv2d::Part;
use super::pooled::{Pool, spread};
use super::scratch::with_scratch;

/// The gradient by a block's output, `[batch, …]`, and where the pooled values came from.
pub struct BlockGradient<'a> {
    /// By each value of the output, `[batch, height, width, filters]`.
    pub gradient: &'a [f32],
    /// As [`super::conv_block::forward`] wrote them; empty without pooling.
    pub places: &'a [u8],
}

/// Where a block's gradients go; what is not wanted is left out.
pub struct Gradients<'a> {
    /// By kernel and bias.
    pub parameters: Option<(&'a mut [f32], &'a mut [f32])>,
    /// By the input, `[batch, height, width, channels]`.
    pub input: Option<&'a mut [f32]>,
}

/// The gradient by the convolution in a block, for any of its images.
pub(super) struct ConvolutionGradient<'a> {
    pub(super) part: &'a Part,
    pub(super) pool: Option<Pool>,
    pub(super) by_block: BlockGradient<'a>,
}

impl ConvolutionGradient<'_> {
    /// Lends the gradient of these images' positions that count, `[image, height, width, filters]`.
    pub(super) fn with<T>(&self, images: Range<usize>, work: impl FnOnce(&[f32]) -> T) -> T {
        let shape = self.part.output();
        let Some(pool) = self.pool else {
            return work(
                &self.by_block.gradient[images.start * shape.len()..images.end * shape.len()],
            );
        };
        let length = pool.output(shape).len();
        let range = images.start * length..images.end * length;
        with_scratch(images.len() * shape.len(), |scratch| {
            let (gradient, places) = (self.by_block.gradient, self.by_block.places);
            spread(
                pool,
                shape,
                &gradient[range.clone()],
                &places[range],
                scratch,
            );
            work(scratch)
        })
    }
}
