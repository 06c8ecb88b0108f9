//! The plain types that facts are made of, for whoever draws them: the screen knows no other module.

pub use crate::analysis::explain::overlay;
pub use crate::analysis::health::{LayerHealth, Spread};
pub use crate::analysis::{
    Arithmetic, CalibrationBar, ConfusionTable, FeatureMaps, Gallery, Normalisation, Origin,
    Rectangle, Term, level_in, map_levels, value_range, wilson_interval,
};
pub use crate::data::KNOWN_SETS;
pub use crate::data::browse::{Entry, EntryKind};
pub use crate::data::statistics::{Duplicates, SplitStatistics};
pub use crate::data::tasks::{DIGITS, FETCH, SHIFTED, TaskKind, TaskRequest, WARPED};
pub use crate::data::{AugmentSettings, DatasetSummary, Mark, SetStatistics, SplitName};
pub use crate::layers::LAYERS;
pub use crate::network::{LayerSpec, LayerSummary, NetworkSummary};
pub use crate::runs::{RunSummary, TrainedBy};
pub use crate::training::{BUILT_IN, Best, EpochMetrics, Preset, Validation};
pub use crate::worker::{
    EpochHealth, ExcitingImage, FoundDraft, ImagePage, JudgedImage, JudgedPage, LabelledImage,
    Order, Outcome, Prediction, Subject,
};
