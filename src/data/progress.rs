//! How far a long piece of work is, and the wish that it stop.

use std::sync::atomic::{AtomicBool, Ordering};

use super::error::DataError;

/// What a long piece of work tells the one who waits for it, and is told.
pub struct Progress<'a> {
    report: Box<dyn Fn(u64, u64) + Send + Sync + 'a>,
    cancelled: &'a AtomicBool,
}

impl<'a> Progress<'a> {
    /// `report` is called with the steps done and the steps in all, from any thread; work stops soon after `cancelled` becomes true.
    pub fn new(cancelled: &'a AtomicBool, report: impl Fn(u64, u64) + Send + Sync + 'a) -> Self {
        Self {
            report: Box::new(report),
            cancelled,
        }
    }

    /// Nobody listens and nobody cancels.
    pub fn silent() -> Progress<'static> {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Progress::new(&NEVER, |_, _| {})
    }

    /// Reports `done` of `all` steps; an error when the work is no longer wanted.
    pub(super) fn step(&self, done: u64, all: u64) -> Result<(), DataError> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(DataError::Cancelled);
        }
        (self.report)(done, all);
        Ok(())
    }
}
