//! The table of a network: layer, output shape, parameters, as in Keras's `summary()`, for valid and invalid networks alike.

use serde::{Deserialize, Serialize};

use super::checked::{CheckedLayer, NetworkProblem};
use super::inference::{Inferred, Part, infer};
use super::spec::{LayerSpec, NetworkSpec};
use crate::layers::{Build, Place};
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
    /// Each layer, also those that do not fit.
    pub layers: Vec<LayerSummary>,
    /// The rows of the table: the layers, and the beginnings of blocks and of their paths.
    #[serde(skip)]
    pub rows: Vec<RowSummary>,
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

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct RowSummary {
    /// What it shows.
    pub part: Part,
    /// The line of the network's list that it stands for.
    pub line: usize,
    /// `conv2d_1`, `residual`, `path 2`.
    pub name: String,
    /// Number of blocks around it.
    pub depth: usize,
    /// The layer that it shows.
    pub layer: Option<usize>,
    /// What does not fit here.
    pub problem: Option<String>,
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
    /// The layers that it is computed from, `None` for the image; none where it does not fit.
    #[serde(skip)]
    pub inputs: Vec<Option<usize>>,
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
    /// The row of this line of the network's list.
    pub fn row_of(&self, line: usize) -> Option<&RowSummary> {
        let rows = &mut self.rows.iter();
        rows.find(|row| row.line == line && row.part != Part::Shortcut)
    }

    /// The layer that this line of the network's list is; for the beginning of a block or a path, the next one.
    pub fn layer_at(&self, line: usize) -> Option<usize> {
        let is_here = |row: &&RowSummary| row.line >= line && row.part != Part::Shortcut;
        let rows = self.rows.iter().filter(is_here);
        rows.filter_map(|row| row.layer).min()
    }

    /// Makes the table; never fails, since a network under construction has one too.
    pub fn new(spec: &NetworkSpec) -> Self {
        let Inferred {
            layers: checked,
            rows,
            problem,
            ..
        } = infer(spec);
        let mut seen: Vec<Sight> = Vec::with_capacity(checked.len());
        let mut layers = Vec::with_capacity(checked.len());
        let mut row_summaries = Vec::with_capacity(rows.len());
        for row in rows {
            let is_here = |index: usize| index == row.line && row.part != Part::Shortcut;
            let problem = match &problem {
                Some(NetworkProblem::Layer { index, misfit, .. }) if is_here(*index) => {
                    Some(format!("{}; {}", misfit.reason, misfit.remedy))
                }
                _ => None,
            };
            if let Some(index) = row.layer {
                let fitting = checked.get(index);
                let line = &spec.layers[row.line];
                let written = fitting.map_or(line, |layer| &layer.spec);
                let mut layer = LayerSummary {
                    name: row.name.clone(),
                    kind: written.kind().name.to_owned(),
                    settings: settings_in_words(written),
                    problem: problem.clone(),
                    ..LayerSummary::default()
                };
                if row.part == Part::Join {
                    layer.kind = join_in_words(written);
                    layer.settings.clear();
                }
                if let Some(fitting) = fitting {
                    let sight = Sight::after(fitting, spec.input, &seen);
                    seen.push(sight);
                    layer.take_figures(fitting, sight);
                }
                layers.push(layer);
            }
            row_summaries.push(RowSummary {
                part: row.part,
                line: row.line,
                name: row.name,
                depth: row.depth,
                layer: row.layer,
                problem,
            });
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
            rows: row_summaries,
            is_unfinished: matches!(problem, Some(NetworkProblem::NoClassifier { .. })),
            fault: problem.as_ref().map(NetworkProblem::fault),
            problem: problem.map(|problem| problem.to_string()),
        }
    }
}

/// What the end of a block is called as a layer: `add`, `concatenate`.
fn join_in_words(block: &LayerSpec) -> String {
    match block.kind().build {
        Build::Block(_, joining) => joining(block.values()).join.keras().to_owned(),
        Build::Layer(_) | Build::Path | Build::End => block.kind().name.to_owned(),
    }
}

/// The fields of a layer that are worth telling: `filters 16, kernel 2`.
fn settings_in_words(layer: &LayerSpec) -> String {
    let fields = layer.notable_fields();
    let words = fields.map(|(field, value)| format!("{} {value}", field.name));
    words.collect::<Vec<_>>().join(", ")
}

impl LayerSummary {
    fn take_figures(&mut self, layer: &CheckedLayer, sight: Sight) {
        self.output = Some(layer.output);
        self.inputs = layer.inputs.iter().map(|input| input.layer).collect();
        for shape in &layer.parameters {
            self.parameters += shape.count();
            self.trainable += usize::from(shape.trainable) * shape.count();
        }
        self.multiply_accumulates = layer.layer.multiply_accumulates(layer.input);
        if !layer.layer.changes_in_place() {
            self.held_values = layer.output.len();
        }
        self.receptive_field = sight.field;
    }
}

/// How much of the image a value sees, in input pixels.
#[derive(Clone, Copy)]
struct Sight {
    /// Height and width of the receptive field.
    field: usize,
    /// From one value to its neighbour.
    spacing: usize,
}

impl Sight {
    /// After `layer`; a layer that reads the whole image as one vector sees all of it, and one that joins paths the most of them.
    ///
    /// Source: Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019.
    fn after(layer: &CheckedLayer, image: Shape, seen: &[Self]) -> Self {
        if layer.layer.gives_vectors() {
            let whole = image.height.max(image.width);
            return Self {
                field: whole,
                spacing: whole,
            };
        }
        let one = Self {
            field: 1,
            spacing: 1,
        };
        let inputs = layer.inputs.iter();
        let inputs = inputs.map(|input| input.layer.map_or(one, |layer| seen[layer]));
        let Self { field, spacing } = inputs.max_by_key(|sight| sight.field).unwrap_or(one);
        let rows = |row| {
            let place = Place {
                row,
                column: 0,
                channel: 0,
            };
            layer.layer.reads(layer.input, place).rows
        };
        let stride = (rows(1).start - rows(0).start) as usize;
        Self {
            field: field + (rows(0).len() - 1) * spacing,
            spacing: spacing * stride,
        }
    }
}
