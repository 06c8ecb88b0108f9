//! What the Network pane builds with: the history of its edits, the form of a layer, the network's text, the name to save under.

use std::collections::VecDeque;
use std::sync::Arc;

use super::lab::Lab;
use super::line_input::LineInput;
use crate::field::{FieldKind, Value, Written};
use crate::layers::{LAYERS, LayerKind};
use crate::network::{LayerSpec, MOST_UNDO, MendPlan, NetworkEditor, NetworkSpec, NetworkSummary};
use crate::shape::Shape;
use crate::training::{BUILT_IN, Preset};
use crate::worker::OwnPreset;

/// What a person does to the network.
#[derive(Clone, Debug, PartialEq)]
pub enum BuilderMessage {
    /// Opens the palette of layers.
    Palette(Side),
    /// Lets the palette be narrowed by typing.
    FilterPalette,
    /// Puts the cursor of the palette on this entry.
    PaletteAt(usize),
    /// Takes the layer at this position of the list of layers.
    Take(usize),
    /// Opens the form of the layer under the cursor.
    EditLayer,
    /// Goes so many fields down the form.
    StepField(isize),
    /// Takes the next or the previous quick value in the form.
    StepValue {
        up: bool,
    },
    Delete,
    MoveUp,
    MoveDown,
    Duplicate,
    Undo,
    Redo,
    NewNetwork,
    /// Does the known mend of the first thing that does not fit.
    Mend,
    /// Starts all weights afresh.
    ResetWeights,
    /// Opens the text.
    OpenText,
    /// The text looks like this now.
    TextTyped {
        lines: Vec<String>,
        cursor: (usize, usize),
    },
    UndoText,
    RedoText,
    /// Asks for the name to save under.
    AskName,
}

/// Where a new layer goes, seen from the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// How much of a preset an edit changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// The network alone; what was set for the training since stays.
    Network,
    Preset,
}

/// An edit, and what lies on its other side.
#[derive(Clone, Debug)]
struct Step {
    name: String,
    scope: Scope,
    preset: Preset,
    source: Option<Arc<str>>,
    cursor: usize,
}

/// The edits so far, and what the network was read from.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    /// The text that the preset came from, with its comments.
    source: Option<Arc<str>>,
    /// The last one last.
    past: VecDeque<Step>,
    /// The next one last.
    future: Vec<Step>,
    /// The person's own presets, as the worker listed them.
    pub own_presets: Vec<OwnPreset>,
}

impl Builder {
    pub(super) fn new(preset: &Preset) -> Self {
        let built_in = BUILT_IN.iter().find(|(name, _)| *name == preset.name);
        let source = built_in
            .filter(|(name, text)| Preset::parse(text, name).is_ok_and(|read| read == *preset))
            .map(|(_, text)| Arc::from(*text));
        Self {
            source,
            ..Self::default()
        }
    }

    /// What undo takes back next.
    pub fn undo_name(&self) -> Option<&str> {
        self.past.back().map(|step| step.name.as_str())
    }

    /// Whether the network was edited since the preset was loaded or written.
    pub fn is_edited(&self) -> bool {
        self.past
            .back()
            .is_some_and(|step| step.scope == Scope::Network)
    }

    /// What redo does again next.
    pub fn redo_name(&self) -> Option<&str> {
        self.future.last().map(|step| step.name.as_str())
    }
}

impl Lab {
    /// The network on the screen in the hands of the editor, for one edit.
    pub(super) fn editor(&self) -> NetworkEditor {
        NetworkEditor::new(self.preset.network(), None)
    }

    /// How the first thing that does not fit can be mended.
    pub fn mend_plan(&self) -> Option<MendPlan> {
        self.summary.problem.as_ref()?;
        self.editor().mend_plan()
    }

    /// The whole preset as text: what it was read from, comments included, with the edits since.
    pub fn preset_text(&self) -> String {
        preset_text(&self.preset, self.builder.source.as_deref())
    }

