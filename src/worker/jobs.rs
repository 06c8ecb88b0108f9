//! Long pieces of work on data sets, each on a thread of its own, with progress and an end that always comes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::data_protocol::{DataEvent, JobEnd, JobId, Shelf};
use super::library::Library;
use super::protocol::Event;
use super::{Sink, Surroundings, caught};
use crate::data::tasks::{Done, TaskRequest, Work};
use crate::data::{DataError, Limits, Located, Progress, browse};

/// The screen draws no more often than this.
const BETWEEN_PROGRESS_EVENTS: Duration = Duration::from_millis(100);

/// The work that goes on.
pub struct Jobs {
    library: Library,
    surroundings: Surroundings,
    events: Sink,
    running: HashMap<JobId, Running>,
}

struct Running {
    cancelled: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Jobs {
    pub fn new(library: Library, surroundings: Surroundings, events: Sink) -> Self {
        Self {
            library,
            surroundings,
            events,
            running: HashMap::new(),
        }
    }

    /// Does it on a thread of its own, so that nothing waits for it.
    pub fn start(&mut self, job: JobId, request: TaskRequest) {
        self.running.retain(|_, job| !job.thread.is_finished());
        let cancelled = Arc::<AtomicBool>::default();
        let desk = Desk {
            job,
            library: self.library.clone(),
            surroundings: self.surroundings.clone(),
            events: self.events.clone(),
            cancelled: Arc::clone(&cancelled),
        };
        let thread = thread::spawn(move || {
            let end = caught(|| Ok(desk.run(&request)));
            let end = end.unwrap_or_else(|message| JobEnd::Failed { message });
            desk.events
                .send(Event::Data(DataEvent::JobEnded { job, end }));
        });
        self.running.insert(job, Running { cancelled, thread });
    }

    /// Asks a job to stop; it ends by itself soon after, and its end is told as any other.
    pub fn cancel(&self, job: JobId) {
        if let Some(job) = self.running.get(&job) {
            job.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Tells what can be opened from a folder, as soon as that is known: some folders lie far away.
    pub fn list(&self, request: u64, base: Option<PathBuf>, text: String) {
        let (events, surroundings) = (self.events.clone(), self.surroundings.clone());
        thread::spawn(move || {
            let Surroundings { places, recent, .. } = &surroundings;
            let listing = caught(|| {
                browse::list(places, base.as_deref(), &text).map_err(|error| error.to_string())
            });
            let recent = recent.list().into_iter().map(|path| browse::Entry {
                name: browse::title(places, &path),
                ..browse::look(&path)
            });
            events.send(Event::Data(DataEvent::Folder(Shelf {
                request,
                listing,
                recent: recent.collect(),
                known: browse::known(places),
            })));
        });
    }

    /// Stops everything and waits until nothing half-made is left.
    pub fn stop(self) {
        for job in self.running.values() {
            job.cancelled.store(true, Ordering::Relaxed);
        }
        for job in self.running.into_values() {
            // Its panics were caught and told.
            let _ = job.thread.join();
        }
    }
}

/// What one job works with.
struct Desk {
    job: JobId,
    library: Library,
    surroundings: Surroundings,
    events: Sink,
    cancelled: Arc<AtomicBool>,
}

impl Desk {
    fn run(&self, request: &TaskRequest) -> JobEnd {
        let dataset = match &request.dataset {
            None => None,
            Some(name) => match self.library.set(name) {
                Ok(set) => Some(set),
                Err(message) => return JobEnd::Failed { message },
            },
        };
        let teller = Teller::new(self);
        let progress = Progress::new(&self.cancelled, |done, all| teller.tell(done, all));
        let started = Instant::now();
        let done = Work {
            request,
            dataset: dataset.as_deref(),
            places: &self.surroundings.places,
            progress: &progress,
        }
        .run();
        match done {
            Ok(Done::Opened { set, path }) => {
                if let Some(path) = path {
                    self.remember(&path);
                }
                self.library.add(*set, started);
                JobEnd::Done {
                    message: String::new(),
                }
            }
            Ok(Done::Written { path, open }) => {
                self.remember(&path);
                let message = format!("Written to {}.", self.title(&path));
                self.opened(&path, open, message, &progress)
            }
            Ok(Done::Fetched { folder }) => {
                let message = format!("The whole set is in {}.", self.title(&folder));
                self.opened(&folder, true, message, &progress)
            }
            Err(DataError::Cancelled) => JobEnd::Cancelled,
            Err(DataError::Exists { path }) => JobEnd::InTheWay {
                path: self.title(&path),
            },
            Err(error) => JobEnd::Failed {
                message: error.to_string(),
            },
        }
    }

    /// Opens what was made, where that is wished for; where it can't be, what was made is still there.
    fn opened(
        &self,
        path: &Path,
        wished: bool,
        message: String,
        progress: &Progress<'_>,
    ) -> JobEnd {
        if !wished {
            return JobEnd::Done { message };
        }
        let started = Instant::now();
        let options = crate::data::LoadOptions {
            // It was just made, by this program.
            limits: Limits {
                decompressed_bytes: u64::MAX,
            },
            ..Default::default()
        };
        match Located::at(path).and_then(|located| located.load_with(&options, progress)) {
            Ok(set) => {
                self.library.add(set, started);
                JobEnd::Done { message }
            }
            Err(error) => JobEnd::Done {
                message: format!("{message} It was not opened: {error}."),
            },
        }
    }

    fn title(&self, path: &Path) -> String {
        browse::title(&self.surroundings.places, path)
    }

    fn remember(&self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        // A list of recent paths that cannot be written is no reason to trouble anyone.
        let _ = self.surroundings.recent.add(&path);
    }
}

/// Tells of progress, from any thread, ten times a second at most; the end is always told.
struct Teller<'a> {
    desk: &'a Desk,
    started: Instant,
    /// Milliseconds after the start of the latest telling.
    latest: AtomicU64,
}

impl<'a> Teller<'a> {
    fn new(desk: &'a Desk) -> Self {
        Self {
            desk,
            started: Instant::now(),
            latest: AtomicU64::new(0),
        }
    }

    fn tell(&self, done: u64, all: u64) {
        let now = self.started.elapsed().as_millis() as u64;
        let latest = self.latest.load(Ordering::Relaxed);
        let is_due = latest == 0 || now >= latest + BETWEEN_PROGRESS_EVENTS.as_millis() as u64;
        let is_mine = || {
            let (order, failed) = (Ordering::Relaxed, Ordering::Relaxed);
            let next = now.max(1);
            self.latest
                .compare_exchange(latest, next, order, failed)
                .is_ok()
        };
        if done == all || (is_due && is_mine()) {
            self.desk.events.send(Event::Data(DataEvent::JobProgress {
                job: self.desk.job,
                done,
                all,
                seconds: self.started.elapsed().as_secs_f64(),
            }));
        }
    }
}
