//! The panes, one file each, and [`PANES`], the list from which tab bar, keys, help, palette and tests derive.
//!
//! A new pane is one file here, one line in [`PANES`] and one in [`PaneId`].

mod data;
mod results;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::action::Action;
use super::panel::inside;
use super::theme::Theme;
use super::widgets::{ImageGrid, scale};
use crate::shape::Shape;
use crate::state::{Fits, Lab, PaneId};

pub use results::pad_pixel;
use results::suspects_room;

/// Every pane, in the order of their numbers.
static PANES: [&dyn Pane; PaneId::ALL.len()] = [
    &data::DataPane,
    &data::DataPane,
    &data::DataPane,
    &data::DataPane,
    &results::ResultsPane,
    // Its own house.
    &data::DataPane,
];

/// A pane: what can be done on it, and how it looks.
pub trait Pane: Sync {
    /// In the tab bar.
    fn title(&self) -> &'static str;

    /// What it is for, in half a sentence.
    fn about(&self) -> &'static str;

    /// What can be done here now, beside what works everywhere, in the order of the key line.
    fn actions(&self, lab: &Lab) -> Vec<Action>;

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme);
}

pub fn legacy(id: PaneId) -> &'static dyn Pane {
    PANES[id.index()]
}

/// How many pictures find room.
pub fn fits(lab: &Lab, body: Rect) -> Fits {
    let shape = lab
        .chosen_set()
        .map_or(Shape::new(28, 28, 1), |set| set.shape);
    let grid = suspects_room(lab, inside(body));
    let scale = scale(lab.image_size, shape, grid);
    let (columns, rows) = ImageGrid::capacity(grid, shape, scale, 1);
    Fits {
        images: (columns.max(1), rows.max(1)),
    }
}
