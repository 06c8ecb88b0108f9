//! A network that passed shape inference: every layer with its shapes, ready to get weights.

use std::ops::Range;

use super::inference::infer;
use super::model::NamedWeights;
use super::spec::{LayerSpec, NetworkSpec};
use crate::layers::{Block, CLASSIFIER, Join, Layer, Misfit, ParameterShape, Place};
use crate::shape::Shape;

/// The largest number of classes; labels are held in 16 bits.
pub const MOST_CLASSES: usize = 1000;
/// Why steps cannot begin inside a block.
const OUTSIDE: &str = "steps begin outside all blocks";
/// The largest height and width of an image, in pixels.
pub const MOST_PIXELS: usize = 512;

/// A valid network: the shapes of neighbouring layers agree and it ends in `classify`.
#[derive(Debug)]
pub struct CheckedNetwork {
    spec: NetworkSpec,
    layers: Vec<CheckedLayer>,
    steps: Vec<Step>,
}

/// A step of a pass through the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The first path of a block begins.
    Fork,
    /// A path ends and the next one begins.
    NextPath,
    /// The last path of a block ends, and the layer with this index joins all.
    Join(usize),
    /// The layer with this index.
    Layer(usize),
}

/// An input of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerInput {
    /// The layer whose output it is; `None` for the image.
    pub layer: Option<usize>,
    /// Its shape.
    pub shape: Shape,
}

/// A layer that fits its input.
#[derive(Debug)]
pub struct CheckedLayer {
    /// `conv2d`, `conv2d_1`, …
    pub name: String,
    /// Keras's name for the layer in the same network: `conv2d_1`, `batch_normalization`, `dense_2`.
    pub keras_name: String,
    /// The layer as written, or made by a residual block; of a layer that joins paths, their block.
    pub spec: LayerSpec,
    /// The configured layer.
    pub layer: Box<dyn Layer>,
    /// What it computes its output from: one volume, or the paths that it joins.
    pub inputs: Vec<LayerInput>,
    /// Shape of its input; of a layer that joins paths, of the joined ones.
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
        /// Its position among the layers, from 0; `None` for a part of a block that is none.
        number: Option<usize>,
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
                number,
                name,
                misfit,
                ..
            } => {
                let number = number.map(|number| format!("layer {}, ", number + 1));
                format!("{}{name}: {}", number.unwrap_or_default(), misfit.reason)
            }
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
    /// Whether each value is the sum of those of several paths.
    pub fn is_sum(&self) -> bool {
        self.layer.joins() == Some(Join::Add)
    }

    /// What the output value at `place` is computed from: for each input that it depends on, the block of values there.
    pub fn reads(&self, place: Place) -> Vec<(LayerInput, Block)> {
        let here = |place| Block::one(place, 0);
        match self.layer.joins() {
            None => {
                let only = self.inputs[0];
                vec![(only, self.layer.reads(only.shape, place))]
            }
            Some(Join::Add) => self
                .inputs
                .iter()
                .map(|path| (*path, here(place)))
                .collect(),
            Some(Join::Concat) => {
                let mut channel = place.channel;
                let path = self.inputs.iter().find(|path| {
                    let is_inside = channel < path.shape.channels;
                    if !is_inside {
                        channel -= path.shape.channels;
                    }
                    is_inside
                });
                let path = path.expect("the place is inside the joined volume");
                vec![(*path, here(Place { channel, ..place }))]
            }
        }
    }

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
        let inferred = infer(spec);
        match inferred.problem {
            Some(problem) => Err(problem),
            None => Ok(Self {
                spec: spec.clone(),
                layers: inferred.layers,
                steps: inferred.steps,
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

    /// The steps from the input of the first of these layers, which is outside all blocks or begins one, to the output of the last; of the
    /// blocks around that only the path that leads to it.
    ///
    /// # Panics
    /// If the first layer is inside a block.
    pub(super) fn steps_to(&self, layers: Range<usize>) -> Vec<Step> {
        if layers.is_empty() {
            return Vec::new();
        }
        let place = |layer: usize| {
            let is_it =
                |step: &Step| matches!(step, Step::Layer(at) | Step::Join(at) if *at == layer);
            let place = self.steps.iter().position(is_it);
            place.expect("each layer has a step")
        };
        let first = place(layers.start);
        let begins = |step: &&Step| matches!(step, Step::Fork | Step::NextPath);
        let before = self.steps[..first].iter().rev().take_while(begins).count();
        let range = first - before..place(layers.end - 1) + 1;
        let mut steps: Vec<Step> = Vec::with_capacity(range.len());
        // Of each open block: where its steps begin, and those of the present path.
        let mut open: Vec<Range<usize>> = Vec::new();
        for step in &self.steps[range] {
            let here = steps.len();
            steps.push(*step);
            match step {
                Step::Layer(_) => {}
                Step::Fork => open.push(here..here + 1),
                Step::NextPath => open.last_mut().expect(OUTSIDE).end = here + 1,
                Step::Join(_) => drop(open.pop().expect(OUTSIDE)),
            }
        }
        for unfinished in open.into_iter().rev() {
            steps.drain(unfinished);
        }
        steps
    }

    /// The number of layers up to and with the first one whose output fulfils `is_enough`, and with those after it that are in the same
    /// block.
    pub(super) fn first_layers(&self, is_enough: impl Fn(&CheckedLayer) -> bool) -> Option<usize> {
        let (mut depth, mut is_found) = (0, false);
        for step in &self.steps {
            let index = match step {
                Step::Fork => {
                    depth += 1;
                    continue;
                }
                Step::NextPath => continue,
                Step::Join(index) => {
                    depth -= 1;
                    index
                }
                Step::Layer(index) => index,
            };
            is_found |= is_enough(&self.layers[*index]);
            if is_found && depth == 0 {
                return Some(index + 1);
            }
        }
        None
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

/// What is wrong with input or classes.
pub(super) fn check_ends(spec: &NetworkSpec) -> Option<NetworkProblem> {
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
