//! Dilated convolution, and any other op of windows whose pixels are apart.

use super::Flow;
use crate::kernels::Phases;
use crate::shape::{Padding, Shape, Window};

/// The op `convolve` with the pixels of its window `dilation` apart; `window` must have stride 1. `convolve` gets the flow and the window
/// with which to compute it, and changes neither the number of images nor the shape but as that window does.
///
/// # Panics
/// If the window has another stride.
pub fn dilated(
    flow: Flow,
    window: Window,
    dilation: usize,
    convolve: impl FnOnce(Flow, Window) -> Flow,
) -> Flow {
    assert_eq!(window.stride, 1, "a dilated window moves by one pixel");
    let (input, batch) = (flow.shape(), flow.batch());
    let wide = window.dilated(dilation);
    let along = |length: usize| {
        let (before, after) = wide.zeros(length);
        (before, (before + length + after).div_ceil(dilation))
    };
    let (rows, columns) = (along(input.height), along(input.width));
    let phases = Phases {
        image: input,
        dilation,
        before: (rows.0, columns.0),
        phase: Shape::new(rows.1, columns.1, input.channels),
    };
    let inner = Window {
        padding: Padding::Valid,
        ..window
    };
    let flow = convolve(split(flow, phases), inner);
    let phase = flow.shape();
    let phases = Phases {
        image: wide.slide(input, phase.channels),
        dilation,
        before: (0, 0),
        phase,
    };
    merge(flow, phases, batch)
}

fn split(flow: Flow, phases: Phases) -> Flow {
    let mut flow = flow.settled();
    let batch = flow.batch();
    let lengths = [phases.image.len(), phases.length()].map(|length| batch * length);
    let mut output = flow.workspace().buffer(lengths[1]);
    phases.split(flow.values(), output.values_mut());
    if flow.needs_gradient() {
        flow.record("split into phases", &[], move |backward| {
            let gradient = backward.take();
            let mut next = backward.workspace.values(lengths[0]);
            phases.merge(&gradient[..lengths[1]], &mut next[..lengths[0]]);
            backward.put(next);
            backward.workspace.give_back_values(gradient);
        });
    }
    let images = batch * phases.dilation * phases.dilation;
    flow.next(output, phases.phase).with_batch(images)
}

fn merge(flow: Flow, phases: Phases, batch: usize) -> Flow {
    let mut flow = flow.settled();
    let lengths = [phases.length(), phases.image.len()].map(|length| batch * length);
    let mut output = flow.workspace().buffer(lengths[1]);
    phases.merge(flow.values(), output.values_mut());
    if flow.needs_gradient() {
        flow.record("merge phases", &[], move |backward| {
            let gradient = backward.take();
            let mut next = backward.workspace.values(lengths[0]);
            phases.split(&gradient[..lengths[1]], &mut next[..lengths[0]]);
            backward.put(next);
            backward.workspace.give_back_values(gradient);
        });
    }
    flow.next(output, phases.image).with_batch(batch)
}
