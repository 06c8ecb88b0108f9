//! The panes, one folder each.

mod results;
mod view;

use crate::lab::{Lab, Pane, PaneId};
use crate::screen::Legacy;

pub use results::{
    GalleryView, Judge, JudgedDrawings, JudgedImage, JudgedPage, Judging, KeepDrawing, Kept,
    MarkImage, Pad, Predict, Prediction, ReadDrawings, Results, ResultsPane, SaveDrawing,
};
pub use view::{
    AugmentedImages, Face, ImagePage, Measured, Mode, Order, Page, Pixels, Statistics, Versions,
    ViewPane,
};

/// Every pane, in the order of their numbers.
pub fn all(lab: &Lab) -> Vec<Box<dyn Pane>> {
    vec![
        Box::new(Legacy(PaneId::Data)),
        Box::new(ViewPane::default()),
        Box::new(Legacy(PaneId::Network)),
        Box::new(Legacy(PaneId::Train)),
        Box::new(ResultsPane::new(lab)),
        Box::new(Legacy(PaneId::Activations)),
    ]
}
