//! The epochs of the run whose weights can be looked at.

use super::ActivationsPane;
use crate::lab::Lab;
use crate::runs::kept_epochs;

/// Those that the run's folder keeps.
pub(super) fn kept(lab: &Lab) -> Vec<usize> {
    lab.run_of_network()
        .filter(|run| run.facts.folder.is_some())
        .map_or(Vec::new(), |run| kept_epochs(run.history.len()))
}

impl ActivationsPane {
    /// Looks at the weights of the epoch after or before, of those that are kept.
    pub(super) fn step_epoch(&mut self, lab: &mut Lab, forward: bool) {
        let epochs = kept(lab);
        let Some(latest) = epochs.last().copied() else {
            return lab.refuse(
                "The network on the screen has no run folder with the weights of its epochs.",
            );
        };
        let now = self.epoch.unwrap_or(latest);
        let next = if forward {
            epochs.iter().find(|epoch| **epoch > now).copied()
        } else {
            epochs.iter().rev().find(|epoch| **epoch < now).copied()
        };
        match next {
            Some(epoch) => self.epoch = (epoch != latest).then_some(epoch),
            None if forward => {
                self.epoch = None;
                lab.refuse("These are the latest weights.");
            }
            None => lab.refuse("These are the weights of the start."),
        }
    }
}