    /// The preset at this position of the list of presets: the built-in ones, then the person's own. Its name and its text.
    pub fn listed_preset(&self, position: usize) -> Option<(&str, &str)> {
        let own = position.checked_sub(BUILT_IN.len());
        match own {
            None => BUILT_IN.get(position).copied(),
            Some(own) => {
                let preset = self.builder.own_presets.get(own)?;
                Some((&preset.name, &preset.text))
            }
        }
    }

    /// Bytes that a training step on one batch of the recipe takes, as estimated.
    pub fn step_memory(&self, summary: &NetworkSummary) -> u64 {
        let recipe = &self.preset.training;
        let optimizer = (recipe.optimizer.kind().build)(recipe.optimizer.values());
        summary
            .memory(recipe.batch_size, optimizer.state_names().len())
            .total()
    }

    /// Makes `preset` the present one, as an edit that undo takes back.
    pub(super) fn record(
        &mut self,
        name: String,
        scope: Scope,
        preset: Preset,
        source: Option<Arc<str>>,
    ) {
        if preset == self.preset && source == self.builder.source {
            return;
        }
        let step = Step {
            name,
            scope,
            preset,
            source,
            cursor: self.cursors.layer,
        };
        self.builder.future.clear();
        let back = self.cross(step);
        self.builder.past.push_back(back);
        if self.builder.past.len() > MOST_UNDO {
            self.builder.past.pop_front();
        }
    }

    /// Another network in the present preset, as an edit that undo takes back.
    pub(super) fn record_network(&mut self, name: String, network: &NetworkSpec) {
        let preset = with_network(&self.preset, network);
        let source = self.builder.source.clone();
        self.record(name, Scope::Network, preset, source);
    }

    /// Takes the last edit back; gives its name.
    pub(super) fn undo(&mut self) -> Option<String> {
        let step = self.builder.past.pop_back()?;
        let back = self.cross(step);
        let name = back.name.clone();
        self.builder.future.push(back);
        Some(name)
    }

    /// Does an edit again; gives its name.
    pub(super) fn redo(&mut self) -> Option<String> {
        let step = self.builder.future.pop()?;
        let back = self.cross(step);
        let name = back.name.clone();
        self.builder.past.push_back(back);
        Some(name)
    }

    /// Goes to the other side of an edit, and gives the way back.
    fn cross(&mut self, step: Step) -> Step {
        let preset = match step.scope {
            Scope::Preset => step.preset,
            Scope::Network => with_network(&self.preset, &step.preset.network()),
        };
        let source = std::mem::replace(&mut self.builder.source, step.source);
        let cursor = std::mem::replace(&mut self.cursors.layer, step.cursor);
        let preset = self.put_preset(preset);
        Step {
            preset,
            source,
            cursor,
            ..step
        }
    }
}

fn with_network(preset: &Preset, network: &NetworkSpec) -> Preset {
    Preset {
        name: network.name.clone(),
        input: network.input,
        classes: network.classes,
        layers: network.layers.clone(),
        ..preset.clone()
    }
}

/// A preset as text: its network written into `source` where that says the same of everything else, so that comments stay.
fn preset_text(preset: &Preset, source: Option<&str>) -> String {
    let network = preset.network();
    if let Some(source) = source {
        let text = network.write_into(source);
        if Preset::parse(&text, &preset.name).is_ok_and(|read| read == *preset) {
            return text;
        }
    }
    // Written afresh by the network, a line a layer.
    let rest = Preset {
        input: Shape::new(0, 0, 0),
        layers: Vec::new(),
        ..preset.clone()
    };
    network.write_into(&rest.to_yaml())
}

/// The palette of layers.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerPalette {
    pub side: Side,
    /// Nothing as long as a letter takes a layer.
    pub filter: Option<LineInput>,
    /// Among the layers that match.
    pub cursor: usize,
}

impl LayerPalette {
    pub(super) fn new(side: Side) -> Self {
        Self {
            side,
            filter: None,
            cursor: 0,
        }
    }

