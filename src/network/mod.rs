//! Networks: as written ([`NetworkSpec`]), with inferred shapes ([`CheckedNetwork`]), and with weights ([`Model`]).

mod alignment;
mod checked;
mod edit;
mod estimate;
mod inference;
mod joining;
mod lines;
mod mend;
mod model;
pub mod nested;
mod spec;
mod summary;
mod text;

pub use alignment::align;
pub use checked::{CheckedLayer, CheckedNetwork, LayerInput, NetworkProblem};
pub use edit::Edit;
pub use estimate::{MemoryEstimate, Shares};
pub use inference::{MOST_DEPTH, Part};
pub(crate) use model::mix;
pub use model::{Model, NamedWeights};
pub use spec::{LayerSpec, NetworkSpec, image_misfit, set_misfit};
pub use summary::{LayerSummary, NetworkSummary, RowSummary};

#[cfg(test)]
mod tests;
