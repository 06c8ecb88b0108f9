//! The exclusive right to something in a folder, among all processes of all machines that see it.
//!
//! A claim is a file `claim-<number>`, which the system gives to one process only, over a network too; the next claim has the next number.
//! It names its holder, and whether that has released it. A holder that was killed is recognised on its own host by the kernel lock
//! (`flock`) that it held, or by its process ID where there are none; on another host by the time of the file, which the holder sets every
//! [`BEAT`]. Over a network no kernel lock is trusted: many file systems keep those on one host. So no claim outlives its process for long,
//! whatever the file system.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::error::RunError;
use super::lock::LOCK;
use super::trained_by::{TrainedBy, host};

const CLAIM: &str = "claim-";
/// Between two signs of life.
const BEAT: Duration = Duration::from_secs(20);
/// A holder on another host without a sign of life for so long is gone. Other hosts may see a sign a minute late.
const SILENCE: Duration = Duration::from_secs(180);

/// The exclusive right of this process; it ends when this is dropped, or with the process, however that ends.
#[derive(Debug)]
pub struct Claim {
    path: PathBuf,
    line: Line,
    file: Arc<File>,
    before: Before,
    /// Dropped, it ends the signs of life.
    _beat: Option<Sender<()>>,
}

/// What became of the claim before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// There was none.
    Never,
    /// Its holder released it.
    Released,
    /// Its holder ended without releasing it.
    Lost,
}

/// The content of a claim's file.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    by: TrainedBy,
    released: bool,
}

/// The state of a claim's file.
enum State {
    Held(TrainedBy),
    Released,
    Lost,
}

impl Claim {
    /// Acquires the right to `folder`.
    ///
    /// # Errors
    /// If another process has it, or the folder cannot be written.
    pub fn take(folder: &Path) -> Result<Self, RunError> {
        let taken = |by| RunError::Taken {
            path: folder.to_owned(),
            by,
        };
        let latest = latest(folder);
        let (number, before) = match &latest {
            None if folder.join(LOCK).exists() => (0, Before::Released),
            None => (0, Before::Never),
            Some((number, path)) => match State::read(path, folder) {
                State::Held(by) => return Err(taken(by)),
                State::Released => (*number, Before::Released),
                State::Lost => (*number, Before::Lost),
            },
        };
        let line = Line {
            by: TrainedBy::this_process(),
            released: false,
        };
        let path = folder.join(format!("{CLAIM}{}", number + 1));
        let file = match create(&path, folder, &line) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(taken(TrainedBy::unknown()));
            }
            file => file.map_err(|cause| RunError::NotWritten {
                path: path.clone(),
                cause,
            })?,
        };
        // Who was very slow between looking and creating may have created one that was removed already.
        if self::latest(folder).is_some_and(|(latest, _)| latest != number + 1) {
            let _ = fs::remove_file(&path);
            return Err(taken(TrainedBy::unknown()));
        }
        if let Some((_, former)) = latest {
            // What stays is only untidy.
            let _ = fs::remove_file(former);
        }
        let file = Arc::new(file);
        Ok(Self {
            path,
            line,
            before,
            _beat: beat(Arc::clone(&file)),
            file,
        })
    }

    /// What became of the claim before.
    pub fn before(&self) -> Before {
        self.before
    }

    /// The process that has the right to `folder`, if any.
    pub fn holder(folder: &Path) -> Option<TrainedBy> {
        match State::read(&latest(folder)?.1, folder) {
            State::Held(by) => Some(by),
            State::Released | State::Lost => None,
        }
    }

    /// Whether its file is still there.
    pub(super) fn is_there(&self) -> bool {
        self.path.is_file()
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let line = Line {
            released: true,
            ..self.line.clone()
        };
        // If it cannot be written, the end of this process releases it.
        let _ = write(&self.file, &line);
        // The thread that gives signs of life keeps the file open for a moment longer.
        let _ = self.file.unlock();
    }
}

/// The latest claim of a folder.
fn latest(folder: &Path) -> Option<(u64, PathBuf)> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let claims = entries.filter_map(|entry| {
        let name = entry.file_name();
        let number = name.to_str()?.strip_prefix(CLAIM)?.parse::<u64>().ok()?;
        Some((number, entry.path()))
    });
    claims.max_by_key(|(number, _)| *number)
}

impl State {
    fn read(path: &Path, folder: &Path) -> Self {
        let Ok(mut file) = File::open(path) else {
            // Another process has just acquired the next one.
            return Self::Held(TrainedBy::unknown());
        };
        let locked = file.try_lock_shared();
        let mut text = String::new();
        let read = file.read_to_string(&mut text).ok();
        let line = read.and_then(|_| serde_json::from_str(&text).ok());
        match (locked, line) {
            (_, Some(Line { released: true, .. })) => Self::Released,
            (Err(TryLockError::WouldBlock), line) => {
                Self::Held(line.map_or_else(TrainedBy::unknown, |line: Line| line.by))
            }
            (locked, Some(Line { by, .. })) => {
                let is_alive = match (by.host == host(), locked) {
                    (true, Ok(())) => false,
                    (true, Err(_)) => by.runs(),
                    (false, _) => gave_sign(&file, folder),
                };
                if is_alive { Self::Held(by) } else { Self::Lost }
            }
            (_, None) => Self::Lost,
        }
    }
}

/// Creates the file of a claim, which appears whole and locked.
fn create(path: &Path, folder: &Path, line: &Line) -> io::Result<File> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".claim-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any file, less the umask: other users may look.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    // Where there are no locks, others go by the process and by the time.
    let _ = file.as_file().lock();
    write(file.as_file(), line)?;
    // Other hosts see what is synced.
    file.as_file().sync_data()?;
    file.persist_noclobber(path).map_err(|error| error.error)
}

