//! Slurm's own commands.

use std::io::{ErrorKind, Read};
use std::process::{Command, Stdio};

use crate::wording::reason_of;

/// The longest output that is read.
const LONGEST: u64 = 32 << 20;

/// Runs a command to its end, and returns what it printed.
///
/// # Errors
/// If it is not there or fails; with its own words.
pub fn run(name: &str, arguments: &[String]) -> Result<String, String> {
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::null());
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            format!("{name}: no such command; use a machine from which jobs are submitted, or --executor local")
        }
        _ => format!("{name}: {}", reason_of(&error)),
    })?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    // Both at once, so that neither waits for the other.
    let err = std::thread::spawn(move || read(err));
    let out = read(out);
    let is_whole = out.len() as u64 <= LONGEST;
    if !is_whole {
        // It may have ended.
        let _ = child.kill();
    }
    let status = child
        .wait()
        .map_err(|error| format!("{name}: {}", reason_of(&error)))?;
    let said = err.join().unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    match (is_whole, status.success()) {
        (false, _) => Err(format!("{name}: printed more than {} MB", LONGEST >> 20)),
        (true, true) => Ok(String::from_utf8_lossy(&out).into_owned()),
        (true, false) => {
            let reason = said.lines().map(str::trim).find(|line| !line.is_empty());
            let reason = reason.map_or_else(|| format!("ended with {status}"), str::to_owned);
            // `sbatch: error: invalid partition`, of which this says the beginning.
            let words = reason.strip_prefix(&format!("{name}: ")).unwrap_or(&reason);
            let words = words.strip_prefix("error: ").unwrap_or(words);
            Err(format!("{name}: {words}"))
        }
    }
}

fn read(from: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        // What was read before an error is all there is.
        let _ = from.take(LONGEST + 1).read_to_end(&mut bytes);
    }
    bytes
}
