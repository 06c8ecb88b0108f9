//! The question before the changes to a network's text are forgotten.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::action::Action;
use super::super::keys::Key;
use super::super::theme::Theme;
use super::question::Question;
use crate::state::{Message, NetworkText, UnsavedMessage};

pub fn actions() -> Vec<Action> {
    vec![
        Action::new(
            Key::char('y'),
            "forget them",
            "forget the changes and leave the network alone",
            Message::Unsaved(UnsavedMessage::DiscardText),
        ),
        Action::new(
            Key::char('n'),
            "keep editing",
            "go back to the text",
            Message::Back,
        )
        .or(Key::code(KeyCode::Esc)),
    ]
}

pub fn draw(text: &NetworkText, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let way = match text.reading {
        Ok(_) => "Ctrl-S in the text takes them over.",
        Err(_) => "It is no network yet, so it cannot be taken over.",
    };
    Question {
        title: "Forget the changes to the text?",
        size: (58, 7),
        text: &format!("The changes to the text were not taken over. {way}"),
        answers: &[("y", "forget them"), ("n", "keep editing")],
    }
    .draw(area, buffer, theme);
}
