//! How the settings of a form look, one line each.

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::{Draft, Form, FormRow};
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
    let room = width.saturating_sub(names + 4);
    let tail = |text: &str| {
        let too_long = text.chars().count().saturating_sub(room);
        let hidden = if row.is_text() { too_long } else { 0 };
        text.chars().skip(hidden).collect::<String>()
    };
    let mut spans = vec![
        Span::styled(if is_here { "▸ " } else { "  " }, theme.accent),
        Span::styled(
            format!("{:<names$}", row.setting.field.label()),
            if is_here { theme.text } else { theme.dim },
        ),
    ];
    if is_here {
        let (before, after) = row.input.halves();
        let mut rest = after.chars();
        let at_cursor = rest.next().unwrap_or(' ').to_string();
        spans.extend([
            Span::styled(tail(before), style),
            Span::styled(at_cursor, style.add_modifier(Modifier::REVERSED)),
            Span::styled(rest.collect::<String>(), style),
        ]);
    } else {
        spans.push(Span::styled(tail(row.input.text()), style));
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
