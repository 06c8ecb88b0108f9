//! The question whether a draft of what an earlier start did not save is put back.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::action::Action;
use super::super::format::listed;
use super::super::keys::Key;
use super::super::theme::Theme;
use super::question::Question;
use crate::state::facts::FoundDraft;
use crate::state::{Message, UnsavedMessage};

pub fn actions() -> Vec<Action> {
    vec![
        Action::new(
            Key::code(KeyCode::Enter),
            "restore",
            "put the draft back, to be saved",
            Message::Unsaved(UnsavedMessage::RestoreDraft),
        ),
        Action::new(
            Key::code(KeyCode::Esc),
            "later",
            "leave the draft for the next start",
            Message::Back,
        ),
        Action::new(
            Key::char('d'),
            "discard",
            "forget the draft for good",
            Message::Unsaved(UnsavedMessage::ForgetDraft),
        ),
    ]
}

pub fn draw(found: &FoundDraft, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let draft = &found.draft;
    let mut parts: Vec<String> = draft
        .presets
        .iter()
        .map(|preset| preset.name.clone())
        .collect();
    if draft.text.is_some() {
        parts.push("a text in the editor".to_owned());
    }
    match draft.drawings.len() {
        0 => {}
        1 => parts.push("a drawing".to_owned()),
        count => parts.push(format!("{count} drawings")),
    }
    Question {
        title: "Unsaved work",
        size: (58, 8),
        text: &format!(
            "A draft of {}, from {}, was not saved.",
            listed(&parts),
            found.written
        ),
        answers: &[
            ("Enter", "restore"),
            ("Esc", "leave for later"),
            ("d", "discard"),
        ],
    }
    .draw(area, buffer, theme);
}
