//! Lists that typing narrows: help, palette, what can be made, classes, presets.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::super::action::Action;
use super::super::format::{fit, width_of};
use super::super::keys::Key;
use super::super::panel::{dialog, empty, highlight, paragraph, window};
use super::super::theme::Theme;
use super::draw_input;
use super::entries::{Entry, matching};
use crate::state::{Lab, Message, Motion, Picker, PickerKind};

/// Entries that Page up and Page down skip.
const PAGE: usize = 10;

pub fn actions(picker: &Picker, lab: &Lab) -> Vec<Action> {
    let entries = matching(picker, lab);
    let go = |motion: Motion| Message::PickAt(motion.along(picker.cursor, entries.len(), PAGE));
    let choose = match entries.get(picker.cursor) {
        Some(entry) => match &entry.choice {
            Ok(Message::Perform { pane, message }) => Message::Perform {
                pane: *pane,
                message: message.clone(),
            },
            Ok(message) => Message::Perform {
                pane: None,
                message: Box::new(message.clone()),
            },
            Err(reason) => Message::Explain(format!("{}: {reason}", entry.name)),
        },
        None => Message::Explain("nothing matches what was typed".to_owned()),
    };
    let moves = Action::list_moves_and_tab("go through the list", go);
    vec![
        moves,
        Action::new(
            Key::code(KeyCode::Enter),
            "take it",
            "take the entry under the cursor",
            choose,
        ),
        Action::new(
            Key::code(KeyCode::Esc),
            "close",
            "close the list",
            Message::Back,
        ),
    ]
}

pub fn draw(picker: &Picker, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let entries = matching(picker, lab);
    let (title, hint) = match picker.kind {
        PickerKind::Make => ("Make a data set", "type to search"),
        PickerKind::DrawingClass => ("Keep the drawing as", "type to search"),
        PickerKind::TrueClass => ("What is it in truth?", "type to search"),
    };
    let rows = entries.len() as u16 + 4;
    let size = match picker.kind {
        PickerKind::Make => (area.width.min(100), rows + 3),
        PickerKind::DrawingClass | PickerKind::TrueClass => (48, rows.max(8)),
    };
    let inner = dialog(title, size, area, buffer, theme);
    let [input, _, body] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Fill(1),
    ])
    .areas(inner);
    draw_input(&picker.filter, hint, input, buffer, theme);
    if entries.is_empty() && picker.filter.text().is_empty() {
        return empty("Nothing to choose from", "", body, buffer, theme);
    }
    if entries.is_empty() {
        return empty(
            "Nothing matches",
            "Take back some letters with Backspace.",
            body,
            buffer,
            theme,
        );
    }
    if picker.kind == PickerKind::Make {
        let [list, _, whole] = Layout::vertical([
            Constraint::Fill(1),
            Constraint::Length(1),
            Constraint::Length(2),
        ])
        .areas(body);
        draw_list(picker, &entries, list, buffer, theme);
        if let Some(entry) = entries.get(picker.cursor) {
            let reason = match &entry.choice {
                Ok(_) => String::new(),
                Err(reason) => format!(" Not now: {reason}."),
            };
            let keys = match entry.keys.as_str() {
                "" => String::new(),
                keys => format!("{keys}: "),
            };
            let text = format!("{keys}{}.{reason}", entry.detail);
            paragraph(&text, theme.text, whole, buffer);
        }
    } else {
        draw_list(picker, &entries, body, buffer, theme);
    }
}

/// A row of the list: a heading, or the entry at this position.
enum Row<'a> {
    Gap,
    Heading(&'a str),
    Entry(usize, &'a Entry),
}

fn draw_list(picker: &Picker, entries: &[Entry], area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let mut rows = Vec::new();
    let mut group = "";
    for (position, entry) in entries.iter().enumerate() {
        if entry.group != group {
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
        .position(|row| matches!(row, Row::Entry(position, _) if *position == picker.cursor))
        .unwrap_or(0);
    let columns = Columns::of(picker.kind, entries, area.width);
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
                if *position == picker.cursor {
                    let row = Rect::new(area.x, y, area.width, 1);
                    highlight(row, buffer, theme.selected);
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
    fn of(kind: PickerKind, entries: &[Entry], width: u16) -> Self {
        let widest = |text: fn(&Entry) -> &str| {
            entries
                .iter()
                .map(|entry| width_of(text(entry)))
                .max()
                .unwrap_or(0)
        };
        let width = usize::from(width);
        let (keys, name, detail) = match kind {
            PickerKind::Make => (0, widest(|entry| &entry.name).min(width / 2), false),
            PickerKind::DrawingClass | PickerKind::TrueClass => {
                (0, widest(|entry| &entry.name).min(width / 2), true)
            }
        };
        let used = keys + name + 4;
        Self {
            keys,
            name,
            detail: if detail {
                width.saturating_sub(used)
            } else {
                0
            },
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
