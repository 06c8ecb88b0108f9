//! The rectifier.

use super::Flow;
use crate::kernels::relu as kernel_of;

/// `max(value, 0)`, any shape; the gradient is zero where the output is.
pub fn relu(flow: Flow) -> Flow {
    let mut flow = flow.changed(kernel_of::forward);
    if flow.needs_gradient() {
        let output = flow.share();
        flow.record(&[], move |backward| {
            let mut gradient = backward.take();
            let output = output.values();
            kernel_of::gradient(output, &mut gradient[..output.len()]);
            backward.put(gradient);
        });
    }
    flow
}
