//! The whole screen: tab bar, pane, status line, key line, and what lies over them.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Position, Rect};

use super::{Panes, bars};
use crate::lab::Lab;
use crate::ui::panel::{dialog, empty, paragraph};
use crate::ui::theme::Theme;

/// Columns and rows without which nothing is drawn but their names.
pub const LEAST: (u16, u16) = (60, 20);

/// Paints the facts.
pub fn draw(lab: &Lab, panes: &Panes, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let (columns, rows) = LEAST;
        let headline = format!("needs {columns}×{rows}, has {}×{}", area.width, area.height);
        let advice = "Make the window larger; nothing is lost.";
        return empty(&headline, advice, area, buffer, theme);
    }
    let [tab_row, body, status_row, key_row] = rows(area);
    bars::draw_tabs(lab, tab_row, buffer, theme);
    panes.shown(lab).draw(lab, body, buffer, theme);
    bars::draw_context(lab, status_row, buffer, theme);
    if let Some(overlay) = &lab.overlay {
        overlay.draw(lab, body, buffer, theme);
    }
    if lab.quitting {
        let inner = dialog("Leaving", (44, 3), body, buffer, theme);
        paragraph("Saving what was learned …", theme.text, inner, buffer);
    }
    bars::draw_status(lab, status_row, buffer, theme);
    bars::draw_keys(lab, panes, key_row, buffer, theme);
}

/// Where the pane lies on a screen that is large enough for one.
pub fn body(screen: Rect) -> Option<Rect> {
    let is_enough = screen.width >= LEAST.0 && screen.height >= LEAST.1;
    is_enough.then(|| rows(screen)[1])
}

/// Tab bar, pane, status line, key line.
fn rows(area: Rect) -> [Rect; 4] {
    Layout::vertical([Length(1), Fill(1), Length(1), Length(1)]).areas(area)
}

/// The action that a click at a position of the screen does: on a tab it shows the pane, on an action of the key line it does it.
pub fn clicked(lab: &Lab, panes: &Panes, screen: Rect, at: Position) -> Option<&'static str> {
    let [tab_row, _, _, key_row] = rows(screen);
    match tab_row.contains(at) {
        true => bars::clicked_tab(lab, tab_row, at),
        false => bars::clicked_key(lab, panes, key_row, at),
    }
}
