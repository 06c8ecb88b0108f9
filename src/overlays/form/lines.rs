//! How the settings of a form look, one line each.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Draft, Form, FormRow};
use crate::ui::panel::{tail, typed, wrapped};
use crate::ui::theme::Theme;

/// A setting's name and text, with the cursor in it where it has the keys; names take so many of `width` columns. A long name or path is
/// shown around the cursor.
pub fn field_line(
    row: &FormRow,
    is_here: bool,
    (names, width): (usize, usize),
    theme: &Theme,
) -> Line<'static> {
    let style = match (row.problem.is_some(), is_here) {
        (true, _) => theme.error,
        (false, true) => theme.accent,
        (false, false) => theme.text,
    };
    // Only a name or a path may be longer than its room.
    let room = if row.is_text() {
        width.saturating_sub(names + 4)
    } else {
        usize::MAX
    };
    let mut spans = vec![
        Span::styled(if is_here { "▸ " } else { "  " }, theme.accent),
        Span::styled(
            format!("{:<names$}", row.setting.field.label()),
            if is_here { theme.text } else { theme.dim },
        ),
    ];
    match is_here {
        true => spans.extend(typed(&row.input, room, style)),
        false => spans.push(Span::styled(tail(row.input.text(), room), style)),
    }
    Line::from(spans)
}

/// All settings below each other under their headings, and the line of the one under the cursor.
pub fn form_lines<D: Draft>(
    form: &Form<D>,
    sizes: (usize, usize),
    theme: &Theme,
) -> (Vec<Line<'static>>, usize) {
    let (mut lines, mut section, mut at) = (Vec::new(), "", 0);
    for (position, row) in form.rows.iter().enumerate() {
        if row.setting.section != section {
            section = row.setting.section;
            lines.push(Line::styled(section, theme.title));
        }
        if position == form.cursor {
            at = lines.len();
        }
        lines.push(field_line(row, position == form.cursor, sizes, theme));
    }
    (lines, at)
}

/// Sentences below each other, each in its style.
pub fn sentences(
    text: impl IntoIterator<Item = (String, Style)>,
    width: usize,
) -> Vec<Line<'static>> {
    let text = text.into_iter();
    text.flat_map(|(text, style)| wrapped(&text, width, style))
        .collect()
}
