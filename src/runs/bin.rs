//! Renames, deletes and restores runs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::digest::RunDigest;
use super::error::RunError;
use super::folder::{RunFolder, name_in_folder};

/// In the runs folder: deleted runs, until the bin is emptied.
const BIN: &str = ".bin";
/// Letters of date and time at the beginning of a folder's name: `20251123-125203-`.
const DATE_AND_TIME: usize = 16;

/// The deleted runs, oldest first.
///
/// # Errors
/// If the bin cannot be read.
pub fn deleted(runs_folder: &Path) -> Result<Vec<RunFolder>, RunError> {
    RunFolder::list(&runs_folder.join(BIN))
}

/// The deleted runs as [`list`](super::list) reads them, newest first.
///
/// # Errors
/// If the bin cannot be read.
pub fn list_deleted(runs_folder: &Path) -> Result<Vec<RunDigest>, RunError> {
    super::list(&runs_folder.join(BIN))
}

/// Removes the deleted runs permanently, and returns their number.
///
/// # Errors
/// If a run cannot be removed; those before it are gone.
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
    /// If a process is training it, or it cannot be moved; it is then unchanged.
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
    /// If it is not in a bin, or cannot be moved; it is then unchanged.
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

    /// Renames the run's folder; its date and time stay.
    ///
    /// # Errors
    /// If a process is training it, or it cannot be renamed; it is then unchanged.
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

    /// The folder's name.
    fn title(&self) -> String {
        super::summary::title_of(self.path())
    }

    /// The folder that contains it.
    fn runs_folder(&self) -> PathBuf {
        match self.path().parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        }
    }

    /// Moves it to a free name while no other process can write in it.
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
        unreachable!("there is always another number")
    }
}
