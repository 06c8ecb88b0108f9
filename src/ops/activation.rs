//! Activations.

use super::Flow;
use crate::kernels::{Activation, activation as kernel_of};

/// The activation of every value, any shape.
pub fn activate(flow: Flow, activation: Activation) -> Flow {
    match activation {
        Activation::Linear => return flow,
        Activation::Relu => return relu(flow),
        _ => {}
    }
    let flow = flow.settled();
    let records = flow.needs_gradient();
    let input = (records && activation.gradient_wants_input()).then(|| flow.share());
    let mut flow = flow.changed(|values| kernel_of::forward(activation, values));
    if records {
        let kept = input.unwrap_or_else(|| flow.share());
        flow.record("activation", &[], move |backward| {
            let mut gradient = backward.take();
            let kept = kept.values();
            kernel_of::gradient(activation, kept, &mut gradient[..kept.len()]);
            backward.put(gradient);
        });
    }
    flow
}

/// `max(value, 0)`, any shape; the gradient is zero where the output is.
///
/// Deferred, because the next op may be computed first; [`Flow::values`] are rectified in any case.
pub fn relu(flow: Flow) -> Flow {
    flow.rectified_later()
}
