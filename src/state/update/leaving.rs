//! Leaving the program, and what is not saved then: asked about, saved, kept as a draft, put back at the next start.

use std::sync::Arc;

use super::super::builder::{NetworkText, Scope};
use super::super::lab::{Lab, Notice};
use super::super::message::Message;
use super::super::overlay::OldOverlay as Overlay;
use super::super::pane_id::PaneId;
use super::super::unsaved::UnsavedMessage;
use super::{builder, show};
use crate::training::Preset;
use crate::worker::{Command, Draft, DraftCommand, Purpose};

pub(super) fn apply(lab: &mut Lab, message: UnsavedMessage, commands: &mut Vec<Command>) {
    match message {
        UnsavedMessage::SaveAndLeave => {
            lab.old_overlay = None;
            lab.drafts.leaves_when_saved = true;
        }
        UnsavedMessage::Leave => {
            if !lab.drafts.kept.is_empty() {
                commands.push(Command::Draft(DraftCommand::Keep(Draft::default())));
            }
            quit(lab, commands);
        }
        UnsavedMessage::DiscardText => lab.old_overlay = None,
        UnsavedMessage::RestoreDraft => {
            if let Some(Overlay::OfferDraft(found)) = lab.old_overlay.take() {
                restore(lab, found.draft);
                // The old draft may go only when there is a new one.
                keep_draft(lab, commands);
                commands.push(Command::Draft(DraftCommand::ForgetFound));
            }
        }
        UnsavedMessage::ForgetDraft => {
            lab.old_overlay = None;
            commands.push(Command::Draft(DraftCommand::ForgetFound));
            lab.say(Notice::Information, "The draft is forgotten.");
        }
    }
}

/// Leaves, but asks first where something would end or be lost.
pub(super) fn ask(lab: &mut Lab, commands: &mut Vec<Command>) {
    if lab.is_training() || !lab.unsaved().is_empty() {
        lab.old_overlay = Some(Overlay::ConfirmQuit);
    } else {
        quit(lab, commands);
    }
}

/// Leaves at once.
pub(super) fn quit(lab: &mut Lab, commands: &mut Vec<Command>) {
    lab.old_overlay = None;
    lab.quitting = true;
    commands.push(Command::Quit);
}

/// Whoever does something else before all is saved stays.
pub(super) fn watch(lab: &mut Lab, message: &Message) {
    let goes_on = matches!(message, Message::Edit(_) | Message::Accept);
    lab.drafts.leaves_when_saved &= goes_on;
}

/// The next step of saving everything and leaving, and the offer of a draft, as soon as nothing is open.
pub(super) fn go_on(lab: &mut Lab, commands: &mut Vec<Command>) {
    if lab.quitting || lab.old_overlay.is_some() || lab.overlay.is_some() {
        return;
    }
    if let Some(found) = lab.drafts.found.take() {
        lab.old_overlay = Some(Overlay::OfferDraft(found));
        return;
    }
    if lab.drafts.leaves_when_saved && !lab.builder.is_saving() && !lab.is_saving_drawings() {
        save_next(lab, commands);
    }
}

fn save_next(lab: &mut Lab, commands: &mut Vec<Command>) {
    let unsaved = lab.unsaved();
    for drawing in unsaved.drawings {
        lab.write_drawing(drawing);
    }
    if let Some(version) = unsaved.networks.into_iter().next_back() {
        let name = format!("bring {} back", version.preset.name);
        lab.record(name, Scope::Another, version.preset, version.source);
        builder::ask_name(lab, commands);
    } else if !lab.is_saving_drawings() {
        // All is saved, so there is no draft any more.
        keep_draft(lab, commands);
        quit(lab, commands);
    }
}

/// Something could not be saved: who wanted to leave stays with it.
pub(super) fn failed(lab: &mut Lab, what: Purpose) {
    match what {
        Purpose::SavePreset => lab.builder.saving_failed(),
        _ => return,
    }
    lab.drafts.leaves_when_saved = false;
}

/// What a step out of this leaves open: the question before a changed text is forgotten, and the text again after the question.
pub(super) fn instead_of(overlay: Overlay) -> Option<Overlay> {
    match overlay {
        Overlay::Text(text) if text.is_changed() => Some(Overlay::ConfirmDiscard(text)),
        Overlay::ConfirmDiscard(text) => Some(Overlay::Text(text)),
        _ => None,
    }
}

/// Has the worker keep a draft of what is not saved, where that has changed.
pub(super) fn keep_draft(lab: &mut Lab, commands: &mut Vec<Command>) {
    let unsaved = lab.unsaved();
    if unsaved != lab.drafts.kept {
        commands.push(Command::Draft(DraftCommand::Keep(unsaved.draft())));
        lab.drafts.kept = unsaved;
    }
}

/// Puts networks, drawings and a half-typed text back, the networks as edits that undo takes back.
fn restore(lab: &mut Lab, draft: Draft) {
    let said = match draft.presets.is_empty() {
        true => "The draft is back.",
        false => "The draft is back: s saves the network, u takes it away again.",
    };
    let mut text = draft.text;
    for preset in draft.presets {
        match Preset::parse(&preset.text, &preset.name) {
            Ok(read) => {
                let source = Some(Arc::from(preset.text));
                let name = format!("restore {}", read.name);
                lab.record(name, Scope::Another, read, source);
                show(lab, PaneId::Network);
            }
            // What another version of the program wrote can be mended by hand.
            Err(_) => text = text.or(Some(preset.text)),
        }
    }
    lab.put_drawings_back(&draft.drawings);
    if !draft.drawings.is_empty() && lab.pane != PaneId::Network {
        show(lab, PaneId::Results);
    }
    if let Some(text) = text {
        show(lab, PaneId::Network);
        let mut editor = NetworkText::new(&lab.preset_text());
        editor.type_in(text.lines().map(str::to_owned).collect(), (0, 0));
        lab.old_overlay = Some(Overlay::Text(Box::new(editor)));
    }
    lab.say(Notice::Information, said);
}
