//! The form of a layer: its fields as the layer describes them, and what becomes of the network.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::facts::Totals;
use crate::state::{Lab, LayerForm};
use crate::ui::field_form::{form_lines, sentences};
use crate::ui::panel::{lines, panel};
use crate::ui::theme::Theme;

/// Columns of the fields' names.
const NAMES: usize = 14;

/// Columns from which figures stand side by side.
const WIDE: u16 = 60;

/// Rows that the form takes with its frame; it does not shrink where less is to be said.
pub fn rows(form: &LayerForm, lab: &Lab, width: u16, theme: &Theme) -> u16 {
    let text = content(form, lab, width.saturating_sub(4), theme);
    (text.len() + 2).max(form.rows.len() + 7) as u16
}

pub fn draw(form: &LayerForm, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let draft = &form.draft;
    let named = draft.preview.layers.get(draft.index);
    let name = named.map_or(draft.layer.kind().name, |layer| layer.name.as_str());
    let title = if draft.is_new {
        format!("Add {name}")
    } else {
        format!("Edit {name}")
    };
    let inner = panel(&title, true, area, buffer, theme);
    let text = content(form, lab, inner.width, theme);
    lines(text, inner, buffer);
}

fn content(form: &LayerForm, lab: &Lab, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let width = usize::from(columns);
    let (mut text, _) = form_lines(form, (NAMES, width), theme);
    let is_beside = columns < WIDE;
    if is_beside {
        text.push(Line::default());
    }
    let about = form.current().map(|row| (row.about(), theme.dim));
    let preview = &form.draft.preview;
    let verdict = match (form.refusal(), &preview.problem) {
        (Some(problem), _) => (problem, theme.error),
        (None, Some(problem)) => (problem.clone(), theme.warning),
        (None, None) => (String::new(), theme.text),
    };
    text.extend(sentences(about.into_iter().chain([verdict]), width));
    text.extend(Totals::of(lab, preview).lines(width, theme, is_beside));
    text
}
