//! The thread that measures how fast a network would train.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use rayon::ThreadPool;

use super::corrections::take_own;
use super::library::Library;
use super::protocol::{Event, MeasureRequest};
use super::{Sink, caught};
use crate::network::CheckedNetwork;
use crate::session::thread_pool;
use crate::training::{MemoryNeed, Pace, PaceTrial, free_memory};

/// A network has to stay as it is for so long before it is measured: nobody waits for the figures of a network that is being edited.
const PATIENCE: Duration = Duration::from_millis(700);

/// The measuring thread, which ends when this is dropped.
pub struct Measuring {
    jobs: Sender<Job>,
    /// The latest job; all others are given up, the one under way before its next step.
    latest: Arc<AtomicU64>,
}

struct Job {
    number: u64,
    request: MeasureRequest,
}

impl Measuring {
    pub fn start(library: Library, events: Sink, threads: Option<usize>) -> Self {
        let (jobs, inbox) = mpsc::channel();
        let latest = Arc::new(AtomicU64::new(0));
        let mut stand = Stand {
            library,
            events,
            threads,
            pool: None,
            latest: Arc::clone(&latest),
        };
        thread::spawn(move || stand.serve(&inbox));
        Self { jobs, latest }
    }

    /// Measures this in place of whatever was asked before.
    pub fn measure(&self, request: MeasureRequest) {
        let number = self.latest.fetch_add(1, Ordering::Relaxed) + 1;
        // The thread is gone only at the program's end.
        let _ = self.jobs.send(Job { number, request });
    }

    /// Gives up what is measured or waits to be; it is not answered.
    pub fn cancel(&self) {
        self.latest.fetch_add(1, Ordering::Relaxed);
    }
}

struct Stand {
    library: Library,
    events: Sink,
    threads: Option<usize>,
    /// Its own, made when first needed: what the screen asks meanwhile does not wait for it.
    pool: Option<Arc<ThreadPool>>,
    latest: Arc<AtomicU64>,
}

impl Stand {
    fn serve(&mut self, inbox: &Receiver<Job>) {
        while let Ok(first) = inbox.recv() {
            let mut job = first;
            loop {
                match inbox.recv_timeout(PATIENCE) {
                    Ok(newer) => job = newer,
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            let pace = caught(|| self.measure(&job));
            if let Some(pace) = pace.transpose() {
                self.events.send(Event::Measured {
                    request: job.request.request,
                    pace,
                });
            }
        }
    }

    fn measure(&mut self, job: &Job) -> Result<Option<Pace>, String> {
        let is_cancelled = || self.latest.load(Ordering::Relaxed) != job.number;
        if is_cancelled() {
            return Ok(None);
        }
        let request = &job.request;
        let network =
            CheckedNetwork::new(&request.network).map_err(|problem| problem.to_string())?;
        MemoryNeed::of(&network, &request.recipe).check(free_memory())?;
        let dataset = self.library.set(&request.dataset)?;
        let mut recipe = request.recipe.clone();
        take_own(&mut recipe, self.library.corrections(), &dataset)?;
        let pool = match &self.pool {
            Some(pool) => Arc::clone(pool),
            None => {
                let pool = thread_pool(self.threads).map_err(|error| error.to_string())?;
                Arc::clone(self.pool.insert(pool))
            }
        };
        let trial = PaceTrial {
            network: Arc::new(network),
            dataset,
            recipe: &recipe,
            pool,
        };
        trial.measure(|| self.latest.load(Ordering::Relaxed) != job.number)
    }
}
