//! What is loaded and made: begun, stopped, and what is said of its end.

use crossterm::event::KeyCode;

use super::{DataPane, DoTask, TaskDraft, TaskEnd, TaskNews, task_form};
use crate::data::tasks::{FETCH, OPEN, TaskKind, TaskRequest};
use crate::lab::{Action, Lab, Notice, PaneId};
use crate::overlays::Confirm;
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
    fn begin(request: TaskRequest, out: &mut Outbox) -> Self {
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
    fn cancel(&mut self) {
        self.is_cancelled = true;
        self.asked.cancel();
    }

    /// Takes in how far it is, or how it ended.
    fn hear(&mut self, out: &mut Outbox) -> Option<TaskEnd> {
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

impl DataPane {
    /// Opens a known set by its name, or what lies at a path; `None` is the full Fashion-MNIST where it is on this machine, else the
    /// starter set.
    pub fn open(&mut self, choice: Option<String>, lab: &mut Lab) {
        self.start(TaskRequest::new(&OPEN, choice), lab);
    }

    fn start(&mut self, request: TaskRequest, lab: &mut Lab) {
        match self.start_blocked(request.task.kind()) {
            Some(reason) => lab.refuse(reason),
            None => self.jobs.push(Job::begin(request, &mut lab.out)),
        }
    }

    /// Does what a form says, or opens it again with the reason why not.
    pub(super) fn start_as_said(&mut self, draft: TaskDraft, lab: &mut Lab) {
        let TaskDraft { request, dataset } = draft;
        match self.start_blocked(request.task.kind()) {
            Some(reason) => task_form::open(request, dataset, Some(reason), lab),
            None => self.start(request, lab),
        }
    }

    /// Why no job of this kind can begin now.
    fn start_blocked(&self, kind: &TaskKind) -> Option<String> {
        let mut jobs = self.jobs.iter();
        let other = jobs.find(|job| job.is_opening() == kind.is_opening())?;
        Some(format!(
            "one at a time: {} goes on; wait for it, or stop it with x",
            other.doing()
        ))
    }

    /// What is being opened, as asked for.
    pub(super) fn opening(&self) -> Option<String> {
        let job = self.jobs.iter().find(|job| job.is_opening())?;
        let texts = job.request.texts();
        texts.first().map(ToString::to_string)
    }

    pub(super) fn cancel(&mut self, lab: &mut Lab) {
        let latest = self.jobs.iter_mut().rev().find(|job| !job.is_cancelled);
        let Some(job) = latest else {
            return lab.refuse("nothing is being loaded or made");
        };
        job.cancel();
        lab.inform(format!("Stopping: {} …", job.doing()));
    }

    /// Takes in how far jobs are, and says how they ended.
    pub(super) fn hear_jobs(&mut self, lab: &mut Lab) {
        let mut at = 0;
        while let Some(job) = self.jobs.get_mut(at) {
            match job.hear(&mut lab.out) {
                None => at += 1,
                Some(end) => ended(&self.jobs.remove(at), end, lab),
            }
        }
    }
}

fn ended(job: &Job, end: TaskEnd, lab: &mut Lab) {
    let doing = job.doing();
    let is_covered = lab.overlay.is_some();
    match end {
        TaskEnd::Done { message } if message.is_empty() => {}
        TaskEnd::Done { message } => lab.inform(message),
        TaskEnd::InTheWay { path } if is_covered => lab.say(
            Notice::Error,
            format!("{path} is there already, so nothing was made; name another file"),
        ),
        TaskEnd::InTheWay { path } => lab.open(replace(path, job.request.clone())),
        TaskEnd::Cancelled => {
            let left = match *job.request.task.kind() == FETCH {
                true => "What has come is kept, and the next fetch goes on from there.",
                false => "Nothing of it is left.",
            };
            lab.inform(format!("Stopped {doing}. {left}"));
        }
        // What was asked for in a form is corrected there, unless the person has gone elsewhere meanwhile.
        TaskEnd::Failed { message }
            if !is_covered && lab.pane == PaneId::Data && *job.request.task.kind() != OPEN =>
        {
            let set = job.request.dataset.as_ref();
            let set = set.and_then(|name| lab.set(name));
            task_form::open(job.request.clone(), set.cloned(), Some(message), lab);
        }
        TaskEnd::Failed { message } => {
            lab.say(Notice::Error, format!("Stopped {doing}: {message}"));
        }
    }
}

/// Whether the file in the way may be replaced.
fn replace(path: String, mut request: TaskRequest) -> Confirm {
    request.replace = true;
    let replace = Action::of("replace.take", 'y', "replace it")
        .help("make the set and put it in the file's place")
        .does(move |_, lab| {
            let request = request.clone();
            lab.then(move |pane: &mut DataPane, lab| pane.start(request, lab));
        });
    let leave = Action::of("replace.leave", 'n', "leave it")
        .or(KeyCode::Esc)
        .help("leave the file as it is and make nothing");
    Confirm {
        title: "Replace the file?",
        size: (64, 8),
        text: Box::new(move |_| {
            format!("{path} is there already. It stays as it is until the new one is whole.")
        }),
        answers: vec![(replace, "replace it"), (leave, "leave it")],
        hint: "y replaces the file, n or Esc leaves it alone.",
        stands: |_| true,
    }
}
