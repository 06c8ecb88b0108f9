//! Why the network takes the image of the Activations pane for what it does.

use super::activations::Activations;
use super::activations::Stamp;
use crate::analysis::explain::{EXPLANATIONS, Method};
use crate::worker::{Explained, Subject, Weights};

/// Which explanation is asked for, and what has come.
#[derive(Clone, Debug, Default)]
pub struct ExplainState {
    /// Position in the list of methods; `None` shows the image alone.
    pub method: Option<usize>,
    /// The methods whose settings were changed.
    pub(super) changed: Vec<Method>,
    /// The class that is asked about; `None` is the most probable one.
    pub class: Option<usize>,
    pub(super) shown: Option<(ExplainQuery, Explained)>,
    /// The latest request and what it asked for.
    pub(super) asked: Option<(u64, ExplainQuery)>,
}

/// What decides the explanation.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ExplainQuery {
    pub weights: Weights,
    pub subject: Subject,
    pub method: Method,
    pub class: Option<usize>,
    pub stamp: Stamp,
}

impl ExplainState {
    /// The method that is asked for, with its settings.
    pub fn current(&self) -> Option<Method> {
        let kind = *EXPLANATIONS.get(self.method?)?;
        let changed = self.changed.iter();
        let changed = changed
            .clone()
            .find(|method| std::ptr::eq(method.kind(), kind));
        Some(
            changed
                .cloned()
                .unwrap_or_else(|| Method::with_defaults(kind)),
        )
    }

    /// Takes a method's settings over.
    pub(super) fn change(&mut self, method: Method) {
        self.changed
            .retain(|other| !std::ptr::eq(other.kind(), method.kind()));
        self.changed.push(method);
    }

    /// Drops what is shown and under way, because the network or the data is another one now.
    pub(crate) fn forget(&mut self) {
        (self.class, self.shown, self.asked) = (None, None, None);
    }

    /// The latest explanation, if it is about this image and by the method that is asked for.
    pub fn of(&self, image: &Activations) -> Option<&Explained> {
        let (query, explained) = self.shown.as_ref()?;
        let is_this = query.subject == image.subject;
        (is_this && Some(&query.method) == self.current().as_ref()).then_some(explained)
    }
}
