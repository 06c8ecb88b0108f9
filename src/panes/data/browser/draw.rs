//! Drawing the browser.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Browser, Row};
use crate::data::browse::EntryKind;
use crate::lab::Lab;
use crate::ui::format::{bytes, fit, width_of};
use crate::ui::panel::{dialog, draw_input, empty, footnote, list, paragraph, window};
use crate::ui::theme::Theme;

/// Columns of the group that a row belongs to.
const GROUP: usize = 8;

pub(super) fn draw(browser: &Browser, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let size = (area.width.min(110), area.height);
    let title = match browser.listing() {
        Some(listing) => format!("Open a data set · {}", listing.title),
        None => "Open a data set".to_owned(),
    };
    let inner = dialog(&title, size, area, buffer, theme);
    let [input, _, body] = Layout::vertical([Length(1), Length(1), Fill(1)]).areas(inner);
    let hint = "type to filter the list, or a path such as ~/data/";
    draw_input(&browser.input, hint, input, buffer, theme);
    let rows = browser.rows();
    if rows.is_empty() {
        let (headline, advice) = nothing(browser);
        return empty(&headline, advice, body, buffer, theme);
    }
    let problem = unreadable(browser);
    let trouble = if problem.is_some() { 2 } else { 0 };
    let [body, trouble] = Layout::vertical([Fill(1), Length(trouble)]).areas(body);
    paragraph(&problem.unwrap_or_default(), theme.warning, trouble, buffer);
    let shown = window(browser.cursor, rows.len(), usize::from(body.height));
    if let Some(listing) = browser.listing() {
        let hidden = listing.left_out;
        let more = match hidden {
            0 => String::new(),
            _ => format!("  and {hidden} more, not listed"),
        };
        let text = format!("{}–{} of {}{more}", shown.start + 1, shown.end, rows.len());
        if shown.len() < rows.len() || hidden > 0 {
            let frame = area.centered(Length(size.0.min(area.width)), Length(size.1));
            footnote(&text, frame, buffer, theme.dim);
        }
    }
    let rows: Vec<_> = rows.iter().map(|row| Words::of(row, theme)).collect();
    let names = rows.iter().map(|row| width_of(&row.name));
    let room = usize::from(body.width).saturating_sub(GROUP + 2);
    let names = names.max().unwrap_or(0).min(room * 3 / 5);
    let mut group = "";
    let row = |position: usize| {
        let row = &rows[position];
        // The first row on the screen shows it as well.
        let label = if row.group == group { "" } else { row.group };
        group = row.group;
        row.line(label, (names, room), theme)
    };
    let cursor = (browser.cursor, true);
    let shown = list(rows.len(), cursor, row, body, buffer, theme);
    let places = shown.zip(body.rows());
    lab.spots
        .cursor(places, |browser: &mut Browser, _, row| browser.cursor = row);
}

/// The text of a row.
struct Words {
    /// Its group.
    group: &'static str,
    name: String,
    /// Whether the end of the name matters more than its beginning.
    is_path: bool,
    style: Style,
    /// What it is.
    detail: String,
    /// How large it is, which is left out where it has no room.
    size: String,
}

impl Words {
    fn of(row: &Row<'_>, theme: &Theme) -> Self {
        let mut size = String::new();
        let (group, name, is_path, style, detail) = match row {
            Row::Known(known) => (
                if known.must_be_fetched() {
                    "fetch"
                } else {
                    "known"
                },
                known.name.clone(),
                false,
                theme.title,
                known.place.clone(),
            ),
            Row::Here(listing) => {
                let detail = format!("this folder: {}", listing.kind.text());
                ("folder", listing.title.clone(), true, theme.title, detail)
            }
            Row::Parent => {
                let detail = "parent folder".to_owned();
                ("folder", "..".to_owned(), false, theme.text, detail)
            }
            Row::Recent(entry) | Row::Entry(entry) => {
                let is_recent = matches!(row, Row::Recent(_));
                let slash = if entry.is_folder && !is_recent {
                    "/"
                } else {
                    ""
                };
                let style = match &entry.kind {
                    EntryKind::Data(..) | EntryKind::Sets(_) | EntryKind::Part(_, true) => {
                        theme.title
                    }
                    EntryKind::Folder => theme.text,
                    _ => theme.dim,
                };
                if let Some(all) = entry.bytes {
                    size = format!(", {}", bytes(all));
                }
                let group = if is_recent { "recent" } else { "folder" };
                (
                    group,
                    format!("{}{slash}", entry.name),
                    is_recent,
                    style,
                    entry.kind.text(),
                )
            }
        };
        Self {
            group,
            name,
            is_path,
            style,
            detail,
            size,
        }
    }

    fn line(&self, group: &str, (names, room): (usize, usize), theme: &Theme) -> Line<'static> {
        let name = match self.is_path {
            true => end_of(&self.name, names),
            false => fit(&self.name, names),
        };
        let gap = names.saturating_sub(width_of(&name)) + 2;
        let left = room.saturating_sub(names + 2);
        let whole = format!("{}{}", self.detail, self.size);
        let detail = match width_of(&whole) <= left {
            true => whole,
            false => fit(&self.detail, left),
        };
        Line::from(vec![
            Span::styled(format!("{group:<GROUP$}"), theme.dim),
            Span::styled(name, self.style),
            Span::raw(" ".repeat(gap)),
            Span::styled(detail, theme.dim),
        ])
    }
}

fn end_of(text: &str, width: usize) -> String {
    let letters = text.chars().count();
    if letters <= width {
        return text.to_owned();
    }
    let end = text.chars().skip(letters + 1 - width.max(1));
    std::iter::once('…').chain(end).collect()
}

/// Why the folder cannot be shown.
fn unreadable(browser: &Browser) -> Option<String> {
    let shelf = browser.shelf.as_ref().filter(|_| !browser.is_waiting())?;
    let reason = shelf.listing.as_ref().err()?;
    let (folder, _) = browser.halves();
    let folder = match folder {
        "" => "The folder".to_owned(),
        folder => folder.to_owned(),
    };
    Some(format!("{folder} cannot be read: {reason}"))
}

/// Why the list is empty, and what to do.
fn nothing(browser: &Browser) -> (String, &'static str) {
    if browser.is_waiting() {
        return ("Reading …".to_owned(), "Esc closes the list.");
    }
    if let Some(problem) = unreadable(browser) {
        return (problem, "Correct the path, or clear it with Ctrl-U.");
    }
    (
        "No matching entries".to_owned(),
        "Enter opens the text as a path; Backspace deletes letters.",
    )
}
