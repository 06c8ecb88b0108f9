//! A batch of volumes on its way through a network.

use std::cell::OnceCell;
use std::sync::Arc;

use super::batch_norm::Normalisation;
use super::conv2d::Convolution;
use super::stopwatch::Op;
use super::tape::{Backward, ParameterGradients, Recorder, Vector};
use super::workspace::{Buffer, Input, Workspace};
use crate::kernels::{Finish, relu};
use crate::shape::Shape;

/// What one layer passes to the next: values `[batch, height, width, channels]`, and in training the tape that ops record on.
///
/// Ops take a flow and return the next one. Where neither the flow's input nor any parameter so far needs a gradient, ops
/// record nothing.
pub struct Flow {
    buffer: Arc<Buffer>,
    batch: usize,
    shape: Shape,
    recorder: Option<Recorder>,
    /// Whether anything before this point needs the gradient.
    needs_gradient: bool,
    trainable: bool,
    /// Deferred ops, not yet applied to the values of the buffer.
    waiting: Option<Waiting>,
}

/// Deferred ops: the next op may change how they are best computed. Max pooling goes before a rectifier (the largest of rectified
/// values is the rectified largest value, gradient included, and there are fewer of them), and is computed together with the
/// convolution before it. A batch norm rectifies in the same pass and, if nothing is recorded, is computed together with the
/// convolution before it.
#[derive(Default)]
pub(super) struct Waiting {
    pub(super) convolution: Option<Convolution>,
    /// After the convolution, or without one.
    pub(super) normalisation: Option<Normalisation>,
    /// Whether a rectifier follows it.
    pub(super) rectified: bool,
    /// The output, once it was read.
    looked_at: OnceCell<Arc<Buffer>>,
}

impl Waiting {
    /// The same without the rectifier, and whether there was one.
    pub(super) fn without_rectifier(self) -> (Self, bool) {
        let rectified = self.rectified;
        let waiting = Self {
            rectified: false,
            looked_at: OnceCell::new(),
            ..self
        };
        (waiting, rectified)
    }

    fn is_only_a_rectifier(&self) -> bool {
        self.convolution.is_none() && self.normalisation.is_none()
    }
}

impl Flow {
    /// A flow that records nothing.
    pub fn inference(input: Input) -> Self {
        Self::start(input, false, false)
    }

    /// A flow that records for the gradients of parameters.
    pub fn training(input: Input) -> Self {
        Self::start(input, true, false)
    }

    /// A flow that records for the gradients of parameters and of the input images.
    pub fn training_with_input_gradient(input: Input) -> Self {
        Self::start(input, true, true)
    }

    fn start(input: Input, record: bool, needs_gradient: bool) -> Self {
        let wanted = usize::from(needs_gradient) * input.batch * input.shape.len();
        let recorder = record.then(|| Recorder::new(input.buffer.workspace(), wanted));
        Self {
            buffer: Arc::new(input.buffer),
            batch: input.batch,
            shape: input.shape,
            recorder,
            needs_gradient,
            trainable: true,
            waiting: None,
        }
    }

    /// Sets whether the parameters of the ops from here on get gradients; by default they do.
    #[must_use]
    pub fn with_trainable(mut self, trainable: bool) -> Self {
        self.trainable = trainable;
        self
    }

    /// Whether the parameters of the ops from here on get gradients.
    pub fn is_trainable(&self) -> bool {
        self.trainable
    }

    /// Number of images.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// The shape of one image's volume.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The values, `[batch, height, width, channels]`.
    pub fn values(&self) -> &[f32] {
        let looked_at = self
            .waiting
            .as_ref()
            .map(|waiting| waiting.looked_at.get_or_init(|| self.looked_at(waiting)));
        looked_at.unwrap_or(&self.buffer).values()
    }

    fn looked_at(&self, waiting: &Waiting) -> Arc<Buffer> {
        let rectified = waiting.rectified;
        match (&waiting.convolution, &waiting.normalisation) {
            (Some(convolution), None) => {
                convolution.run(&self.buffer, &Finish::rectified(rectified))
            }
            (Some(convolution), Some(normalisation)) => {
                convolution.run(&self.buffer, &normalisation.finish(rectified))
            }
            (None, Some(normalisation)) => normalisation.run(&self.buffer, rectified),
            (None, None) => {
                let mut copy = self.copied();
                if rectified {
                    relu::forward(copy.values_mut());
                }
                Arc::new(copy)
            }
        }
    }

    pub(super) fn workspace(&self) -> &Workspace {
        self.buffer.workspace()
    }

    pub(super) fn trains_parameters(&self) -> bool {
        self.trainable && self.recorder.is_some()
    }

    pub(super) fn needs_gradient(&self) -> bool {
        self.needs_gradient
    }

    /// The same flow with a deferred rectifier.
    pub(super) fn rectified_later(mut self) -> Self {
        let mut waiting = self.waiting.take().unwrap_or_default();
        if !waiting.rectified {
            waiting.rectified = true;
            waiting.looked_at = OnceCell::new();
        }
        self.waiting = Some(waiting);
        self
    }

    /// The flow, which has no deferred ops, with a deferred convolution.
    pub(super) fn convolved_later(mut self, convolution: Convolution) -> Self {
        self.shape = convolution.output();
        self.waiting = Some(Waiting {
            convolution: Some(convolution),
            ..Waiting::default()
        });
        self
    }

