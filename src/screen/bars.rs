//! The tab bar: the panes by their numbers, and where the training stands. Above the keys: what everything is about, or the latest sentence.
//! The key line: what can be done here and now.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::Panes;
use crate::lab::{Acts, Lab, Label, Notice, PaneId};
use crate::panes::run_state_line;
use crate::ui::format::{count, mark, width_of, wrap};
use crate::ui::panel::lines;
use crate::ui::theme::{Background, ColorDepth, Theme};

pub(super) fn draw_tabs(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (tabs, state) = tab_bar(lab, area.width, theme);
    let tabs = Line::from_iter(tabs.into_iter().flatten());
    buffer.set_line(area.x, area.y, &tabs, area.width);
    let width = state.width() as u16;
    let x = area.right().saturating_sub(width + 1);
    buffer.set_line(x, area.y, &state, width);
}

/// The tabs, with titles where these leave room for the run's state, and the state.
fn tab_bar(lab: &Lab, width: u16, theme: &Theme) -> (Vec<[Span<'static>; 2]>, Line<'static>) {
    let all = |named: bool| -> Vec<_> {
        let panes = PaneId::ALL.iter().zip(1..);
        let tabs = panes.map(|(pane, number)| {
            let is_shown = *pane == lab.pane;
            let (key, dim) = match is_shown {
                true => (theme.selected, theme.selected),
                false => (theme.key, theme.dim),
            };
            let title = if named || is_shown { pane.title() } else { "" };
            [
                Span::styled(format!(" {number}"), key),
                Span::styled(format!(" {title} "), dim),
            ]
        });
        tabs.collect()
    };
    let room = |tabs: &[[Span; 2]]| {
        let taken: usize = tabs.iter().flatten().map(Span::width).sum();
        usize::from(width).saturating_sub(taken + 2)
    };
    [true, false]
        .into_iter()
        .find_map(|named| {
            let tabs = all(named);
            let state = run_state_line(lab, room(&tabs), theme)?;
            Some((tabs, state))
        })
        .unwrap_or_else(|| (all(false), Line::default()))
}

/// The action that shows the pane whose tab is at this position.
pub(super) fn clicked_tab(lab: &Lab, area: Rect, at: Position) -> Option<&'static str> {
    // Colours take no room.
    let theme = Theme::new(ColorDepth::None, Background::Dark);
    let (bar, _) = tab_bar(lab, area.width, &theme);
    let mut right = usize::from(area.x);
    let tab = PaneId::ALL.iter().zip(&bar).find(|(_, tab)| {
        right += tab.iter().map(Span::width).sum::<usize>();
        usize::from(at.x) < right
    });
    tab.map(|(pane, _)| pane.action())
}

pub(super) fn draw_keys(lab: &Lab, panes: &Panes, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    for (action, place) in key_hints(lab, panes, area) {
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
fn key_hints(lab: &Lab, panes: &Panes, area: Rect) -> Vec<(Label, Rect)> {
    let (here, always) = match &lab.overlay {
        Some(overlay) => (overlay.labels(lab), Vec::new()),
        None => (panes.shown(lab).labels(lab), panes.labels(lab)),
    };
    let place = |action: &Label, x: u16| {
        let width = width_of(&action.keys) + 1 + width_of(&action.name);
        Rect::new(x, area.y, width as u16, 1)
    };
    let shown = |action: &Label| action.in_key_line;
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

pub(super) fn clicked_key(
    lab: &Lab,
    panes: &Panes,
    area: Rect,
    at: Position,
) -> Option<&'static str> {
    let mut hints = key_hints(lab, panes, area).into_iter();
    let (label, _) = hints.find(|(_, place)| place.contains(at))?;
    label.is_one.then_some(label.id)
}

/// Rows of a message above the key line, at most.
const STATUS_ROWS: u16 = 5;

/// Which set and which network everything is about, in as many words as have room.
pub(super) fn draw_context(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (set, sizes) = match (lab.chosen_set(), lab.opening()) {
        (Some(set), _) => {
            let (train, test) = (count(set.train_len()), count(set.test_len()));
            (set.name.clone(), format!("  {train} + {test} images"))
        }
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
pub(super) fn draw_status(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let Some(status) = &lab.status else { return };
    let (mark, style, text_style) = match status.notice {
        Notice::Information => ("●", theme.good, theme.text),
        Notice::Refusal => ("▲", theme.warning, theme.text),
        Notice::Error => ("✗", theme.error, theme.error),
    };
    let text = wrap(&status.text, usize::from(area.width.saturating_sub(5)));
    let height = (text.len() as u16).clamp(1, STATUS_ROWS);
    let place = Rect {
        y: area.bottom() - height,
        height,
        ..area
    };
    Clear.render(place, buffer);
    let last = usize::from(height) - 1;
    let rows = text.iter().enumerate().map(|(row, line)| {
        let mark = if row == 0 { mark } else { " " };
        let is_cut = row == last && text.len() > usize::from(height);
        Line::from(vec![
            Span::styled(format!(" {mark} "), style),
            Span::styled(line.clone(), text_style),
            Span::styled(if is_cut { " …" } else { "" }, theme.dim),
        ])
    });
    lines(rows, place, buffer);
}
