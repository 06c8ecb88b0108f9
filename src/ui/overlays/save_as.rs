//! The name to save a preset under.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::action::Action;
use super::super::keys::Key;
use super::super::theme::Theme;
use super::name_question::NameQuestion;
use crate::state::{Message, SaveForm};

pub fn actions() -> Vec<Action> {
    vec![
        Action::new(
            Key::code(KeyCode::Enter),
            "save",
            "save the preset under this name",
            Message::Accept,
        ),
        Action::new(
            Key::code(KeyCode::Esc),
            "cancel",
            "save nothing",
            Message::Back,
        ),
    ]
}

pub fn draw(form: &SaveForm, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    NameQuestion {
        title: "Save the preset as",
        input: &form.input,
        problem: form.problem.as_deref(),
        about: "The network with its training, among your own presets. Letters, digits, - _ and . make a name.",
    }
    .draw(area, buffer, theme);
}
