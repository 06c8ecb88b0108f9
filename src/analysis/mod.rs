//! What a trained network does and why: figures, galleries, feature maps, explanations, health; and the drawing pad.

mod confusion;
pub mod explain;
mod feature_maps;
mod figures;
mod galleries;
mod predictions;
mod resample;

pub use confusion::ConfusionTable;
pub use feature_maps::{FeatureMaps, feature_maps};
pub use figures::{CalibrationBar, Figures, wilson_interval};
pub use galleries::{GALLERIES, Gallery, GalleryKind};
pub use predictions::{Judgement, PredictionPass, Predictions, predict};
