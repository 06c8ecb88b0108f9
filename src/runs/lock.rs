//! The exclusive right to write in a run folder: one process at a time holds a lock, which the system releases when it ends, however it
//! ends.
//!
//! The lock is an advisory one (`flock`) on `writer.lock`, a file that is never removed and names its current or last holder. On a file
//! system without such locks a [`Claim`] is used instead.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::claim::Claim;
use super::error::RunError;
use super::trained_by::TrainedBy;

pub(super) const LOCK: &str = "writer.lock";

/// Checking whether a run is being written holds the lock for a moment; a writer retries this many times.
const ATTEMPTS: usize = 10;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(20);

/// What must hold for a folder before it is written.
#[derive(Clone, Copy)]
pub(super) enum Known<'a> {
    /// Nothing: it is read after the lock is acquired.
    Nothing,
    /// Its last writer is this one, or there is none.
    Latest(Option<&'a TrainedBy>),
}

/// The right to write in a folder; it is released when this is dropped or the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    folder: PathBuf,
    by: TrainedBy,
    held: Mutex<Held>,
}

#[derive(Debug)]
enum Held {
    Locked(File),
    /// Where there are no locks.
    Claimed(Claim),
}

impl Lock {
    /// Acquires the lock of `folder` for this process.
    ///
    /// # Errors
    /// If another process holds it, has held it contrary to what is `known`, or the folder cannot be written.
    pub fn take(folder: &Path, known: Known<'_>) -> Result<Self, RunError> {
        let by = TrainedBy::this_process();
        let held = Mutex::new(acquire(folder, &by, known)?);
        Ok(Self {
            folder: folder.to_owned(),
            by,
            held,
        })
    }

    pub fn by(&self) -> &TrainedBy {
        &self.by
    }

    /// Ensures that the lock is still that of the folder: if the folder was emptied or recreated, the lock is acquired again.
    ///
    /// # Errors
    /// If another process has acquired it since; this one must then not write.
    pub fn keep(&self) -> Result<(), RunError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let is_there = match &*held {
            Held::Locked(file) => is_file(&self.folder.join(LOCK), file),
            Held::Claimed(claim) => claim.is_there(),
        };
        // Two hosts may each have the lock, if their file system does not share locks: the later one has the folder.
        if is_there && let Some(by) = latest(&self.folder).filter(|by| *by != self.by) {
            let path = self.folder.clone();
            return Err(RunError::TrainedOn { path, by });
        }
        if !is_there && self.folder.is_dir() {
            *held = acquire(&self.folder, &self.by, Known::Latest(Some(&self.by)))?;
        }
        Ok(())
    }
}

/// The process that is writing in `folder`. A folder that cannot be read has none.
pub(super) fn holder(folder: &Path) -> Option<TrainedBy> {
    let Ok(mut file) = File::open(folder.join(LOCK)) else {
        return Claim::holder(folder);
    };
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(read(&mut file).unwrap_or_else(TrainedBy::unknown)),
        Ok(()) | Err(TryLockError::Error(_)) => Claim::holder(folder),
    }
}

/// The process that wrote in `folder` last, or still does.
pub(super) fn latest(folder: &Path) -> Option<TrainedBy> {
    read(&mut File::open(folder.join(LOCK)).ok()?)
}

fn acquire(folder: &Path, by: &TrainedBy, known: Known<'_>) -> Result<Held, RunError> {
    let path = folder.join(LOCK);
    let not_written = |cause| RunError::NotWritten {
        path: path.clone(),
        cause,
    };
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    for _ in 0..ATTEMPTS {
        let mut file = options.open(&path).map_err(not_written)?;
        let is_locked = match file.try_lock() {
            Ok(()) if !is_file(&path, &file) => continue,
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => {
                thread::sleep(BETWEEN_ATTEMPTS);
                continue;
            }
            Err(TryLockError::Error(_)) => false,
        };
        let before = read(&mut file);
        if is_locked && let Some(by) = Claim::holder(folder) {
            let path = folder.to_owned();
            return Err(RunError::Taken { path, by });
        }
        if let (Known::Latest(expected), Some(before)) = (known, &before)
            && expected != Some(before)
        {
            return Err(RunError::TrainedOn {
                path: folder.to_owned(),
                by: before.clone(),
            });
        }
        let held = match is_locked {
            true => None,
            false => Some(Claim::take(folder)?),
        };
        write(&mut file, by).map_err(not_written)?;
        return Ok(held.map_or_else(|| Held::Locked(file), Held::Claimed));
    }
    Err(RunError::Taken {
        path: folder.to_owned(),
        by: latest(folder).unwrap_or_else(TrainedBy::unknown),
    })
}

/// The holder named in a lock file; `None` if there is no complete name.
fn read(file: &mut File) -> Option<TrainedBy> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    let (line, _) = text.split_once('\n')?;
    serde_json::from_str(line).ok()
}

