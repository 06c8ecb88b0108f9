//! The backward pass from any value, not only from a loss: the basis of explanations.

use std::cell::RefCell;
use std::rc::Rc;

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

/// The gradient with respect to the values of a flow, once the backward pass has come there.
pub struct Tap(Rc<RefCell<Vec<f32>>>);

impl Tap {
    /// One number for each value; empty where the backward pass did not come there.
    pub fn gradient(self) -> Vec<f32> {
        self.0.take()
    }
}

impl Flow {
    /// The same flow, which keeps the gradient with respect to its values.
    pub fn tapped(self) -> (Self, Tap) {
        let mut flow = self.settled();
        let kept = Rc::<RefCell<Vec<f32>>>::default();
        let (tap, length) = (Tap(Rc::clone(&kept)), flow.values().len());
        if flow.needs_gradient() {
            flow.record("tap", &[], move |backward| {
                let gradient = backward.take();
                kept.replace(gradient[..length].to_vec());
                backward.put(gradient);
            });
        }
        (flow, tap)
    }
}
