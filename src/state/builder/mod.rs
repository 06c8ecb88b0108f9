//! What the Network pane builds with: the history of its edits, the palette and the form of a layer, the network's text, the name
//! to save under.

mod form;
mod palette;
mod text;
mod versions;

use std::collections::VecDeque;
use std::sync::Arc;

use super::lab::Lab;
use super::line_input::LineInput;
use crate::network::{MOST_UNDO, MendPlan, NetworkEditor, NetworkSpec, NetworkSummary};
use crate::shape::Shape;
use crate::training::{BUILT_IN, Preset};
use crate::worker::OwnPreset;
pub use form::{LayerDraft, LayerForm};
pub use palette::LayerPalette;
pub use text::NetworkText;
pub(super) use versions::Version;
use versions::Versions;

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
    /// The preset becomes another one, with fresh weights.
    Another,
}

/// An edit, and what lies on its other side.
#[derive(Clone, Debug)]
struct Step {
    name: String,
    scope: Scope,
    preset: Preset,
    source: Option<Arc<str>>,
    original: Option<Arc<Preset>>,
    cursor: usize,
    lineage: u64,
}

/// The edits so far, and what the network was read from.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    /// The text that the preset came from, with its comments.
    source: Option<Arc<str>>,
    /// What the preset on the screen was loaded from or saved as, which carries its name; nothing where it has a name of its own.
    original: Option<Arc<Preset>>,
    /// The last one last.
    past: VecDeque<Step>,
    /// The next one last.
    future: Vec<Step>,
    /// Which network this is: edits make another of it, and loading one, or beginning anew, starts the next. The trained weights of
    /// layers that stayed the same are kept within a lineage.
    lineage: u64,
    lineages: u64,
    /// Which versions of networks stand in a file.
    versions: Versions,
    /// The person's own presets, as the worker listed them.
    pub own_presets: Vec<OwnPreset>,
}

impl Builder {
    pub(super) fn new(preset: &Preset) -> Self {
        let built_in = BUILT_IN.iter().find(|(name, _)| *name == preset.name);
        let source = built_in
            .filter(|(name, text)| Preset::parse(text, name).is_ok_and(|read| read == *preset))
            .map(|(_, text)| Arc::from(*text));
        let mut builder = Self {
            source,
            original: Some(Arc::new(preset.clone())),
            ..Self::default()
        };
        builder.versions.know(Version {
            preset: preset.clone(),
            source: builder.source.clone(),
        });
        builder
    }

    pub(super) fn lineage(&self) -> u64 {
        self.lineage
    }

    /// What undo takes back next.
    pub fn undo_name(&self) -> Option<&str> {
        self.past.back().map(|step| step.name.as_str())
    }

    /// What the preset on the screen was loaded from or saved as.
    pub(super) fn original(&self) -> Option<&Preset> {
        self.original.as_deref()
    }

    pub(super) fn set_original(&mut self, original: Option<Preset>) {
        self.original = original.map(Arc::new);
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

    /// Tells from which text the preset was read, so that its comments are kept; a text that says something else is passed over.
    pub fn know_preset_text(&mut self, text: &str) {
        let preset = Preset::parse(text, &self.preset.name);
        if preset.is_ok_and(|preset| preset == self.preset) {
            self.builder.source = Some(Arc::from(text));
            self.know_version();
        }
    }

    /// The whole preset as text: what it was read from, comments included, with the edits since.
    pub fn preset_text(&self) -> String {
        preset_text(&self.preset, self.builder.source.as_deref())
    }

    /// As [`preset_text`](Self::preset_text), of another preset than the one on the screen.
    pub(super) fn text_of(&self, preset: &Preset) -> String {
        preset_text(preset, self.builder.source.as_deref())
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
        step_memory(&self.preset, summary)
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
        let lineage = match scope {
            Scope::Network | Scope::Preset => self.builder.lineage,
            Scope::Another => {
                self.builder.lineages += 1;
                self.builder.lineages
            }
        };
        let has_other_name = preset.name != self.preset.name;
        let original = match scope {
            Scope::Network => self.builder.original.clone(),
            Scope::Preset if !has_other_name => self.builder.original.clone(),
            Scope::Preset | Scope::Another => Some(Arc::new(preset.clone())),
        };
        let step = Step {
            name,
            scope,
            preset,
            source,
            original,
            cursor: self.cursors.layer,
            lineage,
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
        let preset = self.preset.with_network(network);
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
            Scope::Preset | Scope::Another => step.preset,
            Scope::Network => self.preset.with_network(&step.preset.network()),
        };
        let source = std::mem::replace(&mut self.builder.source, step.source);
        let original = std::mem::replace(&mut self.builder.original, step.original);
        let cursor = std::mem::replace(&mut self.cursors.layer, step.cursor);
        let lineage = std::mem::replace(&mut self.builder.lineage, step.lineage);
        let preset = self.put_preset(preset);
        Step {
            preset,
            source,
            original,
            cursor,
            lineage,
            ..step
        }
    }
}

/// Bytes that a training step on one batch of the preset's recipe takes, as estimated.
pub fn step_memory(preset: &Preset, summary: &NetworkSummary) -> u64 {
    let recipe = &preset.training;
    let optimizer = (recipe.optimizer.kind().build)(recipe.optimizer.values());
    let memory = summary.memory(recipe.batch_size, optimizer.state_names().len());
    memory.total()
}

/// A preset as text: its network written into `source` where that says the same of everything else, so that comments stay.
pub(super) fn preset_text(preset: &Preset, source: Option<&str>) -> String {
    let network = preset.network();
    if let Some(source) = source {
        let mut text = network.write_into(source);
        if preset.expect.is_none() {
            text = without(&text, "expect:");
        }
        if preset.description.is_empty() {
            text = without(&text, "description:");
        }
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

/// A text without what stands under a key of its outermost mapping.
fn without(text: &str, key: &str) -> String {
    let mut is_inside = false;
    let kept = text.split_inclusive('\n').filter(|line| {
        is_inside = line.starts_with(key) || (is_inside && line.starts_with([' ', '\t']));
        !is_inside
    });
    kept.collect()
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
