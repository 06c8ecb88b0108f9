//! Networks: what a person wrote ([`NetworkSpec`]), what shape inference accepted ([`CheckedNetwork`]), and its weights ([`Model`]).

mod checked;
mod model;
mod spec;
mod summary;

pub use checked::{CheckedLayer, CheckedNetwork, NetworkProblem};
pub(crate) use model::mix;
pub use model::{Model, NamedWeights};
pub use spec::{LayerSpec, NetworkSpec};
pub use summary::{LayerSummary, NetworkSummary};

#[cfg(test)]
mod tests;
