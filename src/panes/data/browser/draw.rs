//! How the browser looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Browser, Row};
use crate::data::browse::EntryKind;
use crate::ui::format::{bytes, fit, width_of};
use crate::ui::panel::{dialog, draw_input, empty, footnote, highlight, paragraph, window};
use crate::ui::theme::Theme;

/// Columns of what says where rows come from.
const GROUP: usize = 8;

pub(super) fn draw(browser: &Browser, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let size = (area.width.min(110), area.height);
    let title = match browser.listing() {
        Some(listing) => format!("Open a data set · {}", listing.title),
        None => "Open a data set".to_owned(),
    };
    let inner = dialog(&title, size, area, buffer, theme);
    let [input, _, body] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Fill(1),
    ])
    .areas(inner);
    let hint = "type to narrow the list, or a path such as ~/data/";
    draw_input(&browser.input, hint, input, buffer, theme);
    let rows = browser.rows();
    if rows.is_empty() {
        let (headline, advice) = nothing(browser);
        return empty(&headline, advice, body, buffer, theme);
    }
    let [body, trouble] = match unreadable(browser) {
        None => [body, Rect::default()],
        Some(_) => Layout::vertical([Constraint::Fill(1), Constraint::Length(2)]).areas(body),
    };
    if let Some(problem) = unreadable(browser) {
        paragraph(&problem, theme.warning, trouble, buffer);
    }
    let shown = window(browser.cursor, rows.len(), usize::from(body.height));
    if let Some(listing) = browser.listing() {
        let hidden = listing.left_out;
        let more = if hidden > 0 {
            format!("  and {hidden} more, too many to list")
        } else {
            String::new()
        };
        let text = format!("{}–{} of {}{more}", shown.start + 1, shown.end, rows.len());
        if shown.len() < rows.len() || hidden > 0 {
            let frame = area.centered(
                Constraint::Length(size.0.min(area.width)),
                Constraint::Length(size.1),
            );
            footnote(&text, frame, buffer, theme.dim);
        }
    }
    let names = rows.iter().map(|row| width_of(&name(row)));
    let room = usize::from(body.width).saturating_sub(GROUP + 2);
    let names = names.max().unwrap_or(0).min(room * 3 / 5);
    let mut group = "";
    for (position, y) in shown.zip(body.y..) {
        let row = &rows[position];
        let own = group_of(row);
        // The first row on the screen says it as well.
        let label = if own == group { "" } else { own };
        group = own;
        let line = line(row, (label, names, room), theme);
        buffer.set_line(body.x, y, &line, body.width);
        if position == browser.cursor {
            highlight(Rect::new(body.x, y, body.width, 1), buffer, theme.selected);
        }
    }
}

/// Where a row comes from.
fn group_of(row: &Row<'_>) -> &'static str {
    match row {
        Row::Recent(_) => "recent",
        Row::Known(_) => "named",
        Row::Here(_) | Row::Parent | Row::Entry(_) => "folder",
    }
}

fn name(row: &Row<'_>) -> String {
    match row {
        Row::Recent(entry) => entry.name.clone(),
        Row::Known(known) => known.name.clone(),
        Row::Here(listing) => listing.title.clone(),
        Row::Parent => "..".to_owned(),
        Row::Entry(entry) if entry.kind.is_folder() => format!("{}/", entry.name),
        Row::Entry(entry) => entry.name.clone(),
    }
}

fn line(row: &Row<'_>, (group, names, room): (&str, usize, usize), theme: &Theme) -> Line<'static> {
    let can_be_taken = match row {
        Row::Recent(entry) | Row::Entry(entry) => {
            entry.kind.is_data() || entry.kind == EntryKind::Folder
        }
        _ => true,
    };
    let is_data = match row {
        Row::Recent(entry) | Row::Entry(entry) => entry.kind.is_data(),
        Row::Known(_) | Row::Here(_) => true,
        Row::Parent => false,
    };
    let style: Style = match (can_be_taken, is_data) {
        (false, _) => theme.dim,
        (true, true) => theme.title,
        (true, false) => theme.text,
    };
    // The end of a path says more than its beginning.
    let name = match row {
        Row::Recent(_) | Row::Here(_) => end_of(&name(row), names),
        _ => fit(&name(row), names),
    };
    let gap = names.saturating_sub(width_of(&name)) + 2;
    let detail = fit(&detail(row), room.saturating_sub(names + 2));
    Line::from(vec![
        Span::styled(format!("{group:<GROUP$}"), theme.dim),
        Span::styled(name, style),
        Span::raw(" ".repeat(gap)),
        Span::styled(detail, theme.dim),
    ])
}

fn end_of(text: &str, width: usize) -> String {
    let letters = text.chars().count();
    if letters <= width {
        return text.to_owned();
    }
    let end = text.chars().skip(letters + 1 - width.max(1));
    std::iter::once('…').chain(end).collect()
}

/// What it is, and how large.
fn detail(row: &Row<'_>) -> String {
    let entry = match row {
        Row::Recent(entry) | Row::Entry(entry) => entry,
        Row::Known(known) => return known.place.clone(),
        Row::Parent => return "the folder that holds this one".to_owned(),
        Row::Here(listing) => return format!("this folder: {}", listing.kind.text()),
    };
    let size = entry
        .bytes
        .map_or(String::new(), |size| format!(", {}", bytes(size)));
    format!("{}{size}", entry.kind.text())
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
        return ("Looking …".to_owned(), "Esc closes the list.");
    }
    if let Some(problem) = unreadable(browser) {
        return (problem, "Correct the path, or take it back with Ctrl-U.");
    }
    (
        "Nothing here has this in its name".to_owned(),
        "Enter opens what is typed as a path; Backspace takes letters back.",
    )
}
