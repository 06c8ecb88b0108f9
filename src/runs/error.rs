//! What can go wrong with a run folder: which file, what happened, what to do.

use std::io;
use std::path::PathBuf;

use super::lock::TrainedBy;

/// Why a run folder could not be made, written or read. Each sentence tells its cause itself, so none has a source to be told after it.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each sentence tells what its variant is")]
pub enum RunError {
    #[error(
        "{}: a run folder cannot be made here: {cause}; name a folder that you may write to, with --runs on the command line",
        .path.display()
    )]
    NotMade { path: PathBuf, cause: io::Error },
    #[error(
        "{}: cannot be written: {cause}; what was there before is kept: make room or mend the folder, then go on",
        .path.display()
    )]
    NotWritten { path: PathBuf, cause: io::Error },
    #[error("{}: cannot be read: {cause}; check the path and its permissions", .path.display())]
    NotRead { path: PathBuf, cause: io::Error },
    #[error(
        "{}: expected a run folder, which holds {missing}; run folders are made by training, under runs/",
        .path.display()
    )]
    NotARun {
        path: PathBuf,
        missing: &'static str,
    },
    #[error("{}: is in no bin; deleted runs are listed by `convscope runs list --deleted`", .path.display())]
    NotDeleted { path: PathBuf },
    #[error("{}: {reason}; the file was changed or damaged after it was written", .path.display())]
    Damaged { path: PathBuf, reason: String },
    #[error(
        "{0}: is being trained by {by}{1}; watch it on the screen, with o on the Train pane, or copy it to a run of its own with \
         `convscope runs copy {0}`",
        .path.display(), .by.since()
    )]
    Taken { path: PathBuf, by: TrainedBy },
    /// On a file system without locks.
    #[error(
        "{}: is being trained by {by}{}; if that process no longer runs, remove {}, which it left behind because this file system has \
         no locks",
        .path.display(), .by.since(), .claim.display()
    )]
    Claimed {
        path: PathBuf,
        by: TrainedBy,
        claim: PathBuf,
    },
    #[error(
        "{}: was trained on by {by} after it was read here; open it again to go on from where it stands now",
        .path.display()
    )]
    TrainedOn { path: PathBuf, by: TrainedBy },
    #[error(
        "{}: is being trained by {by}, whose epochs are too short to copy it between two of them; try again, or when it has ended",
        .path.display()
    )]
    Restless { path: PathBuf, by: TrainedBy },
}

impl RunError {
    /// Whether a file is not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::NotRead { cause, .. } if cause.kind() == io::ErrorKind::NotFound)
    }
}
