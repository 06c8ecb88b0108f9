//! One run's folder on disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;

use super::at_once::at_once;
use super::error::RunError;
use super::files::whole_lines;
use super::lock::{self, Known};
use super::notes::RunNotes;
use super::record::{RunRecord, TestRecord};
use super::trained_by::TrainedBy;
use super::weights::{self, WeightsNote};
use super::writer::RunWriter;
use crate::data::as_file_name;
use crate::network::NamedWeights;
use crate::text_file::without_mark;
use crate::training::{Checkpoint, EpochMetrics, FinalTest, Position, is_edited_name, plain_name};

pub(super) const RECORD: &str = "run.yaml";
pub(super) const METRICS: &str = "metrics.jsonl";
pub(super) const BEST: &str = "best.safetensors";
pub(super) const LAST: &str = "last.safetensors";
pub(super) const STATE: &str = "last.state";
pub(super) const CONFUSION: &str = "confusion.csv";
pub(super) const TEST: &str = "test.json";

/// The prefixes of tensor names in `last.state`: weights, their running average, and the optimizer's tensors.
pub(super) const STATE_WEIGHTS: &str = "weights:";
pub(super) const STATE_AVERAGE: &str = "average:";
pub(super) const STATE_OPTIMIZER: &str = "optimizer:";

/// The maximum number of runs of one name that can start in the same second.
const MOST_IN_A_SECOND: usize = 1000;
/// The maximum length of a run's name in a folder's name.
const MOST_LETTERS: usize = 60;

