//! Explanations: how much each pixel of an image contributes to the score of one class.
//!
//! A new method is one file here, with its [`MethodKind`], and one line in [`EXPLANATIONS`]; menus, forms and the command line
//! derive from the list.

mod grad_cam;
mod gradients;
mod integrated_gradients;
mod occlusion;
mod overlay;
mod saliency;
mod smooth_grad;

pub use overlay::{AGAINST, FOR, overlay};

use crate::field::{Configured, choices, kinds};
use crate::network::Model;
use crate::shape::Shape;

kinds! {
    /// An attribution method, before it is configured.
    pub struct MethodKind, "method" {
        /// What orange in its overlay says of a pixel: it counts `for` the class, or it `matters for` the score, in either direction.
        pub orange: &'static str,
        explain: fn(&mut Model, &Question) -> Result<Explanation, ExplainError>,
    }

    /// Every method, in the order in which menus show them.
    pub static EXPLANATIONS = [
        integrated_gradients::KIND,
        grad_cam::KIND,
        occlusion::KIND,
        saliency::KIND,
        smooth_grad::KIND,
    ];
}

/// A method with a legal value for each of its fields.
pub type Method = Configured<MethodKind>;

/// An image, the class to explain, and the method's inputs.
struct Question<'a> {
    /// `[height, width, channels]` in [0, 1]
    image: &'a [f32],
    class: usize,
    score: f32,
    probability: f32,
    method: &'a Method,
}

impl Question<'_> {
    /// The method's result for the image's own places: `values` of `shape`, and the heat that sums them up.
    fn explained(
        &self,
        heat: Vec<f32>,
        shape: Shape,
        values: Vec<f32>,
        note: String,
    ) -> Explanation {
        Explanation {
            method: self.method.clone(),
            class: self.class,
            score: self.score,
            probability: self.probability,
            heat,
            shape,
            values,
            note,
            layer: None,
        }
    }
}

/// How much each pixel of an image contributes to the score of one class.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The method.
    pub method: Method,
    /// The class whose score it explains.
    pub class: usize,
    /// Score of the class, before softmax.
    pub score: f32,
    /// Probability of the class.
    pub probability: f32,
    /// The overlay for the image: `[height × width]` of the image, one number per pixel. Where the method has a sign, pixels
    /// that raise the score are above 0 and those that lower it below.
    pub heat: Vec<f32>,
    /// Shape of the method's own numbers, which the heat sums up: the image's for gradients, the layer's for Grad-CAM.
    pub shape: Shape,
    /// `[height, width, channels]` of `shape`.
    pub values: Vec<f32>,
    /// A sentence about the result, such as how exact the sum is; may be empty.
    pub note: String,
    /// Position of the layer whose maps the values are, for Grad-CAM.
    pub layer: Option<usize>,
}

impl Explanation {
    /// Whether any pixel lowers the score, so that the overlay has blue.
    pub fn has_against(&self) -> bool {
        self.heat.iter().any(|heat| *heat < 0.0)
    }
}

/// Why there is no explanation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each sentence tells what its variant is")]
pub enum ExplainError {
    #[error("the image has {got} values, but the network expects {expected}")]
    Image { expected: usize, got: usize },
    #[error("class {got}: the network has {classes} classes, 0 to {}", classes - 1)]
    Class { classes: usize, got: usize },
    #[error("grad_cam: {0}")]
    Layer(String),
}

/// Explains the score (before softmax) of `class` for one image `[height, width, channels]` in [0, 1], in rayon's current pool.
///
/// # Errors
/// Where the image or the class does not fit the network, or the layer given to Grad-CAM has no maps.
pub fn explain(
    model: &mut Model,
    image: &[f32],
    class: usize,
    method: &Method,
) -> Result<Explanation, ExplainError> {
    let spec = model.network().spec();
    if image.len() != spec.input.len() {
        return Err(ExplainError::Image {
            expected: spec.input.len(),
            got: image.len(),
        });
    }
    if class >= spec.classes {
        return Err(ExplainError::Class {
            classes: spec.classes,
            got: class,
        });
    }
    let (score, probability) = gradients::score(model, image, class);
    let question = Question {
        image,
        class,
        score,
        probability,
        method,
    };
    (method.kind().explain)(model, &question)
}

/// A plain image to compare with.
#[derive(Clone, Copy, Debug, PartialEq)]
enum PlainImage {
    Black,
    Grey,
    White,
}

choices! { PlainImage { Black => "black", Grey => "grey", White => "white" } }

impl PlainImage {
    /// The value of each pixel.
    fn pixel(self) -> f32 {
        match self {
            Self::Black => 0.0,
            Self::Grey => 0.5,
            Self::White => 1.0,
        }
    }
}

/// `[height, width, channels]` → `[height × width]`, by `reduce` over the channels of each pixel.
fn per_pixel(values: &[f32], channels: usize, reduce: impl Fn(&[f32]) -> f32) -> Vec<f32> {
    values.chunks_exact(channels).map(reduce).collect()
}

/// The largest absolute value in a pixel's channels. Source: Simonyan, Vedaldi and Zisserman 2013, section 3.1.
fn largest_size(pixel: &[f32]) -> f32 {
    pixel.iter().fold(0.0, |most, value| most.max(value.abs()))
}
