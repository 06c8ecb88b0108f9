//! The settings of the method that explains an image.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::action::Action;
use super::super::field_form::{ends, field_actions, form_lines, sentences};
use super::super::panel::{dialog, lines};
use super::super::theme::Theme;
use crate::state::MethodForm;

/// Columns of the form and of its settings' names.
const WIDTH: u16 = 60;
const NAMES: usize = 14;

pub fn actions() -> Vec<Action> {
    let [values, fields] = field_actions();
    let [explain, cancel] = ends(
        ("explain", "explain the image with these settings"),
        "leave the settings as they were",
    );
    vec![values, fields, explain, cancel]
}

pub fn draw(form: &MethodForm, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let title = format!("Settings of {}", form.draft.kind().name.replace('_', " "));
    let height = form.rows.len() as u16 + 8;
    let inner = dialog(&title, (WIDTH, height), area, buffer, theme);
    let width = usize::from(inner.width);
    let (mut text, _) = form_lines(form, (NAMES, width), theme);
    text.push(Line::default());
    let about = match (form.refusal(), form.current()) {
        (Some(problem), _) => Some((problem, theme.error)),
        (None, row) => row.map(|row| (row.about(), theme.dim)),
    };
    text.extend(sentences(about, width));
    lines(text, inner, buffer);
}
