//! The only place that touches dfdx's tape: tensors and their slices, the tape that ops record on, and the resulting gradients.
//!
//! Each volume is the input of one op, and the paths of a fork follow one another. The gradient that runs back through the ops is
//! therefore one buffer at a time, kept under one entry of dfdx's gradients (the *path*), and an op **writes** its input's gradient
//! where a general tape would add to it.

use std::time::Instant;

use dfdx::prelude::{
    Backward as _, Cpu, Gradients, HasShape, OwnedTape, Rank0, Shape, SplitTape, Tape as _, Tensor,
    TensorFromVec, Trace, ZerosTensor,
};

use super::stopwatch::Op;
use super::workspace::Workspace;

/// The device of all tensors.
pub type Device = Cpu;
/// A parameter: a flat vector whose shape is described elsewhere.
pub type Vector = Tensor<(usize,), f32, Device>;
/// `[batch, height, width, channels]`.
pub type Volume = Tensor<(usize, usize, usize, usize), f32, Device>;

/// Creates a parameter with these values.
pub fn vector(values: Vec<f32>) -> Vector {
    let shape = (values.len(),);
    tensor(values, shape)
}

pub(super) fn tensor<S: Shape>(values: Vec<f32>, shape: S) -> Tensor<S, f32, Device> {
    DEVICE.with(|device| device.tensor_from_vec(values, shape))
}

thread_local! {
    /// A device is a handle to a random generator and a cache; neither is used here.
    static DEVICE: Device = Device::default();
}

/// The values of a contiguous tensor, without a copy.
#[allow(unsafe_code, reason = "the one borrow of a tensor's values")]
pub fn values<S: Shape>(tensor: &Tensor<S, f32, Device>) -> &[f32] {
    let Some((first, last)) = ends(tensor) else {
        return &[];
    };
    let (first, count) = (&raw const tensor[first], tensor.shape().num_elements());
    assert_eq!(
        first.wrapping_add(count - 1),
        &raw const tensor[last],
        "tensors of the engine are contiguous"
    );
    // SAFETY: both ends of `first .. first + count` are elements of the tensor's one vector, so all of it is inside that
    // vector, initialised, and borrowed with the tensor.
    unsafe { std::slice::from_raw_parts(first, count) }
}

/// The values of a contiguous tensor, mutable in place; copied first if a clone of the tensor shares them.
#[allow(unsafe_code, reason = "the one borrow of a tensor's values")]
pub fn values_mut<S: Shape>(tensor: &mut Tensor<S, f32, Device>) -> &mut [f32] {
    let Some((first, last)) = ends(tensor) else {
        return &mut [];
    };
    let count = tensor.shape().num_elements();
    let first = &raw mut tensor[first];
    assert_eq!(
        first.cast_const().wrapping_add(count - 1),
        &raw const tensor[last],
        "tensors of the engine are contiguous"
    );
    // SAFETY: as in `values`; `IndexMut` has made the tensor the only owner of its vector, and it is borrowed mutably.
    unsafe { std::slice::from_raw_parts_mut(first, count) }
}

/// The indices of the first and the last element; none of an empty tensor.
fn ends<S: Shape>(tensor: &Tensor<S, f32, Device>) -> Option<(S::Concrete, S::Concrete)> {
    let mut last = tensor.shape().concrete();
    for axis in 0..S::NUM_DIMS {
        last[axis] = last[axis].checked_sub(1)?;
    }
    Some((S::Concrete::default(), last))
}

/// Records the backward passes of ops.
pub(super) struct Recorder {
    tape: OwnedTape<f32, Device>,
    parameters: Vec<*const f32>,
    input_length: usize,
    workspace: Workspace,
}

impl Recorder {
    /// `input_length` is the number of values in the flow's input if its gradient is wanted, otherwise 0.
    pub(super) fn new(workspace: &Workspace, input_length: usize) -> Self {
        let zero: Tensor<Rank0, f32, Device> = DEVICE.with(|device| device.zeros());
        let gradients = workspace.gradients().unwrap_or_else(Gradients::leaky);
        workspace.stopwatch().begin();
        Self {
            tape: zero.traced(gradients).split_tape().1,
            parameters: Vec::new(),
            input_length,
            workspace: workspace.clone(),
        }
    }

    /// Adds one entry; `parameters` are those whose gradients `backward` computes.
    pub(super) fn record(
        &mut self,
        op: &Op,
        parameters: &[&Vector],
        backward: impl FnOnce(&mut Backward) + 'static,
    ) {
        let lap = self.workspace.stopwatch().forward(op);
        self.parameters
            .extend(parameters.iter().map(|p| values(p).as_ptr()));
        let workspace = self.workspace.clone();
        self.tape.add_backward_op(move |gradients| {
            let started = lap.map(|lap| (lap, Instant::now()));
            backward(&mut Backward {
                gradients,
                workspace: &workspace,
            });
            if let Some((lap, started)) = started {
                workspace.stopwatch().backward(lap, started.elapsed());
            }
            Ok(())
        });
    }

