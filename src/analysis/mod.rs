//! Analysis of a trained network: metrics, galleries, feature maps, explanations, health; and the drawing pad.

mod arithmetic;
mod ascent;
mod confusion;
mod disagreement;
pub mod drawing;
mod exciting;
pub mod explain;
mod feature_maps;
mod figures;
mod galleries;
pub mod health;
mod levels;
mod nearest;
mod origin;
mod predictions;
mod receptive_field;
mod resample;

pub use crate::layers::Place;
pub use crate::ops::most_probable;
pub use arithmetic::{Arithmetic, ArithmeticError, Term};
pub use ascent::{Ascent, AscentSettings, ascend};
pub use confusion::ConfusionTable;
pub use disagreement::{ClassComparison, Classified, Differing, Disagreement};
pub use exciting::{Excitement, ExcitementSearch};
pub use feature_maps::{FeatureMaps, feature_maps};
pub use figures::{CalibrationBar, Figures};
pub use galleries::Gallery;
pub use levels::{Normalisation, level_in, map_levels, value_range};
pub use nearest::{Neighbour, nearest};
pub use origin::{Origin, PathOrigin, Step, origin};
pub use predictions::{Judgement, PredictionPass, Predictions, predict};
pub use receptive_field::{Rectangle, receptive_field};
