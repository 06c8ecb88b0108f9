//! Fully connected layers: hidden ones, and the classifier at the end.

use super::{
    Block, Build, Combination, Initializer, L2, Layer, LayerKind, Misfit, ParameterShape, Pass,
    Place, USE_BIAS, activation, built, initializer,
};
use crate::field::{Field, Settings, settings};
use crate::ops::{self, Activation, Flow, Vector};
use crate::shape::Shape;

/// The type that ends every network.
pub const CLASSIFIER: &str = "classify";

pub static DENSE: LayerKind = LayerKind {
    name: "dense",
    keras: "dense",
    help: "Every unit is a weighted sum of all values of a flat input, plus a bias.",
    fields: Dense::FIELDS,
    build: Build::Layer(built::<Dense>),
};

pub static CLASSIFY: LayerKind = LayerKind {
    name: CLASSIFIER,
    keras: "dense",
    help: "The last layer: one score per class from a flat input, turned into probabilities by softmax.",
    fields: Classify::FIELDS,
    build: Build::Layer(|values, classes| {
        Box::new(Dense {
            units: classes,
            is_classifier: true,
            kernel_initializer: Classify::from_values(values).kernel_initializer,
            ..Dense::default()
        })
    }),
};

settings! {
    struct Classify {
        kernel_initializer: Initializer = initializer::FIELD,
    }
}

settings! {
    struct Dense {
        /// number of units, and of output values
        units: usize = Field::whole(128, 1..=16384, &[16, 32, 64, 128, 256, 512, 1024]).required(),
        activation: Activation = activation::FIELD,
        l2: f64 = L2,
        use_bias: bool = USE_BIAS,
        kernel_initializer: Initializer = initializer::FIELD,
    } and {
        /// Whether the units are the classes; softmax is applied after them, in loss and prediction.
        is_classifier: bool,
    }
}

impl Layer for Dense {
    fn gives_vectors(&self) -> bool {
        true
    }

    fn is_classifier(&self) -> bool {
        self.is_classifier
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        match input == Shape::flat(input.len()) {
            true => Ok(Shape::flat(self.units)),
            false => Err(Misfit::not_flat(input)),
        }
    }

    /// Kernel `[in, out]` and bias `[out]`.
    fn parameters(&self, input: Shape) -> Vec<ParameterShape> {
        let dimensions = [input.len(), self.units];
        let (initializer, l2) = (self.kernel_initializer, self.l2);
        let kernel = ParameterShape::kernel("kernel", &dimensions, initializer, l2);
        let bias = ParameterShape::bias(self.use_bias, self.units);
        std::iter::once(kernel).chain(bias).collect()
    }

    fn reads(&self, input: Shape, _place: Place) -> Block {
        Block::whole(input, 0..input.channels)
    }

    fn combination(&self) -> Combination {
        Combination::Products
    }

    fn forward(&self, flow: Flow, parameters: &mut [Vector], _pass: &Pass) -> Flow {
        let flow = ops::dense(flow, self.units, &parameters[0], parameters.get(1));
        ops::activate(flow, self.activation)
    }
}