    /// Runs the entries from the last to the first.
    pub(super) fn backward(self) -> ParameterGradients {
        let zero: Tensor<Rank0, f32, Device> = DEVICE.with(|device| device.zeros());
        let loss = dfdx::prelude::PutTape::put_tape(zero, self.tape);
        let gradients = match loss.try_backward() {
            Ok(gradients) => gradients,
            Err(error) => panic!("a gradient could not be allocated: {error}"),
        };
        ParameterGradients {
            gradients: Some(gradients),
            parameters: self.parameters,
            input_length: self.input_length,
            workspace: self.workspace,
        }
    }
}

/// An op's view of the backward pass.
pub(super) struct Backward<'a> {
    gradients: &'a mut Gradients<f32, Device>,
    pub(super) workspace: &'a Workspace,
}

impl Backward<'_> {
    /// The gradient with respect to the op's output; the buffer may be longer than the output.
    pub(super) fn take(&mut self) -> Vec<f32> {
        std::mem::take(slot(self.gradients, self.workspace.path()))
    }

    /// Passes on the gradient with respect to the op's input.
    pub(super) fn put(&mut self, gradient: Vec<f32>) {
        *slot(self.gradients, self.workspace.path()) = gradient;
    }

    /// Calls `write` with the gradients of two parameters, to fill them.
    pub(super) fn parameters(
        &mut self,
        [first, second]: [&Vector; 2],
        write: impl FnOnce(&mut [f32], &mut [f32]),
    ) {
        let mut taken = std::mem::take(slot(self.gradients, first));
        write(&mut taken, slot(self.gradients, second));
        *slot(self.gradients, first) = taken;
    }

    /// Calls `write` with the gradients of a kernel and its bias, to fill them.
    pub(super) fn kernel_and_bias(
        &mut self,
        kernel: &Vector,
        bias: &Bias,
        write: impl FnOnce(&mut [f32], &mut [f32]),
    ) {
        match bias.parameter() {
            Some(parameter) => self.parameters([kernel, parameter], write),
            None => write(
                slot(self.gradients, kernel),
                &mut vec![0.0; bias.values().len()],
            ),
        }
    }
}

/// The bias of an op: a parameter, or zeros where the op has none.
#[derive(Clone)]
pub(super) struct Bias {
    values: Vector,
    is_parameter: bool,
}

impl Bias {
    pub(super) fn new(parameter: Option<&Vector>, length: usize) -> Self {
        Self {
            values: parameter.map_or_else(|| vector(vec![0.0; length]), Vector::clone),
            is_parameter: parameter.is_some(),
        }
    }

    pub(super) fn values(&self) -> &[f32] {
        values(&self.values)
    }

    fn parameter(&self) -> Option<&Vector> {
        self.is_parameter.then_some(&self.values)
    }

    /// The parameters of an op with this kernel that get gradients, if any do.
    pub(super) fn with_kernel<'a>(&'a self, kernel: &'a Vector, trains: bool) -> Vec<&'a Vector> {
        let both = [Some(kernel), self.parameter()].into_iter().flatten();
        both.filter(|_| trains).collect()
    }
}

fn slot<'a>(gradients: &'a mut Gradients<f32, Device>, key: &Vector) -> &'a mut Vec<f32> {
    match gradients.get_or_alloc_mut(key) {
        Ok(buffer) => buffer,
        Err(error) => panic!("a gradient could not be allocated: {error}"),
    }
}

/// The gradients of one step. When dropped, the buffers are reused by the next step of the same [`Workspace`].
pub struct ParameterGradients {
    gradients: Option<Gradients<f32, Device>>,
    parameters: Vec<*const f32>,
    input_length: usize,
    workspace: Workspace,
}

impl ParameterGradients {
    /// The gradient of the mean loss by `parameter`, without a copy.
    ///
    /// # Panics
    /// If the step computed no gradient for it: it was frozen, is not in the network, or has been changed since the step.
    pub fn of(&mut self, parameter: &Vector) -> &mut [f32] {
        assert!(
            self.has(parameter),
            "the step computed no gradient for this parameter: frozen, foreign, or changed since"
        );
        slot(self.gradients(), parameter)
    }

    /// Whether the step computed a gradient for `parameter`.
    pub fn has(&self, parameter: &Vector) -> bool {
        self.parameters.contains(&values(parameter).as_ptr())
    }

    /// The gradient of the mean loss by the network's input, `[batch, height, width, channels]`; empty unless the flow began
    /// with [`super::Flow::training_with_input_gradient`].
    pub fn input(&mut self) -> &mut [f32] {
        let (path, length) = (self.workspace.path().clone(), self.input_length);
        &mut slot(self.gradients(), &path)[..length]
    }

    fn gradients(&mut self) -> &mut Gradients<f32, Device> {
        self.gradients
            .as_mut()
            .expect("the gradients are taken out on drop only")
    }
}

impl Drop for ParameterGradients {
    fn drop(&mut self) {
        if let Some(mut gradients) = self.gradients.take() {
            let path = std::mem::take(slot(&mut gradients, self.workspace.path()));
            self.workspace.give_back_values(path);
            self.workspace.give_back_gradients(gradients);
        }
    }
}
