//! Draws the whole screen: tab bar, pane, status line, key line and overlays.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};

use super::{Interface, bars, key_line};
use crate::ui::format::wrap;
use crate::ui::panel::{dialog, empty, paragraph};
use crate::ui::theme::Theme;

/// Fewest columns and rows of the screen; below them only their numbers are shown.
pub const LEAST: (u16, u16) = (60, 20);

impl Interface {
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        if area.width < LEAST.0 || area.height < LEAST.1 {
            let (columns, rows) = LEAST;
            let headline = format!("needs {columns}×{rows}, has {}×{}", area.width, area.height);
            let advice = "Enlarge the window; nothing is lost.";
            return empty(&headline, advice, area, buffer, theme);
        }
        let Self { lab, panes, .. } = self;
        lab.spots.clear();
        let [tab_row, body, status_row, keys] = rows(area);
        bars::draw_tabs(lab, tab_row, buffer, theme);
        let (caution, [above, pane]) = self.under_caution(body);
        for (line, row) in caution.iter().zip(above.rows()) {
            buffer.set_stringn(row.x, row.y, line, row.width.into(), theme.warning);
        }
        panes.shown(lab).draw(lab, pane, buffer, theme);
        bars::draw_context(lab, status_row, buffer, theme);
        for (number, overlay) in lab.overlays().enumerate() {
            if number > 0 {
                // What is covered cannot be clicked.
                lab.spots.clear();
            }
            overlay.draw(lab, body, buffer, theme);
        }
        if lab.quitting {
            let inner = dialog("Quitting", (44, 3), body, buffer, theme);
            paragraph("Saving the run …", theme.text, inner, buffer);
        }
        bars::draw_status(lab, status_row, buffer, theme);
        key_line::draw(lab, panes, keys, buffer, theme);
    }

    pub(super) fn screen(&self) -> Rect {
        Rect::new(0, 0, self.lab.columns, self.lab.rows)
    }

    /// The area of the pane, if the screen is large enough for one.
    pub(super) fn body(&self) -> Option<Rect> {
        let is_enough = self.lab.columns >= LEAST.0 && self.lab.rows >= LEAST.1;
        is_enough.then(|| self.under_caution(rows(self.screen())[1]).1[1])
    }

    /// The lines of the warning above the pane's figures, and the areas of the warning and of the pane.
    fn under_caution(&self, body: Rect) -> (Vec<String>, [Rect; 2]) {
        let caution = self.lab.caution().unwrap_or_default();
        let lines = wrap(&caution, body.width.into());
        let areas = Layout::vertical([Length(lines.len() as u16), Fill(1)]).areas(body);
        (lines, areas)
    }
}

/// Tab bar, pane, status line, key line.
pub(super) fn rows(area: Rect) -> [Rect; 4] {
    let keys = key_line::rows(area.height);
    Layout::vertical([Length(1), Fill(1), Length(1), Length(keys)]).areas(area)
}
