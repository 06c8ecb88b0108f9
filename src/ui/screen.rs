//! The whole screen: tab bar, pane, status line, key line, and what lies over them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::action::Action;
use super::format::{count, mark, width_of, wrap};
use super::panel::{dialog, empty, paragraph};
use super::panes::{PANES, map_places, view_fits};
use super::run_state;
use super::theme::{Background, ColorDepth, Theme};
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
    let (tabs, state) = tab_bar(lab, area.width, theme);
    let tabs = Line::from_iter(tabs.into_iter().flatten());
    buffer.set_line(area.x, area.y, &tabs, area.width);
    let width = state.width() as u16;
    let x = area.right().saturating_sub(width + 1);
    buffer.set_line(x, area.y, &state, width);
}

/// The tabs, with titles where these leave room for the run's state, and the state. Not ratatui's `Tabs`: clicks need the widths.
fn tab_bar(
    lab: &Lab,
    width: u16,
    theme: &Theme,
) -> ([[Span<'static>; 2]; PANES.len()], Line<'static>) {
    let all = |named: bool| {
        std::array::from_fn(|index| {
            let (pane, number) = (PANES[index], index + 1);
            let is_shown = pane.id() == lab.pane;
            let (key, dim) = match is_shown {
                true => (theme.selected, theme.selected),
                false => (theme.key, theme.dim),
            };
            let title = if named || is_shown { pane.title() } else { "" };
            [
                Span::styled(format!(" {number}"), key),
                Span::styled(format!(" {title} "), dim),
            ]
        })
    };
    let room = |tabs: &[[Span; 2]]| {
        let taken: usize = tabs.iter().flatten().map(Span::width).sum();
        usize::from(width).saturating_sub(taken + 2)
    };
    [true, false]
        .into_iter()
        .find_map(|named| {
            let tabs = all(named);
            let state = run_state::line(lab, room(&tabs), theme)?;
            Some((tabs, state))
        })
        .unwrap_or_else(|| (all(false), Line::default()))
}

/// What a click at a position of the screen does: on a tab it shows the pane, on an action of the key line it does it.
pub fn clicked(lab: &Lab, screen: Rect, at: Position) -> Option<Message> {
    let [tabs, _, _, keys] = rows(screen);
    // Colours take no room.
    let theme = Theme::new(ColorDepth::None, Background::Dark);
    if tabs.contains(at) {
        let (bar, _) = tab_bar(lab, tabs.width, &theme);
        let mut right = usize::from(tabs.x);
        let pane = PANES.iter().zip(&bar).find(|(_, tab)| {
            right += tab.iter().map(Span::width).sum::<usize>();
            usize::from(at.x) < right
        });
        return pane.map(|(pane, _)| Message::Show(pane.id()));
    }
    let (action, _) = key_hints(lab, keys)
        .into_iter()
        .find(|(_, place)| place.contains(at))?;
    let (key, _) = action.bindings.first()?;
    action.message().and_then(|_| action.press(*key))
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
    let mark = mark(lab.is_network_unsaved());
    let parameters = format!("  {} parameters", count(lab.summary.parameters));
    let line = |sizes: &str, parameters: &str| {
        Line::from(vec![
            Span::raw(" "),
            Span::styled(set.clone(), theme.text),
            Span::styled(sizes.to_owned(), theme.dim),
            Span::styled("  ·  ", theme.dim),
            Span::styled(format!("{mark}{}", lab.title()), theme.text),
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

fn draw_keys(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    for (action, place) in key_hints(lab, area) {
        let blocked = action.blocked.is_some();
        let key = if blocked { theme.dim } else { theme.key };
        let line = Line::from(vec![
            Span::styled(action.keys.clone(), key),
            Span::styled(format!(" {}", action.name), theme.dim),
        ]);
        buffer.set_line(place.x, place.y, &line, place.width);
    }
}

/// The keys that work here and now with their places, as many as have room; help and quit always.
fn key_hints(lab: &Lab, area: Rect) -> Vec<(Action, Rect)> {
    let (here, always) = match &lab.overlay {
        Some(overlay) => (overlays::actions(overlay, lab), Vec::new()),
        None => (
            everywhere::pane_actions(lab, lab.pane),
            everywhere::actions(lab),
        ),
    };
    let place = |action: &Action, x: u16| {
        let width = width_of(&action.keys) + 1 + width_of(&action.name);
        Rect::new(x, area.y, width as u16, 1)
    };
    let shown = |action: &Action| action.in_key_line;
    let mut hints = Vec::new();
    let mut right = area.right().saturating_sub(1);
    for action in always.into_iter().filter(shown).rev() {
        let width = place(&action, 0).width;
        right = right.saturating_sub(width);
        let at = place(&action, right);
        hints.push((action, at));
        right = right.saturating_sub(3);
    }
    let mut x = area.x + 1;
    for action in here.into_iter().filter(shown) {
        let place = place(&action, x);
        if place.right() > right {
            break;
        }
        x = place.right() + 3;
        hints.push((action, place));
    }
    hints
}
