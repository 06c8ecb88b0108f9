//! A frame of zeros.

use super::Flow;
use crate::kernels::{ZeroPadding2d, zero_padding2d as kernel_of};

/// `[batch, height, width, channels] → [batch, height + 2 · size, width + 2 · size, channels]`: `size` zeros on every side.
pub fn zero_padding2d(flow: Flow, size: usize) -> Flow {
    let mut flow = flow.settled();
    let padding = ZeroPadding2d {
        batch: flow.batch(),
        input: flow.shape(),
        size,
    };
    let shape = padding.output();
    let length = padding.batch * shape.len();
    let mut output = flow.workspace().buffer(length);
    kernel_of::forward(&padding, flow.values(), output.values_mut());
    if flow.needs_gradient() {
        flow.record("zero_padding2d", &[], move |backward| {
            let gradient = backward.take();
            let wanted = padding.batch * padding.input.len();
            let mut next = backward.workspace.values(wanted);
            kernel_of::gradient(&padding, &gradient[..length], &mut next[..wanted]);
            backward.put(next);
            backward.workspace.give_back_values(gradient);
        });
    }
    flow.next(output, shape)
}
