//! The exclusive right to write in a run folder: one process at a time holds a lock, which the system releases when it ends, however it
//! ends.
//!
//! The lock is an advisory one (`flock`) on `writer.lock`, a file that is never removed and names its current or last holder. On a file
//! system without such locks the file `writer.claim` is used instead, which exists while someone writes: it is sound too, but outlives
//! a process that is killed, and must then be removed by hand.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::error::RunError;

const LOCK: &str = "writer.lock";
const CLAIM: &str = "writer.claim";

/// Checking whether a run is being written holds the lock for a moment; a writer retries this many times.
const ATTEMPTS: usize = 10;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(20);

/// The process that trains a run, or trained it last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainedBy {
    /// Its process ID; 0 if unknown.
    pub process: u32,
    /// The name of its machine.
    pub host: String,
    /// When it acquired the run.
    pub since: Timestamp,
}

impl TrainedBy {
    fn this_process() -> Self {
        Self {
            process: process::id(),
            host: host(),
            since: Timestamp::now(),
        }
    }

    /// A process that left no name.
    fn unknown() -> Self {
        Self {
            process: 0,
            host: String::new(),
            since: Timestamp::UNIX_EPOCH,
        }
    }

    /// ` since 14:03`, in local time, with the date if that is not today's.
    pub fn since(&self) -> String {
        if self.process == 0 {
            return String::new();
        }
        let local = |time: Timestamp| time.to_zoned(TimeZone::system());
        let (since, now) = (local(self.since), local(Timestamp::now()));
        let format = match since.date() == now.date() {
            true => "%H:%M",
            false => "%Y-%m-%d %H:%M",
        };
        format!(" since {}", since.strftime(format))
    }
}

impl fmt::Display for TrainedBy {
    /// `process 4242 on build-host`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.process {
            0 => f.write_str("another process"),
            process => write!(f, "process {process} on {}", self.host),
        }
    }
}

fn host() -> String {
    #[cfg(unix)]
    return rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    #[cfg(not(unix))]
    return std::env::var("COMPUTERNAME").unwrap_or_else(|_| "this machine".to_owned());
}

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
    /// By `writer.claim`.
    Claimed,
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
            Held::Claimed => self.folder.join(CLAIM).exists(),
        };
        if !is_there && self.folder.is_dir() {
            *held = acquire(&self.folder, &self.by, Known::Latest(Some(&self.by)))?;
        }
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let held = self.held.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Held::Claimed = held {
            // If it cannot be removed, the next writer reports it.
            let _ = fs::remove_file(self.folder.join(CLAIM));
        }
    }
}

/// The process that is writing in `folder`. A folder that cannot be read has none.
pub(super) fn holder(folder: &Path) -> Option<TrainedBy> {
    let Ok(mut file) = File::open(folder.join(LOCK)) else {
        return claimant(folder);
    };
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(read(&mut file).unwrap_or_else(TrainedBy::unknown)),
        Ok(()) | Err(TryLockError::Error(_)) => claimant(folder),
    }
}

/// The process that wrote in `folder` last, or still does.
pub(super) fn latest(folder: &Path) -> Option<TrainedBy> {
    read(&mut File::open(folder.join(LOCK)).ok()?)
}

fn claimant(folder: &Path) -> Option<TrainedBy> {
    let is_claimed = folder.join(CLAIM).exists();
    is_claimed.then(|| latest(folder).unwrap_or_else(TrainedBy::unknown))
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
        let claimed = || RunError::Claimed {
            path: folder.to_owned(),
            by: before.clone().unwrap_or_else(TrainedBy::unknown),
            claim: folder.join(CLAIM),
        };
        if is_locked && folder.join(CLAIM).exists() {
            return Err(claimed());
        }
        if let (Known::Latest(expected), Some(before)) = (known, &before)
            && expected != Some(before)
        {
            return Err(RunError::TrainedOn {
                path: folder.to_owned(),
                by: before.clone(),
            });
        }
        if !is_locked {
            match File::create_new(folder.join(CLAIM)) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    return Err(claimed());
                }
                made => drop(made.map_err(not_written)?),
            }
        }
        write(&mut file, by).map_err(not_written)?;
        return Ok(match is_locked {
            true => Held::Locked(file),
            false => Held::Claimed,
        });
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
        File::create_new(path.join(CLAIM)).unwrap();
        let first = Lock {
            folder: path.to_owned(),
            by: by.clone(),
            held: Mutex::new(Held::Claimed),
        };
        first.keep().unwrap();
        assert_eq!(holder(path), Some(by));
        let message = take(path).unwrap_err().to_string();
        for part in ["process", "no longer runs", CLAIM] {
            assert!(message.contains(part), "{part}: {message}");
        }
        drop(first);
        assert_eq!(holder(path), None);
        take(path).unwrap();
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

    #[test]
    fn times_of_another_day_come_with_their_date() {
        let by = TrainedBy {
            process: 7,
            host: "here".to_owned(),
            since: "2020-02-03T12:05:06Z".parse().unwrap(),
        };
        assert!(by.since().starts_with(" since 2020-02-0"), "{}", by.since());
        let now = TrainedBy::this_process().since();
        assert_eq!(now.len(), " since 14:03".len(), "{now}");
        assert_eq!(TrainedBy::unknown().to_string(), "another process");
    }
}
