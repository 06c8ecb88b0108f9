//! Max pooling.

use super::Flow;
use crate::kernels::{MaxPool2d, Pool, max_pool2d as kernel_of};

/// `[batch, height, width, channels] → [batch, height / size, width / size, channels]`: the largest value of each window of
/// `size × size`, stride equal to the size; rows and columns that do not fill a window are dropped. `size` at most 255.
pub fn max_pool2d(mut flow: Flow, size: usize) -> Flow {
    let (mut waiting, rectified) = flow.take_waiting().without_rectifier();
    if size <= Pool::LARGEST
        && waiting.normalisation.is_none()
        && let Some(convolution) = waiting.convolution.take()
    {
        let pool = Pool { size, rectified };
        let convolved = convolution.pooled(flow.buffer(), pool);
        return convolution.next(flow, convolved);
    }
    flow = flow.after(waiting);
    let pool = MaxPool2d {
        batch: flow.batch(),
        input: flow.shape(),
        size,
    };
    let shape = pool.output();
    let length = pool.batch * shape.len();
    let workspace = flow.workspace().clone();
    let mut output = workspace.buffer(length);
    let mut places = workspace.places(length);
    kernel_of::forward(
        &pool,
        flow.values(),
        output.values_mut(),
        &mut places[..length],
    );
    if flow.needs_gradient() {
        flow.record("max_pool2d", &[], move |backward| {
            let gradient = backward.take();
            let wanted = pool.batch * pool.input.len();
            let mut next = backward.workspace.values(wanted);
            kernel_of::gradient(
                &pool,
                &gradient[..length],
                &places[..length],
                &mut next[..wanted],
            );
            backward.put(next);
            backward.workspace.give_back_values(gradient);
            backward.workspace.give_back_places(places);
        });
    } else {
        workspace.give_back_places(places);
    }
    let flow = flow.next(output, shape);
    if rectified {
        flow.rectified_later()
    } else {
        flow
    }
}
