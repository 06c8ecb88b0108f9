//! The layer types, one file per type or group of types, and [`LAYERS`], the list from which parser, editor, summary, help and tests
//! derive.
//!
//! A new layer is one file here, with its [`LayerKind`] and its [`Layer`], and one line in [`LAYERS`].

mod activation;
mod batch_norm;
mod branching;
mod conv2d;
mod dense;
mod depthwise_conv2d;
mod dropout;
mod flatten;
mod global_avg_pool2d;
mod group_norm;
mod initializer;
mod pool2d;
mod source;
mod zero_padding2d;

use std::fmt;

use crate::field::{Configured, Field, Settings, Value, kinds};
pub use crate::ops::Join;
use crate::ops::{Activation, Flow, Vector};
use crate::shape::Shape;
pub use branching::{Contents, END, Joining, PATH, Shortcut};
pub use dense::CLASSIFIER;
use initializer::Initializer;
pub use source::{Block, Combination, Place};

kinds! {
    /// A layer type, before it is configured.
    pub struct LayerKind, "layer" {
        /// Keras's default name for such a layer: `conv2d`, `batch_normalization`. The names of weights in files begin with it.
        pub keras: &'static str,
        /// What it makes of the network.
        pub build: Build,
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
        branching::RESIDUAL,
        branching::BRANCHES,
        depthwise_conv2d::DEPTHWISE,
        depthwise_conv2d::SEPARABLE,
        group_norm::LAYER,
        group_norm::GROUP,
        dropout::SPATIAL,
        activation::ELU,
        activation::SILU,
    ];
}

/// What a kind makes of the network.
pub enum Build {
    /// One layer, from one legal value per field, in the order of the fields, for a network with this number of classes.
    Layer(fn(&[Value], usize) -> Box<dyn Layer>),
    /// The beginning of a block of paths, which are joined at its end.
    Block(Contents, fn(&[Value]) -> Joining),
    /// The beginning of a block's next path.
    Path,
    /// The end of a block.
    End,
}

impl LayerKind {
    /// What a block holds, if this begins one.
    pub fn contents(&self) -> Option<Contents> {
        match self.build {
            Build::Block(contents, _) => Some(contents),
            Build::Layer(_) | Build::Path | Build::End => None,
        }
    }
}

/// Builds a layer from its settings alone.
fn built<L: Settings + Layer + 'static>(values: &[Value], _classes: usize) -> Box<dyn Layer> {
    Box::new(L::from_values(values))
}

/// The field `l2` of layers with weights: Keras's `kernel_regularizer=L2(l2)`.
const L2: Field = Field::number(0.0, 0.0..1.0, &[0.0, 1e-5, 1e-4, 1e-3, 1e-2])
    .meaning("factor on the sum of squared kernel weights, added to the loss; keeps weights small");

/// The field `use_bias` of layers with a kernel.
const USE_BIAS: Field = Field::flag().on().added().meaning(
    "whether each output channel has a bias; needless before batch_norm, which subtracts it",
);

/// A configured layer: its output shape, its weights, and how it computes values.
pub trait Layer: fmt::Debug + Send + Sync {
    /// Whether the layer works in place and so needs no memory of its own.
    fn changes_in_place(&self) -> bool {
        false
    }

    /// Whether the layer needs height and width, and so cannot follow a vector.
    fn takes_images(&self) -> bool {
        false
    }

    /// Whether the output is a vector, even for an image as input.
    fn gives_vectors(&self) -> bool {
        false
    }

    /// The output shape for an `input` shape, of one image.
    ///
    /// # Errors
    /// What does not fit, and what to do, as a sentence.
    fn output(&self, input: Shape) -> Result<Shape, Misfit>;

    /// The weights, in Keras's order, for an `input` that [`output`](Layer::output) accepted.
    fn parameters(&self, _input: Shape) -> Vec<ParameterShape> {
        Vec::new()
    }

    /// The input values that the output value at `place` is computed from.
    fn reads(&self, input: Shape, place: Place) -> Block;

    /// How it is computed from them in prediction, before the [`activation`](Layer::activation).
    fn combination(&self) -> Combination;

    /// Applies the layer: `[batch, height, width, channels]` → the same with this layer's output shape.
    /// `parameters` are this layer's own, in the order of [`parameters`](Layer::parameters).
    fn forward(&self, flow: Flow, parameters: &mut [Vector], pass: &Pass) -> Flow;

    /// How the layer's moving statistics follow those of the batches; `None` for layers without any.
    fn moving(&self) -> Option<Moving> {
        None
    }

    /// The activation applied to each output value; `Linear` for none.
    fn activation(&self) -> Activation {
        Activation::Linear
    }

    /// How the layer joins the paths of a block, if it does; the shape of its input is then that of its output.
    fn joins(&self) -> Option<Join> {
        None
    }

    /// Whether the output values are class scores: the last layer of every network.
    fn is_classifier(&self) -> bool {
        false
    }

    /// Whether each output value is a filter's or a unit's sum of products.
    fn has_products(&self) -> bool {
        matches!(
            self.combination(),
            Combination::Products | Combination::ProductsOfProducts
        )
    }

    /// Whether the layer is a convolution.
    fn slides_filters(&self) -> bool {
        self.has_products() && self.takes_images()
    }

    /// Whether each output value depends only on the input value at its place and shows the same: activations, batch norm.
    fn keeps_places(&self) -> bool {
        matches!(
            self.combination(),
            Combination::Same | Combination::Normalised { .. }
        )
    }

