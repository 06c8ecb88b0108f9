//! Two-dimensional convolution with bias.

use super::{Flow, Vector, values};
use crate::kernels::{Conv2d, conv2d as kernel_of, conv2d_gradients};
use crate::shape::Window;

/// `[batch, height, width, channels] → [batch, positions, positions, filters]`.
///
/// `kernel` holds `[window.size, window.size, channels, filters]`, `bias` one value a filter.
pub fn conv2d(flow: Flow, window: Window, filters: usize, kernel: &Vector, bias: &Vector) -> Flow {
    let mut flow = flow.settled();
    let conv = Conv2d {
        batch: flow.batch(),
        input: flow.shape(),
        window,
        filters,
    };
    let shape = conv.output();
    let mut output = flow.workspace().buffer(conv.batch * shape.len());
    kernel_of::forward(
        &conv,
        flow.values(),
        values(kernel),
        values(bias),
        output.values_mut(),
    );

    let (trains, input_wanted) = (flow.trains_parameters(), flow.needs_gradient());
    if trains || input_wanted {
        let parameters: &[&Vector] = if trains { &[kernel, bias] } else { &[] };
        let (input, kernel, bias) = (flow.share(), kernel.clone(), bias.clone());
        flow.record(parameters, move |backward| {
            let gradient = backward.take();
            let output_gradient = &gradient[..conv.batch * shape.len()];
            if trains {
                backward.parameters([&kernel, &bias], |kernel, bias| {
                    conv2d_gradients::parameter_gradient(
                        &conv,
                        input.values(),
                        output_gradient,
                        kernel,
                        bias,
                    );
                });
            }
            if input_wanted {
                let length = conv.batch * conv.input.len();
                let mut next = backward.workspace.values(length);
                conv2d_gradients::input_gradient(
                    &conv,
                    output_gradient,
                    values(&kernel),
                    &mut next[..length],
                );
                backward.put(next);
            }
            backward.workspace.give_back_values(gradient);
        });
    }
    flow.next(output, shape)
}
