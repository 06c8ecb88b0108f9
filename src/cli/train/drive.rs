//! Trains a session to its end, and waits while its folder cannot be written.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use color_eyre::eyre::eyre;

use super::report::Reporter;
use crate::cli::failure::Failure;
use crate::cli::interrupt::{Interrupt, Request};
use crate::cli::output;
use crate::runs::RunError;
use crate::session::{Session, SessionEvent};

/// Time between attempts to write the run folder.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(2);
/// Longest delay before a request to end is noticed.
const TICK: Duration = Duration::from_millis(100);

/// Trains until the session is finished and its folder written. If it ends early, its weights are saved in the folder.
///
/// # Errors
/// [`Failure::Interrupted`] if the user or the system asked to end, or the terminal is gone; [`Failure::Failed`] if training cannot
/// continue or stdout was closed.
pub fn drive(
    session: &mut Session,
    interrupt: &Interrupt,
    reporter: &Reporter,
) -> Result<(), Failure> {
    // On one of the pool's threads, so that no batch waits for one to wake up.
    let pool = Arc::clone(session.trainer().pool());
    let ended = pool.install(|| batches(session, interrupt, reporter));
    let request = match (ended, interrupt.request()) {
        (Ok(None), _) => return Ok(()),
        (Ok(Some(request)) | Err(Failure::Interrupted(request, _)), _) => Some(request),
        // The reader of the output was asked to end too.
        (Err(Failure::OutputClosed), request) => request,
        (Err(failure), _) => {
            // The failure that stopped training matters more than one of saving.
            let _ = session.save();
            return Err(failure);
        }
    };
    session.save().map_err(Failure::failed)?;
    let what_is_left = reporter.what_is_left(session);
    Err(match request {
        Some(request) => Failure::Interrupted(request, what_is_left),
        None => Failure::Failed(eyre!("stdout was closed; training stopped {what_is_left}")),
    })
}

/// Trains to the end, or until a request to end.
fn batches(
    session: &mut Session,
    interrupt: &Interrupt,
    reporter: &Reporter,
) -> Result<Option<Request>, Failure> {
    while !session.is_finished() {
        if let Some(request) = interrupt.request() {
            return Ok(Some(request));
        }
        match session.advance().map_err(Failure::failed)? {
            SessionEvent::Batch(step) => reporter.batch(&step),
            SessionEvent::Measured => {}
            SessionEvent::Epoch(end) => reporter.epoch(&end.metrics)?,
            SessionEvent::Tested(test) => reporter.test(&test, session)?,
            SessionEvent::NotSaved(error) => {
                if let Some(request) = wait(session, interrupt, reporter, &error) {
                    return Ok(Some(request));
                }
            }
        }
    }
    match session.save() {
        Ok(()) => Ok(None),
        Err(error) => Ok(wait(session, interrupt, reporter, &error)),
    }
}

/// Retries writing until it succeeds, or until a request to end.
fn wait(
    session: &mut Session,
    interrupt: &Interrupt,
    reporter: &Reporter,
    error: &RunError,
) -> Option<Request> {
    reporter.warn(&format!(
        "{error}. Training is paused with its weights in memory, and continues once the folder can be written"
    ));
    loop {
        for _ in 0..BETWEEN_ATTEMPTS.as_millis() / TICK.as_millis() {
            if let Some(request) = interrupt.request() {
                return Some(request);
            }
            thread::sleep(TICK);
        }
        if session.save().is_ok() {
            output::warn("the folder can be written again; training continues");
            return None;
        }
    }
}
