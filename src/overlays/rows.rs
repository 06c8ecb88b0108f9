//! The rows of a list.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Arrangement, Entry};
use crate::ui::format::{fit, width_of};
use crate::ui::panel::list;
use crate::ui::theme::Theme;

/// Draws entries, under their headings if the arrangement has these; returns the places of the visible ones.
pub(super) fn draw_rows(
    arrangement: Arrangement,
    entries: &[Entry],
    cursor: usize,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) -> Vec<(usize, Rect)> {
    let columns = Columns::of(arrangement, entries, area.width);
    let (mut rows, mut at, mut group) = (Vec::new(), None, "");
    let mut numbers = Vec::new();
    for (position, entry) in entries.iter().enumerate() {
        if arrangement == Arrangement::Headings && entry.group != group {
            if !rows.is_empty() {
                rows.push(Line::default());
            }
            rows.push(Line::styled(entry.group, theme.title));
            group = entry.group;
        }
        if position == cursor {
            at = Some(rows.len());
        }
        numbers.push((rows.len(), position));
        rows.push(columns.line(entry, theme));
    }
    let row = |position: usize| rows[position].clone();
    let cursor = (at.unwrap_or(0), at.is_some());
    let shown = list(rows.len(), cursor, row, area, buffer, theme);
    let place = |row: usize| area.rows().nth(row - shown.start);
    let in_sight = numbers.into_iter().filter(|(row, _)| shown.contains(row));
    in_sight
        .filter_map(|(row, position)| Some((position, place(row)?)))
        .collect()
}

/// How the width of a list is shared out.
struct Columns {
    keys: usize,
    name: usize,
    detail: usize,
}

impl Columns {
    fn of(arrangement: Arrangement, entries: &[Entry], width: u16) -> Self {
        let width = usize::from(width);
        let names = entries.iter().map(|entry| width_of(&entry.name));
        let widest = names.max().unwrap_or(0);
        let (keys, name, has_detail) = match arrangement {
            Arrangement::Headings | Arrangement::Keys => (14, widest.min(18), true),
            Arrangement::Beside => (0, width, false),
            Arrangement::Words => (0, widest.min(width / 2), false),
            Arrangement::Rows | Arrangement::Below => (0, widest.min(width / 2), true),
        };
        let left = width.saturating_sub(keys + name + 4);
        Self {
            keys,
            name,
            detail: if has_detail { left } else { 0 },
        }
    }

    fn line(&self, entry: &Entry, theme: &Theme) -> Line<'static> {
        let (key_style, name_style) = match entry.choice {
            Ok(_) => (theme.key, theme.text),
            Err(_) => (theme.dim, theme.dim),
        };
        let mut spans = Vec::new();
        if self.keys > 0 {
            spans.push(Span::styled(
                format!("{:<1$}", fit(&entry.keys, self.keys), self.keys + 2),
                key_style,
            ));
        }
        spans.push(Span::styled(
            format!("{:<1$}", fit(&entry.name, self.name), self.name + 2),
            name_style,
        ));
        spans.push(Span::styled(fit(&entry.detail, self.detail), theme.dim));
        Line::from(spans)
    }
}
