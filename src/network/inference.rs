//! Shape inference: from the lines of a network to its layers, each with its inputs and shapes, or to the first problem.

use std::collections::HashMap;

use super::checked::{CheckedLayer, LayerInput, NetworkProblem, Step};
use super::joining;
use super::lines;
use super::spec::{LayerSpec, NetworkSpec};
use crate::layers::{Build, Contents, Joining, Layer, Mend, Misfit};
use crate::shape::Shape;

/// The most blocks inside one another.
pub const MOST_DEPTH: usize = 8;

/// The most values of a layer's output, so that no count of weights or products overflows.
const MOST_VALUES: usize = 1 << 31;

/// Why there is an open block.
const BALANCED: &str = "each path and each end is inside a block";

/// What is known of a network, valid or not.
#[derive(Default)]
pub(super) struct Inferred {
    /// The layers before the first problem.
    pub(super) layers: Vec<CheckedLayer>,
    /// How they are run.
    pub(super) steps: Vec<Step>,
    /// The rows of its table, to its end.
    pub(super) rows: Vec<Row>,
    /// The first problem.
    pub(super) problem: Option<NetworkProblem>,
}

/// A row of a network's table: one for each of its lines, and those of shortcuts.
pub(super) struct Row {
    pub(super) part: Part,
    /// The line that it stands for.
    pub(super) line: usize,
    /// `conv2d_1`, `residual`, `path 2`.
    pub(super) name: String,
    /// The number of blocks around it.
    pub(super) depth: usize,
    /// Its position among the layers, if it is one.
    pub(super) layer: Option<usize>,
}

/// What a row shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// A layer.
    #[default]
    Layer,
    /// The beginning of a block.
    Block,
    /// The beginning of a block's next path.
    Path,
    /// A part of a shortcut that a residual block makes; it has no line of its own.
    Shortcut,
    /// The end of a block, and the layer that joins its paths.
    Join,
}

/// Infers every shape.
pub(super) fn infer(spec: &NetworkSpec) -> Inferred {
    let mut inference = Inference {
        spec,
        at: Volume {
            layer: None,
            shape: spec.input,
            vector: None,
        },
        open: Vec::new(),
        names: Names::default(),
        found: Inferred::default(),
    };
    inference.found.problem = super::checked::check_ends(spec);
    if !lines::are_balanced(&spec.layers) {
        inference.unbalanced();
        return inference.found;
    }
    for (line, layer) in spec.layers.iter().enumerate() {
        inference.line(line, layer);
    }
    inference.finish()
}

struct Inference<'a> {
    spec: &'a NetworkSpec,
    at: Volume,
    open: Vec<Open>,
    names: Names,
    found: Inferred,
}

/// The volume that the next layer gets.
#[derive(Clone)]
pub(super) struct Volume {
    /// The layer whose output it is; `None` for the image.
    layer: Option<usize>,
    pub(super) shape: Shape,
    /// Name and line of the first layer that made a vector of it.
    pub(super) vector: Option<(String, usize)>,
}

/// A block that has not ended yet.
pub(super) struct Open {
    pub(super) line: usize,
    pub(super) joining: Joining,
    pub(super) input: Volume,
    pub(super) ends: Vec<Volume>,
    /// The lines with which its paths begin.
    pub(super) starts: Vec<usize>,
}

