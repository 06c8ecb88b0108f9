//! The table of a network: layer, output shape, parameters, as in Keras's `summary()`, for valid and invalid networks alike.

use serde::{Deserialize, Serialize};

use super::checked::{CheckedLayer, NetworkProblem, infer, layer_names};
use super::spec::NetworkSpec;
use crate::layers::Place;
use crate::shape::Shape;

/// A network as a table, with the first problem, if any.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkSummary {
    /// Its name.
    pub name: String,
    /// Height, width and channels of the images.
    pub input: Shape,
    /// Number of classes.
    pub classes: usize,
    /// A row for each layer, also for those that do not fit.
    pub layers: Vec<LayerSummary>,
    /// Total number of parameters, as far as the network is valid.
    pub parameters: usize,
    /// Of these, those that an optimizer changes.
    pub trainable: usize,
    /// Of these, batch norm's moving statistics.
    pub non_trainable: usize,
    /// Multiply-adds for one image.
    pub multiply_accumulates: u64,
    /// Why the network cannot be trained.
    pub problem: Option<String>,
    /// The same without the remedy.
    #[serde(skip)]
    pub fault: Option<String>,
    /// Whether the only problem is that the last layer is missing.
    #[serde(skip)]
    pub is_unfinished: bool,
}

/// A layer's row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LayerSummary {
    /// As in Keras: `conv2d_1`.
    pub name: String,
    /// As in network files: `conv2d`.
    pub kind: String,
    /// Its fields in short, without those that hold their default: `filters 16, kernel 2`.
    pub settings: String,
    /// Output shape; `None` from the first layer on that does not fit.
    pub output: Option<Shape>,
    /// Its parameters; 0 where it does not fit.
    pub parameters: usize,
    /// Of these, those that an optimizer changes.
    pub trainable: usize,
    /// Multiply-adds for one image.
    pub multiply_accumulates: u64,
    /// Values per image that a training step keeps for this layer.
    pub held_values: usize,
    /// Height and width of the receptive field, in input pixels; 0 where it is not known.
    pub receptive_field: usize,
    /// Why this layer does not fit.
    pub problem: Option<String>,
}

impl LayerSummary {
    /// Its output shape: `28×28×16`, or just the length of a vector.
    pub fn output_in_words(&self) -> String {
        self.output.map_or_else(String::new, |shape| {
            match shape == Shape::flat(shape.channels) {
                true => shape.channels.to_string(),
                false => shape.to_string(),
            }
        })
    }
}

impl NetworkSummary {
    /// Makes the table; never fails, since a network under construction has one too.
    pub fn new(spec: &NetworkSpec) -> Self {
        let (checked, problem) = infer(spec);
        let (mut field, mut spacing) = (1, 1);
        let mut layers = Vec::with_capacity(spec.layers.len());
        for (index, (layer, name)) in spec
            .layers
            .iter()
            .zip(layer_names(&spec.layers))
            .enumerate()
        {
            let mut row = LayerSummary {
                name,
                kind: layer.kind().name.to_owned(),
                settings: layer
                    .notable_fields()
                    .map(|(field, value)| format!("{} {value}", field.name))
                    .collect::<Vec<_>>()
                    .join(", "),
                problem: match &problem {
                    Some(NetworkProblem::Layer {
                        index: at, misfit, ..
                    }) if *at == index => Some(format!("{}; {}", misfit.reason, misfit.remedy)),
                    _ => None,
                },
                ..LayerSummary::default()
            };
            if let Some(fitting) = checked.get(index) {
                (field, spacing) = widen(fitting, spec.input, field, spacing);
                row.output = Some(fitting.output);
                for shape in &fitting.parameters {
                    row.parameters += shape.count();
                    row.trainable += usize::from(shape.trainable) * shape.count();
                }
                row.multiply_accumulates = fitting.layer.multiply_accumulates(fitting.input);
                if !fitting.layer.changes_in_place() {
                    row.held_values = fitting.output.len();
                }
                row.receptive_field = field;
            }
            layers.push(row);
        }
        let parameters = layers.iter().map(|layer| layer.parameters).sum();
        let trainable = layers.iter().map(|layer| layer.trainable).sum();
        Self {
            name: spec.name.clone(),
            input: spec.input,
            classes: spec.classes,
            parameters,
            trainable,
            non_trainable: parameters - trainable,
            multiply_accumulates: layers.iter().map(|layer| layer.multiply_accumulates).sum(),
            layers,
            is_unfinished: matches!(problem, Some(NetworkProblem::NoClassifier { .. })),
            fault: problem.as_ref().map(NetworkProblem::fault),
            problem: problem.map(|problem| problem.to_string()),
        }
    }
}

/// Receptive field and spacing of neighbours, both in input pixels, after `layer`; a layer that reads the whole image as one
/// vector sees all of it.
///
/// Source: Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019.
fn widen(layer: &CheckedLayer, image: Shape, field: usize, spacing: usize) -> (usize, usize) {
    if layer.layer.gives_vectors() {
        let whole = image.height.max(image.width);
        return (whole, whole);
    }
    let rows = |row| {
        let place = Place {
            row,
            column: 0,
            channel: 0,
        };
        layer.layer.reads(layer.input, place).rows
    };
    let stride = (rows(1).start - rows(0).start) as usize;
    (field + (rows(0).len() - 1) * spacing, spacing * stride)
}
