//! The panes, one file each, and [`PANES`], the list from which tab bar, keys, help, palette and tests derive.
//!
//! A new pane is one file here, one line in [`PANES`] and one in [`PaneId`].

mod activations;
mod bars;
mod data;
mod network;
mod results;
mod train;
mod view;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::action::Action;
use super::theme::Theme;
use crate::state::{Lab, PaneId};

pub use activations::map_places;
pub use network::draw_summary;
pub use results::{pad_pixel, suspects_room};
pub use train::draw_run_summary;
pub use view::{fits as view_fits, foretold};

/// Every pane, in the order of their numbers.
pub static PANES: [&dyn Pane; PaneId::ALL.len()] = [
    &data::DataPane,
    &view::ViewPane,
    &network::NetworkPane,
    &train::TrainPane,
    &results::ResultsPane,
    &activations::ActivationsPane,
];

/// A pane: what can be done on it, and how it looks.
pub trait Pane: Sync {
    fn id(&self) -> PaneId;

    /// In the tab bar.
    fn title(&self) -> &'static str;

    /// What it is for, in half a sentence.
    fn about(&self) -> &'static str;

    /// What can be done here now, beside what works everywhere, in the order of the key line.
    fn actions(&self, lab: &Lab) -> Vec<Action>;

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme);
}