impl Inference<'_> {
    fn line(&mut self, line: usize, layer: &LayerSpec) {
        match layer.kind().build {
            Build::Layer(build) => {
                let built = build(layer.values(), self.spec.classes);
                self.layer(line, Part::Layer, layer, built);
            }
            Build::Block(contents, joining) => {
                let joining = joining(layer.values());
                self.begin(line, layer, contents, joining);
            }
            Build::Path => {
                let number = self.open.last().expect(BALANCED).starts.len() + 1;
                self.row(Part::Path, line, format!("path {number}"), 1, None);
                self.next_path(line);
            }
            Build::End => self.end(line),
        }
    }

    /// A row; `out` is by how many blocks it is further out than what is inside the innermost open one.
    fn row(&mut self, part: Part, line: usize, name: String, out: usize, layer: Option<usize>) {
        let depth = self.open.len().saturating_sub(out);
        self.found.rows.push(Row {
            part,
            line,
            name,
            depth,
            layer,
        });
    }

    /// Notes the first problem.
    fn fail(&mut self, line: usize, name: &str, misfit: Misfit) {
        if self.found.problem.is_some() {
            return;
        }
        let layer = self.found.rows.iter().rev().find(|row| row.line == line);
        self.found.problem = Some(NetworkProblem::Layer {
            index: line,
            number: layer.and_then(|row| row.layer),
            name: name.to_owned(),
            misfit: Box::new(misfit),
        });
    }

    fn is_broken(&self) -> bool {
        self.found.problem.is_some()
    }

    /// Number of layers so far, those after a problem too.
    fn count(&self) -> usize {
        let numbers = self.found.rows.iter().rev().find_map(|row| row.layer);
        numbers.map_or(0, |last| last + 1)
    }

    fn layer(&mut self, line: usize, part: Part, spec: &LayerSpec, layer: Box<dyn Layer>) {
        let kind = spec.kind();
        let (name, keras_name) = self.names.next(kind.name, kind.keras);
        let number = self.count();
        self.row(part, line, name.clone(), 0, Some(number));
        if self.is_broken() {
            return;
        }
        match self.fit(layer.as_ref()) {
            Err(misfit) => self.fail(line, &name, misfit),
            Ok(output) => {
                let input = self.at.shape;
                if layer.gives_vectors() && self.at.vector.is_none() {
                    self.at.vector = Some((name.clone(), line));
                }
                let inputs = vec![self.at.as_input()];
                self.found.steps.push(Step::Layer(number));
                self.push(CheckedLayer {
                    name,
                    keras_name,
                    spec: spec.clone(),
                    parameters: layer.parameters(input),
                    layer,
                    inputs,
                    input,
                    output,
                });
            }
        }
    }

    fn push(&mut self, layer: CheckedLayer) {
        self.at.layer = Some(self.found.layers.len());
        self.at.shape = layer.output;
        self.found.layers.push(layer);
    }

    fn fit(&self, layer: &dyn Layer) -> Result<Shape, Misfit> {
        if let Some(classifier) = self.classifier() {
            return Err(match layer.is_classifier() {
                true => Misfit::second_classifier(),
                false => Misfit::after_classifier(classifier),
            });
        }
        if layer.is_classifier() && !self.open.is_empty() {
            return Err(Misfit::inside_a_block());
        }
        match &self.at.vector {
            Some((name, at)) if layer.takes_images() => {
                // Before that layer it would itself give the vector that the other does not take.
                let first = &self.spec.layers[*at];
                let in_turn = layer.gives_vectors() && self.takes_images(first);
                let mend = match in_turn {
                    true => Mend::TakeOut,
                    false => Mend::MoveBefore(*at),
                };
                Err(Misfit::not_an_image(name, mend))
            }
            _ => bounded(layer.output(self.at.shape)?, Mend::TakeOut),
        }
    }

    fn takes_images(&self, spec: &LayerSpec) -> bool {
        match spec.kind().build {
            Build::Layer(build) => build(spec.values(), self.spec.classes).takes_images(),
            Build::Block(..) | Build::Path | Build::End => true,
        }
    }

    /// The line of the classifier, if there was one.
    fn classifier(&self) -> Option<usize> {
        let last = self.found.layers.len().checked_sub(1)?;
        if !self.found.layers[last].layer.is_classifier() {
            return None;
        }
        let rows = &mut self.found.rows.iter();
        Some(rows.find(|row| row.layer == Some(last))?.line)
    }

    fn begin(&mut self, line: usize, spec: &LayerSpec, contents: Contents, joining: Joining) {
        let (name, _) = self.names.next(spec.kind().name, spec.kind().name);
        self.row(Part::Block, line, name.clone(), 0, None);
        let inside = lines::unit(&self.spec.layers, line);
        let inside = &self.spec.layers[inside.start + 1..inside.end - 1];
        let misfit = if let Some(classifier) = self.classifier() {
            Some(Misfit::after_classifier(classifier))
        } else if self.open.len() == MOST_DEPTH {
            Some(joining::too_deep(line))
        } else {
            joining::too_few(line, contents, inside)
        };
        if let Some(misfit) = misfit {
            self.fail(line, &name, misfit);
        }
        self.found.steps.push(Step::Fork);
        self.open.push(Open {
            line,
            joining,
            input: self.at.clone(),
            ends: Vec::new(),
            starts: vec![line + 1],
        });
    }

    /// Ends a path; the next one begins in this line.
    fn next_path(&mut self, line: usize) {
        let open = self.open.last_mut().expect(BALANCED);
        open.starts.push(line + 1);
        let input = open.input.clone();
        open.ends.push(std::mem::replace(&mut self.at, input));
        self.found.steps.push(Step::NextPath);
    }

    fn end(&mut self, line: usize) {
        let shortcut = self.shortcut(line);
        let output = self.at.clone();
        let mut open = self.open.pop().expect(BALANCED);
        open.ends.push(self.at.clone());
        let join = open.joining.join;
        let (name, keras_name) = self.names.next(join.keras(), join.keras());
        let number = self.count();
        self.row(Part::Join, line, name.clone(), 0, Some(number));
        let shapes: Vec<Shape> = open.ends.iter().map(|end| end.shape).collect();
        let layers = &self.spec.layers;
        let shape = match shortcut {
            None => Err(joining::no_shortcut(&open, &output, line, layers)),
            Some(()) => join
                .shape(&shapes)
                .filter(|_| joining::are_all_vectors_or_none(&open.ends))
                .ok_or_else(|| joining::do_not_fit(&open, line, layers))
                .and_then(|shape| bounded(shape, Mend::Unwrap(open.line))),
        };
        match shape {
            Err(misfit) => self.fail(line, &name, misfit),
            Ok(_) if self.is_broken() => {}
            Ok(shape) => {
                self.found.steps.push(Step::Join(number));
                let inputs = open.ends.iter().map(Volume::as_input).collect();
                self.at.vector = open.ends.iter().find_map(|end| end.vector.clone());
                self.push(CheckedLayer {
                    name,
                    keras_name,
                    spec: self.spec.layers[open.line].clone(),
                    layer: Box::new(join),
                    inputs,
                    input: shape,
                    output: shape,
                    parameters: Vec::new(),
                });
            }
        }
    }

    /// Makes the second path of a residual block, at its end; `None` where it would not fit.
    fn shortcut(&mut self, line: usize) -> Option<()> {
        let open = self.open.last().expect(BALANCED);
        let Some(shortcut) = open.joining.shortcut.filter(|_| !self.is_broken()) else {
            return Some(());
        };
        let beginning = open.line;
        let made = joining::shortcut(shortcut, &open.input, &self.at)?;
        if !made.is_empty() {
            self.row(Part::Shortcut, beginning, "shortcut".to_owned(), 1, None);
        }
        self.next_path(line);
        for spec in made {
            if let Build::Layer(build) = spec.kind().build {
                let built = build(spec.values(), self.spec.classes);
                self.layer(beginning, Part::Shortcut, &spec, built);
            }
        }
        Some(())
    }

    fn unbalanced(&mut self) {
        let problem =
            "its blocks are not closed in turn; write each with its layers or paths inside it";
        let problem = NetworkProblem::Whole(problem.to_owned());
        self.found.problem.get_or_insert(problem);
    }

    fn finish(mut self) -> Inferred {
        if self.classifier().is_none() {
            let last = self.found.layers.last().map(|last| last.name.clone());
            let problem = NetworkProblem::NoClassifier { last };
            self.found.problem.get_or_insert(problem);
        }
        self.found
    }
}

/// The shape of an output, unless it is too large.
fn bounded(output: Shape, mend: Mend) -> Result<Shape, Misfit> {
    match output.len() <= MOST_VALUES {
        true => Ok(output),
        false => Err(Misfit::new(
            format!("its output, {output}, has more than {MOST_VALUES} values"),
            "use fewer channels before it, or delete it",
            mend,
        )),
    }
}

impl Volume {
    fn as_input(&self) -> LayerInput {
        LayerInput {
            layer: self.layer,
            shape: self.shape,
        }
    }
}

/// Names of layers: the type, numbered from its second use on, as in Keras.
#[derive(Default)]
struct Names {
    own: HashMap<&'static str, usize>,
    keras: HashMap<&'static str, usize>,
}

impl Names {
    /// The next name of a type in network files, and of one in Keras.
    fn next(&mut self, own: &'static str, keras: &'static str) -> (String, String) {
        (
            numbered(&mut self.own, own),
            numbered(&mut self.keras, keras),
        )
    }
}

fn numbered(seen: &mut HashMap<&'static str, usize>, name: &'static str) -> String {
    let count = seen.entry(name).or_insert(0);
    *count += 1;
    match *count {
        1 => name.to_owned(),
        count => format!("{name}_{}", count - 1),
    }
}
