//! Training a session as far as it is to go, whatever comes between.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{TICK, Tell};
use crate::runs::RunError;
use crate::session::{Session, SessionError, SessionEvent};
use crate::sweep::error::SweepError;

/// Between attempts to write a run folder.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(2);

/// Why a trial is not trained: because of itself, or because of what is around it.
pub(super) enum Problem {
    Failed(String),
    Hindered(String),
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Threads(_) | SessionError::Run(_) => Self::Hindered(error.to_string()),
            error => Self::Failed(error.to_string()),
        }
    }
}

impl From<SweepError> for Problem {
    fn from(error: SweepError) -> Self {
        Self::Hindered(error.to_string())
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        Self::Hindered(error.to_string())
    }
}

/// Why training paused; the run is saved.
pub(super) enum Paused {
    Finished,
    Far,
    Stopped,
}

/// Trains to the end of the session, to `until` epochs, or until it is to stop.
pub(super) fn advance(
    session: &mut Session,
    until: Option<usize>,
    stop: &AtomicBool,
    tell: &mut Tell<'_>,
) -> Result<Paused, Problem> {
    let paused = loop {
        if session.is_finished() {
            break Paused::Finished;
        }
        if stop.load(Ordering::Relaxed) {
            break Paused::Stopped;
        }
        // The epochs of pretraining do not count.
        let is_own = session.following().is_none();
        if is_own && until.is_some_and(|until| session.history().len() >= until) {
            break Paused::Far;
        }
        match session.advance() {
            Ok(SessionEvent::Epoch(end)) => tell(&end.metrics),
            Ok(SessionEvent::Batch(_) | SessionEvent::Measured | SessionEvent::Tested(_)) => {}
            Ok(SessionEvent::NotSaved(error)) => wait(session, stop, error)?,
            Err(error) => {
                // What stopped training matters more than a failure to save.
                let _ = session.save();
                return Err(error.into());
            }
        }
    };
    if let Err(error) = session.save() {
        wait(session, stop, error)?;
    }
    Ok(paused)
}

/// Retries writing until it succeeds, or until the process is to stop.
fn wait(session: &mut Session, stop: &AtomicBool, error: RunError) -> Result<(), Problem> {
    loop {
        let tried = Instant::now();
        while tried.elapsed() < BETWEEN_ATTEMPTS {
            if stop.load(Ordering::Relaxed) {
                return Err(error.into());
            }
            thread::sleep(TICK);
        }
        if session.save().is_ok() {
            return Ok(());
        }
    }
}
