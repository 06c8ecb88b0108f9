//! Known fixes for networks that are not valid.

use super::checked::NetworkProblem;
use super::edit::{Edit, name_of};
use super::inference::infer;
use super::joining::default_of;
use super::lines;
use super::spec::NetworkSpec;
use crate::layers::{CLASSIFIER, Mend};

impl Edit {
    /// The edit that fixes the first problem, where one is known. From any list of layers, one fix after the other leads to a valid
    /// network.
    pub fn mend(network: &NetworkSpec) -> Option<Self> {
        let problem = infer(network).problem;
        let mut layers = network.layers.clone();
        let (name, index) = match problem? {
            NetworkProblem::Whole(_) => return None,
            NetworkProblem::NoClassifier { .. } => {
                layers.push(default_of(CLASSIFIER));
                (format!("add {CLASSIFIER}"), network.layers.len())
            }
            NetworkProblem::Layer {
                index,
                name,
                misfit,
                ..
            } => match misfit.mend {
                Mend::InsertBefore(kind) => {
                    layers.insert(index, default_of(kind));
                    (format!("insert {kind} before {name}"), index)
                }
                Mend::MoveBefore(target) => {
                    let moved = lines::unit(&layers, index);
                    let count = moved.len();
                    layers[target..moved.end].rotate_right(count);
                    let before = name_of(network, target);
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
                Mend::SetAt(line, field, value) => {
                    layers[line].set(field, &value).ok()?;
                    let name = name_of(network, line);
                    (format!("set {field} of {name} to {value}"), line)
                }
                Mend::InsertAt(line, layer) => {
                    let kind = layer.kind().name;
                    layers.insert(line, layer);
                    (format!("insert {kind} at the end of the path"), line)
                }
                Mend::Unwrap(line) => {
                    let name = name_of(network, line);
                    lines::unwrap(&mut layers, line);
                    (format!("unwrap {name}"), line)
                }
            },
        };
        Some(Self::new(name, index, network, |old| *old = layers))
    }
}
