//! A network that passed shape inference: every layer with its shapes, ready to get weights.

use std::collections::HashMap;

use super::model::NamedWeights;
use super::spec::{LayerSpec, NetworkSpec};
use crate::layers::{CLASSIFIER, Layer, LayerKind, Mend, Misfit, ParameterShape};
use crate::shape::Shape;

/// The largest number of classes; labels are held in 16 bits.
pub const MOST_CLASSES: usize = 1000;
/// The largest height and width of an image, in pixels.
pub const MOST_PIXELS: usize = 512;

/// A valid network: the shapes of neighbouring layers agree and it ends in `classify`.
#[derive(Debug)]
pub struct CheckedNetwork {
    spec: NetworkSpec,
    layers: Vec<CheckedLayer>,
}

/// A layer that fits its input.
#[derive(Debug)]
pub struct CheckedLayer {
    /// `conv2d`, `conv2d_1`, …
    pub name: String,
    /// Keras's name for the layer in the same network: `conv2d_1`, `batch_normalization`, `dense_2`.
    pub keras_name: String,
    /// The configured layer.
    pub layer: Box<dyn Layer>,
    /// Input shape.
    pub input: Shape,
    /// Output shape.
    pub output: Shape,
    /// Its weights, in the order of files.
    pub parameters: Vec<ParameterShape>,
}

/// Why a network is not valid.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "each sentence tells what its variant is")]
pub enum NetworkProblem {
    #[error("{}; {}", self.fault(), misfit.remedy)]
    Layer {
        /// Position in the list, from 0.
        index: usize,
        name: String,
        misfit: Box<Misfit>,
    },
    /// Every layer fits, but the last one is not a classifier.
    #[error("{}; add `- {CLASSIFIER}` as its last layer", self.fault())]
    NoClassifier {
        /// Name of the last layer.
        last: Option<String>,
    },
    /// Bad input or classes.
    #[error("{0}")]
    Whole(String),
}

impl NetworkProblem {
    /// The problem without the remedy.
    pub fn fault(&self) -> String {
        match self {
            Self::Layer {
                index,
                name,
                misfit,
            } => format!("layer {}, {name}: {}", index + 1, misfit.reason),
            Self::NoClassifier { last } => {
                let end = match last {
                    Some(last) => format!("with {last}"),
                    None => "without any layer".to_owned(),
                };
                format!("the network ends {end} and gives no probabilities")
            }
            Self::Whole(problem) => problem.clone(),
        }
    }
}

impl CheckedLayer {
    /// The name of one of the layer's weights in files, as in Keras: `batch_normalization/gamma`.
    pub fn weight_name(&self, shape: &ParameterShape) -> String {
        format!("{}/{}", self.keras_name, shape.name)
    }

    /// Finds that weight among those of a file, under this name or the [former](Self::former_weight_name) one.
    pub fn find_weight<'a>(
        &self,
        shape: &ParameterShape,
        weights: &'a [NamedWeights],
    ) -> Option<&'a NamedWeights> {
        let find = |name: &str| weights.iter().find(|weight| weight.name == name);
        find(&self.weight_name(shape)).or_else(|| find(&self.former_weight_name(shape)))
    }

    /// The name in files of the [start share](super::Model::start_share) of the layer's moving statistics; not a Keras name, and present
    /// only while it is not 0.
    pub(super) fn start_share_name(&self) -> String {
        format!("{}/start_share", self.keras_name)
    }

    /// That share among the weights of a file.
    pub fn start_share_in(&self, weights: &[NamedWeights]) -> f32 {
        let name = self.start_share_name();
        let found = weights.iter().find(|weight| weight.name == name);
        let share = found.and_then(|weight| weight.values.first());
        let share = share.filter(|share| share.is_finite());
        share.map_or(0.0, |share| share.clamp(0.0, 1.0))
    }

    /// The name in files of program versions up to 0.1, by the layer names of network files: `batch_norm/gamma`.
    pub fn former_weight_name(&self, shape: &ParameterShape) -> String {
        format!("{}/{}", self.name, shape.name)
    }
}

impl CheckedNetwork {
    /// Infers every shape.
    ///
    /// # Errors
    /// The first problem.
    pub fn new(spec: &NetworkSpec) -> Result<Self, NetworkProblem> {
        let (layers, problem) = infer(spec);
        match problem {
            Some(problem) => Err(problem),
            None => Ok(Self {
                spec: spec.clone(),
                layers,
            }),
        }
    }

    /// The network as written.
    pub fn spec(&self) -> &NetworkSpec {
        &self.spec
    }

