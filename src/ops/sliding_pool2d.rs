//! Pooling with windows that may overlap, leave gaps or reach beyond the image.

use super::Flow;
use crate::kernels::{SlidingPool2d, sliding_pool2d as kernel_of};
use crate::shape::Window;

/// `[batch, height, width, channels] → [batch, positions, positions, channels]`: the largest value of each window inside the image.
/// The window's size is at most 255.
pub fn sliding_max_pool2d(flow: Flow, window: Window) -> Flow {
    let mut flow = flow.settled();
    let pool = pool(&flow, window);
    let shape = pool.output();
    let length = pool.batch * shape.len();
    let workspace = flow.workspace().clone();
    let mut output = workspace.buffer(length);
    let mut places = workspace.places(length);
    let (values, output_values) = (flow.values(), output.values_mut());
    kernel_of::largest(&pool, values, output_values, &mut places[..length]);
    if flow.needs_gradient() {
        flow.record("max_pool2d", &[], move |backward| {
            let gradient = backward.take();
            let wanted = pool.batch * pool.input.len();
            let mut next = backward.workspace.values(wanted);
            let (by_output, places_used) = (&gradient[..length], &places[..length]);
            kernel_of::largest_gradient(&pool, by_output, places_used, &mut next[..wanted]);
            backward.put(next);
            backward.workspace.give_back_values(gradient);
            backward.workspace.give_back_places(places);
        });
    } else {
        workspace.give_back_places(places);
    }
    flow.next(output, shape)
}

/// `[batch, height, width, channels] → [batch, positions, positions, channels]`: the mean of each window's values inside the image.
pub fn sliding_average_pool2d(flow: Flow, window: Window) -> Flow {
    let mut flow = flow.settled();
    let pool = pool(&flow, window);
    let shape = pool.output();
    let length = pool.batch * shape.len();
    let mut output = flow.workspace().buffer(length);
    kernel_of::mean(&pool, flow.values(), output.values_mut());
    if flow.needs_gradient() {
        flow.record("avg_pool2d", &[], move |backward| {
            let gradient = backward.take();
            let wanted = pool.batch * pool.input.len();
            let mut next = backward.workspace.values(wanted);
            kernel_of::mean_gradient(&pool, &gradient[..length], &mut next[..wanted]);
            backward.put(next);
            backward.workspace.give_back_values(gradient);
        });
    }
    flow.next(output, shape)
}

fn pool(flow: &Flow, window: Window) -> SlidingPool2d {
    SlidingPool2d {
        batch: flow.batch(),
        input: flow.shape(),
        window,
    }
}
