//! The form of a layer: its fields as the layer describes them, and what becomes of the network.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::facts::Totals;
use crate::lab::Lab;
use crate::overlays::{Form, form_lines};
use crate::panes::network::{LayerDraft, NetworkPane};
use crate::ui::panel::{lines, panel, sentences};
use crate::ui::theme::Theme;

/// Columns of the fields' names.
const NAMES: usize = 14;

/// Columns from which figures stand side by side.
const WIDE: u16 = 60;

/// What the form is about.
type Shown<'a> = (&'a NetworkPane, &'a Lab);

/// Rows that the form takes with its frame; it does not shrink where less is to be said.
pub fn rows(form: &Form<LayerDraft>, shown: Shown<'_>, width: u16, theme: &Theme) -> u16 {
    let text = content(form, shown, width.saturating_sub(4), theme);
    (text.len() + 2).max(form.rows.len() + 7) as u16
}

pub fn draw(
    form: &Form<LayerDraft>,
    shown: Shown<'_>,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let draft = &form.draft;
    let named = draft.preview.layers.get(draft.index);
    let name = named.map_or(draft.layer.kind().name, |layer| layer.name.as_str());
    let title = if draft.is_new {
        format!("Add {name}")
    } else {
        format!("Edit {name}")
    };
    let inner = panel(&title, true, area, buffer, theme);
    let text = content(form, shown, inner.width, theme);
    lines(text, inner, buffer);
}

fn content(
    form: &Form<LayerDraft>,
    shown: Shown<'_>,
    columns: u16,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let (pane, lab) = shown;
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
    text.extend(Totals::of(pane, lab, preview).lines(width, theme, is_beside));
    text
}
