//! The question whether a file that is in the way may be replaced.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::action::Action;
use super::super::keys::Key;
use super::super::panel::{dialog, lines, paragraph};
use super::super::theme::Theme;
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
    let inner = dialog("Replace the file?", (64, 8), area, buffer, theme);
    let text = format!(
        "{} is there already. It stays as it is until the new one is whole.",
        question.path
    );
    let taken = paragraph(&text, theme.text, inner, buffer);
    let below = Rect {
        y: inner.y + taken + 1,
        height: inner.height.saturating_sub(taken + 1),
        ..inner
    };
    let question = Line::from(vec![
        Span::styled("y", theme.key),
        Span::styled(" replace it     ", theme.text),
        Span::styled("n", theme.key),
        Span::styled(" leave it", theme.text),
    ]);
    lines([question], below, buffer);
}
