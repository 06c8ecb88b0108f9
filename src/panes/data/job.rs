//! A job under way.

use super::{DoTask, TaskEnd, TaskNews};
use crate::data::tasks::{FETCH, TaskRequest};
use crate::worker::{Asked, Outbox};

/// A task that the worker does.
#[derive(Debug)]
pub struct Job {
    pub request: TaskRequest,
    /// Steps done and steps in all, once they are known.
    pub steps: Option<(u64, u64)>,
    /// Since it began.
    pub seconds: f64,
    /// Whether it was asked to stop.
    pub is_cancelled: bool,
    asked: Asked<DoTask>,
}

impl Job {
    /// Has the worker begin it.
    pub(super) fn begin(request: TaskRequest, out: &mut Outbox) -> Self {
        let mut asked = Asked::default();
        asked.ask(DoTask(request.clone()), out);
        Self {
            request,
            steps: None,
            seconds: 0.0,
            is_cancelled: false,
            asked,
        }
    }

    /// Asks it to stop; its end is told as any other.
    pub(super) fn cancel(&mut self) {
        self.is_cancelled = true;
        self.asked.cancel();
    }

    /// Takes in how far it is, or how it ended.
    pub(super) fn hear(&mut self, out: &mut Outbox) -> Option<TaskEnd> {
        while let Some(news) = self.asked.next(out) {
            match news {
                Ok(TaskNews::Progress { done, all, seconds }) => {
                    (self.steps, self.seconds) = (Some((*done, *all)), *seconds);
                }
                Ok(TaskNews::Ended(end)) => return Some(end.clone()),
                Err(why) => {
                    let message = why.to_owned();
                    return Some(TaskEnd::Failed { message });
                }
            }
        }
        None
    }

    /// Whether it only opens a set.
    pub fn is_opening(&self) -> bool {
        self.request.is_opening()
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
