//! Another name for a loaded set.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::action::Action;
use super::super::keys::Key;
use super::super::theme::Theme;
use super::name_question::NameQuestion;
use crate::state::{Message, RenameForm};

pub fn actions() -> Vec<Action> {
    vec![
        Action::new(
            Key::code(KeyCode::Enter),
            "rename",
            "call the set by this name",
            Message::Accept,
        ),
        Action::new(
            Key::code(KeyCode::Esc),
            "cancel",
            "leave the name as it was",
            Message::Back,
        ),
    ]
}

pub fn draw(form: &RenameForm, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let title = format!("Call {}", form.set);
    NameQuestion {
        title: &title,
        input: &form.input,
        problem: form.problem.as_deref(),
        about: "A name for the lists on the screen; its files stay as they are.",
    }
    .draw(area, buffer, theme);
}