/// A folder that holds a run. Methods that read a file fail if it is missing, unless it is optional, or cannot be read or parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Creates `<runs_folder>/<date>-<time>-<name>/` with its `run.yaml`, for this process to write; date and time are local. A second
    /// run of one name in the same second gets the suffix `-2`, and so on.
    ///
    /// # Errors
    /// If it cannot be created or written; it is then removed.
    pub fn create(
        runs_folder: &Path,
        record: &RunRecord,
        notes: &RunNotes,
    ) -> Result<RunWriter, RunError> {
        Self::make(runs_folder, record, |writer| {
            writer.save_record(record)?;
            match notes.is_empty() {
                true => Ok(()),
                false => writer.save_notes(notes),
            }
        })
    }

    /// Creates the folder of a run with this record, and lets `fill` write in it.
    ///
    /// # Errors
    /// If it cannot be created or filled; it is then removed.
    pub(super) fn make(
        runs_folder: &Path,
        record: &RunRecord,
        fill: impl FnOnce(&RunWriter) -> Result<(), RunError>,
    ) -> Result<RunWriter, RunError> {
        let not_made = |cause| RunError::NotMade {
            path: runs_folder.to_owned(),
            cause,
        };
        fs::create_dir_all(runs_folder).map_err(not_made)?;
        let folder = Self {
            path: make_unique(runs_folder, &folder_name(record)).map_err(not_made)?,
        };
        let path = folder.path.clone();
        let filled = RunWriter::of(folder, Known::Nothing).and_then(|writer| {
            fill(&writer)?;
            Ok(writer)
        });
        filled.map_err(|error| {
            // If it cannot be removed either, the first error is enough.
            let _ = fs::remove_dir_all(path);
            match error {
                RunError::NotWritten { cause, .. } => not_made(cause),
                error => error,
            }
        })
    }

    /// Opens the run folder at `path`.
    ///
    /// # Errors
    /// If there is none.
    pub fn open(path: &Path) -> Result<Self, RunError> {
        let path = path.to_owned();
        let folder = Self { path: path.clone() };
        let missing = RECORD;
        match (folder.is_there(), path.exists()) {
            (true, _) => Ok(folder),
            (false, true) => Err(RunError::NotARun { path, missing }),
            (false, false) => Err(RunError::NotFound { path }),
        }
    }

    /// The run folders in `runs_folder`, oldest first. Other files in it are ignored; a missing folder has none.
    pub fn list(runs_folder: &Path) -> Result<Vec<Self>, RunError> {
        let not_read = |cause| RunError::NotRead {
            path: runs_folder.to_owned(),
            cause,
        };
        let entries = match fs::read_dir(runs_folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(not_read)?,
        };
        let paths = entries.map(|entry| Ok(entry.map_err(not_read)?.path()));
        let paths: Vec<PathBuf> = paths.collect::<Result<_, _>>()?;
        let folders = at_once(&paths, |path| Self::open(path).ok());
        let mut folders: Vec<Self> = folders.into_iter().flatten().collect();
        // Names begin with date and time.
        folders.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(folders)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Acquires the exclusive right to write in it, for as long as the writer lives.
    ///
    /// # Errors
    /// If another process holds it, or the folder cannot be written.
    pub fn claim(&self) -> Result<RunWriter, RunError> {
        RunWriter::of(self.clone(), Known::Nothing)
    }

    /// As [`claim`](Self::claim), for a caller that read the folder when `latest` was its last writer.
    ///
    /// # Errors
    /// If another process holds the right to write, or has held it since.
    pub fn claim_after(&self, latest: Option<&TrainedBy>) -> Result<RunWriter, RunError> {
        RunWriter::of(self.clone(), Known::Latest(latest))
    }

    /// The process that is training the run, if any.
    pub fn trained_by(&self) -> Option<TrainedBy> {
        lock::holder(&self.path)
    }

    /// The process that trained the run last, or still does; `None` in folders of earlier versions.
    pub fn trained_last_by(&self) -> Option<TrainedBy> {
        lock::latest(&self.path)
    }

    /// When the run's state was last written; a different time means a different state.
    pub fn state_time(&self) -> Option<SystemTime> {
        self.time_of(STATE)
    }

    /// Whether the files of the latest epoch are complete: its line in `metrics.jsonl` is written first and `last.state` last, so that a
    /// process that was killed between them leaves an older state.
    pub fn is_settled(&self) -> bool {
        self.time_of(STATE) >= self.time_of(METRICS)
    }

    fn time_of(&self, file: &str) -> Option<SystemTime> {
        fs::metadata(self.file(file)).ok()?.modified().ok()
    }

    /// The run's record, with its name corrected.
    pub fn record(&self) -> Result<RunRecord, RunError> {
        let record: Result<RunRecord, _> =
            serde_yaml::from_slice(without_mark(&self.read(RECORD)?));
        let record = record.map_err(|error| self.damaged(RECORD, error.to_string()))?;
        Ok(record.judged())
    }

    /// Adds a measurement of the test set to `run.yaml`.
    ///
    /// # Errors
    /// If another process is training the run, or the file cannot be read or written.
    pub fn note_test(&self, test: TestRecord) -> Result<(), RunError> {
        let writer = self.claim()?;
        let mut record = writer.record()?;
        record.tests.push(test);
        writer.save_record(&record)
    }

    /// Whether it exists, with its `run.yaml`.
    pub fn is_there(&self) -> bool {
        self.file(RECORD).is_file()
    }

    /// The epochs so far. An incomplete last line, as a power cut may leave it, is skipped.
    pub fn metrics(&self) -> Result<Vec<EpochMetrics>, RunError> {
        let content = self.read_if_there(METRICS)?.unwrap_or_default();
        whole_lines(&content)
            .split(|&byte| byte == b'\n')
            .enumerate()
            .filter(|(_, line)| !line.is_empty())
            .map(|(index, line)| {
                serde_json::from_slice(line)
                    .map_err(|error| self.damaged(METRICS, format!("line {}: {error}", index + 1)))
            })
            .collect()
    }

    /// The test set's figures, if they were measured at the end.
    pub fn test(&self) -> Result<Option<FinalTest>, RunError> {
        let read = |content: Vec<u8>| serde_json::from_slice(&content);
        let test = self.read_if_there(TEST)?.map(read).transpose();
        test.map_err(|error| self.damaged(TEST, error.to_string()))
    }

    /// The text of `confusion.csv`, if there is one.
    pub fn confusion(&self) -> Result<Option<String>, RunError> {
        let table = self.read_if_there(CONFUSION)?;
        Ok(table.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The weights of the epoch with the highest validation accuracy.
    pub fn best_weights(&self) -> Result<(Vec<NamedWeights>, WeightsNote), RunError> {
        self.weights(BEST)
    }

    /// The latest weights of the run.
    pub fn last_weights(&self) -> Result<(Vec<NamedWeights>, WeightsNote), RunError> {
        self.weights(LAST)
    }

    /// The checkpoint from which the run can be resumed exactly.
    pub fn checkpoint(&self) -> Result<Checkpoint, RunError> {
        let (tensors, position): (_, Position) =
            weights::decode(&self.read(STATE)?).map_err(|reason| self.damaged(STATE, reason))?;
        let mut checkpoint = Checkpoint {
            weights: Vec::new(),
            average: Vec::new(),
            optimizer: Vec::new(),
            position,
        };
        for mut tensor in tensors {
            let of = [
                (STATE_WEIGHTS, &mut checkpoint.weights),
                (STATE_AVERAGE, &mut checkpoint.average),
                (STATE_OPTIMIZER, &mut checkpoint.optimizer),
            ];
            for (start, tensors) in of {
                if let Some(name) = tensor.name.strip_prefix(start) {
                    tensor.name = name.to_owned();
                    tensors.push(tensor);
                    break;
                }
            }
        }
        Ok(checkpoint)
    }

    pub(super) fn weights(&self, file: &str) -> Result<(Vec<NamedWeights>, WeightsNote), RunError> {
        weights::decode(&self.read(file)?).map_err(|reason| self.damaged(file, reason))
    }

    /// The note in a weights or state file, without its tensors.
    pub(super) fn note<N: DeserializeOwned>(&self, file: &str) -> Result<N, RunError> {
        weights::decode_note(&self.read(file)?).map_err(|reason| self.damaged(file, reason))
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>, RunError> {
        let path = self.file(name);
        fs::read(&path).map_err(|cause| RunError::NotRead { path, cause })
    }

    pub(super) fn read_if_there(&self, name: &str) -> Result<Option<Vec<u8>>, RunError> {
        match self.read(name) {
            Err(error) if error.is_missing() => Ok(None),
            read => read.map(Some),
        }
    }

    pub(super) fn damaged(&self, name: &str, reason: String) -> RunError {
        RunError::Damaged {
            path: self.file(name),
            reason,
        }
    }
}

fn make_unique(runs_folder: &Path, name: &str) -> io::Result<PathBuf> {
    for number in 1..=MOST_IN_A_SECOND {
        let path = match number {
            1 => runs_folder.join(name),
            number => runs_folder.join(format!("{name}-{number}")),
        };
        match fs::create_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| path),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// `20251123-125203-fashion-bn4`
fn folder_name(record: &RunRecord) -> String {
    let started = Timestamp::to_zoned(record.started, TimeZone::system());
    let name = match record.name.as_str() {
        "" => &record.preset.name,
        name => name,
    };
    format!(
        "{}-{}",
        started.strftime("%Y%m%d-%H%M%S"),
        name_in_folder(name)
    )
}

/// A run's name in its folder's name: `fashion-bn4-edited`.
pub(super) fn name_in_folder(name: &str) -> String {
    let ending = if is_edited_name(name) { "-edited" } else { "" };
    let plain = as_file_name(plain_name(name), MOST_LETTERS, "_-");
    match plain.is_empty() {
        true => format!("network{ending}"),
        false => plain + ending,
    }
}
