//! The tab bar with the panes and the state of the run; the status line above the keys with set and network, or the latest message.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use crate::lab::{Lab, Notice, PaneId};
use crate::panes::run_state_line;
use crate::ui::format::{count, mark, wrap};
use crate::ui::panel::lines;
use crate::ui::theme::Theme;

pub(super) fn draw_tabs(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (tabs, state) = tab_bar(lab, area.width, theme);
    let mut x = area.x;
    for (pane, tab) in PaneId::ALL.iter().zip(tabs) {
        let tab = Line::from_iter(tab);
        let width = tab.width() as u16;
        buffer.set_line(x, area.y, &tab, area.right().saturating_sub(x));
        if lab.overlay.is_none() {
            lab.spots.act(Rect::new(x, area.y, width, 1), pane.action());
        }
        x += width;
    }
    let width = state.width() as u16;
    let x = area.right().saturating_sub(width + 1);
    buffer.set_line(x, area.y, &state, width);
}

/// The tabs, with titles if these leave room for the run's state, and the state.
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

/// Draws the chosen set and the network, in as many words as fit.
pub(super) fn draw_context(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (set, sizes) = match (lab.chosen_set(), lab.opening()) {
        (Some(set), _) => (set.name.clone(), format!("  {} images", set.sizes())),
        (None, Some(_)) => ("loading the set …".to_owned(), String::new()),
        (None, None) => ("no set".to_owned(), String::new()),
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

/// Draws the latest message over the context; a long one grows upwards over the pane, as far as the tab bar. The next key removes it.
pub(super) fn draw_status(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let Some(status) = &lab.status else { return };
    let (mark, style, text_style) = match status.notice {
        Notice::Information => ("●", theme.good, theme.text),
        Notice::Refusal => ("▲", theme.warning, theme.text),
        Notice::Error => ("✗", theme.error, theme.error),
    };
    let text = wrap(&status.text, usize::from(area.width.saturating_sub(5)));
    let most = area.bottom().saturating_sub(buffer.area.top() + 1).max(1);
    let height = (text.len() as u16).clamp(1, most);
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
