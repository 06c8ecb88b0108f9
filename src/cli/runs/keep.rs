//! What a person does with runs that are there: `note`, `tag`, `rename`, `archive`, `delete`, `restore`, `empty-bin`.

use std::path::PathBuf;

use clap::Args;

use super::super::Action;
use super::super::arguments::RunsArgument;
use super::super::failure::Failure;
use super::super::output::line;
use crate::runs::{RunError, RunFolder, RunNotes, empty_bin, tag};
use crate::wording::counted;

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
struct Folders {
    /// The run folders
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<PathBuf>,
}

impl Folders {
    /// Opens all before anything is done to the first.
    fn open(&self) -> Result<Vec<RunFolder>, Failure> {
        let runs = self.runs.iter();
        runs.map(|run| RunFolder::open(run).map_err(Failure::input))
            .collect()
    }

    fn change(&self, change: impl Fn(&mut RunNotes)) -> Result<(), Failure> {
        for folder in self.open()? {
            let mut notes = folder.notes().map_err(Failure::input)?;
            change(&mut notes);
            folder.save_notes(&notes).map_err(Failure::input)?;
        }
        Ok(())
    }

    /// Moves each, and prints where it is now.
    fn move_each(
        &self,
        go: impl Fn(&RunFolder) -> Result<RunFolder, RunError>,
    ) -> Result<(), Failure> {
        for folder in self.open()? {
            let now = go(&folder).map_err(Failure::input)?;
            line(&now.path().display().to_string())?;
        }
        Ok(())
    }
}

/// Write a note about a run; an empty one removes it
#[derive(Debug, Args)]
pub struct NoteArguments {
    /// The run folder
    run: PathBuf,
    /// The note
    note: String,
}

impl Action for NoteArguments {
    fn run(self) -> Result<(), Failure> {
        let runs = vec![self.run];
        Folders { runs }.change(|notes| notes.note.clone_from(&self.note))
    }
}

/// Add tags to runs, or remove them
#[derive(Debug, Args)]
pub struct TagArguments {
    #[command(flatten)]
    folders: Folders,
    /// A tag to add; can be repeated
    #[arg(long, value_name = "TAG", value_parser = tag, required_unless_present = "remove")]
    add: Vec<String>,
    /// A tag to remove; can be repeated
    #[arg(long, value_name = "TAG")]
    remove: Vec<String>,
}

impl Action for TagArguments {
    fn run(self) -> Result<(), Failure> {
        let Self {
            folders,
            add,
            remove,
        } = self;
        folders.change(|notes| {
            notes.tags.extend(add.iter().cloned());
            notes.tags.retain(|tag| !remove.contains(tag));
        })
    }
}

/// Rename a run's folder; its date and time stay
#[derive(Debug, Args)]
pub struct RenameArguments {
    /// The run folder
    run: PathBuf,
    /// The new name
    name: String,
}

impl Action for RenameArguments {
    fn run(self) -> Result<(), Failure> {
        let runs = vec![self.run];
        Folders { runs }.move_each(|folder| folder.rename(&self.name))
    }
}

/// Leave runs out of lists without deleting them
#[derive(Debug, Args)]
pub struct ArchiveArguments {
    #[command(flatten)]
    folders: Folders,
    /// List them again
    #[arg(long)]
    undo: bool,
}

impl Action for ArchiveArguments {
    fn run(self) -> Result<(), Failure> {
        let Self { folders, undo } = self;
        folders.change(|notes| notes.archived = !undo)
    }
}

/// Move runs to the bin, from which `runs restore` brings them back
#[derive(Debug, Args)]
pub struct DeleteArguments {
    #[command(flatten)]
    folders: Folders,
}

impl Action for DeleteArguments {
    fn run(self) -> Result<(), Failure> {
        self.folders.move_each(RunFolder::delete)
    }
}

/// Bring deleted runs back from the bin
#[derive(Debug, Args)]
pub struct RestoreArguments {
    #[command(flatten)]
    folders: Folders,
}

impl Action for RestoreArguments {
    fn run(self) -> Result<(), Failure> {
        self.folders.move_each(RunFolder::restore)
    }
}

/// Remove deleted runs for good
#[derive(Debug, Args)]
pub struct EmptyBinArguments {
    #[command(flatten)]
    runs: RunsArgument,
}

impl Action for EmptyBinArguments {
    fn run(self) -> Result<(), Failure> {
        let removed = empty_bin(&self.runs.folder).map_err(Failure::input)?;
        line(&format!("{} removed", counted(removed, "run")))
    }
}
