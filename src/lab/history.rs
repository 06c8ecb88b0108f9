//! The edits of the preset on the screen, which undo takes back and redo does again, and what the preset was read from.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Lab;
use super::versions::{Version, Versions};
use crate::network::NetworkSpec;
use crate::training::{BUILT_IN, Preset};

/// Edits that can be undone; older ones are forgotten.
const MOST_UNDO: usize = 1000;

/// How much of a preset an edit changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
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
pub struct History {
    /// The text that the preset came from, with its comments.
    pub(super) source: Option<Arc<str>>,
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
    pub(super) versions: Versions,
}

impl History {
    pub fn new(preset: &Preset) -> Self {
        let built_in = BUILT_IN.iter().find(|(name, _)| *name == preset.name);
        let source = built_in
            .filter(|(name, text)| Preset::parse(text, name).is_ok_and(|read| read == *preset))
            .map(|(_, text)| Arc::from(*text));
        let mut history = Self {
            source,
            original: Some(Arc::new(preset.clone())),
            ..Self::default()
        };
        history.versions.know(Version {
            preset: preset.clone(),
            source: history.source.clone(),
        });
        history
    }

    pub fn lineage(&self) -> u64 {
        self.lineage
    }

    /// What undo takes back next.
    pub fn undo_name(&self) -> Option<&str> {
        self.past.back().map(|step| step.name.as_str())
    }

    /// What redo does again next.
    pub fn redo_name(&self) -> Option<&str> {
        self.future.last().map(|step| step.name.as_str())
    }

    /// What the preset on the screen was loaded from or saved as.
    pub fn original(&self) -> Option<&Preset> {
        self.original.as_deref()
    }

    pub(super) fn set_original(&mut self, original: Option<Preset>) {
        self.original = original.map(Arc::new);
    }

    /// The presets that others took the place of, which undo brings back, the earliest first.
    pub(super) fn left(&self) -> impl Iterator<Item = Version> {
        let steps = self.past.iter();
        let left = steps.filter(|step| step.scope == Scope::Another);
        left.map(|step| Version {
            preset: step.preset.clone(),
            source: step.source.clone(),
        })
    }
}

impl Lab {
    /// Makes `preset` the present one, as an edit that undo takes back.
    pub fn record(&mut self, name: String, scope: Scope, preset: Preset, source: Option<Arc<str>>) {
        let history = &mut self.history;
        if preset == self.preset && source == history.source {
            return;
        }
        let lineage = match scope {
            Scope::Network | Scope::Preset => history.lineage,
            Scope::Another => {
                history.lineages += 1;
                history.lineages
            }
        };
        let has_other_name = preset.name != self.preset.name;
        let original = match scope {
            Scope::Network => history.original.clone(),
            Scope::Preset if !has_other_name => history.original.clone(),
            Scope::Preset | Scope::Another => Some(Arc::new(preset.clone())),
        };
        history.future.clear();
        let back = self.cross(Step {
            name,
            scope,
            preset,
            source,
            original,
            cursor: self.cursors.layer,
            lineage,
        });
        self.history.past.push_back(back);
        if self.history.past.len() > MOST_UNDO {
            self.history.past.pop_front();
        }
    }

    /// Another network in the present preset, as an edit that undo takes back.
    pub fn record_network(&mut self, name: String, network: &NetworkSpec) {
        let preset = self.preset.with_network(network);
        let source = self.history.source.clone();
        self.record(name, Scope::Network, preset, source);
    }

    /// Takes the last edit back; gives its name.
    pub fn undo(&mut self) -> Option<String> {
        let step = self.history.past.pop_back()?;
        let back = self.cross(step);
        let name = back.name.clone();
        self.history.future.push(back);
        Some(name)
    }

    /// Does an edit again; gives its name.
    pub fn redo(&mut self) -> Option<String> {
        let step = self.history.future.pop()?;
        let back = self.cross(step);
        let name = back.name.clone();
        self.history.past.push_back(back);
        Some(name)
    }

    /// Goes to the other side of an edit, and gives the way back.
    fn cross(&mut self, step: Step) -> Step {
        let preset = match step.scope {
            Scope::Preset | Scope::Another => step.preset,
            Scope::Network => self.preset.with_network(&step.preset.network()),
        };
        let source = std::mem::replace(&mut self.history.source, step.source);
        let original = std::mem::replace(&mut self.history.original, step.original);
        let cursor = std::mem::replace(&mut self.cursors.layer, step.cursor);
        let lineage = std::mem::replace(&mut self.history.lineage, step.lineage);
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
