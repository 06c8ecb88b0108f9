//! Jobs that load, fetch and make sets: starting and stopping them, reporting their end, and how the worker does them, with progress and
//! an end that always comes.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossterm::event::KeyCode;

use super::{DataPane, TaskDraft, task_form};
use crate::data::tasks::{Done, FETCH, TaskKind, TaskRequest, Work};
use crate::data::{DataError, Limits, LoadOptions, Located, Progress, browse};
use crate::lab::{Action, Lab, Notice, PaneId};
use crate::overlays::Confirm;
use crate::worker::{Asked, Beside, Desk, Older, Outbox, Question, Tell};

/// A task that the worker runs.
#[derive(Debug)]
pub struct Job {
    pub request: TaskRequest,
    /// Steps done and total steps, once they are known.
    pub steps: Option<(u64, u64)>,
    /// Since it started.
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

    /// Asks it to stop; its end is reported like any other.
    fn cancel(&mut self) {
        self.is_cancelled = true;
        self.asked.cancel();
    }

    /// Receives its progress, or its end.
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

    /// A short description: `augmenting to big.npz`.
    pub fn doing(&self) -> String {
        let doing = self.request.task.kind().doing;
        let texts = self.request.texts();
        let to = match texts.first().copied().unwrap_or_default() {
            "" if *self.request.task.kind() == FETCH => {
                format!(" {}", self.request.task.value("set"))
            }
            "" if self.request.is_opening() => " the data".to_owned(),
            "" => String::new(),
            text if self.request.is_opening() => format!(" {text}"),
            text if self.request.dataset.is_some() => format!(" to {text}"),
            text => format!(", {text}"),
        };
        format!("{doing}{to}")
    }

    /// The share done, in [0, 1], once it is known.
    pub fn share(&self) -> Option<f64> {
        let (done, all) = self.steps?;
        Some(done as f64 / all.max(1) as f64)
    }

    /// Estimated from the speed so far.
    pub fn seconds_left(&self) -> Option<f64> {
        let share = self.share().filter(|share| *share > 0.02)?;
        Some(self.seconds * (1.0 - share) / share)
    }
}

impl DataPane {
    /// Opens a known set by its name, or a set by its path; `None` is the full Fashion-MNIST if it is on this machine, else the
    /// starter set.
    pub fn open(&mut self, choice: Option<String>, lab: &mut Lab) {
        self.start(
            TaskRequest::open(choice.as_deref().unwrap_or_default()),
            lab,
        );
    }

    fn start(&mut self, request: TaskRequest, lab: &mut Lab) {
        match self.start_blocked(request.task.kind()) {
            Some(reason) => lab.refuse(reason),
            None => self.jobs.push(Job::begin(request, &mut lab.out)),
        }
    }

    /// Starts the task of a form, or opens the form again with the reason why not.
    pub(super) fn start_as_said(&mut self, draft: TaskDraft, lab: &mut Lab) {
        let TaskDraft {
            mut request,
            dataset,
        } = draft;
        request.in_form = true;
        match self.start_blocked(request.task.kind()) {
            Some(reason) => task_form::open(request, dataset, Some(reason), lab),
            None => self.start(request, lab),
        }
    }

    /// Why no job of this kind can start now.
    fn start_blocked(&self, kind: &TaskKind) -> Option<String> {
        let mut jobs = self.jobs.iter();
        let other = jobs.find(|job| job.request.is_opening() == kind.is_opening())?;
        Some(format!(
            "one at a time: still {}; wait for it, or stop it with x",
            other.doing()
        ))
    }

    /// What is being opened, as asked for.
    pub(super) fn opening(&self) -> Option<String> {
        let job = self.jobs.iter().find(|job| job.request.is_opening())?;
        let texts = job.request.texts();
        texts.first().map(ToString::to_string)
    }

    pub(super) fn cancel(&mut self, lab: &mut Lab) {
        let latest = self.jobs.iter_mut().rev().find(|job| !job.is_cancelled);
        let Some(job) = latest else {
            return lab.refuse("nothing is being loaded, fetched or made");
        };
        job.cancel();
        lab.inform(format!("Stopping: {} …", job.doing()));
    }

    /// Receives the progress of jobs, and reports their end.
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
        TaskEnd::Done { message, made } => {
            if let Some(path) = made {
                lab.leaves("data set", path);
            }
            if !message.is_empty() {
                lab.inform(message);
            }
        }
        TaskEnd::InTheWay { path } if is_covered => lab.say(
            Notice::Error,
            format!("{path} already exists, and nothing was written; choose another file"),
        ),
        TaskEnd::InTheWay { path } => lab.open(replace(path, job.request.clone())),
        TaskEnd::Cancelled => {
            let left = match *job.request.task.kind() == FETCH {
                true => "Downloaded data is kept, and the next fetch resumes from there.",
                false => "Nothing was kept.",
            };
            lab.inform(format!("Stopped {doing}. {left}"));
        }
        // A form's task is corrected in the form, unless the person has moved elsewhere.
        TaskEnd::Failed { message }
            if !is_covered && lab.pane == PaneId::Data && job.request.in_form =>
        {
            let set = job.request.dataset.as_ref();
            let set = set.and_then(|name| lab.set(name));
            task_form::open(job.request.clone(), set.cloned(), Some(message), lab);
        }
        // It begins with the path.
        TaskEnd::Failed { message } if job.request.is_opening() => {
            lab.say(Notice::Error, message);
        }
        TaskEnd::Failed { message } => {
            lab.say(Notice::Error, format!("Stopped {doing}: {message}"));
        }
    }
}

