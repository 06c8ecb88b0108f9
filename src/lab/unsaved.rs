//! What would be lost if the program ended now: the one answer for the marks in titles, the question before leaving, and the draft.

use super::preset::preset_text;
use super::{Lab, Version};
use crate::worker::{Command, Draft, Drawing, FoundDraft, OwnPreset};

/// Work that is saved nowhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unsaved {
    /// The one on the screen last.
    pub networks: Vec<Version>,
    /// Lines that are typed over the panes and differ from those they began with.
    pub text: Option<Vec<String>>,
    /// The one on the pad last.
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

/// What the pad tells of drawings that are saved nowhere.
#[derive(Debug, Default)]
pub struct UnsavedDrawings {
    /// The one on the paper last.
    pub unsaved: Vec<Drawing>,
    /// Whether some are on their way to a file.
    pub is_saving: bool,
}

/// What is known of drafts, and how far leaving is.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    /// As the draft holds it that was asked for last.
    pub kept: Unsaved,
    /// A draft of an earlier start that was not offered yet.
    pub found: Option<Box<FoundDraft>>,
    pub leaving: Leaving,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leaving {
    #[default]
    No,
    /// As soon as everything is saved.
    WhenSaved,
    /// The same, and a name to save under was asked for.
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

    /// Whoever wanted to leave once all is saved does something else, and stays.
    pub fn stay(&mut self) {
        self.drafts.leaving = Leaving::No;
    }

    pub fn quit(&mut self) {
        self.close_all();
        self.quitting = true;
        self.tell(Command::Quit);
    }
}
