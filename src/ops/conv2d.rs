//! Two-dimensional convolution with bias, deferred until the next op is known.

use std::sync::Arc;

use super::stopwatch::Op;
use super::tape::Bias;
use super::workspace::Buffer;
use super::{Flow, Vector, values};
use crate::kernels::{BlockGradient, Conv2d, ConvBlock, Finish, Gradients, Pool, conv_block};
use crate::shape::{Shape, Window};

/// `[batch, height, width, channels] → [batch, positions, positions, filters]`.
///
/// `kernel` holds `[window.size, window.size, channels, filters]`, `bias` one value per filter, or none. The convolution is deferred:
/// together with a pooling that follows, it is computed a few images at a time, and only at the positions that the pooling reads.
pub fn conv2d<'a>(
    flow: Flow,
    window: Window,
    filters: usize,
    kernel: &Vector,
    bias: impl Into<Option<&'a Vector>>,
) -> Flow {
    let flow = flow.settled();
    let conv = Conv2d {
        batch: flow.batch(),
        input: flow.shape(),
        window,
        filters,
    };
    let waiting = Convolution {
        conv,
        kernel: kernel.clone(),
        bias: Bias::new(bias.into(), filters),
        trains: flow.trains_parameters(),
        input_wanted: flow.needs_gradient(),
    };
    flow.convolved_later(waiting)
}

/// A deferred convolution.
pub(super) struct Convolution {
    conv: Conv2d,
    kernel: Vector,
    bias: Bias,
    trains: bool,
    input_wanted: bool,
}

/// The output of a block.
pub(super) struct Convolved {
    pub(super) output: Arc<Buffer>,
    block: ConvBlock,
    places: Vec<u8>,
}

impl Convolution {
    /// Computes the convolution from its input, and finishes it.
    pub(super) fn run(&self, input: &Buffer, finish: &Finish) -> Arc<Buffer> {
        let block = ConvBlock {
            conv: self.conv,
            pool: None,
        };
        self.block(&block, finish, input, &mut [])
    }

    /// Computes the block of this convolution and `pool` from the convolution's input.
    pub(super) fn pooled(&self, input: &Buffer, pool: Pool) -> Convolved {
        let block = ConvBlock {
            conv: self.conv,
            pool: Some(pool),
        };
        let length = self.conv.batch * block.output().len();
        let wanted = if self.records() { length } else { 0 };
        let mut places = input.workspace().small_places(wanted);
        let output = self.block(&block, &Finish::default(), input, &mut places[..wanted]);
        Convolved {
            output,
            block,
            places,
        }
    }

    fn block(
        &self,
        block: &ConvBlock,
        finish: &Finish,
        input: &Buffer,
        places: &mut [u8],
    ) -> Arc<Buffer> {
        let workspace = input.workspace();
        let mut output = workspace.buffer(self.conv.batch * block.output().len());
        let (kernel, bias) = (values(&self.kernel), self.bias.values());
        let plan = workspace.plan(block, kernel);
        let (input, output_values) = (input.values(), output.values_mut());
        plan.run(finish, input, (kernel, bias), output_values, places);
        Arc::new(output)
    }

    /// The convolution alone, with an output that is already computed.
    pub(super) fn alone(&self, output: Arc<Buffer>) -> Convolved {
        Convolved {
            output,
            block: ConvBlock {
                conv: self.conv,
                pool: None,
            },
            places: Vec::new(),
        }
    }

    /// Whether the backward pass has anything to do.
    pub(super) fn records(&self) -> bool {
        self.trains || self.input_wanted
    }

    /// The shape of one image's output.
    pub(super) fn output(&self) -> Shape {
        self.conv.output()
    }

    /// The flow after the block, with the output `convolved`.
    pub(super) fn next(self, mut flow: Flow, convolved: Convolved) -> Flow {
        let Convolved {
            output,
            block,
            places,
        } = convolved;
        let shape = block.output();
        let Self {
            conv,
            kernel,
            bias,
            trains,
            input_wanted,
        } = self;
        if !trains && !input_wanted {
            return flow.next(output, shape);
        }
        let (own_kernel, own_bias) = (kernel.clone(), bias.clone());
        let recorded = own_bias.with_kernel(&own_kernel, trains);
        let input = flow.share();
        let op = Op {
            name: "conv2d",
            details: Some(Box::new(move || {
                (described(&block), block.algorithm_name())
            })),
        };
        flow.record(op, &recorded, move |backward| {
            let gradient = backward.take();
            let length = conv.batch * shape.len();
            let inputs = usize::from(input_wanted) * conv.batch * conv.input.len();
            let mut next = backward.workspace.values(inputs);
            let by_block = BlockGradient {
                gradient: &gradient[..length],
                places: &places[..if block.pool.is_some() { length } else { 0 }],
            };
            let input_gradient = input_wanted.then(|| &mut next[..inputs]);
            let run = |parameters: Option<(&mut [f32], &mut [f32])>| {
                let wanted = Gradients {
                    parameters,
                    input: input_gradient,
                };
                conv_block::gradients(&block, input.values(), values(&kernel), by_block, wanted);
            };
            if trains {
                backward.kernel_and_bias(&kernel, &bias, |kernel, bias| {
                    run(Some((kernel, bias)));
                });
            } else {
                run(None);
            }
            if input_wanted {
                backward.put(next);
            } else {
                backward.workspace.give_back_values(next);
            }
            backward.workspace.give_back_values(gradient);
            backward.workspace.give_back_small_places(places);
        });
        flow.next(output, shape)
    }
}

/// `conv2d + relu + max_pool2d`
fn described(block: &ConvBlock) -> String {
    match block.pool {
        None => "conv2d".to_owned(),
        Some(pool) if pool.rectified => "conv2d + relu + max_pool2d".to_owned(),
        Some(_) => "conv2d + max_pool2d".to_owned(),
    }
}