/// Whether the file in the way may be replaced.
fn replace(path: String, mut request: TaskRequest) -> Confirm {
    request.replace = true;
    let replace = Action::of("replace.take", 'y', "replace")
        .help("make the set and replace the file")
        .does(move |_, lab| {
            let request = request.clone();
            lab.then(move |pane: &mut DataPane, lab| pane.start(request, lab));
        });
    let leave = Action::of("replace.leave", 'n', "keep")
        .or(KeyCode::Esc)
        .help("keep the file and make nothing");
    Confirm {
        title: "Replace the file?",
        size: (64, 8),
        text: Box::new(move |_| {
            format!("{path} already exists. It is replaced once the new one is complete.")
        }),
        answers: vec![(replace, "replace"), (leave, "keep")],
        hint: "y replaces the file, n or Esc keeps it.",
        stands: |_| true,
    }
}

/// Least time between two progress reports.
const BETWEEN_NEWS: Duration = Duration::from_millis(100);

/// Runs a task. A set that it opens is reported by [`Event::DataLoaded`](crate::worker::Event::DataLoaded). Cancelled, it leaves nothing
/// but what a fetch received.
#[derive(Clone, Debug, PartialEq)]
pub struct DoTask(pub TaskRequest);

/// Progress or end of a task.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskNews {
    /// At most about ten per second; the count may restart.
    Progress {
        done: u64,
        all: u64,
        /// Since it started.
        seconds: f64,
    },
    Ended(TaskEnd),
}

/// The end of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskEnd {
    /// Success: sentences for the user, empty where a set was only opened, and the path of what was made.
    Done {
        message: String,
        made: Option<PathBuf>,
    },
    /// Nothing was done: this file already exists.
    InTheWay { path: String },
    /// Stopped on request.
    Cancelled,
    /// Nothing was done; the reason as a sentence.
    Failed { message: String },
}

impl Question for DoTask {
    type Answer = TaskNews;
    type Lane = Beside;
    const PURPOSE: &'static str = "load or make the set";
    const OLDER: Older = Older::Done;

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let (started, latest) = (Instant::now(), Mutex::new(None));
        let cancelled = AtomicBool::new(!tell.is_wanted());
        let progress = Progress::new(&cancelled, |done, all| {
            cancelled.store(!tell.is_wanted(), Ordering::Relaxed);
            // It is locked only shortly, by another thread.
            let is_due = latest.try_lock().is_ok_and(|mut latest| {
                let is_due = latest.is_none_or(|told: Instant| told.elapsed() >= BETWEEN_NEWS);
                if is_due {
                    *latest = Some(Instant::now());
                }
                is_due
            });
            if done == all || is_due {
                let seconds = started.elapsed().as_secs_f64();
                tell.tell(TaskNews::Progress { done, all, seconds });
            }
        });
        let end = work(&self.0, desk, &progress);
        tell.tell(TaskNews::Ended(end));
        Ok(())
    }
}

fn work(request: &TaskRequest, desk: &Desk, progress: &Progress<'_>) -> TaskEnd {
    let dataset = match &request.dataset {
        None => None,
        Some(name) => match desk.library.set(name) {
            Ok(set) => Some(set),
            Err(message) => return TaskEnd::Failed { message },
        },
    };
    let started = Instant::now();
    let done = Work {
        request,
        dataset: dataset.as_deref(),
        places: &desk.surroundings.places,
        progress,
    }
    .run();
    match done {
        Ok(Done::Opened { set, choice }) => {
            if let Some(choice) = choice {
                remember(desk, &choice);
            }
            desk.library.add(*set, started);
            TaskEnd::Done {
                message: String::new(),
                made: None,
            }
        }
        Ok(Done::Written { path, open }) => {
            let absolute = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
            remember(desk, &absolute.display().to_string());
            let mut message = format!("Written to {}.", title(desk, &path));
            if open {
                message = opened(desk, &path, message, progress);
            }
            let made = Some(path);
            TaskEnd::Done { message, made }
        }
        Ok(Done::Fetched { path }) => {
            let message = format!("The full set is in {}.", title(desk, &path));
            let message = opened(desk, &path, message, progress);
            let made = Some(path);
            TaskEnd::Done { message, made }
        }
        Err(DataError::Cancelled) => TaskEnd::Cancelled,
        Err(DataError::Exists(path)) => TaskEnd::InTheWay {
            path: title(desk, &path),
        },
        Err(error) => TaskEnd::Failed {
            message: error.to_string(),
        },
    }
}

/// Opens a set just made; where that fails, the files are kept and the message says so.
fn opened(desk: &Desk, path: &Path, message: String, progress: &Progress<'_>) -> String {
    let started = Instant::now();
    let options = LoadOptions {
        // It was just made, by this program.
        limits: Limits {
            decompressed_bytes: u64::MAX,
        },
        ..LoadOptions::default()
    };
    match Located::at(path).and_then(|located| located.load_with(&options, progress)) {
        Ok(set) => {
            desk.library.add(set, started);
            message
        }
        Err(error) => format!("{message} It could not be opened: {error}."),
    }
}

fn title(desk: &Desk, path: &Path) -> String {
    browse::title(&desk.surroundings.places, path)
}

fn remember(desk: &Desk, choice: &str) {
    // Failing to write the list of recent sets is not worth a message.
    let _ = desk.surroundings.recent.add(choice);
}
