//! What can go wrong with a run folder: which file, what happened, what to do.

use std::io;
use std::path::PathBuf;

/// Why a run folder could not be made, written or read.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(
        "{}: a run folder cannot be made here: {source}; name a folder that you may write to, with --out on the command line",
        .path.display()
    )]
    NotMade { path: PathBuf, source: io::Error },
    #[error(
        "{}: cannot be written: {source}; what was there before is kept: make room or mend the folder, then go on",
        .path.display()
    )]
    NotWritten { path: PathBuf, source: io::Error },
    #[error("{}: cannot be read: {source}; check the path and its permissions", .path.display())]
    NotRead { path: PathBuf, source: io::Error },
    #[error(
        "{}: expected a run folder, which holds {missing}; run folders are made by training, under runs/",
        .path.display()
    )]
    NotARun {
        path: PathBuf,
        missing: &'static str,
    },
    #[error("{}: {reason}; the file was changed or damaged after it was written", .path.display())]
    Damaged { path: PathBuf, reason: String },
}

impl RunError {
    /// Whether a file is not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::NotRead { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}
