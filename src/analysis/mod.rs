//! What a trained network does: the confusion table and per-class figures, feature maps.

mod confusion;
mod feature_maps;

pub use confusion::ConfusionTable;
pub use feature_maps::{FeatureMaps, feature_maps};
