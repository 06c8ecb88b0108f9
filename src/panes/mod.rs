//! The panes, one folder each.

mod network;
mod view;

use crate::lab::{Lab, Pane, PaneId};
use crate::screen::Legacy;

pub use network::{
    EpochTime, LayerPalette, ListPresets, MeasurePace, NetworkPane, NetworkText, SavePreset,
    SavedPreset, Side,
};
pub use view::{
    AugmentedImages, Face, ImagePage, Measured, Mode, Order, Page, Pixels, Statistics, Versions,
    ViewPane,
};

/// Every pane, in the order of their numbers.
pub fn all(_lab: &Lab) -> Vec<Box<dyn Pane>> {
    vec![
        Box::new(Legacy(PaneId::Data)),
        Box::new(ViewPane::default()),
        Box::new(NetworkPane::default()),
        Box::new(Legacy(PaneId::Train)),
        Box::new(Legacy(PaneId::Results)),
        Box::new(Legacy(PaneId::Activations)),
    ]
}
