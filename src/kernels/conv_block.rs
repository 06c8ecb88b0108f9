//! A convolution with bias and what follows it (rectifier and max pooling, or a batch norm with fixed statistics), a few images at
//! a time: what lies between stays in the caches.

use std::fmt;

use super::block_gradient::{BlockGradient, ConvolutionGradient, Gradients};
use super::conv2d::{self, Conv2d, Part};
use super::direct_gradients;
use super::finish::Finish;
use super::one_channel::OneChannel;
use super::pieces::{Group, SharedOutput, Turns, for_indices};
use super::pooled::{Pool, pool_images};
use super::scratch::with_scratch;
use super::winograd::{self, Tiling};
use crate::shape::Shape;

/// A convolution and what follows it.
#[derive(Clone, Copy, Debug)]
pub struct ConvBlock {
    pub conv: Conv2d,
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

    /// How it is computed, in words; batches of any size are computed alike.
    pub fn algorithm_name(&self) -> String {
        self.algorithm().to_string()
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        if let Some(fused) = OneChannel::of(&self.part(), self.pool) {
            return Algorithm::OneChannel(fused);
        }
        Tiling::of(&self.part()).map_or(Algorithm::Direct, Algorithm::Winograd)
    }

    /// The positions that the block's output needs: pooling leaves out those that fill no window.
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

    fn check(&self, input: &[f32], output: &[f32], places: &[u8]) {
        let outputs = self.conv.batch * self.output().len();
        let expected = [
            self.conv.batch * self.conv.input.len(),
            outputs,
            if self.pool.is_some() { outputs } else { 0 },
        ];
        let got = [input.len(), output.len(), places.len()];
        assert_eq!(got, expected, "volumes of {self:?}");
    }
}

/// `[batch, height, width, channels] → [batch, …]` of [`ConvBlock::output`]; `places` gets as many bytes for [`gradients`], none
/// without pooling.
pub fn forward(
    block: &ConvBlock,
    input: &[f32],
    (kernel, bias): (&[f32], &[f32]),
    output: &mut [f32],
    places: &mut [u8],
) {
    run(
        block,
        &Finish::default(),
        input,
        (kernel, bias),
        output,
        places,
    );
}

/// The convolution alone, `[batch, height, width, channels] → [batch, …]` of [`Conv2d::output`], and what it is finished with.
pub fn finished(
    conv: Conv2d,
    finish: &Finish,
    input: &[f32],
    parameters: (&[f32], &[f32]),
    output: &mut [f32],
) {
    let block = ConvBlock { conv, pool: None };
    run(&block, finish, input, parameters, output, &mut []);
}

fn run(
    block: &ConvBlock,
    finish: &Finish,
    input: &[f32],
    (kernel, bias): (&[f32], &[f32]),
    output: &mut [f32],
    places: &mut [u8],
) {
    block.check(input, output, places);
    block.conv.check_parameters(kernel, bias);
    let part = block.part();
    let mut volumes = Volumes {
        block,
        part: &part,
        finish,
        input,
        output,
        places,
    };
    match block.algorithm() {
        Algorithm::OneChannel(fused) => {
            fused.forward(input, (kernel, bias), volumes.output, volumes.places);
        }
        Algorithm::Winograd(tiling) => winograd::Forward::with(&tiling, kernel, bias, |forward| {
            volumes.each_group(forward.group(), |input, output| forward.run(input, output));
        }),
        Algorithm::Direct => {
            let forward = conv2d::Forward::new(&part, kernel, bias);
            let group = Group {
                images: forward.images(),
                turns: Turns::Alone,
            };
            volumes.each_group(group, |input, output| forward.run(input, output));
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
    /// Lets `convolve` make the convolution's output from a group of images at a time, and finishes or pools it.
    fn each_group(&mut self, group: Group, convolve: impl Fn(&[f32], &mut [f32]) + Sync) {
        let (shape, batch) = (self.part.output(), self.block.conv.batch);
        let (input_length, length) = (self.block.conv.input.len(), self.block.output().len());
        let places = SharedOutput::new(self.places);
        let output = SharedOutput::new(self.output);
        let work = |index: usize| {
            let images = index * group.images..batch.min((index + 1) * group.images);
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
                                    places.range(begin..begin + length),
                                )
                            };
                            pool_images(pool, shape, convolved, output, places);
                        });
                }),
            }
        };
        let groups = batch.div_ceil(group.images);
        match group.turns {
            Turns::Alone => for_indices(groups, work),
            Turns::Together => (0..groups).for_each(work),
        }
    }
}

/// The gradients that are wanted, written whole.
pub fn gradients(
    block: &ConvBlock,
    input: &[f32],
    kernel: &[f32],
    by_block: BlockGradient,
    gradients: Gradients,
) {
    block.check(input, by_block.gradient, by_block.places);
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
