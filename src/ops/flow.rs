//! A batch of volumes on its way through a network.

use std::cell::OnceCell;
use std::sync::Arc;

use super::tape::{self, Backward, ParameterGradients, Recorder, Vector, Volume};
use super::workspace::{Buffer, Input, Workspace};
use crate::kernels::relu;
use crate::shape::Shape;

/// What one layer hands to the next: values `[batch, height, width, channels]`, and in training the tape that ops record on.
///
/// Ops take a flow and return the next one. Where neither the flow's input nor any parameter so far needs a gradient, ops
/// record nothing.
pub struct Flow {
    buffer: Arc<Buffer>,
    batch: usize,
    shape: Shape,
    recorder: Option<Recorder>,
    /// Whether anything before this point wants the gradient.
    needs_gradient: bool,
    trainable: bool,
    /// Set where the values are yet to be rectified; holds them rectified once somebody has looked.
    ///
    /// A rectifier waits for the next op because max pooling may go first: the largest of rectified values is the rectified
    /// largest value, gradient included, and there are fewer of them.
    rectifier: Option<OnceCell<Arc<Buffer>>>,
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
            rectifier: None,
        }
    }

    /// Whether the parameters of the ops from here on get gradients; they do until this is called with `false`.
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
        let looked_at = self.rectifier.as_ref().map(|rectified| {
            rectified.get_or_init(|| {
                let mut copy = self.copied();
                relu::forward(copy.values_mut());
                Arc::new(copy)
            })
        });
        looked_at.unwrap_or(&self.buffer).values()
    }

    /// The values as a tensor of their own.
    pub fn volume(&self) -> Volume {
        let Shape {
            height,
            width,
            channels,
        } = self.shape;
        tape::tensor(
            self.values().to_vec(),
            (self.batch, height, width, channels),
        )
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

    /// The same flow with a rectifier that waits.
    pub(super) fn rectified_later(mut self) -> Self {
        self.rectifier.get_or_insert_default();
        self
    }

    /// Takes the waiting rectifier away, and says whether there was one: the caller puts it behind its own op.
    pub(super) fn take_rectifier(&mut self) -> bool {
        self.rectifier.take().is_some()
    }

    /// The same flow with nothing waiting; every op but those that may go first begins with this.
    pub(super) fn settled(mut self) -> Self {
        let Some(rectified) = self.rectifier.take() else {
            return self;
        };
        match rectified.into_inner() {
            Some(rectified) => self.buffer = rectified,
            None => self = self.changed(relu::forward),
        }
        if self.needs_gradient {
            let output = self.share();
            self.record(&[], move |backward| {
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

    /// The storage, to keep for the way back.
    pub(super) fn share(&self) -> Arc<Buffer> {
        Arc::clone(&self.buffer)
    }

    /// The same values in another shape.
    pub(super) fn reshaped(mut self, shape: Shape) -> Self {
        assert_eq!(shape.len(), self.shape.len(), "a reshape keeps every value");
        self.shape = shape;
        self
    }

    /// The flow after an op that made `output` of `shape` for each image.
    pub(super) fn next(self, output: Buffer, shape: Shape) -> Self {
        Self {
            buffer: Arc::new(output),
            shape,
            ..self
        }
    }

    /// The flow after an op that changes values in place; in a copy where the way back still needs the old ones.
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

    /// Adds a tape entry for an op on this flow where its backward has something to do: `parameters` (those that get a gradient) or
    /// the op's input.
    pub(super) fn record(
        &mut self,
        parameters: &[&Vector],
        backward: impl FnOnce(&mut Backward) + 'static,
    ) {
        let wanted = self.needs_gradient || !parameters.is_empty();
        if let (true, Some(recorder)) = (wanted, &mut self.recorder) {
            self.needs_gradient = true;
            recorder.record(parameters, backward);
        }
    }

    pub(super) fn backward(self) -> ParameterGradients {
        self.recorder
            .expect("only a flow that began as training has gradients")
            .backward()
    }
}
