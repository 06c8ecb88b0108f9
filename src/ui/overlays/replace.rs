//! The question whether a file that is in the way may be replaced.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::action::Action;
use super::super::keys::Key;
use super::super::theme::Theme;
use super::question::Question;
use crate::state::{DataMessage, Message, ReplaceQuestion};

pub fn actions() -> Vec<Action> {
    vec![
        Action::new(
            Key::char('y'),
            "replace it",
            "make the set and put it in the file's place",
            Message::Data(DataMessage::Replace),
        ),
        Action::new(
            Key::char('n'),
            "leave it",
            "leave the file as it is and make nothing",
            Message::Back,
        )
        .or(Key::code(KeyCode::Esc)),
    ]
}

pub fn draw(question: &ReplaceQuestion, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let text = format!(
        "{} is there already. It stays as it is until the new one is whole.",
        question.path
    );
    Question {
        title: "Replace the file?",
        size: (64, 8),
        text: &text,
        answers: &[("y", "replace it"), ("n", "leave it")],
    }
    .draw(area, buffer, theme);
}
