//! The form of a layer: its fields as the layer describes them, and what becomes of the network.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::NetworkPane;
use super::facts::Totals;
use crate::lab::Lab;
use crate::state::LayerForm;
use crate::ui::field_form::field_line;
use crate::ui::format::wrap;
use crate::ui::panel::{lines, panel};
use crate::ui::theme::Theme;

/// Columns of the fields' names.
const NAMES: usize = 14;

/// Columns from which figures stand side by side.
const WIDE: u16 = 60;

/// What the form is about.
type Shown<'a> = (&'a NetworkPane, &'a Lab);

/// Rows that the form takes with its frame; it does not shrink where less is to be said.
pub fn rows(form: &LayerForm, shown: Shown<'_>, width: u16, theme: &Theme) -> u16 {
    let text = content(form, shown, width.saturating_sub(4), theme);
    (text.len() + 2).max(form.fields.rows.len() + 7) as u16
}

pub fn draw(form: &LayerForm, shown: Shown<'_>, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let name = form
        .preview
        .layers
        .get(form.index)
        .map_or(form.layer.kind().name, |layer| layer.name.as_str());
    let title = if form.is_new {
        format!("Add {name}")
    } else {
        format!("Edit {name}")
    };
    let inner = panel(&title, true, area, buffer, theme);
    let text = content(form, shown, inner.width, theme);
    lines(text, inner, buffer);
}

fn content(form: &LayerForm, shown: Shown<'_>, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let (pane, lab) = shown;
    let width = usize::from(columns);
    let mut text = Vec::new();
    for (position, row) in form.fields.rows.iter().enumerate() {
        let is_here = position == form.fields.cursor;
        text.push(field_line(row, is_here, NAMES, theme));
    }
    let is_beside = columns < WIDE;
    if is_beside {
        text.push(Line::default());
    }
    if let Some(row) = form.fields.current() {
        let about = format!("{}: {}", row.field.help, row.field.kind);
        text.extend(
            wrap(&about, width)
                .into_iter()
                .map(|line| Line::styled(line, theme.dim)),
        );
    }
    let (verdict, style) = match (form.fields.problem(), &form.preview.problem) {
        (Some((_, problem)), _) => (problem.to_owned(), theme.error),
        (None, Some(problem)) => (problem.clone(), theme.warning),
        (None, None) => (String::new(), theme.text),
    };
    text.extend(
        wrap(&verdict, width)
            .into_iter()
            .map(|line| Line::styled(line, style)),
    );
    text.extend(Totals::of(pane, lab, &form.preview).lines(width, theme, is_beside));
    text
}
