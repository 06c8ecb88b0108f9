//! Several paths from one volume, joined at their end.
//!
//! The tape is one list, and the gradient on its way back one buffer. The paths therefore follow one another on it, with an entry between
//! two of them: on the way back it keeps the gradient with respect to the common input, which the later path has computed, and takes up
//! the one with respect to the output of the earlier path, which the join has left.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::Flow;
use super::tape::Backward;
use super::workspace::Buffer;
use crate::kernels::join::{self as kernel_of, Join};
use crate::shape::Shape;

/// The volume from which paths begin, and the ends of those that have been run.
pub struct Fork {
    input: Arc<Buffer>,
    shape: Shape,
    needs_gradient: bool,
    ends: Vec<End>,
    kept: Rc<RefCell<Kept>>,
}

/// The end of a path.
struct End {
    buffer: Arc<Buffer>,
    shape: Shape,
    needs_gradient: bool,
}

/// Gradients that wait on the way back.
#[derive(Default)]
struct Kept {
    /// With respect to the ends of the paths.
    ends: Vec<Vec<f32>>,
    /// With respect to the input, of the paths so far.
    input: Option<Vec<f32>>,
}

impl Kept {
    /// Adds the gradient with respect to the input that is on its way to those before it.
    fn add_input(&mut self, length: usize, backward: &mut Backward) {
        let gradient = backward.take();
        match &mut self.input {
            None => self.input = Some(gradient),
            Some(sum) => {
                kernel_of::add(&mut sum[..length], &gradient[..length]);
                backward.workspace.give_back_values(gradient);
            }
        }
    }
}

impl Fork {
    /// Begins the first path.
    pub fn new(flow: Flow) -> (Self, Flow) {
        let mut flow = flow.settled();
        let fork = Self {
            input: flow.share(),
            shape: flow.shape(),
            needs_gradient: flow.needs_gradient(),
            ends: Vec::new(),
            kept: Rc::default(),
        };
        if fork.needs_gradient {
            let (kept, length) = (Rc::clone(&fork.kept), fork.input.values().len());
            flow.record("fork", &[], move |backward| {
                let mut kept = kept.borrow_mut();
                kept.add_input(length, backward);
                backward.put(kept.input.take().unwrap_or_default());
            });
        }
        (fork, flow)
    }

    /// Ends a path and begins the next one.
    #[must_use]
    pub fn next_path(&mut self, end: Flow) -> Flow {
        let mut flow = self.end(end);
        let ended = self.ends.len() - 1;
        let (adds, takes_up) = (self.needs_gradient, self.ends[ended].needs_gradient);
        if adds || takes_up {
            let (kept, length) = (Rc::clone(&self.kept), self.input.values().len());
            flow.record_between("fork", move |backward| {
                let mut kept = kept.borrow_mut();
                if adds {
                    kept.add_input(length, backward);
                }
                backward.put(std::mem::take(&mut kept.ends[ended]));
            });
        }
        flow.with_needs_gradient(self.needs_gradient)
    }

    /// Ends the last path and joins all.
    ///
    /// # Panics
    /// If the paths do not fit together.
    pub fn join(mut self, end: Flow, join: Join) -> Flow {
        let mut flow = self.end(end);
        let Self { ends, kept, .. } = self;
        let shapes: Vec<Shape> = ends.iter().map(|end| end.shape).collect();
        let shape = join.shape(&shapes);
        let shape = shape.expect("shape inference accepts only paths that fit together");
        let batch = flow.batch();
        let wanted: Vec<bool> = ends.iter().map(|end| end.needs_gradient).collect();
        let is_wanted = wanted.contains(&true);
        let output = match join {
            Join::Add => sum(ends),
            Join::Concat => side_by_side(&ends, batch * shape.len()),
        };
        if is_wanted {
            flow.record_between(join.keras(), move |backward| {
                let mut gradients = match join {
                    Join::Add => copies(&wanted, batch * shape.len(), backward),
                    Join::Concat => parts(&wanted, batch, &shapes, backward),
                };
                backward.put(gradients.pop().unwrap_or_default());
                kept.borrow_mut().ends = gradients;
            });
        }
        flow.next(output, shape).with_needs_gradient(is_wanted)
    }

    /// Keeps the end of a path; returns the flow at the input, so that nothing else holds the end.
    fn end(&mut self, end: Flow) -> Flow {
        let flow = end.settled();
        self.ends.push(End {
            buffer: flow.share(),
            shape: flow.shape(),
            needs_gradient: flow.needs_gradient(),
        });
        flow.next(Arc::clone(&self.input), self.shape)
    }
}

/// The sum of the paths, in the storage of one of the first two if nothing else needs it.
fn sum(mut ends: Vec<End>) -> Arc<Buffer> {
    // A sum of two is the same in both orders.
    if ends.len() == 2 && Arc::get_mut(&mut ends[0].buffer).is_none() {
        ends.swap(0, 1);
    }
    let mut ends = ends.into_iter().map(|end| end.buffer);
    let mut sum = ends.next().expect("a fork has paths");
    if Arc::get_mut(&mut sum).is_none() {
        let mut copy = sum.workspace().buffer(sum.values().len());
        copy.values_mut().copy_from_slice(sum.values());
        sum = Arc::new(copy);
    }
    let values = Arc::get_mut(&mut sum)
        .expect("it is the only one")
        .values_mut();
    for other in ends {
        kernel_of::add(values, other.values());
    }
    sum
}

fn side_by_side(ends: &[End], length: usize) -> Arc<Buffer> {
    let volumes: Vec<(&[f32], usize)> = ends
        .iter()
        .map(|end| (end.buffer.values(), end.shape.channels))
        .collect();
    let mut output = ends[0].buffer.workspace().buffer(length);
    kernel_of::concatenate(&volumes, output.values_mut());
    Arc::new(output)
}

/// The gradient with respect to a sum, once for each path that wants it.
fn copies(wanted: &[bool], length: usize, backward: &mut Backward) -> Vec<Vec<f32>> {
    let mut gradient = backward.take();
    let last = wanted.iter().rposition(|wanted| *wanted);
    let copy = |(path, wanted): (usize, &bool)| match wanted {
        false => Vec::new(),
        true if Some(path) == last => std::mem::take(&mut gradient),
        true => {
            let mut copy = backward.workspace.values(length);
            copy[..length].copy_from_slice(&gradient[..length]);
            copy
        }
    };
    wanted.iter().enumerate().map(copy).collect()
}

/// The gradient with respect to volumes side by side, for each path that wants its part.
fn parts(
    wanted: &[bool],
    batch: usize,
    shapes: &[Shape],
    backward: &mut Backward,
) -> Vec<Vec<f32>> {
    let gradient = backward.take();
    let channels: usize = shapes.iter().map(|shape| shape.channels).sum();
    let mut start = 0;
    let mut gradients = Vec::with_capacity(shapes.len());
    for (shape, wanted) in shapes.iter().zip(wanted) {
        let (own, length) = (shape.channels, batch * shape.len());
        let mut part = Vec::new();
        if *wanted {
            let whole = &gradient[..length / own * channels];
            part = backward.workspace.values(length);
            kernel_of::part(whole, channels, start, own, &mut part[..length]);
        }
        gradients.push(part);
        start += own;
    }
    backward.workspace.give_back_values(gradient);
    gradients
}
