//! Dropout.

use super::Flow;
use crate::kernels::dropout as kernel_of;

/// As [`dropout`], of whole channels of each image.
pub fn spatial_dropout2d(flow: Flow, rate: f32, key: u64) -> Flow {
    let shape = flow.shape();
    let mut flow = flow
        .settled()
        .changed(|values| kernel_of::apply_to_channels(key, rate, shape, values));
    if flow.needs_gradient() {
        let length = flow.values().len();
        flow.record("spatial_dropout2d", &[], move |backward| {
            let mut gradient = backward.take();
            kernel_of::apply_to_channels(key, rate, shape, &mut gradient[..length]);
            backward.put(gradient);
        });
    }
    flow
}

/// Inverted dropout: each value becomes zero with probability `rate` (in `[0, 1)`), the others are divided by `1 − rate`.
///
/// `key` alone decides which: give every layer and step its own, drawn from a random stream.
pub fn dropout(flow: Flow, rate: f32, key: u64) -> Flow {
    let mut flow = flow
        .settled()
        .changed(|values| kernel_of::apply(key, rate, values));
    if flow.needs_gradient() {
        let length = flow.values().len();
        flow.record("dropout", &[], move |backward| {
            let mut gradient = backward.take();
            kernel_of::apply(key, rate, &mut gradient[..length]);
            backward.put(gradient);
        });
    }
    flow
}
