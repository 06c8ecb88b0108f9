//! Errors of run folders: which file, what happened, what to do.

use std::io;
use std::path::PathBuf;

use super::trained_by::TrainedBy;
use crate::wording::reason_of;

/// Why a run folder could not be created, written or read. Each message includes its cause, so none has a source.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each message describes its variant")]
pub enum RunError {
    #[error(
        "{}: cannot create a run folder here: {}; choose a writable folder, with --runs on the command line",
        .path.display(), reason_of(.cause)
    )]
    NotMade { path: PathBuf, cause: io::Error },
    #[error(
        "{}: cannot be written: {}; the previous contents are kept: free some space or fix the folder, then continue",
        .path.display(), reason_of(.cause)
    )]
    NotWritten { path: PathBuf, cause: io::Error },
    #[error("{}: cannot be read: {}; check the path and its permissions", .path.display(), reason_of(.cause))]
    NotRead { path: PathBuf, cause: io::Error },
    #[error("{}: no such run folder; `convscope runs list` lists the runs", .path.display())]
    NotFound { path: PathBuf },
    #[error(
        "{}: expected a run folder, but it has no {missing}; training creates run folders under runs/",
        .path.display()
    )]
    NotARun {
        path: PathBuf,
        missing: &'static str,
    },
    #[error("{}: is not a deleted run; list those with `convscope runs list --deleted`", .path.display())]
    NotDeleted { path: PathBuf },
    #[error("{}: {reason}; the file was changed or damaged after it was written", .path.display())]
    Damaged { path: PathBuf, reason: String },
    #[error(
        "{0}: is being trained by {by}{1}; watch it with o on the screen's Train pane, or copy it to a new run with \
         `convscope runs copy {0}`",
        .path.display(), .by.since()
    )]
    Taken { path: PathBuf, by: TrainedBy },
    #[error(
        "{}: was trained by {by} after it was read here; open it again to continue from its current state",
        .path.display()
    )]
    TrainedOn { path: PathBuf, by: TrainedBy },
    #[error(
        "{}: is being trained by {by}, and changes too fast to be copied; try again, or copy it when that run has ended",
        .path.display()
    )]
    Restless { path: PathBuf, by: TrainedBy },
}

impl RunError {
    /// Whether a file is missing.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::NotRead { cause, .. } if cause.kind() == io::ErrorKind::NotFound)
    }
}
