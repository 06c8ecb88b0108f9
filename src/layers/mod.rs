//! The layer types, a file for each or for those that are one idea, and [`LAYERS`], the list from which parser, editor, summary, help and
//! tests derive.
//!
//! A new layer is one file here, with its [`LayerKind`] and its [`Layer`], and one line in [`LAYERS`].

mod activation;
mod batch_norm;
mod conv2d;
mod dense;
mod dropout;
mod flatten;
mod global_avg_pool2d;
mod pool2d;
mod source;
mod zero_padding2d;

use std::fmt;

use crate::field::{Field, Settings, Value, kinds};
use crate::ops::{Activation, Flow, Vector};
use crate::shape::Shape;
pub use dense::CLASSIFIER;
pub use source::{Block, Combination, Place};

kinds! {
    /// What is known of a layer type before it is configured.
    pub struct LayerKind, "layer" {
        /// What Keras calls such a layer where it is given no name: `conv2d`, `batch_normalization`. The names of weights in files begin with it.
        pub keras: &'static str,
        /// Makes the layer from one legal value a field, in the order of `fields`, for a network of so many classes.
        pub build: fn(&[Value], usize) -> Box<dyn Layer>,
    }

    /// Every layer type, in the order in which menus show them.
    pub static LAYERS = [
        conv2d::KIND,
        batch_norm::KIND,
        activation::RELU,
        activation::LEAKY_RELU,
        activation::TANH,
        activation::SIGMOID,
        activation::GELU,
        pool2d::MAX,
        pool2d::AVERAGE,
        global_avg_pool2d::KIND,
        zero_padding2d::KIND,
        dropout::KIND,
        flatten::KIND,
        dense::DENSE,
        dense::CLASSIFY,
    ];
}

/// Builds a layer whose settings are all that it knows.
fn built<L: Settings + Layer + 'static>(values: &[Value], _classes: usize) -> Box<dyn Layer> {
    Box::new(L::from_values(values))
}

/// The field `l2` of layers with weights: Keras's `kernel_regularizer=L2(l2)`.
const L2: Field = Field::number(0.0, 0.0..1.0, &[0.0, 1e-5, 1e-4, 1e-3, 1e-2]).meaning(
    "what the sum of the squared kernel weights is multiplied by and added to the loss; holds weights small",
);

/// A configured layer: what it makes of a shape, which weights it has, and how values flow through it.
pub trait Layer: fmt::Debug + Send + Sync {
    /// Whether the layer changes the values where they lie and so needs no memory of its own.
    fn changes_in_place(&self) -> bool {
        false
    }

    /// Whether the layer wants height and width: none of a vector's followers does.
    fn takes_images(&self) -> bool {
        false
    }

    /// Whether what comes out is a vector, even where images went in.
    fn gives_vectors(&self) -> bool {
        false
    }

    /// The shape that comes out where `input` goes in, for one image.
    ///
    /// # Errors
    /// A sentence that says what does not fit and what to do.
    fn output(&self, input: Shape) -> Result<Shape, Misfit>;

    /// The weights, in Keras's order, for an `input` that [`output`](Layer::output) accepted.
    fn parameters(&self, _input: Shape) -> Vec<ParameterShape> {
        Vec::new()
    }

    /// The values of the input that the one at `place` of the output is made of.
    fn reads(&self, input: Shape, place: Place) -> Block;

    /// How it is made of them when the network predicts, before the [`activation`](Layer::activation).
    fn combination(&self) -> Combination;

    /// `[batch, height, width, channels]` → the same with this layer's output shape.
    /// `parameters` are this layer's own, in the order of [`parameters`](Layer::parameters).
    fn forward(&self, flow: Flow, parameters: &mut [Vector], pass: &Pass) -> Flow;

    /// How the layer's moving statistics follow those of the batches, of layers that keep some.
    fn moving(&self) -> Option<Moving> {
        None
    }

    /// What is done to each value before it comes out; `Linear` where nothing is.
    fn activation(&self) -> Activation {
        Activation::Linear
    }

    /// Whether the values that come out are class scores: the last layer of every network.
    fn is_classifier(&self) -> bool {
        false
    }

    /// Whether each value that comes out is a filter's or a unit's sum of products.
    fn has_products(&self) -> bool {
        matches!(self.combination(), Combination::Products)
    }

    /// Whether filters slide over maps: a convolution.
    fn slides_filters(&self) -> bool {
        self.has_products() && self.takes_images()
    }

    /// Whether each value that comes out is made of the one at its place, and shows the same as that: activations, batch norm.
    fn keeps_places(&self) -> bool {
        matches!(
            self.combination(),
            Combination::Same | Combination::Normalised { .. }
        )
    }

    /// Multiplications and additions (counted as one) for one image, with learned numbers.
    fn multiply_accumulates(&self, input: Shape) -> u64 {
        let outputs = self.output(input).map_or(0, Shape::len);
        let each = match self.combination() {
            Combination::Products => {
                let block = self.reads(input, Place::at_offset(0, input));
                block.shape().len()
            }
            Combination::Normalised { .. } => 1,
            Combination::Same | Combination::Moved | Combination::Mean | Combination::Largest => 0,
        };
        (outputs * each) as u64
    }
}

