//! Why a sweep cannot be started, resumed or read.

use std::io;
use std::path::{Path, PathBuf};

use crate::runs::RunError;

/// Why a sweep cannot be started, resumed or read; each message includes its cause.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each message describes its variant")]
pub enum SweepError {
    /// A mistake in a sweep's file; with its name and line.
    #[error("{0}")]
    File(String),
    #[error("{}: expected a sweep folder, but it has no {missing}; `convscope sweep list` shows where sweeps are", .path.display())]
    NotASweep {
        path: PathBuf,
        missing: &'static str,
    },
    #[error(
        "{}: is already run by {by}; see it with `convscope sweep status`, or stop it with `convscope sweep cancel`",
        .path.display()
    )]
    Taken { path: PathBuf, by: String },
    #[error("{}: {reason}; the file was changed or damaged after it was written", .path.display())]
    Damaged { path: PathBuf, reason: String },
    #[error("{}: cannot be written: {cause}; free some space or choose a writable folder", .path.display())]
    NotWritten { path: PathBuf, cause: io::Error },
    #[error("{}: cannot be read: {cause}; check the path and its permissions", .path.display())]
    NotRead { path: PathBuf, cause: io::Error },
    #[error("{}: cannot be started: {cause}; run `convscope sweep resume` yourself", .program.display())]
    NotStarted { program: PathBuf, cause: io::Error },
    #[error(transparent)]
    Run(#[from] RunError),
}

impl SweepError {
    pub(super) fn not_written(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        |cause| Self::NotWritten {
            path: path.to_owned(),
            cause,
        }
    }

    pub(super) fn not_read(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        |cause| Self::NotRead {
            path: path.to_owned(),
            cause,
        }
    }
}
