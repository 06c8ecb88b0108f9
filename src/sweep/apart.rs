//! Running a sweep in a process of its own, which outlives the one that starts it.

use std::fs::OpenOptions;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use super::error::SweepError;
use super::folder::SweepFolder;

/// Runs what is left of a sweep with `program`, in a session of its own: closing the terminal does not end it. Its messages are appended to
/// the sweep's [log](SweepFolder::log).
///
/// # Errors
/// If the log cannot be written or the process not be started.
pub fn run_apart(program: &Path, folder: &SweepFolder) -> Result<(), SweepError> {
    let path = folder.log();
    let log = OpenOptions::new().create(true).append(true).open(&path);
    let log = log.map_err(SweepError::not_written(&path))?;
    let started = Command::new(program)
        .args(["sweep", "resume", "--own-session", "--"])
        .arg(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn();
    let mut child = started.map_err(|cause| SweepError::NotStarted {
        program: program.to_owned(),
        cause,
    })?;
    // Its end is waited for, or it would stay in the table of processes for as long as this one lives.
    thread::spawn(move || child.wait());
    Ok(())
}
