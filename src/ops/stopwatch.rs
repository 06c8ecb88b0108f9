//! How long each op of a step takes, forward and backward.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// One op's share of a training step.
#[derive(Clone, Debug)]
pub struct Lap {
    /// `conv2d + relu + max_pool2d`, `dense`, `loss`, …
    pub op: String,
    /// How it is computed, where there is a choice.
    pub how: Option<String>,
    /// Time of the way to the loss.
    pub forward: Duration,
    /// Time of the way back.
    pub backward: Duration,
}

/// An op as a step records it.
pub(super) struct Op {
    pub(super) name: &'static str,
    /// Name and algorithm where these depend on the shapes; asked for only while the watch runs.
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
    /// When the op before ended.
    since: Instant,
}

impl Stopwatch {
    pub(super) fn start(&self) {
        *self.lock() = Some(Running {
            laps: Vec::new(),
            since: Instant::now(),
        });
    }

    /// Stops it; one lap an op that recorded, in the order of the way there.
    pub(super) fn stop(&self) -> Vec<Lap> {
        self.lock().take().map_or_else(Vec::new, |all| all.laps)
    }

    /// A step begins.
    pub(super) fn begin(&self) {
        if let Some(running) = &mut *self.lock() {
            running.since = Instant::now();
        }
    }

    /// An op is done with its way there; tells the lap's number.
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

    /// The op of this lap is done with its way back, which took so long.
    pub(super) fn backward(&self, lap: usize, took: Duration) {
        if let Some(lap) = self.lock().as_mut().and_then(|all| all.laps.get_mut(lap)) {
            lap.backward = took;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
