//! The form for one number of the recipe.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::action::Action;
use super::super::format::count;
use super::super::keys::Key;
use super::super::panel::{dialog, paragraph};
use super::super::theme::Theme;
use super::draw_input;
use crate::state::{Lab, Message, NumberField, NumberForm};

pub fn actions() -> Vec<Action> {
    vec![
        Action::new(
            Key::code(KeyCode::Enter),
            "accept",
            "take the number",
            Message::Accept,
        ),
        Action::new(
            Key::code(KeyCode::Esc),
            "cancel",
            "leave the number as it was",
            Message::Back,
        ),
    ]
}

pub fn draw(form: &NumberForm, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let title = format!("{}: {}", form.field.name(), form.field.help());
    let inner = dialog(&title, (52, 7), area, buffer, theme);
    draw_input(&form.input, "", inner, buffer, theme);
    let below = Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    match &form.problem {
        Some(problem) => paragraph(problem, theme.error, below, buffer),
        None => paragraph(&consequence(form, lab), theme.dim, below, buffer),
    };
}

/// What the number means for the chosen set.
fn consequence(form: &NumberForm, lab: &Lab) -> String {
    let range = format!("A whole number from 1 to {}.", count(form.field.most()));
    let (Ok(number), Some(set)) = (form.field.parse(form.input.text()), lab.chosen_set()) else {
        return range;
    };
    let (epochs, batch_size) = match form.field {
        NumberField::Epochs => (number, lab.preset.training.batch_size),
        NumberField::BatchSize => (lab.preset.training.epochs, number),
    };
    let batches = set.train_len().div_ceil(batch_size);
    format!(
        "{range} {} steps in all, {} an epoch.",
        count(batches * epochs),
        count(batches)
    )
}
