//! The form of a layer: its fields as the layer describes them, and what becomes of the network.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::facts::totals;
use crate::state::{Lab, LayerForm};
use crate::ui::field_form::field_line;
use crate::ui::format::wrap;
use crate::ui::panel::{lines, panel};
use crate::ui::theme::Theme;

/// Columns of the fields' names.
const NAMES: usize = 14;

/// Rows that the form takes with its frame.
pub fn rows(form: &LayerForm) -> u16 {
    form.fields.rows.len() as u16 + 6
}

pub fn draw(form: &LayerForm, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
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
    let width = usize::from(inner.width);
    let mut text = Vec::new();
    for (position, row) in form.fields.rows.iter().enumerate() {
        let is_here = position == form.fields.cursor;
        text.push(field_line(row, is_here, NAMES, theme));
    }
    let is_beside = inner.width < 60;
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
    text.extend(totals(lab, &form.preview, width, theme, is_beside));
    lines(text, inner, buffer);
}
