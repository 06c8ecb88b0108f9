//! How the Data pane looks.

mod about;
mod sets;

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length, Percentage};
use ratatui::layout::{Layout, Rect};

use super::DataPane;
use crate::lab::{Lab, Part};
use crate::ui::theme::Theme;

pub(super) fn draw(pane: &DataPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    if lab.zoomed {
        return match lab.part() {
            Part::Classes => about::draw_classes(pane.class, lab, area, buffer, theme),
            _ => sets::draw(pane, lab, area, buffer, theme),
        };
    }
    let most = (area.height * 2 / 5).max(5);
    let [sets, below] =
        Layout::vertical([Length(sets::rows(pane, lab).min(most)), Fill(1)]).areas(area);
    let [about, classes] = Layout::horizontal([Percentage(42), Fill(1)]).areas(below);
    sets::draw(pane, lab, sets, buffer, theme);
    about::draw_set(pane.set, lab, about, buffer, theme);
    about::draw_classes(pane.class, lab, classes, buffer, theme);
}
