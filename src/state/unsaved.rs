//! What would be lost if the program ended now: the one answer for the marks in titles, the question before leaving, and the draft.

use super::builder::{NetworkText, Version, preset_text};
use super::lab::Lab;
use super::overlay::OldOverlay as Overlay;
use crate::worker::{Draft, Drawing, FoundDraft, OwnPreset};

/// Work that is saved nowhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unsaved {
    /// The one on the screen last.
    pub(super) networks: Vec<Version>,
    /// Lines in the editor that differ from those it began with.
    text: Option<Vec<String>>,
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

    pub fn has_text(&self) -> bool {
        self.text.is_some()
    }

    /// Drawings that were neither written nor kept.
    pub fn drawing_count(&self) -> usize {
        self.drawings.len()
    }

    /// For the disk.
    pub(super) fn draft(&self) -> Draft {
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

/// What is known of drafts and of leaving.
#[derive(Clone, Debug, Default)]
pub struct UnsavedState {
    /// As the draft holds it that was asked for last.
    pub(super) kept: Unsaved,
    /// A draft of an earlier start that was not offered yet.
    pub(super) found: Option<Box<FoundDraft>>,
    /// Whether the program ends as soon as everything is saved.
    pub(super) leaves_when_saved: bool,
}

/// What is done about unsaved work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnsavedMessage {
    /// Saves one thing after the other, then leaves.
    SaveAndLeave,
    /// Leaves and forgets what is not saved.
    Leave,
    /// Forgets what was changed in the text.
    DiscardText,
    /// Puts the offered draft back.
    RestoreDraft,
    /// Forgets the offered draft.
    ForgetDraft,
}

impl Lab {
    /// What would be lost if the program ended now.
    pub fn unsaved(&self) -> Unsaved {
        let text = self.open_text().filter(|text| text.is_changed());
        Unsaved {
            networks: self.unsaved_versions(),
            text: text.map(|text| text.lines.clone()),
            drawings: self.drawings.unsaved.clone(),
        }
    }

    /// The text that is being edited.
    fn open_text(&self) -> Option<&NetworkText> {
        match &self.old_overlay {
            Some(Overlay::Text(text) | Overlay::ConfirmDiscard(text)) => Some(text),
            _ => None,
        }
    }
}
