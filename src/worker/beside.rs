//! Long looks beside training, on a thread of their own: of those that wait only the latest is done, and one under way ends when a newer
//! one comes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;

use super::Sink;
use super::purpose::Purpose;

/// A thread for one kind of look.
pub(super) struct Beside {
    purpose: Purpose,
    events: Sink,
    jobs: Option<Sender<(u64, Job)>>,
    newest: Arc<AtomicU64>,
}

type Job = Box<dyn FnOnce(&Wanted) -> Result<(), String> + Send>;

/// Whether a look is still wanted.
pub(super) struct Wanted {
    number: u64,
    newest: Arc<AtomicU64>,
}

impl Wanted {
    pub fn still(&self) -> bool {
        self.newest.load(Ordering::Relaxed) == self.number
    }
}

impl Beside {
    /// A thread whose failures are told as `purpose`; it starts with the first look and ends when this is dropped.
    pub fn new(purpose: Purpose, events: Sink) -> Self {
        Self {
            purpose,
            events,
            jobs: None,
            newest: Arc::default(),
        }
    }

    /// Looks; what is under way or waits is given up.
    pub fn look(&mut self, job: impl FnOnce(&Wanted) -> Result<(), String> + Send + 'static) {
        let number = self.newest.fetch_add(1, Ordering::Relaxed) + 1;
        let jobs = self.jobs.get_or_insert_with(|| {
            let (sender, jobs) = mpsc::channel::<(u64, Job)>();
            let (purpose, events) = (self.purpose, self.events.clone());
            let newest = Arc::clone(&self.newest);
            thread::spawn(move || {
                for (number, job) in jobs {
                    let wanted = Wanted {
                        number,
                        newest: Arc::clone(&newest),
                    };
                    if wanted.still() {
                        events.guard(purpose, || job(&wanted));
                    }
                }
            });
            sender
        });
        // The thread is gone only after the program's end.
        let _ = jobs.send((number, Box::new(job)));
    }
}

impl Beside {
    /// Gives up what is under way or waits.
    pub fn stop(&self) {
        self.newest.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.stop();
    }
}
