//! Trains a session to its end, and waits where its folder cannot be written.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::report::Reporter;
use crate::cli::failure::Failure;
use crate::cli::interrupt::{Interrupt, Request};
use crate::cli::output;
use crate::runs::RunError;
use crate::session::{Session, SessionEvent};

/// While the run folder cannot be written, it is tried again so often.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(2);
/// How long a request to end may wait.
const TICK: Duration = Duration::from_millis(100);

/// How a training ends when nothing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Completed,
    /// The user or the system asked to end, or the terminal is gone.
    Interrupted(Request),
}

/// Trains until the session is finished and its folder written, or until it is interrupted.
///
/// # Errors
/// [`Failure::OutputClosed`] where nobody reads the output any more, [`Failure::Failed`] where the training cannot go on.
pub fn drive(
    session: &mut Session,
    interrupt: &Interrupt,
    reporter: &Reporter,
) -> Result<Ending, Failure> {
    // From one of the pool's threads on, so that no batch waits until one of them is awake.
    let pool = Arc::clone(session.trainer().pool());
    let ended = pool.install(|| batches(session, interrupt, reporter));
    match (ended, interrupt.request()) {
        // The terminal is gone, or whoever read the output was asked to end as well.
        (Err(Failure::Interrupted(request, _)), _)
        | (Err(Failure::OutputClosed), Some(request)) => Ok(Ending::Interrupted(request)),
        (ended, _) => ended,
    }
}

fn batches(
    session: &mut Session,
    interrupt: &Interrupt,
    reporter: &Reporter,
) -> Result<Ending, Failure> {
    while !session.is_finished() {
        if let Some(request) = interrupt.request() {
            return Ok(Ending::Interrupted(request));
        }
        match session.advance().map_err(Failure::failed)? {
            SessionEvent::Batch(step) => reporter.batch(&step),
            SessionEvent::Measured => {}
            SessionEvent::Epoch(end) => reporter.epoch(&end.metrics)?,
            SessionEvent::Tested(test) => reporter.test(&test, session)?,
            SessionEvent::NotSaved(error) => match wait(session, interrupt, reporter, &error) {
                Ending::Completed => {}
                interrupted => return Ok(interrupted),
            },
        }
    }
    match session.save() {
        Ok(()) => Ok(Ending::Completed),
        Err(error) => Ok(wait(session, interrupt, reporter, &error)),
    }
}

/// Tries to write until it works or is interrupted.
fn wait(
    session: &mut Session,
    interrupt: &Interrupt,
    reporter: &Reporter,
    error: &RunError,
) -> Ending {
    reporter.note(&format!(
        "{error}. The training waits with its weights in memory, and goes on once the folder can be written"
    ));
    loop {
        for _ in 0..BETWEEN_ATTEMPTS.as_millis() / TICK.as_millis() {
            if let Some(request) = interrupt.request() {
                return Ending::Interrupted(request);
            }
            thread::sleep(TICK);
        }
        if session.save().is_ok() {
            output::note("the folder can be written again; the training goes on");
            return Ending::Completed;
        }
    }
}
