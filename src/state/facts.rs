//! The plain types of the modules below that a screen draws: those who draw need no other module than this one's.

pub use crate::analysis::ConfusionTable;
pub use crate::data::{DatasetSummary, KNOWN_SETS, STARTER_SUFFIX, SplitName};
pub use crate::network::{LayerSpec, LayerSummary, NetworkSummary};
pub use crate::training::{BUILT_IN, Preset};
pub use crate::worker::{Order, Outcome};