/// Writes the line, always of the same length: a full disk has room for it.
fn write(mut file: &File, line: &Line) -> io::Result<()> {
    use std::io::Seek;
    let mut text = serde_json::to_string(line).expect("it has only string keys");
    if line.released {
        // As long as `false`.
        text.push(' ');
    }
    file.rewind()?;
    file.write_all((text + "\n").as_bytes())
}

/// Gives a sign of life every [`BEAT`] until the sender is dropped; `None` if no thread can be started.
fn beat(file: Arc<File>) -> Option<Sender<()>> {
    let (sender, receiver) = mpsc::channel();
    let beats = move || {
        while receiver.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
            let _ = touch(&file);
        }
    };
    let thread = thread::Builder::new()
        .name("claim".to_owned())
        .stack_size(64 << 10);
    thread.spawn(beats).ok().map(|_| sender)
}

/// Sets the file's time to now, by the clock of whoever keeps the file.
#[cfg(unix)]
fn touch(file: &File) -> io::Result<()> {
    use rustix::fs::{Timespec, Timestamps, UTIME_NOW, UTIME_OMIT, futimens};
    let time = |tv_nsec| Timespec { tv_sec: 0, tv_nsec };
    let times = Timestamps {
        last_access: time(UTIME_OMIT),
        last_modification: time(UTIME_NOW),
    };
    Ok(futimens(file, &times)?)
}

#[cfg(not(unix))]
fn touch(file: &File) -> io::Result<()> {
    file.set_modified(SystemTime::now())
}

/// Whether the holder of the file has given a sign of life lately, by the clock of whoever keeps the file.
fn gave_sign(file: &File, folder: &Path) -> bool {
    let modified = |file: &File| file.metadata().and_then(|data| data.modified());
    let now = tempfile::tempfile_in(folder).and_then(|file| modified(&file));
    let now = now.unwrap_or_else(|_| SystemTime::now());
    modified(file)
        .is_ok_and(|then| now.duration_since(then).is_ok_and(|age| age < SILENCE) || then > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Another host's claim of that age, whose kernel lock this host does not see.
    fn from_elsewhere(folder: &Path, number: u64, age: Duration, released: bool) {
        let by = TrainedBy {
            process: 1,
            host: "elsewhere".to_owned(),
            since: "2026-12-01T00:00:00Z".parse().unwrap(),
        };
        let path = folder.join(format!("{CLAIM}{number}"));
        let file = File::create(path).unwrap();
        write(&file, &Line { by, released }).unwrap();
        file.set_modified(SystemTime::now() - age).unwrap();
    }

    fn files(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }

    #[test]
    fn one_process_at_a_time_has_it_and_the_next_knows_how_it_ended() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        assert_eq!(Claim::holder(path), None);
        let first = Claim::take(path).unwrap();
        assert_eq!(first.before(), Before::Never);
        assert_eq!(Claim::holder(path).as_ref(), Some(&first.line.by));
        let refused = Claim::take(path).unwrap_err();
        assert!(matches!(refused, RunError::Taken { .. }), "{refused}");
        drop(first);
        assert_eq!(Claim::holder(path), None);
        let second = Claim::take(path).unwrap();
        assert_eq!(second.before(), Before::Released);
        assert_eq!(files(path), ["claim-2"]);
        // As when its process is killed: unlocked, and not released.
        let held = path.join("claim-2");
        let line = fs::read(&held).unwrap();
        drop(second);
        fs::write(&held, line).unwrap();
        assert_eq!(Claim::take(path).unwrap().before(), Before::Lost);
    }

    #[test]
    fn of_many_at_once_one_gets_it() {
        let folder = tempfile::tempdir().unwrap();
        for round in 0..20 {
            let claims = thread::scope(|scope| {
                let racers: Vec<_> = (0..8)
                    .map(|_| scope.spawn(|| Claim::take(folder.path()).ok()))
                    .collect();
                let claims = racers.into_iter().filter_map(|racer| racer.join().unwrap());
                claims.collect::<Vec<_>>()
            });
            assert_eq!(claims.len(), 1, "round {round}");
        }
    }

    #[test]
    fn a_holder_elsewhere_is_gone_only_after_a_long_silence() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        from_elsewhere(path, 4, SILENCE / 2, false);
        assert_eq!(Claim::holder(path).unwrap().host, "elsewhere");
        let message = Claim::take(path).unwrap_err().to_string();
        assert!(message.contains("process 1 on elsewhere"), "{message}");
        from_elsewhere(path, 4, SILENCE * 2, false);
        assert_eq!(Claim::holder(path), None);
        assert_eq!(Claim::take(path).unwrap().before(), Before::Lost);
        from_elsewhere(path, 9, Duration::ZERO, true);
        assert_eq!(Claim::take(path).unwrap().before(), Before::Released);
    }

    #[test]
    fn a_sign_of_life_sets_the_time() {
        let folder = tempfile::tempdir().unwrap();
        let claim = Claim::take(folder.path()).unwrap();
        claim.file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert!(!gave_sign(&claim.file, folder.path()));
        touch(&claim.file).unwrap();
        assert!(gave_sign(&claim.file, folder.path()));
    }

    #[test]
    fn a_folder_of_an_earlier_version_was_claimed_before() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(LOCK), "").unwrap();
        let claim = Claim::take(folder.path()).unwrap();
        assert_eq!(claim.before(), Before::Released);
    }
}
