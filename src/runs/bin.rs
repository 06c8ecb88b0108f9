//! Runs that are renamed, thrown away and brought back.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::RunError;
use super::folder::{RunFolder, name_in_folder};

/// In the folder of the run folders: runs that were deleted, until the bin is emptied.
const BIN: &str = ".bin";
/// Letters of date and time at the beginning of a folder's name: `20251123-125203-`.
const DATE_AND_TIME: usize = 16;

/// The runs in the bin, oldest first.
///
/// # Errors
/// Where it cannot be read.
pub fn deleted(runs_folder: &Path) -> Result<Vec<RunFolder>, RunError> {
    RunFolder::list(&runs_folder.join(BIN))
}

/// Removes everything in the bin for good, and tells how many runs that were.
///
/// # Errors
/// Where something cannot be removed; what was removed before it is gone.
pub fn empty_bin(runs_folder: &Path) -> Result<usize, RunError> {
    let runs = deleted(runs_folder)?;
    for run in &runs {
        let path = run.path().to_owned();
        fs::remove_dir_all(&path).map_err(|cause| RunError::NotWritten { path, cause })?;
    }
    Ok(runs.len())
}

impl RunFolder {
    /// Moves the run to the bin beside the run folders.
    ///
    /// # Errors
    /// Where a process trains it, or it cannot be moved; it is where it was then.
    pub fn delete(&self) -> Result<Self, RunError> {
        let bin = self.runs_folder().join(BIN);
        let not_made = |cause| RunError::NotMade {
            path: bin.clone(),
            cause,
        };
        fs::create_dir_all(&bin).map_err(not_made)?;
        self.move_to(&bin, &self.title())
    }

    /// Moves the run from the bin back to the run folders.
    ///
    /// # Errors
    /// Where it is in no bin, or cannot be moved; it is where it was then.
    pub fn restore(&self) -> Result<Self, RunError> {
        let bin = self.runs_folder();
        match bin.file_name().is_some_and(|name| name == BIN) {
            true => {
                let runs = bin.parent().unwrap_or(Path::new(""));
                self.move_to(runs, &self.title())
            }
            false => Err(RunError::NotDeleted {
                path: self.path().to_owned(),
            }),
        }
    }

    /// Gives the run's folder another name behind its date and time.
    ///
    /// # Errors
    /// Where a process trains it, or it cannot be renamed; it keeps its name then.
    pub fn rename(&self, name: &str) -> Result<Self, RunError> {
        let title = self.title();
        let has_date = title.get(..DATE_AND_TIME).filter(|date| {
            let mut letters = date.bytes().enumerate();
            letters.all(|(at, letter)| match at {
                8 | 15 => letter == b'-',
                _ => letter.is_ascii_digit(),
            })
        });
        let new = format!("{}{}", has_date.unwrap_or_default(), name_in_folder(name));
        if new == title {
            return Ok(self.clone());
        }
        self.move_to(&self.runs_folder(), &new)
    }

    /// The folder's own name.
    fn title(&self) -> String {
        super::summary::title_of(self.path())
    }

    /// The folder that it lies in.
    fn runs_folder(&self) -> PathBuf {
        match self.path().parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        }
    }

    /// Moves it under a name that is not taken yet, while nobody else can write in it.
    fn move_to(&self, folder: &Path, name: &str) -> Result<Self, RunError> {
        let _writer = self.claim()?;
        let free = (1..).map(|number| match number {
            1 => folder.join(name),
            number => folder.join(format!("{name}-{number}")),
        });
        for path in free {
            if path.exists() {
                continue;
            }
            return match fs::rename(self.path(), &path) {
                // Someone was faster.
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => continue,
                Err(cause) => Err(RunError::NotWritten { path, cause }),
                Ok(()) => Self::open(&path),
            };
        }
        unreachable!("numbers do not end")
    }
}
