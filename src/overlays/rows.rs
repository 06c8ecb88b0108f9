//! The rows of a list.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Arrangement, Entry};
use crate::ui::format::{fit, width_of};
use crate::ui::panel::{highlight, window};
use crate::ui::theme::Theme;

/// Entries with a cursor on one of them.
pub(super) struct Rows<'a> {
    pub arrangement: Arrangement,
    pub entries: &'a [Entry],
    pub cursor: usize,
}

/// A row of the list: a heading, or the entry at this position.
enum Row<'a> {
    Gap,
    Heading(&'a str),
    Entry(usize, &'a Entry),
}

impl Rows<'_> {
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let mut rows = Vec::new();
        let mut group = "";
        for (position, entry) in self.entries.iter().enumerate() {
            if self.arrangement == Arrangement::Headings && entry.group != group {
                if !rows.is_empty() {
                    rows.push(Row::Gap);
                }
                rows.push(Row::Heading(entry.group));
                group = entry.group;
            }
            rows.push(Row::Entry(position, entry));
        }
        let at = rows
            .iter()
            .position(|row| matches!(row, Row::Entry(position, _) if *position == self.cursor))
            .unwrap_or(0);
        let columns = Columns::of(self.arrangement, self.entries, area.width);
        let shown = window(at, rows.len(), usize::from(area.height));
        for (row, y) in rows[shown].iter().zip(area.y..) {
            match row {
                Row::Gap => {}
                Row::Heading(heading) => {
                    buffer.set_line(area.x, y, &Line::styled(*heading, theme.title), area.width);
                }
                Row::Entry(position, entry) => {
                    let line = columns.line(entry, theme);
                    buffer.set_line(area.x, y, &line, area.width);
                    if *position == self.cursor {
                        let row = Rect::new(area.x, y, area.width, 1);
                        highlight(row, buffer, theme.selected);
                    }
                }
            }
        }
    }
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