    /// From the image to the probabilities.
    pub fn layers(&self) -> &[CheckedLayer] {
        &self.layers
    }

    /// Position of the layer with this name, or this number from 1.
    ///
    /// # Errors
    /// A sentence with all names where there is none.
    pub fn layer_called(&self, text: &str) -> Result<usize, String> {
        let number = || {
            text.parse()
                .ok()
                .filter(|number| (1..=self.layers.len()).contains(number))
        };
        let named = self.layers.iter().position(|layer| layer.name == text);
        named
            .or_else(|| number().map(|number| number - 1))
            .ok_or_else(|| {
                let names: Vec<&str> = self
                    .layers
                    .iter()
                    .map(|layer| layer.name.as_str())
                    .collect();
                format!(
                    "expected the name of a layer, or a number from 1 to {}: {}",
                    names.len(),
                    names.join(", ")
                )
            })
    }
}

/// The layers before the first problem, and the problem.
pub(super) fn infer(spec: &NetworkSpec) -> (Vec<CheckedLayer>, Option<NetworkProblem>) {
    let mut layers: Vec<CheckedLayer> = Vec::with_capacity(spec.layers.len());
    if let Some(problem) = check_ends(spec) {
        return (layers, Some(problem));
    }
    let mut shape = spec.input;
    // The first layer with a vector as output.
    let mut flat: Option<(String, usize)> = None;
    let names = layer_names(&spec.layers).into_iter();
    let names = names.zip(numbered(&spec.layers, |kind| kind.keras));
    for (index, (layer_spec, (name, keras_name))) in spec.layers.iter().zip(names).enumerate() {
        let layer = (layer_spec.kind().build)(layer_spec.values(), spec.classes);
        let after_classifier = layers.last().is_some_and(|last| last.layer.is_classifier());
        let output = match &flat {
            _ if after_classifier && layer.is_classifier() => Err(Misfit::second_classifier()),
            _ if after_classifier => Err(Misfit::after_classifier(index - 1)),
            Some((name, at)) if layer.takes_images() => {
                // Before that layer it would itself give the vector that the other does not take.
                let in_turn = layer.gives_vectors() && layers[*at].layer.takes_images();
                let mend = if in_turn {
                    Mend::TakeOut
                } else {
                    Mend::MoveBefore(*at)
                };
                Err(Misfit::not_an_image(name, mend))
            }
            _ => layer.output(shape),
        };
        if layer.gives_vectors() && flat.is_none() {
            flat = Some((name.clone(), index));
        }
        match output {
            Ok(output) => layers.push(CheckedLayer {
                name,
                keras_name,
                parameters: layer.parameters(shape),
                layer,
                input: shape,
                output,
            }),
            Err(misfit) => {
                let problem = NetworkProblem::Layer {
                    index,
                    name,
                    misfit: Box::new(misfit),
                };
                return (layers, Some(problem));
            }
        }
        shape = layers.last().map_or(shape, |layer| layer.output);
    }
    let problem = match layers.last() {
        Some(last) if last.layer.is_classifier() => None,
        last => Some(NetworkProblem::NoClassifier {
            last: last.map(|last| last.name.clone()),
        }),
    };
    (layers, problem)
}

fn check_ends(spec: &NetworkSpec) -> Option<NetworkProblem> {
    let Shape {
        height,
        width,
        channels,
    } = spec.input;
    if !(1..=MOST_PIXELS).contains(&height)
        || !(1..=MOST_PIXELS).contains(&width)
        || ![1, 3].contains(&channels)
    {
        return Some(NetworkProblem::Whole(format!(
            "input: expected [height, width, channels] with 1 to {MOST_PIXELS} pixels per side and 1 or 3 channels, got [{height}, {width}, {channels}]"
        )));
    }
    if !(2..=MOST_CLASSES).contains(&spec.classes) {
        return Some(NetworkProblem::Whole(format!(
            "classes: expected a whole number from 2 to {MOST_CLASSES}, got {}",
            spec.classes
        )));
    }
    None
}

/// The layer type, numbered from its second use on, as in Keras.
pub(super) fn layer_names(layers: &[LayerSpec]) -> Vec<String> {
    numbered(layers, |kind| kind.name)
}

fn numbered(layers: &[LayerSpec], name: fn(&LayerKind) -> &'static str) -> Vec<String> {
    let mut seen = HashMap::new();
    layers
        .iter()
        .map(|layer| {
            let name = name(layer.kind());
            let count = seen.entry(name).or_insert(0);
            *count += 1;
            match *count {
                1 => name.to_owned(),
                count => format!("{name}_{}", count - 1),
            }
        })
        .collect()
}
