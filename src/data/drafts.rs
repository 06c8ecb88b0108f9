//! Drafts: texts that a running program keeps in case it ends before its work is saved, one file per program, for the next start in the
//! same folder.
//!
//! Beside each file `<name>.json` is `<name>.lock`, which its program holds locked until it ends, however it ends: an unlocked file
//! was left behind.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, process};

use sha2::{Digest, Sha256};

use super::error::{DataError, unwritable};
use super::hex::hex;
use super::whole_file::WholeFile;
use crate::folders;

/// The drafts of one working folder.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    /// Their folder, and the prefix of their names; `None` keeps and finds nothing.
    place: Option<(PathBuf, String)>,
}

/// A draft held by this program: no other program finds it until this is dropped.
#[derive(Debug)]
pub struct HeldDraft {
    file: PathBuf,
    /// Locked while it is open.
    _lock: File,
}

impl Drafts {
    /// The user's own in the folder in which the program was started, on Linux files in `~/.local/state/convscope/drafts`.
    pub fn of_user() -> Self {
        match (folders::state_of_user(), env::current_dir()) {
            (Some(folder), Ok(here)) => Self::at(&folder.join("drafts"), &here),
            _ => Self::default(),
        }
    }

    /// The drafts in `folder` of the working folder `here`.
    pub fn at(folder: &Path, here: &Path) -> Self {
        let digest = Sha256::digest(here.as_os_str().as_encoded_bytes());
        Self {
            place: Some((folder.to_owned(), hex(&digest[..6]))),
        }
    }

    /// A new draft, still without a file; `None` where nothing is kept.
    pub fn begin(&self) -> Result<Option<HeldDraft>, DataError> {
        let Some((folder, start)) = &self.place else {
            return Ok(None);
        };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let name = format!(
            "{start}-{}-{}",
            process::id(),
            now.unwrap_or_default().as_nanos()
        );
        let path = folder.join(&name).with_extension("lock");
        let open = || {
            fs::create_dir_all(folder)?;
            let lock = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&path)?;
            // Where the file system has no locks, the draft is kept all the same.
            let _ = lock.try_lock();
            Ok(lock)
        };
        let lock = open().map_err(unwritable(&path))?;
        Ok(Some(HeldDraft {
            file: folder.join(&name).with_extension("json"),
            _lock: lock,
        }))
    }

    /// Drafts left behind by programs that have ended, the latest first, held from now on.
    pub fn left_behind(&self) -> Vec<HeldDraft> {
        let Some((folder, start)) = &self.place else {
            return Vec::new();
        };
        let files = fs::read_dir(folder).into_iter().flatten().flatten();
        let is_ours = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str());
            let rest = name.and_then(|name| name.strip_prefix(start.as_str()));
            rest.is_some_and(|rest| rest.starts_with('-') && rest.ends_with(".json"))
        };
        let paths = files.map(|entry| entry.path()).filter(is_ours);
        let drafts = paths.filter_map(|path| {
            let draft = HeldDraft::of_nobody(path)?;
            Some((draft.written()?, draft))
        });
        let mut found: Vec<(SystemTime, HeldDraft)> = drafts.collect();
        found.sort_by_key(|(written, _)| std::cmp::Reverse(*written));
        found.into_iter().map(|(_, draft)| draft).collect()
    }
}

impl HeldDraft {
    /// Takes over a file that no running program holds.
    fn of_nobody(file: PathBuf) -> Option<Self> {
        let mut options = OpenOptions::new();
        let lock = options.write(true).create(true).truncate(false);
        let lock = lock.open(file.with_extension("lock")).ok()?;
        let is_held = matches!(lock.try_lock(), Err(TryLockError::WouldBlock));
        (!is_held).then_some(Self { file, _lock: lock })
    }

    /// When its text was written; `None` where there is no text.
    pub fn written(&self) -> Option<SystemTime> {
        fs::metadata(&self.file).ok()?.modified().ok()
    }

    /// Its text; `None` where it cannot be read.
    pub fn read(&self) -> Option<String> {
        fs::read_to_string(&self.file).ok()
    }

    /// Replaces its text, completely or not at all.
    ///
    /// # Errors
    /// Where it cannot be written; the old text is kept.
    pub fn write(&self, text: &str) -> Result<(), DataError> {
        WholeFile::of(&self.file, text)?.finish()
    }

    /// Removes it.
    pub fn remove(self) -> Result<(), DataError> {
        match fs::remove_file(&self.file) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(unwritable(&self.file)(source));
            }
            _ => {}
        }
        // While it is still locked: a program that finds the name free from now on starts a file of its own.
        let _ = fs::remove_file(self.file.with_extension("lock"));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(drafts: &[HeldDraft]) -> Vec<String> {
        drafts.iter().filter_map(HeldDraft::read).collect()
    }

    #[test]
    fn what_a_program_left_behind_is_found_in_its_folder_alone() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let (here, there) = (Path::new("/here"), Path::new("/there"));
        let drafts = Drafts::at(&state, here);
        assert!(drafts.left_behind().is_empty());
        let draft = drafts.begin().unwrap().unwrap();
        draft.write("one").unwrap();
        draft.write("two").unwrap();
        assert!(drafts.left_behind().is_empty(), "its program still runs");
        drop(draft);
        assert!(Drafts::at(&state, there).left_behind().is_empty());
        let found = drafts.left_behind();
        assert_eq!(texts(&found), ["two"]);
        assert!(drafts.left_behind().is_empty(), "one program has it");
        drop(found);
        for draft in drafts.left_behind() {
            draft.remove().unwrap();
        }
        assert_eq!(fs::read_dir(&state).unwrap().count(), 0);
    }

    #[test]
    fn two_programs_in_one_folder_keep_a_draft_each() {
        let folder = tempfile::tempdir().unwrap();
        let drafts = Drafts::at(folder.path(), Path::new("/here"));
        let begin = |text: &str| {
            let draft = drafts.begin().unwrap().unwrap();
            draft.write(text).unwrap();
            draft
        };
        let (one, other) = (begin("one"), begin("other"));
        drop(one);
        assert_eq!(texts(&drafts.left_behind()), ["one"]);
        drop(other);
        let mut both = texts(&drafts.left_behind());
        both.sort();
        assert_eq!(both, ["one", "other"]);
    }

    #[test]
    fn without_a_place_nothing_is_kept() {
        let drafts = Drafts::default();
        assert!(drafts.begin().unwrap().is_none());
        assert!(drafts.left_behind().is_empty());
    }
}
