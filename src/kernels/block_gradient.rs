//! The incoming and outgoing gradients of a block.

use std::ops::Range;

use super::conv2d::Part;
use super::pooled::{Pool, spread};
use super::scratch::with_scratch;

/// The gradient with respect to a block's output, `[batch, …]`, and the places of the pooled values.
pub struct BlockGradient<'a> {
    /// With respect to each value of the output, `[batch, height, width, filters]`.
    pub gradient: &'a [f32],
    /// As [`super::conv_block::forward`] wrote them; empty without pooling.
    pub places: &'a [u8],
}

/// The destinations of a block's gradients; those that are not needed are omitted.
pub struct Gradients<'a> {
    /// With respect to kernel and bias.
    pub parameters: Option<(&'a mut [f32], &'a mut [f32])>,
    /// With respect to the input, `[batch, height, width, channels]`.
    pub input: Option<&'a mut [f32]>,
}

/// The gradient with respect to the convolution's output in a block, for any of its images.
pub(super) struct ConvolutionGradient<'a> {
    pub(super) part: &'a Part,
    pub(super) pool: Option<Pool>,
    pub(super) by_block: BlockGradient<'a>,
}

impl ConvolutionGradient<'_> {
    /// Lends the gradient of the positions in use of these images, `[image, height, width, filters]`.
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
