//! What is looked at: a layer of a network with certain weights, and an image.

use super::ActivationsPane;
use crate::lab::Lab;
use crate::lab::Phase;
use crate::worker::{RunId, Subject, Weights};

/// Run, finished epochs and changes by hand, so far, of the weights that are meant; nothing where the network has none of a run.
pub type Version = Option<(RunId, usize, u64)>;

/// What decides what is seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub weights: Weights,
    pub subject: Subject,
    /// Position in the network, from 0.
    pub layer: usize,
    pub version: Version,
    /// While the network trains, the answers so far: each asks for the next.
    pub live: Option<u64>,
}

impl Look {
    /// Whether the next look differs in nothing but the weights under training.
    pub(super) fn is_followed_by(&self, next: &Self) -> bool {
        self.live.is_some()
            && next.live.is_some()
            && Self {
                live: next.live,
                version: next.version,
                ..self.clone()
            } == *next
    }
}

impl ActivationsPane {
    /// Nothing where the network cannot look at the image.
    pub(super) fn look(&self, lab: &Lab) -> Option<Look> {
        if lab.look_blocked().is_some() || self.layer >= lab.summary.layers.len() {
            return None;
        }
        let is_training = self.epoch.is_none()
            && lab
                .run_of_network()
                .is_some_and(|run| run.phase == Phase::Training);
        let version = lab.weights_version();
        Some(Look {
            weights: lab.weights(self.epoch),
            subject: lab.subject()?,
            layer: self.layer,
            version: version.map(|(run, epochs)| (run, epochs, self.changes)),
            live: is_training.then_some(self.live_answers),
        })
    }
}
