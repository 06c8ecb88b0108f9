//! The name to save a preset under.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::action::Action;
use super::super::keys::Key;
use super::super::panel::{dialog, paragraph};
use super::super::theme::Theme;
use super::draw_input;
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
    let inner = dialog("Save the preset as", (58, 7), area, buffer, theme);
    draw_input(&form.input, "a name", inner, buffer, theme);
    let below = Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    match &form.problem {
        Some(problem) => paragraph(problem, theme.warning, below, buffer),
        None => paragraph(
            "The network with its training, among your own presets. Letters, digits, - _ and . make a name.",
            theme.dim,
            below,
            buffer,
        ),
    };
}