    /// The layers that match what was typed, by their positions in the list of layers: those whose name matches first.
    pub fn matching(&self) -> Vec<usize> {
        let typed = self.filter.as_ref().map_or("", LineInput::text).trim();
        let typed = typed.to_lowercase();
        let named = |kind: &LayerKind| kind.name.contains(&typed);
        let told = |kind: &LayerKind| kind.help.to_lowercase().contains(&typed);
        let positions = |wanted: &dyn Fn(&LayerKind) -> bool| {
            let found = LAYERS.iter().enumerate().filter(|(_, kind)| wanted(kind));
            found.map(|(position, _)| position).collect::<Vec<_>>()
        };
        let mut found = positions(&named);
        found.extend(positions(&|kind| told(kind) && !named(kind)));
        found
    }
}

/// The form of a layer that is edited or about to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerForm {
    /// The place of the layer.
    pub index: usize,
    pub is_new: bool,
    /// With the latest legal value of each field.
    pub layer: LayerSpec,
    /// The text of each field.
    pub inputs: Vec<LineInput>,
    /// The field that gets the keys.
    pub cursor: usize,
    /// Whether the next character replaces the field's text.
    pub is_fresh: bool,
    /// The first field whose text is not legal, and why.
    pub problem: Option<(usize, String)>,
    /// The network with this layer in it.
    pub network: NetworkSpec,
    pub preview: NetworkSummary,
    /// The network as it is.
    base: NetworkSpec,
}

impl LayerForm {
    pub(super) fn new(base: NetworkSpec, index: usize, layer: LayerSpec, is_new: bool) -> Self {
        let inputs = layer.values().iter();
        let mut form = Self {
            index,
            is_new,
            inputs: inputs
                .map(|value| LineInput::new(value.to_string()))
                .collect(),
            layer,
            cursor: 0,
            is_fresh: true,
            problem: None,
            preview: NetworkSummary::new(&base),
            network: base.clone(),
            base,
        };
        form.refresh();
        form
    }

    pub(super) fn step_field(&mut self, steps: isize) {
        let count = self.inputs.len().max(1) as isize;
        self.cursor = (self.cursor as isize + steps).rem_euclid(count) as usize;
        self.is_fresh = true;
    }

    /// Takes the next quick value, from the latest legal one.
    pub(super) fn step_value(&mut self, up: bool) {
        let Some(field) = self.layer.kind().fields.get(self.cursor) else {
            return;
        };
        let value = field.step(self.layer.values()[self.cursor], up);
        self.put(value);
    }

    pub(super) fn edit(&mut self, edit: &super::Edit) {
        let Some(field) = self.layer.kind().fields.get(self.cursor) else {
            return;
        };
        if let FieldKind::Choice(choices) = field.kind {
            // A letter takes the next choice that begins with it.
            if let super::Edit::Insert(letter) = edit {
                let at = choices
                    .iter()
                    .position(|choice| Value::Choice(choice) == self.layer.values()[self.cursor]);
                let first = at.map_or(0, |at| at + 1);
                let next = (first..first + choices.len())
                    .map(|at| choices[at % choices.len()])
                    .find(|choice| choice.starts_with(*letter));
                if let Some(choice) = next {
                    self.put(Value::Choice(choice));
                }
            }
            return;
        }
        let input = &mut self.inputs[self.cursor];
        if self.is_fresh && matches!(edit, super::Edit::Insert(_) | super::Edit::Paste(_)) {
            *input = LineInput::default();
        }
        self.is_fresh = false;
        input.apply(edit);
        self.refresh();
    }

    fn put(&mut self, value: Value) {
        self.inputs[self.cursor] = LineInput::new(value.to_string());
        self.is_fresh = true;
        self.refresh();
    }

    /// Reads every field, and looks what the network becomes.
    fn refresh(&mut self) {
        self.problem = None;
        let fields = self.layer.kind().fields;
        for (position, (field, input)) in fields.iter().zip(&self.inputs).enumerate() {
            let read = field.parse(input.text()).and_then(|value| {
                let written = Written::from(value);
                self.layer.set(position, &written)
            });
            if let Err(problem) = read
                && self.problem.is_none()
            {
                self.problem = Some((position, problem.to_string()));
            }
        }
        self.network = self.base.clone();
        let layers = &mut self.network.layers;
        if self.is_new {
            layers.insert(self.index.min(layers.len()), self.layer.clone());
        } else if let Some(place) = layers.get_mut(self.index) {
            *place = self.layer.clone();
        }
        self.preview = NetworkSummary::new(&self.network);
    }
}

