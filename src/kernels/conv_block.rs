//! A convolution with bias and what follows it (rectifier and max pooling, or a batch norm with fixed statistics), a few images at
//! a time: intermediate values stay in the caches.

use std::fmt;

use super::block_gradient::{BlockGradient, ConvolutionGradient, Gradients};
use super::conv2d::{self, Conv2d, Part};
use super::direct_gradients;
use super::finish::Finish;
use super::one_channel::OneChannel;
use super::pieces::{Group, SharedOutput, Turns, for_indices};
use super::pooled::{Pool, pool_images};
use super::product::share;
use super::scratch::with_scratch;
use super::winograd::{self, Tiling};
use crate::shape::Shape;

/// A convolution and what follows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConvBlock {
    /// Computed first.
    pub conv: Conv2d,
    /// The max pooling of its output, if any.
    pub pool: Option<Pool>,
}

/// How a block is computed: the same for the same shapes, always.
#[derive(Clone, Copy, Debug)]
pub(super) enum Algorithm {
    Direct,
    Winograd(Tiling),
    OneChannel(OneChannel),
}

/// `direct`, `Winograd F(4×4, 3×3)` or `one channel, fused`.
impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Algorithm::Direct => f.pad("direct"),
            Algorithm::Winograd(tiling) => f.pad(&format!("Winograd {}", tiling.name())),
            Algorithm::OneChannel(_) => f.pad("one channel, fused"),
        }
    }
}

impl ConvBlock {
    /// The shape of one output image.
    pub const fn output(&self) -> Shape {
        match self.pool {
            Some(pool) => pool.output(self.conv.output()),
            None => self.conv.output(),
        }
    }

    /// The same for this number of images.
    fn of(&self, batch: usize) -> Self {
        let conv = Conv2d { batch, ..self.conv };
        Self { conv, ..*self }
    }

    /// The name of the algorithm; it is the same for batches of any size.
    pub fn algorithm_name(&self) -> String {
        self.algorithm().to_string()
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        if let Some(fused) = OneChannel::of(&self.part(), self.pool) {
            return Algorithm::OneChannel(fused);
        }
        Tiling::of(&self.part()).map_or(Algorithm::Direct, Algorithm::Winograd)
    }

    /// The positions that the block's output needs: pooling drops those that do not fill a window.
    fn part(&self) -> Part {
        let (whole, pooled) = (self.conv.output(), self.output());
        let size = self.pool.map_or(1, |pool| pool.size);
        debug_assert!(pooled.channels == whole.channels);
        Part {
            conv: self.conv,
            height: pooled.height * size,
            width: pooled.width * size,
        }
    }

    /// Panics unless all hold the batch.
    fn check(&self, input: &[f32], output: &[f32], places: Option<&[u8]>) {
        let (inputs, outputs) = (self.conv.input.len(), self.output().len());
        let lengths = [inputs, outputs].map(|length| self.conv.batch * length);
        assert_eq!([input.len(), output.len()], lengths, "volumes of {self:?}");
        if let Some(places) = places {
            let expected = if self.pool.is_some() { output.len() } else { 0 };
            assert_eq!(places.len(), expected, "places of {self:?}");
        }
    }
}

/// `[batch, height, width, channels] → [batch, …]` of [`ConvBlock::output`]; `places` receives as many bytes for [`gradients`]; it is
/// empty without pooling, or if no gradients are needed.
pub fn forward(
    block: &ConvBlock,
    input: &[f32],
    parameters: (&[f32], &[f32]),
    output: &mut [f32],
    places: &mut [u8],
) {
    let plan = Plan::new(block, parameters.0);
    plan.run(&Finish::default(), input, parameters, output, places);
}

/// What a block computes from its shapes and its kernels before the first image.
pub struct Plan {
    block: ConvBlock,
    way: Way,
}

enum Way {
    Direct(conv2d::Forward),
    Winograd(winograd::Forward),
    OneChannel(OneChannel),
}

impl Plan {
    /// The plan for batches of up to the block's.
    pub fn new(block: &ConvBlock, kernel: &[f32]) -> Self {
        let way = match block.algorithm() {
            Algorithm::OneChannel(fused) => Way::OneChannel(fused),
            Algorithm::Winograd(tiling) => Way::Winograd(winograd::Forward::new(tiling, kernel)),
            Algorithm::Direct => Way::Direct(conv2d::Forward::new(&block.part())),
        };
        Self { block: *block, way }
    }

