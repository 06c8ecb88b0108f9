//! The whole screen: tab bar, pane, status line, key line, and what lies over them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::action::Action;
use super::format::{count, wrap};
use super::panel::{dialog, empty, paragraph};
use super::panes::{PANES, map_places, view_fits};
use super::run_state;
use super::theme::Theme;
use super::{everywhere, overlays};
use crate::state::{Fits, Lab, Message, Notice};

/// Columns and rows without which nothing is drawn but their names.
pub const LEAST: (u16, u16) = (60, 20);

/// Rows of a message above the key line, at most.
const STATUS_ROWS: u16 = 5;

/// Paints the facts.
pub fn draw(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let headline = format!(
            "needs {}×{}, has {}×{}",
            LEAST.0, LEAST.1, area.width, area.height
        );
        return empty(
            &headline,
            "Make the window larger; nothing is lost.",
            area,
            buffer,
            theme,
        );
    }
    let [tabs, body, status, keys] = rows(area);
    draw_tabs(lab, tabs, buffer, theme);
    PANES[lab.pane.index()].draw(lab, body, buffer, theme);
    draw_context(lab, status, buffer, theme);
    if let Some(overlay) = &lab.overlay {
        overlays::draw(overlay, lab, body, buffer, theme);
    }
    if lab.quitting {
        let inner = dialog("Leaving", (44, 3), body, buffer, theme);
        paragraph("Saving what was learned …", theme.text, inner, buffer);
    }
    draw_status(lab, status, buffer, theme);
    draw_keys(lab, keys, buffer, theme);
}

/// How many pictures find room, if that is not what the facts say already.
pub fn fits(lab: &Lab) -> Option<Message> {
    let area = Rect::new(0, 0, lab.columns, lab.rows);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        return None;
    }
    let [_, body, _, _] = rows(area);
    let (maps, map_columns) = map_places(lab, body);
    let fits = Fits {
        maps,
        map_columns,
        ..view_fits(lab, body)
    };
    (fits != lab.fits).then_some(Message::Fits(fits))
}

/// Where the pane lies on a screen that is large enough for one.
pub fn body(screen: Rect) -> Option<Rect> {
    let is_enough = screen.width >= LEAST.0 && screen.height >= LEAST.1;
    is_enough.then(|| rows(screen)[1])
}

/// Tab bar, pane, status line, key line.
fn rows(area: Rect) -> [Rect; 4] {
    Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area)
}

fn draw_tabs(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let all = |named: bool| {
        let mut spans = Vec::new();
        for (pane, number) in PANES.iter().zip(1..) {
            let title = pane.title();
            if pane.id() == lab.pane {
                spans.push(Span::styled(format!(" {number} {title} "), theme.selected));
            } else {
                spans.push(Span::styled(format!(" {number}"), theme.key));
                let title = if named { title } else { "" };
                spans.push(Span::styled(format!(" {title} "), theme.dim));
            }
        }
        Line::from(spans)
    };
    let room = |line: &Line| usize::from(area.width).saturating_sub(line.width() + 2);
    let (tabs, state) = [true, false]
        .into_iter()
        .find_map(|named| {
            let tabs = all(named);
            let state = run_state::line(lab, room(&tabs), theme)?;
            Some((tabs, state))
        })
        .unwrap_or_else(|| (all(false), Line::default()));
    buffer.set_line(area.x, area.y, &tabs, area.width);
    let width = state.width() as u16;
    let x = area.right().saturating_sub(width + 1);
    buffer.set_line(x, area.y, &state, width);
}

/// Which set and which network everything is about, in as many words as have room.
fn draw_context(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (set, sizes) = match (lab.chosen_set(), lab.opening()) {
        (Some(set), _) => (
            set.name.clone(),
            format!(
                "  {} + {} images",
                count(set.train_len()),
                count(set.test_len())
            ),
        ),
        (None, Some(_)) => ("loading the data …".to_owned(), String::new()),
        (None, None) => ("no data".to_owned(), String::new()),
    };
    let parameters = format!("  {} parameters", count(lab.summary.parameters));
    let line = |sizes: &str, parameters: &str| {
        Line::from(vec![
            Span::raw(" "),
            Span::styled(set.clone(), theme.text),
            Span::styled(sizes.to_owned(), theme.dim),
            Span::styled("  ·  ", theme.dim),
            Span::styled(lab.preset.name.clone(), theme.text),
            Span::styled(parameters.to_owned(), theme.dim),
        ])
    };
    let candidates = [line(&sizes, &parameters), line(&sizes, ""), line("", "")];
    let room = usize::from(area.width);
    let chosen = candidates
        .iter()
        .find(|line| line.width() <= room)
        .unwrap_or(&candidates[2]);
    buffer.set_line(area.x, area.y, chosen, area.width);
}

/// The latest sentence in place of the context; a long one grows upwards over the pane.
fn draw_status(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let Some(status) = &lab.status else { return };
    let (mark, style) = match status.notice {
        Notice::Information => ("●", theme.good),
        Notice::Refusal => ("▲", theme.warning),
        Notice::Error => ("✗", theme.error),
    };
    let text = wrap(&status.text, usize::from(area.width.saturating_sub(5)));
    let height = (text.len() as u16).clamp(1, STATUS_ROWS);
    let box_area = Rect {
        y: area.bottom() - height,
        height,
        ..area
    };
    Clear.render(box_area, buffer);
    for (row, line) in text.iter().take(usize::from(height)).enumerate() {
        let mark = if row == 0 { mark } else { " " };
        let is_cut = row + 1 == usize::from(height) && text.len() > usize::from(height);
        let spans = vec![
            Span::styled(format!(" {mark} "), style),
            Span::styled(
                line.clone(),
                if status.notice == Notice::Error {
                    theme.error
                } else {
                    Style::new()
                },
            ),
            Span::styled(if is_cut { " …" } else { "" }, theme.dim),
        ];
        let y = box_area.y + row as u16;
        buffer.set_line(area.x, y, &Line::from(spans), area.width);
    }
}

/// The keys that work here and now, as many as have room; help and quit always.
fn draw_keys(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (here, always) = match &lab.overlay {
        Some(overlay) => (overlays::actions(overlay, lab), Vec::new()),
        None => (
            everywhere::pane_actions(lab, lab.pane),
            everywhere::actions(lab),
        ),
    };
    let hint = |action: &Action| {
        let blocked = action.blocked.is_some();
        let key = if blocked { theme.dim } else { theme.key };
        Line::from(vec![
            Span::styled(action.keys.clone(), key),
            Span::styled(format!(" {}", action.name), theme.dim),
        ])
    };
    let shown = |action: &&Action| action.in_key_line;
    let mut right = area.right().saturating_sub(1);
    for action in always.iter().filter(shown).rev() {
        let line = hint(action);
        let width = line.width() as u16;
        right = right.saturating_sub(width);
        buffer.set_line(right, area.y, &line, width);
        right = right.saturating_sub(3);
    }
    let mut x = area.x + 1;
    for action in here.iter().filter(shown) {
        let line = hint(action);
        let width = line.width() as u16;
        if x + width > right {
            break;
        }
        buffer.set_line(x, area.y, &line, width);
        x += width + 3;
    }
}
