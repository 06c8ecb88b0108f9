//! The exclusive right to do something in a folder that is not a run's, by the same locks.

use std::path::Path;

use super::error::RunError;
use super::lock::{self, Known, Lock, TrainedBy};

/// The exclusive right of this process; it ends when this is dropped, or with the process, however that ends.
#[derive(Debug)]
pub struct Claim {
    _lock: Lock,
}

impl Claim {
    /// Acquires the right to `folder`.
    ///
    /// # Errors
    /// If another process has it, or the folder cannot be written.
    pub fn take(folder: &Path) -> Result<Self, RunError> {
        Lock::take(folder, Known::Nothing).map(|lock| Self { _lock: lock })
    }

    /// As [`take`](Self::take), if no process ever had the right to `folder`; `None` if one had.
    ///
    /// # Errors
    /// As for [`take`](Self::take).
    pub fn take_first(folder: &Path) -> Result<Option<Self>, RunError> {
        match Lock::take(folder, Known::Latest(None)) {
            Err(RunError::TrainedOn { .. }) => Ok(None),
            lock => lock.map(|lock| Some(Self { _lock: lock })),
        }
    }

    /// The process that has the right to `folder`, if any.
    pub fn holder(folder: &Path) -> Option<TrainedBy> {
        lock::holder(folder)
    }
}
