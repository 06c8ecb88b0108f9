//! The edits of the preset on the screen for undo and redo, the text that the preset was read from, and which versions of the networks
//! that were on the screen are saved in a file.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Lab;
use crate::network::NetworkSpec;
use crate::training::{BUILT_IN, Preset, Recipe};

/// Edits that can be undone; older ones are dropped.
const MOST_UNDO: usize = 1000;

/// How much of a preset an edit changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The network alone; training settings changed since then stay.
    Network,
    Preset,
    /// Another preset, with initial weights.
    Another,
}

/// An edit, with the state on its other side.
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

/// The edits so far, and the text that the network was read from.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The text that the preset came from, with its comments.
    pub(super) source: Option<Arc<str>>,
    /// The preset of that name as it was loaded or saved; `None` if the name is used nowhere else.
    original: Option<Arc<Preset>>,
    /// The last one last.
    past: VecDeque<Step>,
    /// The next one last.
    future: Vec<Step>,
    /// The lineage of the network: edits stay within it, and loading a network or starting a new one begins the next. The trained
    /// weights of unchanged layers are kept within a lineage.
    pub(super) lineage: u64,
    lineages: u64,
    /// Which versions of networks are saved in a file.
    versions: Versions,
}

impl History {
    pub fn new(preset: &Preset) -> Self {
        let text = BUILT_IN.iter().find(|(name, _)| *name == preset.name);
        let source = text
            .filter(|_| Preset::built_in(&preset.name) == Some(preset))
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

    pub fn undo_name(&self) -> Option<&str> {
        self.past.back().map(|step| step.name.as_str())
    }

    pub fn redo_name(&self) -> Option<&str> {
        self.future.last().map(|step| step.name.as_str())
    }

    /// The preset on the screen as it was loaded or saved.
    pub fn original(&self) -> Option<&Preset> {
        self.original.as_deref()
    }

    pub(super) fn set_original(&mut self, original: Option<Preset>) {
        self.original = original.map(Arc::new);
    }

    /// The replaced presets that undo can restore, the earliest first.
    pub(super) fn left(&self) -> impl Iterator<Item = (&Preset, Option<&Arc<str>>)> {
        let steps = self.past.iter();
        let left = steps.filter(|step| step.scope == Scope::Another);
        left.map(|step| (&step.preset, step.source.as_ref()))
    }
}

impl Lab {
    /// Replaces the preset, as an edit that can be undone.
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

    /// Replaces the network of the preset, as an edit that can be undone.
    pub fn record_network(&mut self, name: String, network: &NetworkSpec) {
        let preset = self.preset.with_network(network);
        let source = self.history.source.clone();
        self.record(name, Scope::Network, preset, source);
    }

    /// Undoes the last edit and returns its name.
    pub fn undo(&mut self) -> Option<String> {
        let step = self.history.past.pop_back()?;
        let back = self.cross(step);
        let name = back.name.clone();
        self.history.future.push(back);
        Some(name)
    }

    /// Redoes the last undone edit and returns its name.
    pub fn redo(&mut self) -> Option<String> {
        let step = self.history.future.pop()?;
        let back = self.cross(step);
        let name = back.name.clone();
        self.history.past.push_back(back);
        Some(name)
    }

    /// Applies the other side of an edit and returns the step back.
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

/// A preset, and the text with comments that it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub preset: Preset,
    pub source: Option<Arc<str>>,
}

#[derive(Clone, Debug, Default)]
struct Versions {
    /// Saved as a preset file, built in, or in a run folder.
    saved: Vec<Version>,
    /// Being saved as preset files, the oldest request first: as they were on the screen, and as the file will hold them.
    saving: VecDeque<(Version, Preset)>,
    /// The version of the run that was asked for and has not started yet.
    starting: Option<Version>,
}

impl Versions {
    fn know(&mut self, version: Version) {
        if !self.saved.contains(&version) {
            self.saved.push(version);
        }
    }

    /// Whether it is saved nowhere. A network without layers counts as saved.
    fn is_unsaved(&self, preset: &Preset, source: Option<&Arc<str>>) -> bool {
        let is_it = |saved: &Version| saved.preset == *preset && saved.source.as_ref() == source;
        !preset.layers.is_empty() && !self.saved.iter().any(is_it)
    }

