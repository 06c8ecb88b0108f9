//! Known ways out of what does not fit.

use super::checked::{NetworkProblem, infer, layer_names};
use super::spec::{LayerSpec, NetworkSpec};
use crate::field::Kind;
use crate::layers::{CLASSIFIER, LayerKind, Mend};

/// A known way out of the first misfit.
#[derive(Clone, Debug, PartialEq)]
pub struct MendPlan {
    /// What it does: `insert flatten before dense`.
    pub name: String,
    /// The place of the layer that it changes, brings or takes away.
    pub index: usize,
    /// The network after it.
    pub(super) spec: NetworkSpec,
}

/// How the first thing that does not fit can be mended, where that is known. From any list of layers, one mend after the other leads
/// to a network that fits.
pub(super) fn mend_plan(spec: &NetworkSpec) -> Option<MendPlan> {
    let (_, problem) = infer(spec);
    let mut mended = spec.clone();
    let (name, index) = match problem? {
        NetworkProblem::Whole(_) => return None,
        NetworkProblem::NoClassifier { .. } => {
            mended.layers.push(defaults_of(CLASSIFIER));
            (format!("add {CLASSIFIER}"), spec.layers.len())
        }
        NetworkProblem::Layer {
            index,
            name,
            misfit,
        } => match misfit.mend? {
            Mend::InsertBefore(kind) => {
                mended.layers.insert(index, defaults_of(kind));
                (format!("insert {kind} before {name}"), index)
            }
            Mend::MoveBefore(target) => {
                let layer = mended.layers.remove(index);
                mended.layers.insert(target, layer);
                let before = &layer_names(&spec.layers)[target];
                (format!("move {name} before {before}"), target)
            }
            Mend::Set(field, value) => {
                let layer = &mut mended.layers[index];
                layer.set(field, &value).ok()?;
                (format!("set {field} of {name} to {value}"), index)
            }
            Mend::TakeOut => {
                mended.layers.remove(index);
                (format!("delete {name}"), index)
            }
        },
    };
    Some(MendPlan {
        name,
        index,
        spec: mended,
    })
}

fn defaults_of(kind: &str) -> LayerSpec {
    LayerSpec::with_defaults(LayerKind::named(kind).expect("mends name layers of the list"))
}