/// What kind of pass through the network this is, for one of its layers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pass {
    /// Dropout drops.
    pub training: bool,
    /// Batch norm uses the batch's own statistics, and its moving ones keep this part of themselves; `None` where it uses the moving ones.
    pub momentum: Option<f32>,
    /// Names the random numbers of this layer in this step: equal keys give equal masks.
    pub key: u64,
}

/// How moving statistics follow those of the batches: `moving ← moving · momentum + batch · (1 − momentum)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moving {
    /// The part that a step keeps.
    pub momentum: f32,
    /// Whether what they begin with is corrected for.
    pub is_corrected: bool,
}

impl Moving {
    /// A share that tells nobody anything any more counts as none.
    const NOTHING: f32 = 1e-9;

    /// The part that the next step is to keep, where the statistics' start has this share of them. With a correction it is such that the
    /// statistics are at any time what Keras's would be divided by `1 − start_share`, without their start: after t steps the mean of
    /// the batches so far, weighed by `momentum^(t − step)`.
    pub fn kept(self, start_share: f32) -> f32 {
        match self.is_corrected {
            true => self.momentum * (1.0 - start_share) / (1.0 - self.momentum * start_share),
            false => self.momentum,
        }
    }

    /// The share of the start after one more step.
    pub fn start_share_after(self, start_share: f32) -> f32 {
        let after = start_share * self.momentum;
        if after < Self::NOTHING { 0.0 } else { after }
    }
}

/// Name, dimensions and starting values of one weight tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterShape {
    /// As in Keras: `kernel`, `bias`, `gamma`, `beta`, `moving_mean`, `moving_variance`.
    pub name: &'static str,
    /// Its sides, the slowest first: `[height, width, in, out]` of a convolution, `[in, out]` of a dense layer.
    pub dimensions: Vec<usize>,
    /// The values that it begins with.
    pub start: Start,
    /// False for batch norm's moving statistics, which no optimizer changes.
    pub trainable: bool,
    /// The loss grows by this multiple of the sum of the tensor's squares.
    pub l2: f64,
}

impl ParameterShape {
    fn trainable(name: &'static str, dimensions: Vec<usize>, start: Start) -> Self {
        Self {
            name,
            dimensions,
            start,
            trainable: true,
            l2: 0.0,
        }
    }

    fn statistic(name: &'static str, channels: usize, start: Start) -> Self {
        Self {
            trainable: false,
            ..Self::trainable(name, vec![channels], start)
        }
    }

    fn with_l2(self, l2: f64) -> Self {
        Self { l2, ..self }
    }

    /// Number of values.
    pub fn count(&self) -> usize {
        self.dimensions.iter().product()
    }
}

/// How a weight starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// All 0.
    Zeros,
    /// All 1.
    Ones,
    /// Uniform in ±√(6 / (fan_in + fan_out)). Source: Glorot and Bengio 2010, as in Keras.
    GlorotUniform {
        /// Values that one output is made of.
        fan_in: usize,
        /// Outputs that one value goes into.
        fan_out: usize,
    },
}

/// Why a layer does not fit its input.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit {
    /// A sentence: what was expected, what came, what to do.
    pub reason: String,
    /// What would mend it, where that is possible.
    pub mend: Mend,
}

/// A change that makes a layer fit its input.
#[derive(Clone, Debug, PartialEq)]
pub enum Mend {
    /// A layer of this name before it.
    InsertBefore(&'static str),
    /// The layer further up, before the layer with this index.
    MoveBefore(usize),
    /// Another value in this field.
    Set(&'static str, Value),
    /// Nothing in its place.
    TakeOut,
}

impl Misfit {
    fn new(reason: impl Into<String>, mend: Mend) -> Self {
        Self {
            reason: reason.into(),
            mend,
        }
    }

    /// The misfit of every layer that follows the classifier, which has this index.
    pub fn after_classifier(classifier: usize) -> Self {
        Self::new(
            "stands after classify, which must be the last layer; move it before classify or take it out",
            Mend::MoveBefore(classifier),
        )
    }

    /// The misfit of a second classifier.
    pub fn second_classifier() -> Self {
        Self::new("stands after classify already; take it out", Mend::TakeOut)
    }

    /// The misfit of every layer that wants images and gets vectors, which begin with the layer `name`.
    pub fn not_an_image(name: &str, mend: Mend) -> Self {
        let reason = format!(
            "needs height and width and gets a vector from {name}; move it before {name} or take it out"
        );
        Self::new(reason, mend)
    }

    /// The misfit of every layer that wants a vector and got an image.
    fn not_flat(input: Shape) -> Self {
        Self::new(
            format!("needs flat input and got {input}; put flatten before it"),
            Mend::InsertBefore("flatten"),
        )
    }
}