    /// Whether the comments of this text, if any, are saved in a file.
    fn keeps_comments_of(&self, source: Option<&Arc<str>>) -> bool {
        source.is_none_or(|text| {
            let mut saved = self.saved.iter();
            !text.contains('#') || saved.any(|saved| saved.source.as_ref() == Some(text))
        })
    }
}

impl History {
    pub fn is_saving(&self) -> bool {
        !self.versions.saving.is_empty()
    }

    pub fn saving_failed(&mut self) {
        self.versions.saving.pop_front();
    }
}

impl Lab {
    fn version(&self) -> Version {
        Version {
            preset: self.preset.clone(),
            source: self.history.source.clone(),
        }
    }

    /// Notes that the network on the screen is saved unchanged.
    pub(crate) fn know_version(&mut self) {
        let version = self.version();
        self.history.versions.know(version);
    }

    /// Notes that the network on the screen is being saved to a file, which will hold it as `preset`.
    pub(crate) fn saving_version(&mut self, preset: Preset) {
        let version = self.version();
        self.history.versions.saving.push_back((version, preset));
    }

    /// Notes that the version being saved is now saved under this name. Returns it as the file holds it.
    pub(crate) fn saved_version(&mut self, name: &str) -> Option<Preset> {
        let versions = &mut self.history.versions;
        let (version, preset) = versions.saving.pop_front()?;
        let preset = Preset {
            name: name.to_owned(),
            ..preset
        };
        versions.know(Version {
            preset: preset.clone(),
            source: version.source.clone(),
        });
        versions.know(version);
        Some(preset)
    }

    /// Notes that a run of the network on the screen was asked for.
    pub(crate) fn starting_version(&mut self) {
        self.history.versions.starting = Some(self.version());
    }

    /// Notes that the run that was asked for has started: if it has a folder, `run.yaml` holds its network. It does not hold comments, so
    /// a text whose comments are in no file is still unsaved.
    pub(crate) fn started_version(&mut self, has_folder: bool) {
        let versions = &mut self.history.versions;
        let Some(version) = versions.starting.take() else {
            return;
        };
        if has_folder && versions.keeps_comments_of(version.source.as_ref()) {
            versions.know(version);
        }
    }

    /// Applies a manual change of the active run to the preset's recipe too, so that a later run continues with it. The run records the
    /// change, so it is not an unsaved one. Does nothing if the run is of another network, is the first of two runs, or is only
    /// followed.
    pub fn steer_recipe(&mut self, change: impl FnOnce(&mut Recipe)) {
        let run = self.run_of_network();
        if !run.is_some_and(|run| run.is_active() && run.facts.then.is_none()) {
            return;
        }
        let is_saved = !self.is_network_unsaved();
        change(&mut self.preset.training);
        if is_saved {
            self.know_version();
        }
    }

    /// Whether the network on the screen or its recipe has unsaved changes.
    pub fn is_network_unsaved(&self) -> bool {
        let source = self.history.source.as_ref();
        self.history.versions.is_unsaved(&self.preset, source)
    }

    /// The unsaved networks: replaced ones that undo can restore, then the one on the screen.
    pub(crate) fn unsaved_versions(&self) -> Vec<Version> {
        let mut unsaved: Vec<Version> = Vec::new();
        let present = (&self.preset, self.history.source.as_ref());
        for (preset, source) in self.history.left().chain([present]) {
            if self.history.versions.is_unsaved(preset, source) {
                let version = Version {
                    preset: preset.clone(),
                    source: source.cloned(),
                };
                unsaved.retain(|other| *other != version);
                unsaved.push(version);
            }
        }
        unsaved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_edits_are_undone_and_no_more() {
        let mut lab = Lab::new(Preset::open("fashion-conv1").unwrap(), None);
        for classes in 2..MOST_UNDO + 7 {
            let network = NetworkSpec {
                classes,
                ..lab.preset.network()
            };
            lab.record_network(classes.to_string(), &network);
        }
        let mut undone = 0;
        while lab.undo().is_some() {
            undone += 1;
        }
        assert_eq!((undone, lab.preset.classes), (MOST_UNDO, 6));
        while lab.redo().is_some() {}
        assert_eq!(lab.preset.classes, MOST_UNDO + 6);
    }
}
