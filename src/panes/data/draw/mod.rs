//! Drawing the Data pane.

mod classes;
mod next;
mod sets;

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};

use super::{DataPane, Room};
use crate::lab::{Lab, Part};
use crate::ui::panel::inside;
use crate::ui::theme::Theme;
use classes::Blocks;

pub(super) fn draw(pane: &DataPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let [sets, classes] = areas(pane, lab, area);
    if !sets.is_empty() {
        sets::draw(pane, lab, sets, buffer, theme);
    }
    if !classes.is_empty() {
        classes::draw(pane, lab, classes, buffer, theme);
    }
}

/// The areas of the sets, and of the classes of the chosen set.
fn areas(pane: &DataPane, lab: &Lab, area: Rect) -> [Rect; 2] {
    match lab.part() {
        Part::Classes if lab.zoomed => return [Rect::ZERO, area],
        _ if lab.zoomed => return [area, Rect::ZERO],
        _ => {}
    }
    let most = (area.height * 2 / 5).max(5);
    let rows = sets::rows(pane, lab, area.width).min(most);
    Layout::vertical([Length(rows), Fill(1)]).areas(area)
}

/// What fits in the pane's area.
pub(super) fn room(pane: &DataPane, lab: &Lab, area: Rect) -> Room {
    let [_, classes] = areas(pane, lab, area);
    let Some(set) = lab.chosen_set().filter(|_| !classes.is_empty()) else {
        return Room::default();
    };
    let blocks = Blocks::new(set.class_names.len(), set.shape, inside(classes));
    Room {
        columns: blocks.columns,
        images: blocks.images,
    }
}
