//! The backward pass from any value, not only from a loss: the basis of explanations.

use super::{Flow, ParameterGradients};

/// The gradients of `Σ gradient · values` by everything that the flow recorded: with 1 at one score and 0 elsewhere, the
/// gradient of that score.
///
/// # Panics
/// Unless there is one number for each value `[batch, height, width, channels]`, or the flow began with [`Flow::inference`].
pub fn backward_from(flow: Flow, gradient: &[f32]) -> ParameterGradients {
    let mut flow = flow.settled();
    assert_eq!(
        gradient.len(),
        flow.values().len(),
        "one number for each value of the flow"
    );
    if flow.needs_gradient() {
        let mut start = flow.workspace().values(gradient.len());
        start[..gradient.len()].copy_from_slice(gradient);
        flow.record("start", &[], move |backward| backward.put(start));
    }
    flow.backward()
}
