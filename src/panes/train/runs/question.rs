//! What the lists of runs ask the worker: which runs there are, their epochs, and changes of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::runs::{self, RunDigest, RunError, RunFolder, RunSummary};
use crate::worker::{Beside, Desk, Older, Question, Tell};

/// Lists the runs of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRuns {
    pub folder: PathBuf,
    /// Whether to list the deleted runs instead.
    pub deleted: bool,
    /// Another one asks again.
    pub version: u64,
}

impl Question for ListRuns {
    /// The newest first.
    type Answer = Arc<Vec<RunDigest>>;
    type Lane = Beside;
    const PURPOSE: &'static str = "list the runs";

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let found = match self.deleted {
            true => runs::list_deleted(&self.folder),
            false => runs::list(&self.folder),
        };
        tell.tell(Arc::new(found.map_err(|error| error.to_string())?));
        Ok(())
    }
}

/// Reads runs with their epochs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRuns {
    pub folders: Vec<PathBuf>,
}

impl Question for ReadRuns {
    /// Those that are still there, in the order asked for.
    type Answer = Vec<Arc<RunSummary>>;
    type Lane = Beside;
    const PURPOSE: &'static str = "read the runs";

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let mut found = Vec::new();
        for path in &self.folders {
            if !tell.is_wanted() {
                return Ok(());
            }
            if let Ok(folder) = RunFolder::open(path) {
                found.push(Arc::new(RunSummary::of(&folder)));
            }
        }
        tell.tell(found);
        Ok(())
    }
}

/// A change of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Tags(BTreeSet<String>),
    Note(String),
    Archive(bool),
    Rename(String),
    /// Moves it to the bin.
    Delete,
    /// Moves it out of the bin.
    Restore,
}

/// Changes runs, each in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRuns {
    pub folders: Vec<PathBuf>,
    pub change: Change,
}

/// The runs after a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// The folder of each changed run before and after it.
    pub done: Vec<(PathBuf, PathBuf)>,
    /// Why the others are unchanged, a sentence each.
    pub refused: Vec<String>,
}

impl Question for ChangeRuns {
    type Answer = Changed;
    type Lane = Beside;
    const PURPOSE: &'static str = "change the runs";
    const OLDER: Older = Older::Done;

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let mut changed = Changed::default();
        for path in self.folders {
            match self.change.make(&path) {
                Ok(after) => changed.done.push((path, after)),
                Err(error) => changed.refused.push(error.to_string()),
            }
        }
        tell.tell(changed);
        Ok(())
    }
}

impl Change {
    /// Makes the change; returns where the run is after it.
    fn make(&self, path: &Path) -> Result<PathBuf, RunError> {
        let run = RunFolder::open(path)?;
        let after = match self {
            Self::Rename(name) => run.rename(name)?,
            Self::Delete => run.delete()?,
            Self::Restore => run.restore()?,
            Self::Tags(_) | Self::Note(_) | Self::Archive(_) => {
                let mut notes = run.notes()?;
                match self {
                    Self::Tags(tags) => notes.tags.clone_from(tags),
                    Self::Note(note) => notes.note.clone_from(note),
                    Self::Archive(archived) => notes.archived = *archived,
                    Self::Rename(_) | Self::Delete | Self::Restore => {}
                }
                run.save_notes(&notes)?;
                run
            }
        };
        Ok(after.path().to_owned())
    }
}
