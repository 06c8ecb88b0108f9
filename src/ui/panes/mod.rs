//! The panes, one file each, and [`PANES`], the list from which tab bar, keys, help, palette and tests derive.
//!
//! A new pane is one file here, one line in [`PANES`] and one in [`PaneId`].

mod data;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::action::Action;
use super::theme::Theme;
use crate::state::{Lab, PaneId};

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

/// The Data pane, the last that goes by messages.
pub fn legacy(_: PaneId) -> &'static dyn Pane {
    &data::DataPane
}