    /// Whether `block` can be computed like this.
    pub fn fits(&self, block: &ConvBlock) -> bool {
        let batch = self.block.conv.batch;
        block.conv.batch <= batch && self.block == block.of(batch)
    }

    /// As [`forward`]; without pooling, `finish` is applied to the convolution. The kernels must be the plan's.
    pub fn run(
        &self,
        finish: &Finish,
        input: &[f32],
        parameters: (&[f32], &[f32]),
        output: &mut [f32],
        places: &mut [u8],
    ) {
        let block = self
            .block
            .of(input.len() / self.block.conv.input.len().max(1));
        let wanted = (!places.is_empty()).then_some(&*places);
        block.check(input, output, wanted);
        block.conv.check_parameters(parameters.0, parameters.1);
        let part = block.part();
        let mut volumes = Volumes {
            block: &block,
            part: &part,
            finish,
            input,
            output,
            places,
        };
        match &self.way {
            Way::OneChannel(fused) => {
                fused.forward(input, parameters, volumes.output, volumes.places);
            }
            Way::Winograd(forward) => volumes.each_group(forward.group(), |input, output| {
                forward.run(input, parameters, output);
            }),
            Way::Direct(forward) => {
                let group = Group {
                    images: forward.images(),
                    turns: Turns::Alone,
                };
                volumes.each_group(group, |input, output| {
                    forward.run(input, parameters, output);
                });
            }
        }
    }
}

struct Volumes<'a> {
    block: &'a ConvBlock,
    part: &'a Part,
    finish: &'a Finish,
    input: &'a [f32],
    output: &'a mut [f32],
    places: &'a mut [u8],
}

impl Volumes<'_> {
    /// Calls `convolve` for the convolution's output of one group of images at a time, and finishes or pools it.
    fn each_group(&mut self, group: Group, convolve: impl Fn(&[f32], &mut [f32]) + Sync) {
        let (shape, batch) = (self.part.output(), self.block.conv.batch);
        let (input_length, length) = (self.block.conv.input.len(), self.block.output().len());
        let places = SharedOutput::new(self.places);
        let output = SharedOutput::new(self.output);
        let groups = batch.div_ceil(group.images);
        let work = |index: usize| {
            let images = share(batch, groups, index);
            let input = &self.input[images.start * input_length..images.end * input_length];
            let range = images.start * length..images.end * length;
            match self.block.pool {
                None => {
                    // SAFETY: each group has its own part of the output.
                    let output = unsafe { output.range(range) };
                    convolve(input, output);
                    group
                        .turns
                        .for_pieces(output, length, |_, output| self.finish.run(output));
                }
                Some(pool) => with_scratch(images.len() * shape.len(), |convolved| {
                    convolve(input, convolved);
                    group
                        .turns
                        .for_pieces(convolved, shape.len(), |image, convolved| {
                            let begin = range.start + image * length;
                            // SAFETY: each image has its own part of both.
                            let (output, places) = unsafe {
                                (
                                    output.range(begin..begin + length),
                                    places.range_if_any(begin..begin + length),
                                )
                            };
                            pool_images(pool, shape, convolved, output, places);
                        });
                }),
            }
        };
        match group.turns {
            Turns::Alone => for_indices(groups, work),
            Turns::Together => (0..groups).for_each(work),
        }
    }
}

/// The requested gradients, all values written.
pub fn gradients(
    block: &ConvBlock,
    input: &[f32],
    kernel: &[f32],
    by_block: BlockGradient,
    gradients: Gradients,
) {
    block.check(input, by_block.gradient, Some(by_block.places));
    if let Some((kernel, bias)) = &gradients.parameters {
        block.conv.check_parameters(kernel, bias);
    }
    if let Some(gradient) = &gradients.input {
        assert_eq!(gradient.len(), input.len(), "volumes of {block:?}");
    }
    let part = block.part();
    let by_convolution = ConvolutionGradient {
        part: &part,
        pool: block.pool,
        by_block,
    };
    match (block.algorithm(), &gradients) {
        // A first layer's, which is nearly always one; explanations ask for more.
        (
            Algorithm::OneChannel(fused),
            Gradients {
                input: None,
                parameters: Some(_),
            },
        ) => fused.gradients(input, &by_convolution.by_block, gradients),
        (Algorithm::Winograd(tiling), _) if tiling.has_gradients() => {
            winograd::gradients(&tiling, input, kernel, &by_convolution, gradients);
        }
        _ => direct_gradients::gradients(input, kernel, &by_convolution, gradients),
    }
}
