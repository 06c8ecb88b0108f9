//! The panes, one file each, and [`PANES`], the list from which tab bar, keys, help, palette and tests derive.
//!
//! A new pane is one file here, one line in [`PANES`] and one in [`PaneId`].

mod activations;
mod data;
mod network;
mod train;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::action::Action;
use super::theme::Theme;
use crate::state::{Fits, Lab, PaneId};

pub use activations::map_places;
pub use network::draw_summary;
pub use train::draw_run_summary;

/// Every pane, in the order of their numbers.
static PANES: [&dyn Pane; PaneId::ALL.len()] = [
    &data::DataPane,
    &data::DataPane,
    &network::NetworkPane,
    &train::TrainPane,
    &data::DataPane,
    &activations::ActivationsPane,
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
    let (maps, map_columns) = map_places(lab, body);
    Fits { maps, map_columns }
}
