//! The panes, one folder each.

mod activations;
mod network;
mod results;
mod train;
mod view;

use crate::lab::{Lab, Pane, PaneId};
use crate::screen::Legacy;

pub use activations::{
    ActivationsPane, Depth, EpochHealth, Excite, Excited, ExcitingImage, Explain, HealthOf, Look,
    Maps, OriginOf, Quantity, ShownMaps,
};
pub use network::{
    EpochTime, LayerPalette, ListPresets, MeasurePace, NetworkPane, NetworkText, SavePreset,
    SavedPreset, Side,
};
pub use results::{
    GalleryView, Judge, JudgedDrawings, JudgedImage, JudgedPage, Judging, KeepDrawing, Kept,
    MarkImage, Pad, Predict, Prediction, ReadDrawings, Results, ResultsPane, SaveDrawing,
};
pub use train::{CurveView, Runs, TrainPane, run_state_line};
pub use view::{
    AugmentedImages, Face, ImagePage, Measured, Mode, Order, Page, Pixels, Statistics, Versions,
    ViewPane,
};

/// Every pane, in the order of their numbers.
pub fn all(lab: &Lab) -> Vec<Box<dyn Pane>> {
    vec![
        Box::new(Legacy(PaneId::Data)),
        Box::new(ViewPane::default()),
        Box::new(NetworkPane::default()),
        Box::new(TrainPane::default()),
        Box::new(ResultsPane::new(lab)),
        Box::new(ActivationsPane::default()),
    ]
}
