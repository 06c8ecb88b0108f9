//! Networks: as written ([`NetworkSpec`]), with inferred shapes ([`CheckedNetwork`]), and with weights ([`Model`]).

mod alignment;
mod checked;
mod edit;
mod estimate;
mod mend;
mod model;
mod spec;
mod summary;
mod text;

pub use alignment::align;
pub use checked::{CheckedLayer, CheckedNetwork, NetworkProblem};
pub use edit::Edit;
pub use estimate::{MemoryEstimate, Shares};
pub(crate) use model::mix;
pub use model::{Model, NamedWeights};
pub use spec::{LayerSpec, NetworkSpec, image_misfit, set_misfit};
pub use summary::{LayerSummary, NetworkSummary};

#[cfg(test)]
mod tests;