fn write(file: &mut File, by: &TrainedBy) -> io::Result<()> {
    let line = serde_json::to_string(by).expect("it has only string keys") + "\n";
    file.rewind()?;
    file.write_all(line.as_bytes())?;
    file.set_len(line.len() as u64)
}

/// Whether `path` still names the open file, which may have been removed.
fn is_file(path: &Path, file: &File) -> bool {
    let (Ok(named), Ok(open)) = (fs::metadata(path), file.metadata()) else {
        return false;
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (named.dev(), named.ino()) == (open.dev(), open.ino())
    }
    #[cfg(not(unix))]
    {
        // An open file keeps its name.
        named.is_file() && open.is_file()
    }
}

#[cfg(test)]
mod tests {
    use std::process;

    use super::*;

    fn take(folder: &Path) -> Result<Lock, RunError> {
        Lock::take(folder, Known::Nothing)
    }

    #[test]
    fn a_second_writer_is_refused_by_name_until_the_first_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        assert_eq!((holder(path), latest(path)), (None, None));
        let first = take(path).unwrap();
        assert_eq!(holder(path).as_ref(), Some(first.by()));
        let message = take(path).unwrap_err().to_string();
        let name = format!("is being trained by process {} on ", process::id());
        assert!(message.contains(&name), "{message}");
        let by = first.by().clone();
        drop(first);
        assert_eq!((holder(path), latest(path)), (None, Some(by)));
        take(path).unwrap();
    }

    #[test]
    fn looking_whether_a_run_is_written_keeps_no_writer_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        drop(take(path).unwrap());
        let looking = File::open(path.join(LOCK)).unwrap();
        looking.try_lock_shared().unwrap();
        assert_eq!(holder(path), None, "two may look at once");
        thread::scope(|scope| {
            let writer = scope.spawn(|| take(path).map(drop));
            drop(looking);
            writer.join().unwrap().unwrap();
        });
    }

    #[test]
    fn who_read_before_another_wrote_may_not_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let ours = take(path).unwrap().by().clone();
        let known = Known::Latest(Some(&ours));
        let again = Lock::take(path, known).unwrap();
        let ours = again.by().clone();
        drop(again);
        assert!(Lock::take(path, Known::Latest(None)).is_err());
        drop(take(path).unwrap());
        let message = Lock::take(path, Known::Latest(Some(&ours))).unwrap_err();
        assert!(message.to_string().contains("open it again"), "{message}");
    }

    #[test]
    fn a_lock_whose_file_was_removed_is_taken_again_unless_another_was_faster() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let first = take(path).unwrap();
        first.keep().unwrap();
        fs::remove_file(path.join(LOCK)).unwrap();
        first.keep().unwrap();
        assert!(take(path).is_err(), "it is held again");
        fs::remove_file(path.join(LOCK)).unwrap();
        let second = take(path).unwrap();
        assert!(matches!(first.keep(), Err(RunError::Taken { .. })));
        drop(second);
        let gone = first.keep().unwrap_err();
        assert!(matches!(gone, RunError::TrainedOn { .. }), "{gone}");
    }

    /// As on a file system without locks.
    #[test]
    fn a_claim_keeps_others_away_and_ends_with_its_writer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let by = TrainedBy::this_process();
        write(&mut File::create(path.join(LOCK)).unwrap(), &by).unwrap();
        let first = Lock {
            folder: path.to_owned(),
            by: by.clone(),
            held: Mutex::new(Held::Claimed(Claim::take(path).unwrap())),
        };
        first.keep().unwrap();
        assert_eq!(holder(path).unwrap().process, by.process);
        let refused = take(path).unwrap_err();
        assert!(matches!(refused, RunError::Taken { .. }), "{refused}");
        drop(first);
        assert_eq!(holder(path), None);
        take(path).unwrap();
    }

    /// As over a network that keeps locks on each host.
    #[test]
    fn a_writer_stops_when_a_host_that_does_not_see_its_lock_has_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let first = take(path).unwrap();
        first.keep().unwrap();
        let other = TrainedBy {
            host: "elsewhere".to_owned(),
            ..TrainedBy::this_process()
        };
        let mut file = OpenOptions::new().write(true).open(path.join(LOCK));
        write(file.as_mut().unwrap(), &other).unwrap();
        let stopped = first.keep().unwrap_err();
        assert!(stopped.to_string().contains("on elsewhere"), "{stopped}");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_cannot_be_written_can_be_looked_at() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        drop(take(path).unwrap());
        let mode = |mode| fs::Permissions::from_mode(mode);
        fs::set_permissions(path.join(LOCK), mode(0o444)).unwrap();
        fs::set_permissions(path, mode(0o555)).unwrap();
        assert_eq!(holder(path), None);
        fs::set_permissions(path, mode(0o755)).unwrap();
    }
}
