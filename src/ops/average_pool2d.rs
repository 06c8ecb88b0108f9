//! Average pooling.

use super::Flow;
use crate::kernels::{AveragePool2d, average_pool2d as kernel_of};

/// `[batch, height, width, channels] → [batch, height / size, width / size, channels]`: the mean of each window of
/// `size × size`, stride equal to the size; rows and columns that do not fill a window are dropped.
pub fn average_pool2d(flow: Flow, size: usize) -> Flow {
    pool(flow, (size, size))
}

/// `[batch, height, width, channels] → [batch, 1, 1, channels]`: the mean of each channel.
pub fn global_average_pool2d(flow: Flow) -> Flow {
    let window = (flow.shape().height, flow.shape().width);
    pool(flow, window)
}

fn pool(flow: Flow, window: (usize, usize)) -> Flow {
    let mut flow = flow.settled();
    let pool = AveragePool2d {
        batch: flow.batch(),
        input: flow.shape(),
        window,
    };
    let shape = pool.output();
    let length = pool.batch * shape.len();
    let mut output = flow.workspace().buffer(length);
    kernel_of::forward(&pool, flow.values(), output.values_mut());
    if flow.needs_gradient() {
        flow.record("avg_pool2d", &[], move |backward| {
            let gradient = backward.take();
            let wanted = pool.batch * pool.input.len();
            let mut next = backward.workspace.values(wanted);
            kernel_of::gradient(&pool, &gradient[..length], &mut next[..wanted]);
            backward.put(next);
            backward.workspace.give_back_values(gradient);
        });
    }
    flow.next(output, shape)
}
