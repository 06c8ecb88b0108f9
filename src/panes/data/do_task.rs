//! A long piece of work on data sets: opening, fetching or making one, with progress and an end that always comes.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::data::tasks::{Done, TaskRequest, Work};
use crate::data::{DataError, Limits, LoadOptions, Located, Progress, browse};
use crate::worker::{Beside, Desk, Older, Question, Tell};

/// Progress is told no more often than this.
const BETWEEN_NEWS: Duration = Duration::from_millis(100);

/// What is to be done. A set that it opens is told by [`Event::DataLoaded`](crate::worker::Event::DataLoaded). Given up, it leaves nothing
/// but what a fetch received.
#[derive(Clone, Debug, PartialEq)]
pub struct DoTask(pub TaskRequest);

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskNews {
    /// At most about ten a second; it may begin to count anew.
    Progress {
        done: u64,
        all: u64,
        /// Since it began.
        seconds: f64,
    },
    Ended(TaskEnd),
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskEnd {
    /// With what became of it in sentences; empty where a set was only opened.
    Done { message: String },
    /// Nothing was done: this file is there already.
    InTheWay { path: String },
    /// On request.
    Cancelled,
    /// Nothing was done; a sentence that says why.
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
            // Whoever finds it locked comes too soon after another thread.
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
        Ok(Done::Opened { set, path }) => {
            if let Some(path) = path {
                remember(desk, &path);
            }
            desk.library.add(*set, started);
            TaskEnd::Done {
                message: String::new(),
            }
        }
        Ok(Done::Written { path, open }) => {
            remember(desk, &path);
            let message = format!("Written to {}.", title(desk, &path));
            match open {
                true => opened(desk, &path, message, progress),
                false => TaskEnd::Done { message },
            }
        }
        Ok(Done::Fetched { folder }) => {
            let message = format!("The whole set is in {}.", title(desk, &folder));
            opened(desk, &folder, message, progress)
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

/// Opens what was made; where it can't be, what was made is still there.
fn opened(desk: &Desk, path: &Path, message: String, progress: &Progress<'_>) -> TaskEnd {
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
            TaskEnd::Done { message }
        }
        Err(error) => TaskEnd::Done {
            message: format!("{message} It was not opened: {error}."),
        },
    }
}

fn title(desk: &Desk, path: &Path) -> String {
    browse::title(&desk.surroundings.places, path)
}

fn remember(desk: &Desk, path: &Path) {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // A list of recent paths that cannot be written is no reason to trouble anyone.
    let _ = desk.surroundings.recent.add(&path);
}
