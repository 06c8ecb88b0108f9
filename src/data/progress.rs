//! Progress and cancellation of long-running work.

use std::sync::atomic::{AtomicBool, Ordering};

use super::error::DataError;

/// Reports the progress of long-running work, and carries the request to cancel it.
pub struct Progress<'a> {
    report: Box<dyn Fn(u64, u64) + Send + Sync + 'a>,
    cancelled: &'a AtomicBool,
}

impl<'a> Progress<'a> {
    /// `report` is called with the steps done and the total steps, from any thread; work stops soon after `cancelled` becomes true.
    pub fn new(cancelled: &'a AtomicBool, report: impl Fn(u64, u64) + Send + Sync + 'a) -> Self {
        Self {
            report: Box::new(report),
            cancelled,
        }
    }

    /// Reports nothing and is never cancelled.
    pub fn silent() -> Progress<'static> {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Progress::new(&NEVER, |_, _| {})
    }

    /// The progress of a part of the work: part `number` of so many that take about as long.
    pub(super) fn part(&self, number: u64, of: u64) -> Progress<'_> {
        Progress::new(self.cancelled, move |done, all| {
            (self.report)(number * all + done, of * all);
        })
    }

    /// An error when the work was cancelled.
    pub(super) fn check(&self) -> Result<(), DataError> {
        match self.cancelled.load(Ordering::Relaxed) {
            true => Err(DataError::Cancelled),
            false => Ok(()),
        }
    }

    /// Reports `done` of `all` steps; an error when the work was cancelled.
    pub(super) fn step(&self, done: u64, all: u64) -> Result<(), DataError> {
        self.check()?;
        (self.report)(done, all);
        Ok(())
    }
}