/// Lines, and row and column of the cursor.
type Draft = (Vec<String>, (usize, usize));

/// The preset as text while it is edited.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkText {
    pub lines: Vec<String>,
    /// Row and column, in characters.
    pub cursor: (usize, usize),
    /// The preset that the text says, or why it says none.
    pub reading: Result<Box<Reading>, TextFault>,
    past: Vec<Draft>,
    future: Vec<Draft>,
}

/// What a text says.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub preset: Preset,
    pub summary: NetworkSummary,
    /// The line, from 0, of the first layer that does not fit.
    pub misfit_line: Option<usize>,
}

/// Why a text says no preset.
#[derive(Clone, Debug, PartialEq)]
pub struct TextFault {
    pub reason: String,
    /// From 0.
    pub line: Option<usize>,
}

impl NetworkText {
    pub(super) fn new(text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let first_layer = line_of_layer(&lines, 0).unwrap_or(0);
        Self {
            reading: read(&lines),
            lines,
            cursor: (first_layer, 0),
            past: Vec::new(),
            future: Vec::new(),
        }
    }

    /// As a file holds it.
    pub fn text(&self) -> String {
        whole(&self.lines)
    }

    pub(super) fn type_in(&mut self, lines: Vec<String>, cursor: (usize, usize)) {
        if lines != self.lines {
            let old = std::mem::replace(&mut self.lines, lines);
            self.past.push((old, self.cursor));
            self.future.clear();
            self.reading = read(&self.lines);
        }
        self.cursor = cursor;
    }

    pub(super) fn undo(&mut self) {
        if let Some(draft) = self.past.pop() {
            let now = self.replace(draft);
            self.future.push(now);
        }
    }

    pub(super) fn redo(&mut self) {
        if let Some(draft) = self.future.pop() {
            let now = self.replace(draft);
            self.past.push(now);
        }
    }

    fn replace(&mut self, (lines, cursor): Draft) -> Draft {
        let old = std::mem::replace(&mut self.lines, lines);
        self.reading = read(&self.lines);
        (old, std::mem::replace(&mut self.cursor, cursor))
    }
}

fn whole(lines: &[String]) -> String {
    lines
        .iter()
        .flat_map(|line| [line.as_str(), "\n"])
        .collect()
}

fn read(lines: &[String]) -> Result<Box<Reading>, TextFault> {
    let preset = Preset::parse(&whole(lines), "the text").map_err(|error| TextFault {
        line: error.line.map(|line| line.saturating_sub(1)),
        reason: error.reason,
    })?;
    let summary = NetworkSummary::new(&preset.network());
    let misfit = summary
        .layers
        .iter()
        .position(|layer| layer.problem.is_some());
    Ok(Box::new(Reading {
        misfit_line: misfit.and_then(|index| line_of_layer(lines, index)),
        preset,
        summary,
    }))
}

/// The line of a layer, where each stands on a line of its own as the program writes them.
fn line_of_layer(lines: &[String], index: usize) -> Option<usize> {
    let is_item = |line: &str| line.trim_start().starts_with("- ");
    let indent = |line: &str| line.len() - line.trim_start().len();
    let start = lines.iter().position(|line| line.starts_with("layers:"))? + 1;
    let first = lines[start..].iter().find(|line| is_item(line))?;
    let inside = |line: &String| line.is_empty() || line.starts_with([' ', '-', '#']);
    lines
        .iter()
        .enumerate()
        .skip(start)
        .take_while(|(_, line)| inside(line))
        .filter(|(_, line)| is_item(line) && indent(line) == indent(first))
        .map(|(position, _)| position)
        .nth(index)
}

/// The name to save the preset under.
#[derive(Clone, Debug, PartialEq)]
pub struct SaveForm {
    pub input: LineInput,
    /// What keeps it from being saved, or what saving would replace.
    pub problem: Option<String>,
    /// The name whose preset the next Enter replaces.
    pub(super) replaces: Option<String>,
}
