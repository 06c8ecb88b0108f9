//! Lists the runs of a folder without reading every run again: an index beside them, which may be deleted at any time.
//!
//! `.index.jsonl` in the runs folder holds what was read of each run, with the times and sizes of its files; a run whose files changed is read
//! again. The index is replaced as a whole; if it cannot be written, lists are only slower.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use tracing::debug;

use super::at_once::at_once;
use super::digest::{RunDigest, RunState};
use super::error::RunError;
use super::folder::{METRICS, RECORD, RunFolder};
use crate::data::replace_file;

const INDEX: &str = ".index.jsonl";
/// Version of the index; another one is ignored.
const FORMAT: u32 = 1;
/// A file that changed more recently may change again within the resolution of its time: the run is not indexed yet.
const SETTLES: Duration = Duration::from_secs(2);
/// The longest line that is read.
const LONGEST_LINE: u64 = 1 << 20;

/// Times and sizes of a run's files: the folder's time changes with every file that is replaced; the other two grow or are edited in place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Stand {
    folder: u128,
    record: (u128, u64),
    metrics: (u128, u64),
}

#[derive(Serialize, Deserialize)]
struct Line {
    format: u32,
    /// Name of the run folder.
    run: OsString,
    stand: Stand,
    digest: RunDigest,
}

/// All runs in a folder, newest first.
///
/// # Errors
/// If the folder cannot be read; a missing folder has no runs.
pub fn list(runs_folder: &Path) -> Result<Vec<RunDigest>, RunError> {
    let folders = RunFolder::list(runs_folder)?;
    let mut known = read(runs_folder);
    let now = SystemTime::now();
    let stands = at_once(&folders, |folder| stand(folder, now));
    let found: Vec<(RunFolder, Option<Stand>, Option<RunDigest>)> = folders
        .into_iter()
        .zip(stands)
        .rev()
        .map(|(folder, stand)| {
            let kept = folder.path().file_name().and_then(|run| known.remove(run));
            let kept = kept.filter(|(then, _)| Some(then) == stand.as_ref());
            (folder, stand, kept.map(|(_, digest)| digest))
        })
        .collect();
    let is_new = |(_, stand, digest): &(_, Option<Stand>, Option<RunDigest>)| {
        digest.is_none() && stand.is_some()
    };
    let changed = found.iter().any(is_new) || !known.is_empty();
    let runs: Vec<(Option<Stand>, RunDigest)> = found
        .into_par_iter()
        .map(|(folder, stand, digest)| {
            let mut digest = match digest {
                None => RunDigest::of(&folder),
                Some(digest) => digest,
            };
            digest.folder = folder.path().to_owned();
            // Continuing a finished run changes its record first.
            if digest.state() != RunState::Finished {
                digest.trained_by = folder.trained_by();
            }
            (stand, digest)
        })
        .collect();
    if changed && !runs.is_empty() {
        write(runs_folder, &runs);
    }
    Ok(runs.into_iter().map(|(_, digest)| digest).collect())
}

/// Times and sizes of a run's files; `None` if a file changed too recently.
fn stand(folder: &RunFolder, now: SystemTime) -> Option<Stand> {
    let whole = fs::metadata(folder.path()).ok()?;
    let record = fs::metadata(folder.file(RECORD)).ok()?;
    let metrics = fs::metadata(folder.file(METRICS)).ok();
    let latest = [Some(&whole), Some(&record), metrics.as_ref()]
        .into_iter()
        .flatten()
        .filter_map(|file| file.modified().ok())
        .max()?;
    let is_settled = now.duration_since(latest).is_ok_and(|age| age > SETTLES);
    is_settled.then(|| Stand {
        folder: time(&whole),
        record: (time(&record), record.len()),
        metrics: metrics.map_or((0, 0), |file| (time(&file), file.len())),
    })
}

fn time(file: &Metadata) -> u128 {
    let modified = file.modified().ok();
    let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos())
}

/// The contents of the index; empty if it is missing or of another version.
fn read(runs_folder: &Path) -> HashMap<OsString, (Stand, RunDigest)> {
    let Ok(file) = File::open(runs_folder.join(INDEX)) else {
        return HashMap::new();
    };
    let mut lines = Vec::new();
    let mut reader = BufReader::new(file);
    loop {
        let mut line = Vec::new();
        let mut limited = std::io::Read::take(&mut reader, LONGEST_LINE);
        match limited.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => break,
            Ok(_) => lines.push(line),
        }
    }
    lines
        .par_iter()
        .filter_map(|line| serde_json::from_slice::<Line>(line).ok())
        .filter(|line| line.format == FORMAT)
        .map(|line| (line.run, (line.stand, line.digest)))
        .collect()
}

fn write(runs_folder: &Path, runs: &[(Option<Stand>, RunDigest)]) {
    let lines: Vec<String> = runs
        .par_iter()
        .filter_map(|(stand, digest)| {
            let line = Line {
                format: FORMAT,
                run: digest.folder.file_name()?.to_owned(),
                stand: stand.clone()?,
                digest: RunDigest {
                    trained_by: None,
                    ..digest.clone()
                },
            };
            Some(serde_json::to_string(&line).ok()? + "\n")
        })
        .collect();
    let path = runs_folder.join(INDEX);
    if let Err(error) = replace_file(&path, lines.concat().as_bytes()) {
        debug!(?path, %error, "the index was not written");
    }
}
