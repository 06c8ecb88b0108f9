//! Depthwise convolution: each channel on its own.

use super::tape::Bias;
use super::{Flow, Vector, values};
use crate::kernels::{DepthwiseConv2d, depthwise_conv2d as kernel_of};
use crate::shape::Window;

/// `[batch, height, width, channels] → [batch, positions, positions, channels · multiplier]`.
///
/// `kernel` holds `[window.size, window.size, channels, multiplier]`, `bias` one value per output channel, or none.
pub fn depthwise_conv2d<'a>(
    flow: Flow,
    window: Window,
    multiplier: usize,
    kernel: &Vector,
    bias: impl Into<Option<&'a Vector>>,
) -> Flow {
    let mut flow = flow.settled();
    let conv = DepthwiseConv2d {
        batch: flow.batch(),
        input: flow.shape(),
        window,
        multiplier,
    };
    let shape = conv.output();
    let bias = Bias::new(bias.into(), shape.channels);
    let length = conv.batch * shape.len();
    let mut output = flow.workspace().buffer(length);
    let (input, output_values) = (flow.values(), output.values_mut());
    kernel_of::forward(&conv, input, values(kernel), bias.values(), output_values);

    let (trains, input_wanted) = (flow.trains_parameters(), flow.needs_gradient());
    if trains || input_wanted {
        let own_bias = bias.clone();
        let recorded = own_bias.with_kernel(kernel, trains);
        let (input, kernel) = (flow.share(), kernel.clone());
        flow.record("depthwise_conv2d", &recorded, move |backward| {
            let gradient = backward.take();
            let by_output = &gradient[..length];
            if trains {
                backward.kernel_and_bias(&kernel, &bias, |kernel, bias| {
                    kernel_of::parameter_gradient(&conv, input.values(), by_output, kernel, bias);
                });
            }
            if input_wanted {
                let wanted = conv.batch * conv.input.len();
                let mut next = backward.workspace.values(wanted);
                let by_input = &mut next[..wanted];
                kernel_of::input_gradient(&conv, by_output, values(&kernel), by_input);
                backward.put(next);
            }
            backward.workspace.give_back_values(gradient);
        });
    }
    flow.next(output, shape)
}
