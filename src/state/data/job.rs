//! A job under way.

use crate::data::tasks::{FETCH, OPEN, OPEN_IMAGES, TaskRequest};
use crate::worker::JobId;

/// A task that the worker does.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    pub id: JobId,
    pub request: TaskRequest,
    /// Steps done and steps in all, once they are known.
    pub steps: Option<(u64, u64)>,
    /// Since it began.
    pub seconds: f64,
    /// Whether it was asked to stop.
    pub is_cancelled: bool,
}

impl Job {
    pub(in crate::state) fn new(id: JobId, request: TaskRequest) -> Self {
        Self {
            id,
            request,
            steps: None,
            seconds: 0.0,
            is_cancelled: false,
        }
    }

    /// Whether it only opens a set.
    pub fn is_opening(&self) -> bool {
        let kind = self.request.task.kind();
        *kind == OPEN || *kind == OPEN_IMAGES
    }

    /// What goes on, in a few words: `augmenting to big.npz`.
    pub fn doing(&self) -> String {
        let doing = self.request.task.kind().doing;
        let texts = self.request.texts();
        let to = match texts.first().copied().unwrap_or_default() {
            "" if *self.request.task.kind() == FETCH => {
                format!(" {}", self.request.task.value("set"))
            }
            "" if self.is_opening() => " the data".to_owned(),
            "" => String::new(),
            text if self.is_opening() => format!(" {text}"),
            text if self.request.dataset.is_some() => format!(" to {text}"),
            text => format!(", {text}"),
        };
        format!("{doing}{to}")
    }

    /// In [0, 1], once it is known.
    pub fn share(&self) -> Option<f64> {
        let (done, all) = self.steps?;
        Some(done as f64 / all.max(1) as f64)
    }

    /// By the speed so far.
    pub fn seconds_left(&self) -> Option<f64> {
        let share = self.share().filter(|share| *share > 0.02)?;
        Some(self.seconds * (1.0 - share) / share)
    }
}
