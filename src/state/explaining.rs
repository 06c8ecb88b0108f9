//! Why the network takes the image of the Activations pane for what it does.

use super::activations::Activations;
use crate::data::SplitName;
use crate::network::NetworkSpec;
use crate::worker::{Explained, RunId};

/// Which explanation is asked for, and what has come.
#[derive(Clone, Debug, Default)]
pub struct ExplainState {
    /// Position in the list of methods; `None` shows the image alone.
    pub method: Option<usize>,
    /// The class that is asked about; `None` is the most probable one.
    pub class: Option<usize>,
    pub(super) shown: Option<(ExplainQuery, Explained)>,
    /// The latest request and what it asked for.
    pub(super) asked: Option<(u64, ExplainQuery)>,
}

/// What decides the explanation.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ExplainQuery {
    pub network: NetworkSpec,
    pub seed: u64,
    pub dataset: String,
    pub split: SplitName,
    pub image: usize,
    pub method: usize,
    pub class: Option<usize>,
    /// Run and finished epochs whose weights are meant.
    pub weights: Option<(RunId, usize)>,
}

impl ExplainState {
    /// Drops what is shown and under way, because the network or the data is another one now.
    pub(super) fn forget(&mut self) {
        (self.class, self.shown, self.asked) = (None, None, None);
    }

    /// The latest explanation, if it is about this image and by the method that is asked for.
    pub fn of(&self, image: &Activations) -> Option<&Explained> {
        let (query, explained) = self.shown.as_ref()?;
        let is_this = (query.dataset.as_str(), query.split, query.image)
            == (image.dataset.as_str(), image.split, image.image);
        (is_this && Some(query.method) == self.method).then_some(explained)
    }
}