    /// Multiply-adds with trained weights for one image.
    fn multiply_accumulates(&self, input: Shape) -> u64 {
        let outputs = self.output(input).map_or(0, Shape::len);
        let each = match self.combination() {
            Combination::Products | Combination::ProductsOfProducts => {
                let block = self.reads(input, Place::at_offset(0, input));
                block.shape().len()
            }
            Combination::Normalised { .. } | Combination::NormalisedTogether => 1,
            Combination::Same
            | Combination::Moved
            | Combination::Mean
            | Combination::Largest
            | Combination::Joined => 0,
        };
        (outputs * each) as u64
    }
}

/// The kind of a pass through the network, for one of its layers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pass {
    /// Whether dropout drops values.
    pub training: bool,
    /// Batch norm uses the batch's own statistics, and its moving ones keep this share of themselves; `None` where it uses the moving ones.
    pub momentum: Option<f32>,
    /// The key of this layer's random numbers in this step: equal keys give equal masks.
    pub key: u64,
}

/// How moving statistics follow those of the batches: `moving ← moving · momentum + batch · (1 − momentum)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moving {
    /// The share that a step keeps.
    pub momentum: f32,
    /// Whether they are corrected for their initial values.
    pub is_corrected: bool,
}

impl Moving {
    /// A smaller share counts as none.
    const NOTHING: f32 = 1e-9;

    /// The share that the next step keeps, where the initial values have this share of the statistics. With a correction the statistics
    /// are always Keras's without their initial values, divided by `1 − start_share`: after t steps the mean of the batches so far,
    /// weighted by `momentum^(t − step)`.
    pub fn kept(self, start_share: f32) -> f32 {
        match self.is_corrected {
            true => self.momentum * (1.0 - start_share) / (1.0 - self.momentum * start_share),
            false => self.momentum,
        }
    }

    /// The share of the initial values after one more step.
    pub fn start_share_after(self, start_share: f32) -> f32 {
        let after = start_share * self.momentum;
        if after < Self::NOTHING { 0.0 } else { after }
    }
}

/// Name, dimensions and initial values of one weight tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterShape {
    /// As in Keras: `kernel`, `bias`, `gamma`, `beta`, `moving_mean`, `moving_variance`.
    pub name: &'static str,
    /// Dimensions, the slowest first: `[height, width, in, out]` of a convolution, `[in, out]` of a dense layer.
    pub dimensions: Vec<usize>,
    /// The initial values.
    pub start: Start,
    /// False for batch norm's moving statistics, which no optimizer changes.
    pub trainable: bool,
    /// The L2 penalty: the factor on the sum of the tensor's squares, added to the loss.
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

    /// The kernel of a convolution or a dense layer.
    fn kernel(name: &'static str, dimensions: &[usize], initializer: Initializer, l2: f64) -> Self {
        let start = initializer.start(dimensions);
        Self {
            l2,
            ..Self::trainable(name, dimensions.to_vec(), start)
        }
    }

    /// The bias of a layer that has one.
    fn bias(has_one: bool, outputs: usize) -> Option<Self> {
        has_one.then(|| Self::trainable("bias", vec![outputs], Start::Zeros))
    }

    /// Number of values.
    pub fn count(&self) -> usize {
        self.dimensions.iter().product()
    }
}

/// How a weight tensor is initialised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// All 0.
    Zeros,
    /// All 1.
    Ones,
    /// Uniform in ±`limit`.
    Uniform {
        /// The largest value.
        limit: f32,
    },
    /// Normal with mean 0, drawn again where it is beyond two of its standard deviations.
    TruncatedNormal {
        /// The standard deviation before that.
        deviation: f32,
    },
}

/// Why a layer does not fit its input.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit {
    /// What was expected and what was found.
    pub reason: String,
    /// What to do.
    pub remedy: String,
    /// The change that fixes it.
    pub mend: Mend,
}

/// A change that makes a layer fit its input.
#[derive(Clone, Debug, PartialEq)]
pub enum Mend {
    /// A layer of this name before it.
    InsertBefore(&'static str),
    /// The layer moved up, before the layer with this index.
    MoveBefore(usize),
    /// Another value in this field.
    Set(&'static str, Value),
    /// The layer deleted.
    TakeOut,
    /// Another value in this field of the line with this index.
    SetAt(usize, &'static str, Value),
    /// A layer before the line with this index.
    InsertAt(usize, Configured<LayerKind>),
    /// The block that begins in the line with this index replaced by its layers, one path after the other.
    Unwrap(usize),
}

impl Misfit {
    pub(crate) fn new(reason: impl Into<String>, remedy: impl Into<String>, mend: Mend) -> Self {
        Self {
            reason: reason.into(),
            remedy: remedy.into(),
            mend,
        }
    }

    /// The misfit of every layer that follows the classifier, which has this index.
    pub fn after_classifier(classifier: usize) -> Self {
        Self::new(
            "comes after classify, which must be the last layer",
            "move it before classify or delete it",
            Mend::MoveBefore(classifier),
        )
    }

    /// The misfit of a second classifier.
    pub fn second_classifier() -> Self {
        Self::new("comes after another classify", "delete it", Mend::TakeOut)
    }

    /// The misfit of a classifier inside a block.
    pub fn inside_a_block() -> Self {
        let reason = "is inside a block, and must be the last layer of the network";
        Self::new(reason, "delete it", Mend::TakeOut)
    }

    /// The misfit of every layer that needs images and gets vectors, which begin with the layer `name`.
    pub fn not_an_image(name: &str, mend: Mend) -> Self {
        Self::new(
            format!("needs height and width, got a vector from {name}"),
            format!("move it before {name} or delete it"),
            mend,
        )
    }

    /// The misfit of every layer that needs a vector and gets an image.
    fn not_flat(input: Shape) -> Self {
        Self::new(
            format!("needs flat input, got {input}"),
            "insert flatten before it",
            Mend::InsertBefore("flatten"),
        )
    }
}
