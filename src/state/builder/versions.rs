//! Which versions of the networks that were on the screen stand in a file, and which would be lost.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Builder, Scope};
use crate::state::lab::Lab;
use crate::training::{Preset, Recipe};

/// A preset, and the text with its comments that it came from.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::state) struct Version {
    pub preset: Preset,
    pub source: Option<Arc<str>>,
}

/// What is known of files.
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
    /// Takes a version for saved.
    pub fn know(&mut self, version: Version) {
        if !self.is_saved(&version) {
            self.saved.push(version);
        }
    }

    fn is_saved(&self, version: &Version) -> bool {
        self.saved.contains(version)
    }

    /// Whether it would be lost. A network without a layer is nothing to lose.
    fn is_unsaved(&self, version: &Version) -> bool {
        !version.preset.layers.is_empty() && !self.is_saved(version)
    }

    /// Whether the comments of this text, if it has any, stand in a file.
    fn keeps_comments_of(&self, source: Option<&Arc<str>>) -> bool {
        source.is_none_or(|text| {
            let mut saved = self.saved.iter();
            !text.contains('#') || saved.any(|saved| saved.source.as_ref() == Some(text))
        })
    }
}

impl Builder {
    /// Whether versions are on their way to files.
    pub(in crate::state) fn is_saving(&self) -> bool {
        !self.versions.saving.is_empty()
    }

    /// A version could not be saved.
    pub(in crate::state) fn saving_failed(&mut self) {
        self.versions.saving.pop_front();
    }
}

impl Lab {
    fn version(&self) -> Version {
        Version {
            preset: self.preset.clone(),
            source: self.builder.source.clone(),
        }
    }

    /// The network on the screen stands in a file as it is.
    pub(in crate::state) fn know_version(&mut self) {
        let version = self.version();
        self.builder.versions.know(version);
    }

    /// The network on the screen is on its way to a file, which will hold it as `preset`.
    pub(in crate::state) fn saving_version(&mut self, preset: Preset) {
        let version = self.version();
        self.builder.versions.saving.push_back((version, preset));
    }

    /// What was on its way to a file is there, under this name. Returns it as the file holds it.
    pub(in crate::state) fn saved_version(&mut self, name: &str) -> Option<Preset> {
        let versions = &mut self.builder.versions;
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
        self.builder.versions.starting = Some(self.version());
    }

    /// The training that was asked for has started: where it has a folder, `run.yaml` holds its network. It does not hold comments, so
    /// a text with comments that stand in no file is still to be saved.
    pub(crate) fn started_version(&mut self, has_folder: bool) {
        let versions = &mut self.builder.versions;
        let Some(version) = versions.starting.take() else {
            return;
        };
        if has_folder && versions.keeps_comments_of(version.source.as_ref()) {
            versions.know(version);
        }
    }

    /// Changes what is set for the training as the one under way was changed by hand: its run tells of that, so it is no change to be
    /// saved.
    pub fn steer_recipe(&mut self, change: impl FnOnce(&mut Recipe)) {
        let is_saved = !self.is_network_unsaved();
        change(&mut self.preset.training);
        if is_saved {
            self.know_version();
        }
    }

    /// Whether the network on the screen, or what is set for its training, has changes that are saved nowhere.
    pub fn is_network_unsaved(&self) -> bool {
        self.builder.versions.is_unsaved(&self.version())
    }

    /// The networks that would be lost: those that others took the place of, which undo brings back, then the one on the screen.
    pub(in crate::state) fn unsaved_versions(&self) -> Vec<Version> {
        let steps = self.builder.past.iter();
        let left = steps.filter(|step| step.scope == Scope::Another);
        let left = left.map(|step| Version {
            preset: step.preset.clone(),
            source: step.source.clone(),
        });
        let mut unsaved: Vec<Version> = Vec::new();
        for version in left.chain([self.version()]) {
            if self.builder.versions.is_unsaved(&version) {
                unsaved.retain(|other| *other != version);
                unsaved.push(version);
            }
        }
        unsaved
    }
}
