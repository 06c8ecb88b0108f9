//! The fully connected layer.

use super::tape::Bias;
use super::{Flow, Vector, values};
use crate::kernels::{Dense, dense as kernel_of};
use crate::shape::Shape;

/// `[batch, height, width, channels] → [batch, 1, 1, units]`; the input is taken in its storage order (height, width, channels).
///
/// `kernel` holds `[inputs, units]`, `bias` one value per unit, or none.
pub fn dense<'a>(
    flow: Flow,
    units: usize,
    kernel: &Vector,
    bias: impl Into<Option<&'a Vector>>,
) -> Flow {
    let bias = Bias::new(bias.into(), units);
    let mut flow = flow.settled();
    let dense = Dense {
        batch: flow.batch(),
        inputs: flow.shape().len(),
        units,
    };
    let mut output = flow.workspace().buffer(dense.batch * units);
    kernel_of::forward(
        &dense,
        flow.values(),
        values(kernel),
        bias.values(),
        output.values_mut(),
    );

    let (trains, input_wanted) = (flow.trains_parameters(), flow.needs_gradient());
    if trains || input_wanted {
        let own_bias = bias.clone();
        let recorded = own_bias.with_kernel(kernel, trains);
        let (input, kernel) = (flow.share(), kernel.clone());
        flow.record("dense", &recorded, move |backward| {
            let gradient = backward.take();
            let output_gradient = &gradient[..dense.batch * units];
            if trains {
                backward.kernel_and_bias(&kernel, &bias, |kernel, bias| {
                    kernel_of::parameter_gradient(
                        &dense,
                        input.values(),
                        output_gradient,
                        kernel,
                        bias,
                    );
                });
            }
            if input_wanted {
                let length = dense.batch * dense.inputs;
                let mut next = backward.workspace.values(length);
                kernel_of::input_gradient(
                    &dense,
                    output_gradient,
                    values(&kernel),
                    &mut next[..length],
                );
                backward.put(next);
            }
            backward.workspace.give_back_values(gradient);
        });
    }
    flow.next(output, Shape::flat(units))
}
