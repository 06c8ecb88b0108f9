//! `slurm.jsonl`: the array jobs that were submitted for a sweep, one a line.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::data::replace_file;
use crate::sweep::folder::SweepFolder;
use crate::wording::reason_of;

const FILE: &str = "slurm.jsonl";
/// The longest file that is read.
const LONGEST: u64 = 1 << 20;

/// An array job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its number.
    #[serde(rename = "job")]
    pub number: u64,
    /// Of its array.
    pub tasks: usize,
    /// When it was submitted.
    pub submitted: Timestamp,
}

impl Job {
    /// One that was submitted now.
    pub fn now(number: u64, tasks: usize) -> Self {
        Self {
            number,
            tasks,
            submitted: Timestamp::now(),
        }
    }
}

/// All jobs of a sweep, in the order in which they were submitted.
pub struct Jobs(Vec<Job>);

impl Jobs {
    /// Those in a sweep's folder. A line that is no job is skipped.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(folder: &SweepFolder) -> Result<Self, String> {
        let path = folder.path().join(FILE);
        let failed = |error| format!("{}: cannot be read: {}", path.display(), reason_of(&error));
        let file = match File::open(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self(Vec::new())),
            file => file.map_err(failed)?,
        };
        let mut jobs = Vec::new();
        for line in BufReader::new(file.take(LONGEST)).lines() {
            jobs.extend(serde_json::from_str::<Job>(&line.map_err(failed)?));
        }
        Ok(Self(jobs))
    }

    /// Adds one, and replaces the file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, folder: &SweepFolder, job: &Job) -> Result<(), String> {
        self.0.push(job.clone());
        let lines = self
            .0
            .iter()
            .map(|job| serde_json::to_string(job).expect("a job has only string keys") + "\n");
        let text: String = lines.collect();
        let path = folder.path().join(FILE);
        replace_file(&path, text.as_bytes()).map_err(|error| {
            format!(
                "{}: cannot be written: {}; job {} was submitted and trains the sweep all the same",
                path.display(),
                reason_of(&error),
                job.number
            )
        })
    }

    /// Their numbers.
    pub fn numbers(&self) -> Vec<u64> {
        self.0.iter().map(|job| job.number).collect()
    }
}