    /// Whether the only deferred op is a convolution whose output was not read and that records nothing.
    pub(super) fn has_plain_convolution(&self) -> bool {
        self.waiting.as_ref().is_some_and(|waiting| {
            let convolution = waiting.convolution.as_ref();
            convolution.is_some_and(|convolution| !convolution.records())
                && waiting.normalisation.is_none()
                && !waiting.rectified
                && waiting.looked_at.get().is_none()
        })
    }

    /// The flow, on which at most a convolution is deferred, with a deferred batch norm.
    pub(super) fn normalised_later(mut self, normalisation: Normalisation) -> Self {
        self.waiting = Some(Waiting {
            normalisation: Some(normalisation),
            convolution: self.take_waiting().convolution,
            ..Waiting::default()
        });
        self
    }

    /// Removes the deferred ops: the caller's op computes them.
    pub(super) fn take_waiting(&mut self) -> Waiting {
        self.waiting.take().unwrap_or_default()
    }

    /// The same flow with all deferred ops computed; every op except those that may be computed first begins with this.
    pub(super) fn settled(mut self) -> Self {
        let waiting = self.take_waiting();
        self.after(waiting)
    }

    /// The flow after the deferred ops `waiting`, which were removed from it.
    pub(super) fn after(mut self, mut waiting: Waiting) -> Self {
        let looked_at = waiting.looked_at.take();
        let rectified = waiting.rectified;
        if waiting.is_only_a_rectifier() {
            match looked_at {
                Some(buffer) => self.buffer = buffer,
                None if rectified => self = self.changed(relu::forward),
                None => {}
            }
        } else {
            let output = looked_at.unwrap_or_else(|| self.looked_at(&waiting));
            match (waiting.convolution, waiting.normalisation) {
                (None, Some(normalisation)) => return normalisation.next(self, output, rectified),
                (Some(convolution), _) => {
                    let convolved = convolution.alone(output);
                    self = convolution.next(self, convolved);
                }
                (None, None) => {}
            }
        }
        if rectified && self.needs_gradient {
            let output = self.share();
            self.record("relu", &[], move |backward| {
                let mut gradient = backward.take();
                let output = output.values();
                relu::gradient(output, &mut gradient[..output.len()]);
                backward.put(gradient);
            });
        }
        self
    }

    fn copied(&self) -> Buffer {
        let mut copy = self.workspace().buffer(self.buffer.values().len());
        copy.values_mut().copy_from_slice(self.buffer.values());
        copy
    }

    /// The input of the deferred ops.
    pub(super) fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// The storage, to keep for the backward pass.
    pub(super) fn share(&self) -> Arc<Buffer> {
        Arc::clone(&self.buffer)
    }

    /// The same values in another shape.
    pub(super) fn reshaped(mut self, shape: Shape) -> Self {
        assert_eq!(shape.len(), self.shape.len(), "a reshape keeps every value");
        debug_assert!(self.waiting.is_none(), "a reshape comes after what waits");
        self.shape = shape;
        self
    }

    /// The same values as those of another number of images.
    pub(super) fn with_batch(self, batch: usize) -> Self {
        Self { batch, ..self }
    }

    /// The flow after an op that made `output` of `shape` for each image.
    pub(super) fn next(self, output: impl Into<Arc<Buffer>>, shape: Shape) -> Self {
        Self {
            buffer: output.into(),
            shape,
            ..self
        }
    }

    /// The flow after an op that changes values in place, or in a copy if the backward pass still needs the old ones.
    pub(super) fn changed(mut self, change: impl FnOnce(&mut [f32])) -> Self {
        match Arc::get_mut(&mut self.buffer) {
            Some(buffer) => change(buffer.values_mut()),
            None => {
                let mut copy = self.copied();
                change(copy.values_mut());
                self.buffer = Arc::new(copy);
            }
        }
        self
    }

    /// Adds a tape entry for an op on this flow if its backward pass has something to do: for `parameters` (those that get a gradient)
    /// or for the op's input.
    pub(super) fn record(
        &mut self,
        op: impl Into<Op>,
        parameters: &[&Vector],
        backward: impl FnOnce(&mut Backward) + 'static,
    ) {
        let wanted = self.needs_gradient || !parameters.is_empty();
        if let (true, Some(recorder)) = (wanted, &mut self.recorder) {
            self.needs_gradient = true;
            recorder.record(&op.into(), parameters, backward);
        }
    }

    /// Adds a tape entry between two paths of a fork, whatever this flow needs.
    pub(super) fn record_between(
        &mut self,
        op: &'static str,
        backward: impl FnOnce(&mut Backward) + 'static,
    ) {
        if let Some(recorder) = &mut self.recorder {
            recorder.record(&op.into(), &[], backward);
        }
    }

    /// Sets whether anything before this point needs the gradient, where another path begins.
    pub(super) fn with_needs_gradient(mut self, needs_gradient: bool) -> Self {
        self.needs_gradient = needs_gradient;
        self
    }

    pub(super) fn backward(self) -> ParameterGradients {
        self.recorder
            .expect("only a flow that began as training has gradients")
            .backward()
    }
}
