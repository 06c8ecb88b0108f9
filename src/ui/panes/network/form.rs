//! The form of a layer: its fields as the layer describes them, and what becomes of the network.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::facts::totals;
use crate::state::{Lab, LayerForm};
use crate::ui::format::wrap;
use crate::ui::panel::{lines, panel};
use crate::ui::theme::Theme;

/// Columns of the fields' names.
const NAMES: usize = 14;

/// Rows that the form takes with its frame.
pub fn rows(form: &LayerForm) -> u16 {
    form.inputs.len() as u16 + 6
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
    for (position, (field, input)) in form
        .layer
        .kind()
        .fields
        .iter()
        .zip(&form.inputs)
        .enumerate()
    {
        let is_here = position == form.cursor;
        let is_wrong = matches!(&form.problem, Some((wrong, _)) if *wrong == position);
        let style = match (is_wrong, is_here) {
            (true, _) => theme.error,
            (false, true) => theme.accent,
            (false, false) => theme.text,
        };
        let mark = if is_here { "▸ " } else { "  " };
        let mut spans = vec![
            Span::styled(mark, theme.accent),
            Span::styled(
                format!("{:<NAMES$}", field.name),
                if is_here { theme.text } else { theme.dim },
            ),
        ];
        if is_here {
            let (before, after) = input.halves();
            let mut rest = after.chars();
            let at_cursor = rest.next().unwrap_or(' ').to_string();
            spans.extend([
                Span::styled(before.to_owned(), style),
                Span::styled(at_cursor, style.add_modifier(Modifier::REVERSED)),
                Span::styled(rest.collect::<String>(), style),
            ]);
        } else {
            spans.push(Span::styled(input.text().to_owned(), style));
        }
        text.push(Line::from(spans));
    }
    let is_beside = inner.width < 60;
    if is_beside {
        text.push(Line::default());
    }
    if let Some(field) = form.layer.kind().fields.get(form.cursor) {
        let about = format!("{}: {}", field.help, field.kind);
        text.extend(
            wrap(&about, width)
                .into_iter()
                .map(|line| Line::styled(line, theme.dim)),
        );
    }
    let misfit = form.problem.as_ref().map(|(_, problem)| problem);
    let (verdict, style) = match (misfit, &form.preview.problem) {
        (Some(problem), _) => (problem.clone(), theme.error),
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
