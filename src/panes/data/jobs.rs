//! What is loaded and made: begun, stopped, and what is said of its end.

use crossterm::event::KeyCode;

use super::{DataPane, Job, TaskDraft, TaskEnd, task_form};
use crate::data::tasks::{FETCH, OPEN, TaskKind, TaskRequest};
use crate::lab::{Action, Lab, Notice, PaneId};
use crate::overlays::Confirm;

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

    /// Gives the latest job up.
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
            let set = set.and_then(|name| lab.sets.iter().find(|set| set.name == *name));
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
