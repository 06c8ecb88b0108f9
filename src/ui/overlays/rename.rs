//! Another name for a loaded set.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::action::Action;
use super::super::keys::Key;
use super::super::panel::{dialog, paragraph};
use super::super::theme::Theme;
use super::draw_input;
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
    let inner = dialog(&title, (58, 7), area, buffer, theme);
    draw_input(&form.input, "a name", inner, buffer, theme);
    let below = Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    match &form.problem {
        Some(problem) => paragraph(problem, theme.warning, below, buffer),
        None => paragraph(
            "A name for the lists on the screen; its files stay as they are.",
            theme.dim,
            below,
            buffer,
        ),
    };
}
