//! Known fixes for networks that are not valid.

use super::checked::{NetworkProblem, infer, layer_names};
use super::edit::Edit;
use super::spec::{LayerSpec, NetworkSpec};
use crate::field::Kind;
use crate::layers::{CLASSIFIER, LayerKind, Mend};

impl Edit {
    /// The edit that fixes the first problem, where one is known. From any list of layers, one fix after the other leads to a valid
    /// network.
    pub fn mend(network: &NetworkSpec) -> Option<Self> {
        let (_, problem) = infer(network);
        let mut layers = network.layers.clone();
        let (name, index) = match problem? {
            NetworkProblem::Whole(_) => return None,
            NetworkProblem::NoClassifier { .. } => {
                layers.push(defaults_of(CLASSIFIER));
                (format!("add {CLASSIFIER}"), network.layers.len())
            }
            NetworkProblem::Layer {
                index,
                name,
                misfit,
            } => match misfit.mend {
                Mend::InsertBefore(kind) => {
                    layers.insert(index, defaults_of(kind));
                    (format!("insert {kind} before {name}"), index)
                }
                Mend::MoveBefore(target) => {
                    let layer = layers.remove(index);
                    layers.insert(target, layer);
                    let before = &layer_names(&network.layers)[target];
                    (format!("move {name} before {before}"), target)
                }
                Mend::Set(field, value) => {
                    layers[index].set(field, &value).ok()?;
                    (format!("set {field} of {name} to {value}"), index)
                }
                Mend::TakeOut => {
                    layers.remove(index);
                    (format!("delete {name}"), index)
                }
            },
        };
        Some(Self::new(name, index, network, |old| *old = layers))
    }
}

fn defaults_of(kind: &str) -> LayerSpec {
    LayerSpec::with_defaults(LayerKind::named(kind).expect("mends name layers of the list"))
}
