//! Slices in, slices out: the arithmetic of every layer, forward and backward.
//!
//! Volumes are `[batch, height, width, channels]` with channels last, convolution kernels `[height, width, channels, filters]`,
//! dense kernels `[inputs, units]`. [`mod@reference`] defines each kernel with plain loops; the modules beside it compute the same
//! results fast: vector instructions chosen at run time ([`tier_name`]) and rayon's current thread pool. Work is cut into pieces that
//! depend on the shapes alone and partial sums are added in a fixed order, so the same input gives the same bits with any
//! number of threads.
//!
//! The shapes alone decide the algorithm ([`ConvBlock::algorithm_name`] returns it, and `convscope bench --layers` shows it):
//!
//! | layer | algorithm |
//! |---|---|
//! | one channel, kernel 2 or 3, stride 1, filters a multiple of 16, then pooling by 2 | in registers from the pixels to the pooled values |
//! | 3×3, stride 1, at least 32 channels and filters, if that saves a third of the products | Winograd, tiles of 2×2, 3×3 or 4×4 |
//! | the same with stride 2 | Winograd forward, tiles of 4×4 or 7×7 |
//! | depthwise, no mixing of channels | sixteen channels side by side, the sums of neighbouring pixels in registers |
//! | every other convolution, and dense layers | one strided product, no copy of the input (`product`) |
//!
//! Groups of channels are convolved one after the other, dilated windows as undilated ones of every n-th row and column ([`phases`]).
//!
//! A convolution followed by max pooling computes only the positions that the pooling reads, a few images at a time.

#![allow(
    unsafe_code,
    reason = "vector instructions and shared slices; each use says why it is sound"
)]

pub mod activation;
pub mod adadelta;
pub mod average_pool2d;
mod axis;
pub mod batch_norm;
mod block_gradient;
mod conv2d;
mod conv2d_gradients;
pub mod conv_block;
pub mod dense;
pub mod depthwise_conv2d;
mod direct_gradients;
pub mod dropout;
mod finish;
pub mod group_norm;
pub mod join;
pub mod label_smoothing;
mod lanes;
#[cfg(target_arch = "x86_64")]
mod lanes_x86;
pub mod max_pool2d;
mod one_channel;
pub mod optimizers;
mod padded;
pub mod penalty;
pub mod phases;
mod pieces;
mod pooled;
mod product;
pub mod reference;
pub mod reference_layers;
pub mod relu;
mod scratch;
pub mod sliding_pool2d;
pub mod softmax;
mod sums;
mod team;
mod tier;
#[cfg(target_arch = "aarch64")]
mod tile_neon;
mod tile_portable;
#[cfg(target_arch = "x86_64")]
mod tile_x86;
mod volume;
mod winograd;
pub mod zero_padding2d;

pub use activation::Activation;
pub use adadelta::Adadelta;
pub use average_pool2d::AveragePool2d;
pub use batch_norm::BatchNorm;
pub use block_gradient::{BlockGradient, Gradients};
pub use conv_block::{ConvBlock, Plan};
pub use conv2d::Conv2d;
pub use dense::Dense;
pub use depthwise_conv2d::DepthwiseConv2d;
pub use finish::Finish;
pub use group_norm::GroupNorm;
pub use max_pool2d::MaxPool2d;
pub use phases::Phases;
pub use pieces::{for_images, for_pieces};
pub use pooled::Pool;
pub use sliding_pool2d::SlidingPool2d;
pub use tier::tier_name;
pub use volume::zeros;
pub use zero_padding2d::ZeroPadding2d;

#[cfg(test)]
mod tests;
