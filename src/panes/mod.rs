//! The panes, one folder each.

mod activations;
mod data;
mod network;
mod results;
mod train;
mod view;

use crate::lab::{Pane, panes};

pub use activations::{
    ActivationsPane, Depth, EpochHealth, Excite, Excited, ExcitingImage, Explain, HealthOf, Look,
    Maps, OriginOf, Quantity, ShownMaps,
};
pub use data::{
    Browser, ClassImages, DataPane, DoTask, FindKnownSets, Job, LastRun, ListFolder, RenameSet,
    Row, Shelf, TaskDraft, TaskEnd, TaskNews, UnloadSet,
};
pub use network::{
    EpochTime, LayerDraft, LayerPalette, ListPresets, MeasurePace, NetworkPane, NetworkText,
    SavePreset, SavedPreset, Side,
};
pub use results::{
    GalleryView, Judge, JudgedDrawings, JudgedImage, JudgedPage, Judging, KeepDrawing, Kept,
    MarkImage, Pad, Predict, Prediction, ReadDrawings, Results, ResultsPane, SaveDrawing,
};
pub use train::{
    Base, BaseOfRun, Change, ChangeRuns, Changed, CheckSweep, CompareImages, ComparedImages,
    CurveView, Disagree, ListRuns, ListSweeps, ListedSweep, Planned, ReadRuns, RecipeDraft,
    RunTable, Sketch, StartSweep, SteerSweep, SweepPage, SweepView, SweepWish, TrainPane, Vary,
    WatchSweep, run_state_line,
};
pub use view::{
    AugmentedImages, Face, ImagePage, Measured, Mode, Order, Page, Pixels, Statistics, Versions,
    ViewPane,
};

macro_rules! all {
    ($($id:ident: $folder:ident::$pane:ident $parts:tt $about:literal;)+) => {
        /// Every pane, in the order of their numbers.
        pub fn all() -> Vec<Box<dyn Pane>> {
            vec![$(Box::<$folder::$pane>::default()),+]
        }
    };
}
panes!(all);
