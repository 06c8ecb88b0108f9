//! The folder that an archive is unpacked into, and the room that there is.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::ArchiveProblem;
use crate::data::error::{DataError, Problem};
use crate::wording::{bytes, reason_of};

/// The most files and folders of an archive: each takes a place on the disk, even if it is empty.
const MOST_ENTRIES: usize = 2_000_000;

/// The beginning of its name.
const PREFIX: &str = "convscope-unpacked-";

/// The file in it that is locked as long as it is in use.
const LOCK: &str = "lock";

/// A folder that is removed with everything in it.
pub(super) struct Temporary {
    root: PathBuf,
    /// The most bytes that are unpacked into it.
    most: u64,
    /// Whether a lack of space, and not the limit, sets `most`.
    is_short: bool,
    most_entries: usize,
    _lock: File,
    folder: TempDir,
}

impl Temporary {
    /// A folder that ends in `name`, for at most `limit` bytes.
    pub fn new(name: &str, limit: u64) -> Result<Self, DataError> {
        Self::new_in(&std::env::temp_dir(), name, limit)
    }

    fn new_in(place: &Path, name: &str, limit: u64) -> Result<Self, DataError> {
        remove_abandoned(place);
        let made = || {
            let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(place)?;
            // Never there without being locked.
            let unlocked = folder.path().join("unlocked");
            let lock = File::create(&unlocked)?;
            // Not every file system has locks.
            if lock.lock().is_ok() {
                fs::rename(&unlocked, folder.path().join(LOCK))?;
            }
            // Names that are derived from it have no links in them.
            let root = folder.path().canonicalize()?.join(name);
            fs::create_dir(&root)?;
            Ok((folder, lock, root))
        };
        let (folder, lock, root) = made().map_err(|error: io::Error| no_room(place, &error))?;
        let free = free_bytes(&root);
        Ok(Self {
            root,
            _lock: lock,
            folder,
            most: 0,
            is_short: false,
            most_entries: MOST_ENTRIES,
        }
        .within(limit, free))
    }

    fn within(self, limit: u64, free: u64) -> Self {
        Self {
            most: limit.min(free),
            is_short: free < limit,
            ..self
        }
    }

    /// The folder for what is unpacked.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The most bytes that may be written.
    pub fn most(&self) -> u64 {
        self.most
    }

    /// The most files and folders that may be made.
    pub fn most_entries(&self) -> usize {
        self.most_entries
    }

    #[cfg(test)]
    pub fn with_most_entries(self, most_entries: usize) -> Self {
        Self {
            most_entries,
            ..self
        }
    }

    /// An empty folder that is removed at the latest with this one.
    pub fn beside(&self) -> io::Result<TempDir> {
        TempDir::new_in(self.folder.path())
    }

    /// The error for an archive of more bytes than may be written.
    pub fn too_large(&self, archive: &Path, expected: u64) -> DataError {
        match self.is_short {
            true => {
                let reason = format!("only {} are free", bytes(self.most));
                Problem::from(ArchiveProblem::NoRoom(reason)).at(self.place().display())
            }
            false => Problem::TooLarge {
                expected,
                limit: self.most,
            }
            .at(archive.display()),
        }
    }

    /// The error of a failure to write.
    pub fn unwritable(&self, error: &io::Error) -> DataError {
        no_room(self.place(), error)
    }

    fn place(&self) -> &Path {
        self.folder.path().parent().unwrap_or(self.folder.path())
    }
}

fn no_room(place: &Path, error: &io::Error) -> DataError {
    Problem::from(ArchiveProblem::NoRoom(reason_of(error))).at(place.display())
}

fn free_bytes(folder: &Path) -> u64 {
    let told = rustix::fs::statvfs(folder);
    told.map_or(u64::MAX, |told| told.f_bavail.saturating_mul(told.f_frsize))
}

/// Removes what a program left that was ended by force.
fn remove_abandoned(place: &Path) {
    let entries = fs::read_dir(place).into_iter().flatten().flatten();
    for folder in entries.map(|entry| entry.path()) {
        let name = folder.file_name().unwrap_or_default();
        if !name.as_encoded_bytes().starts_with(PREFIX.as_bytes()) {
            continue;
        }
        let lock = File::open(folder.join(LOCK));
        let is_abandoned = lock.is_ok_and(|lock| lock.try_lock().is_ok());
        if is_abandoned && let Err(error) = fs::remove_dir_all(&folder) {
            // Another program may have been faster.
            let is_gone = error.kind() == ErrorKind::NotFound;
            tracing::debug!(folder = %folder.display(), is_gone, "an abandoned folder stays");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stays_but_what_is_in_use() {
        let place = tempfile::tempdir().unwrap();
        let count = || fs::read_dir(place.path()).unwrap().count();
        // What a program left that was ended by force, and what is none of ours.
        let left = place.path().join(format!("{PREFIX}left"));
        fs::create_dir_all(left.join("photos")).unwrap();
        fs::write(left.join(LOCK), "").unwrap();
        fs::create_dir(place.path().join("other")).unwrap();
        let first = Temporary::new_in(place.path(), "photos", 10).unwrap();
        assert!(first.root().ends_with("photos") && !left.exists());
        let second = Temporary::new_in(place.path(), "photos", 10).unwrap();
        assert_eq!(count(), 3);
        drop(first);
        fs::write(second.root().join("1.png"), "").unwrap();
        drop(second);
        assert_eq!(count(), 1);
    }

    #[test]
    fn a_lack_of_space_is_told_as_one() {
        let place = tempfile::tempdir().unwrap();
        let new = || Temporary::new_in(place.path(), "photos", 10).unwrap();
        let archive = Path::new("photos.zip");
        let told = |temporary: Temporary| temporary.too_large(archive, 5_000_001).to_string();
        let (limited, short) = (new().within(100, 200), new().within(200, 5_000_000));
        assert_eq!((limited.most(), short.most()), (100, 200));
        assert!(told(limited).starts_with("photos.zip: decompresses to 5000001 bytes"));
        let short = new().within(u64::MAX, 5_000_000);
        assert_eq!(
            told(short),
            format!(
                "{}: an archive cannot be unpacked here: only 5.0 MB are free; free some space, or set TMPDIR to another folder",
                place.path().display()
            )
        );
        let none = place.path().join("none");
        let error = Temporary::new_in(&none, "photos", 10).err().unwrap();
        assert!(
            error.to_string().contains("no such file or folder"),
            "{error}"
        );
    }
}
