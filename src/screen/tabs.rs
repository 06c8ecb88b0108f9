//! The tab bar: the panes by their numbers, and where the training stands.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::lab::{Lab, PaneId};
use crate::panes::run_state_line;
use crate::ui::theme::{Background, ColorDepth, Theme};

pub(super) fn draw(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
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
pub(super) fn clicked(lab: &Lab, area: Rect, at: Position) -> Option<&'static str> {
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
