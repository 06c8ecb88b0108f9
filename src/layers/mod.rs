//! The layer types, one file each, and [`LAYERS`], the list from which parser, editor, summary, help and tests derive.
//!
//! A new layer is one file here, with its [`LayerKind`] and its [`Layer`], and one line in [`LAYERS`].

mod batch_norm;
mod classify;
mod conv2d;
mod dense;
mod dropout;
mod flatten;
mod max_pool2d;
mod relu;

use std::fmt;

use crate::field::{Field, Kind, Value};
use crate::ops::{Flow, Vector};
use crate::shape::Shape;

/// Every layer type, in the order in which menus show them.
pub static LAYERS: &[&LayerKind] = &[
    &conv2d::KIND,
    &batch_norm::KIND,
    &relu::KIND,
    &max_pool2d::KIND,
    &dropout::KIND,
    &flatten::KIND,
    &dense::KIND,
    &classify::KIND,
];

/// What is known of a layer type before it is configured.
pub struct LayerKind {
    /// As in network files and in Keras: `conv2d`.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub help: &'static str,
    pub fields: &'static [Field],
    /// Makes the layer from one legal value a field, in the order of `fields`, for a network of so many classes.
    pub build: fn(&[Value], usize) -> Box<dyn Layer>,
}

impl Kind for LayerKind {
    const NOUN: &'static str = "layer";

    fn all() -> &'static [&'static Self] {
        LAYERS
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn fields(&self) -> &'static [Field] {
        self.fields
    }
}

impl fmt::Debug for LayerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A configured layer: what it makes of a shape, which weights it has, and how values flow through it.
pub trait Layer: fmt::Debug + Send + Sync {
    /// The shape that comes out where `input` goes in, for one image.
    ///
    /// # Errors
    /// A sentence that says what does not fit and what to do.
    fn output(&self, input: Shape) -> Result<Shape, Misfit>;

    /// The weights, in Keras's order, for an `input` that [`output`](Layer::output) accepted.
    fn parameters(&self, _input: Shape) -> Vec<ParameterShape> {
        Vec::new()
    }

    /// Multiplications and additions (counted as one) for one image.
    fn multiply_accumulates(&self, _input: Shape) -> u64 {
        0
    }

    /// Height and width of the input that one output value sees, and how far two neighbours' windows lie apart.
    fn window(&self) -> (usize, usize) {
        (1, 1)
    }

    /// `[batch, height, width, channels]` → the same with this layer's output shape.
    /// `parameters` are this layer's own, in the order of [`parameters`](Layer::parameters).
    fn forward(&self, flow: Flow, parameters: &mut [Vector], pass: &Pass) -> Flow;

    /// Whether the values that come out are class scores: the last layer of every network.
    fn is_classifier(&self) -> bool {
        false
    }
}

/// What kind of pass through the network this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Dropout drops and batch norm uses the batch's own statistics.
    pub training: bool,
    /// Names the random numbers of this layer in this step: equal keys give equal masks.
    pub key: u64,
}

/// Name, dimensions and starting values of one weight tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterShape {
    /// As in Keras: `kernel`, `bias`, `gamma`, `beta`, `moving_mean`, `moving_variance`.
    pub name: &'static str,
    pub dimensions: Vec<usize>,
    pub start: Start,
    /// False for batch norm's moving statistics, which no optimizer changes.
    pub trainable: bool,
}

impl ParameterShape {
    fn trainable(name: &'static str, dimensions: Vec<usize>, start: Start) -> Self {
        Self {
            name,
            dimensions,
            start,
            trainable: true,
        }
    }

    fn statistic(name: &'static str, channels: usize, start: Start) -> Self {
        Self {
            name,
            dimensions: vec![channels],
            start,
            trainable: false,
        }
    }

    /// Number of values.
    pub fn count(&self) -> usize {
        self.dimensions.iter().product()
    }
}

/// How a weight starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Zeros,
    Ones,
    /// Uniform in ±√(6 / (fan_in + fan_out)). Source: Glorot and Bengio 2010, as in Keras.
    GlorotUniform {
        fan_in: usize,
        fan_out: usize,
    },
}

/// Why a layer does not fit its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// A sentence: what was expected, what came, what to do.
    pub reason: String,
    /// A layer that would mend it if it stood before this one.
    pub insert_before: Option<&'static str>,
}

impl Misfit {
    fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            insert_before: None,
        }
    }

    /// The misfit of every layer that follows the classifier.
    pub fn after_classifier() -> Self {
        Self::new(
            "stands after classify, which must be the last layer; move it before classify or take it out",
        )
    }

    /// The misfit of every layer that wants a vector and got an image.
    fn not_flat(input: Shape) -> Self {
        Self {
            reason: format!("needs flat input and got {input}; put flatten before it"),
            insert_before: Some("flatten"),
        }
    }
}
