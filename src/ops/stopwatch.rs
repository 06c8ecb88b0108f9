//! How long each op of a step takes, forward and backward.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// One op's share of a training step.
#[derive(Clone, Debug)]
pub struct Lap {
    /// `conv2d + relu + max_pool2d`, `dense`, `loss`, …
    pub op: String,
    /// The algorithm, if there is a choice.
    pub how: Option<String>,
    /// Time of the forward pass.
    pub forward: Duration,
    /// Time of the backward pass.
    pub backward: Duration,
}

/// An op as a step records it.
pub(super) struct Op {
    pub(super) name: &'static str,
    /// Name and algorithm, if they depend on the shapes; called only while the watch runs.
    pub(super) details: Option<Box<dyn Fn() -> (String, String)>>,
}

impl From<&'static str> for Op {
    fn from(name: &'static str) -> Self {
        Self {
            name,
            details: None,
        }
    }
}

/// Off until it is started; then it measures every step of its workspace.
#[derive(Default)]
pub(super) struct Stopwatch(Mutex<Option<Running>>);

struct Running {
    laps: Vec<Lap>,
    /// When the previous op ended.
    since: Instant,
}

impl Stopwatch {
    pub(super) fn start(&self) {
        *self.lock() = Some(Running {
            laps: Vec::new(),
            since: Instant::now(),
        });
    }

    /// Stops it and returns one lap per recorded op, in the order of the forward pass.
    pub(super) fn stop(&self) -> Vec<Lap> {
        self.lock().take().map_or_else(Vec::new, |all| all.laps)
    }

    /// Begins a step.
    pub(super) fn begin(&self) {
        if let Some(running) = &mut *self.lock() {
            running.since = Instant::now();
        }
    }

    /// Ends an op's forward pass and returns the number of its lap.
    pub(super) fn forward(&self, op: &Op) -> Option<usize> {
        let mut lock = self.lock();
        let running = lock.as_mut()?;
        let (name, how) = match &op.details {
            Some(details) => {
                let (name, how) = details();
                (name, Some(how))
            }
            None => (op.name.to_owned(), None),
        };
        running.laps.push(Lap {
            op: name,
            how,
            forward: running.since.elapsed(),
            backward: Duration::ZERO,
        });
        running.since = Instant::now();
        Some(running.laps.len() - 1)
    }

    /// Adds the time of this lap's backward pass.
    pub(super) fn backward(&self, lap: usize, took: Duration) {
        if let Some(lap) = self.lock().as_mut().and_then(|all| all.laps.get_mut(lap)) {
            lap.backward = took;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
