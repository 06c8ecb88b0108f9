//! Which versions of the networks that were on the screen stand in a file, and which would be lost.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{History, Lab};
use crate::training::{Preset, Recipe};

/// A preset, and the text with its comments that it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub preset: Preset,
    pub source: Option<Arc<str>>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Versions {
    /// In a file of presets, in the program itself, or in a run's folder.
    saved: Vec<Version>,
    /// On their way to a file of presets, the first asked for first: as they were on the screen, and as the file will hold them.
    saving: VecDeque<(Version, Preset)>,
    /// Of the training that was asked for and has not started yet.
    starting: Option<Version>,
}

impl Versions {
    pub fn know(&mut self, version: Version) {
        if !self.saved.contains(&version) {
            self.saved.push(version);
        }
    }

    /// Whether it would be lost. A network without a layer is nothing to lose.
    fn is_unsaved(&self, preset: &Preset, source: Option<&Arc<str>>) -> bool {
        let is_it = |saved: &Version| saved.preset == *preset && saved.source.as_ref() == source;
        !preset.layers.is_empty() && !self.saved.iter().any(is_it)
    }

    /// Whether the comments of this text, if it has any, stand in a file.
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

    /// The network on the screen stands in a file as it is.
    pub(crate) fn know_version(&mut self) {
        let version = self.version();
        self.history.versions.know(version);
    }

    /// The network on the screen is on its way to a file, which will hold it as `preset`.
    pub(crate) fn saving_version(&mut self, preset: Preset) {
        let version = self.version();
        self.history.versions.saving.push_back((version, preset));
    }

    /// What was on its way to a file is there, under this name. Returns it as the file holds it.
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

    /// A training of the network on the screen was asked for.
    pub(crate) fn starting_version(&mut self) {
        self.history.versions.starting = Some(self.version());
    }

    /// The training that was asked for has started: where it has a folder, `run.yaml` holds its network. It does not hold comments, so
    /// a text with comments that stand in no file is still to be saved.
    pub(crate) fn started_version(&mut self, has_folder: bool) {
        let versions = &mut self.history.versions;
        let Some(version) = versions.starting.take() else {
            return;
        };
        if has_folder && versions.keeps_comments_of(version.source.as_ref()) {
            versions.know(version);
        }
    }

    /// Changes what is set for the training as the one under way was changed by hand, which is what it goes on with after its end: its
    /// run tells of that, so it is no change to be saved. Does nothing where the training is of another network, on the data that comes
    /// first, or only followed.
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

    /// Whether the network on the screen, or what is set for its training, has changes that are saved nowhere.
    pub fn is_network_unsaved(&self) -> bool {
        let source = self.history.source.as_ref();
        self.history.versions.is_unsaved(&self.preset, source)
    }

    /// The networks that would be lost: those that others took the place of, which undo brings back, then the one on the screen.
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
