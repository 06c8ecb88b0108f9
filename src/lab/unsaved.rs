//! The unsaved work: shared by the marks in titles, the question before quitting, and the draft.

use super::preset::preset_text;
use super::{Lab, Version};
use crate::worker::{Command, Draft, Drawing, FoundDraft, OwnPreset};

/// Unsaved work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unsaved {
    /// The networks, the one on the screen last.
    pub networks: Vec<Version>,
    /// The lines of the text editor, if they are changed.
    pub text: Option<Vec<String>>,
    /// The drawings, the one on the pad last.
    pub drawings: Vec<Drawing>,
}

impl Unsaved {
    /// Whether there is nothing to lose.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub fn network_names(&self) -> Vec<&str> {
        let names = self.networks.iter();
        names.map(|version| version.preset.name.as_str()).collect()
    }

    pub fn draft(&self) -> Draft {
        let networks = self.networks.iter().map(|version| OwnPreset {
            name: version.preset.name.clone(),
            text: preset_text(&version.preset, version.source.as_deref()),
        });
        Draft {
            presets: networks.collect(),
            text: self.text.as_ref().map(|lines| lines.join("\n") + "\n"),
            drawings: self.drawings.clone(),
        }
    }
}

/// The unsaved drawings of the pad.
#[derive(Debug, Default)]
pub struct UnsavedDrawings {
    /// The drawings, the one on the pad last.
    pub unsaved: Vec<Drawing>,
    /// Whether some are being saved.
    pub is_saving: bool,
}

/// The state of drafts, and of quitting.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    /// The contents of the draft that was last asked for.
    pub kept: Unsaved,
    /// A draft of an earlier session that was not offered yet.
    pub found: Option<Box<FoundDraft>>,
    pub leaving: Leaving,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leaving {
    #[default]
    No,
    /// Quit as soon as everything is saved.
    WhenSaved,
    /// As `WhenSaved`, and a name to save under was asked for.
    OnceNamed,
}

impl Lab {
    pub fn unsaved(&self) -> Unsaved {
        let text = self.overlays().find_map(|open| open.unsaved_text());
        Unsaved {
            networks: self.unsaved_versions(),
            text: text.map(<[_]>::to_vec),
            drawings: self.drawings.unsaved.clone(),
        }
    }

    /// Cancels quitting after everything is saved.
    pub fn stay(&mut self) {
        self.drafts.leaving = Leaving::No;
    }

    pub fn quit(&mut self) {
        self.close_all();
        self.quitting = true;
        self.tell(Command::Quit);
    }
}
