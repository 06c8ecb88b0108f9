//! The log to attach to bug reports: what the program did, if requested, and every panic in any case. In a file, never on the screen.

use std::backtrace::Backtrace;
use std::fmt::{self, Write as _};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;

pub use tracing::level_filters::LevelFilter;

use crate::folders;

/// A log file that grows past this size is rotated to `.old`, replacing an earlier one: at most twice as much is kept.
const MOST_BYTES: u64 = 4_000_000;

/// The requested file.
static CHOSEN: OnceLock<PathBuf> = OnceLock::new();

/// Whether the log contains a panic of this process.
static HAS_PANIC: AtomicBool = AtomicBool::new(false);

/// The log file: the requested one, or the user's default, on Linux `~/.local/state/convscope/convscope.log`.
pub fn path() -> Option<PathBuf> {
    let of_user = || Some(folders::state_of_user()?.join("convscope.log"));
    CHOSEN.get().cloned().or_else(of_user)
}

/// Logs from now on at this level, to `file` or else to the user's log. With [`LevelFilter::OFF`] only panics are logged. Takes effect
/// once per process.
///
/// # Errors
/// If the file cannot be written.
pub fn start(level: LevelFilter, file: Option<PathBuf>) -> io::Result<()> {
    if let Some(file) = file {
        let _ = CHOSEN.set(std::path::absolute(file)?);
    }
    if level == LevelFilter::OFF {
        return Ok(());
    }
    let path = path().ok_or_else(|| io::Error::other("home folder not found"))?;
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .with_thread_names(true)
        // It would report a full disk on the screen.
        .log_internal_errors(false)
        .with_writer(Mutex::new(LogFile::open(&path)?));
    let _ = tracing::subscriber::set_global_default(subscriber.finish());
    Ok(())
}

/// The log file, if it contains a panic of this process.
pub fn file_of_panic() -> Option<PathBuf> {
    path().filter(|_| HAS_PANIC.load(Ordering::Relaxed))
}

/// Adds a panic to the log with its message, location and backtrace; for the panic hook. Errors are ignored.
pub fn keep_panic(information: &PanicHookInfo<'_>) {
    let record = format!(
        "{} PANIC in convscope {} on {} {}, thread {}\n{information}\nkeep_panic is at {:p}\n{:#}\n",
        jiff::Timestamp::now(),
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        thread::current().name().unwrap_or("unnamed"),
        // A stripped program has no function names, but the distances from this address are those in a build that has them.
        keep_panic as *const (),
        Backtrace::force_capture(),
    );
    // Opened again: the thread that panicked may hold the logger's file.
    let kept = path().is_some_and(|path| {
        LogFile::open(&path).is_ok_and(|mut file| file.write_all(record.as_bytes()).is_ok())
    });
    HAS_PANIC.fetch_or(kept, Ordering::Relaxed);
}

/// The leading names of a value's debug text, such as `Data(Start`: its variant without its contents.
pub fn kind(value: &impl fmt::Debug) -> String {
    struct Names(String);

    impl fmt::Write for Names {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            let is_name = |letter: char| letter.is_alphanumeric() || "_(".contains(letter);
            let end = text.find(|letter| !is_name(letter));
            self.0.push_str(&text[..end.unwrap_or(text.len())]);
            // An error stops the formatting early.
            end.map_or(Ok(()), |_| Err(fmt::Error))
        }
    }

    let mut names = Names(String::new());
    let _ = write!(names, "{value:?}");
    names.0
}

/// An append-only file of limited size.
struct LogFile {
    path: PathBuf,
    file: File,
    bytes: u64,
}

impl LogFile {
    fn open(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        Ok(Self {
            path: path.to_owned(),
            bytes: file.metadata()?.len(),
            file,
        })
    }
}

impl Write for LogFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes > MOST_BYTES {
            let mut aside = self.path.clone().into_os_string();
            aside.push(".old");
            fs::rename(&self.path, aside)?;
            *self = Self::open(&self.path)?;
        }
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Panics change what the whole process does, so a test that panics on purpose does so in a process of its own.
#[cfg(test)]
pub mod testing {
    use std::path::PathBuf;
    use std::process::Command;
    use std::{env, fs};

    const IS_ALONE: &str = "CONVSCOPE_TEST_IS_ALONE";

    /// What a test left that ran alone.
    pub struct Left {
        /// As it printed it.
        pub stdout: String,
        /// As it printed it.
        pub stderr: String,
        /// Where the log is.
        pub file: PathBuf,
        /// Its contents.
        pub log: String,
    }

    /// Runs the test of this name once more, in a process and with a log of its own; `None` in that process.
    pub fn alone(test: &str) -> Option<Left> {
        if env::var_os(IS_ALONE).is_some() {
            return None;
        }
        let home = tempfile::tempdir().unwrap();
        let output = Command::new(env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"])
            .env(IS_ALONE, "1")
            .env("HOME", home.path())
            .env_remove("XDG_STATE_HOME")
            .env_remove("RUST_BACKTRACE")
            .output()
            .unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert!(stdout.contains("1 passed"), "{test}: {stdout}");
        let file = home.path().join(".local/state/convscope/convscope.log");
        Some(Left {
            stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
            log: fs::read_to_string(&file).unwrap_or_default(),
            file,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    #[allow(dead_code, reason = "shown, not read")]
    enum Command {
        Pause,
        Data(Start),
        Images { count: usize },
    }

    #[derive(Debug)]
    #[allow(dead_code, reason = "shown, not read")]
    struct Start {
        job: usize,
    }

    #[test]
    fn a_kind_is_the_name_alone() {
        let kinds = [
            Command::Pause,
            Command::Data(Start { job: 1 }),
            Command::Images { count: 2 },
        ];
        assert_eq!(
            kinds.map(|command| kind(&command)),
            ["Pause", "Data(Start", "Images"]
        );
    }

    #[test]
    fn the_file_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/log.txt");
        let mut file = LogFile::open(&path).unwrap();
        let line = [b'x'; 1000];
        for _ in 0..3 * MOST_BYTES / 1000 {
            file.write_all(&line).unwrap();
        }
        let length = |path: &Path| fs::metadata(path).unwrap().len();
        let names = fs::read_dir(folder.path().join("a")).unwrap();
        assert_eq!(names.count(), 2, "the file and the one before it");
        assert_eq!(
            length(&folder.path().join("a/log.txt.old")),
            MOST_BYTES + 1000
        );
        assert!(length(&path) <= MOST_BYTES + 1000);
        // Opened again, it is appended to.
        let before = length(&path);
        LogFile::open(&path).unwrap().write_all(&line).unwrap();
        assert_eq!(length(&path), before + 1000);
    }
}
