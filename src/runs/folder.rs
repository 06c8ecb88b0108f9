//! One run's folder on disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;

use super::error::RunError;
use super::files::whole_lines;
use super::lock::{self, Known, TrainedBy};
use super::notes::RunNotes;
use super::record::{RunRecord, TestRecord};
use super::weights::{self, WeightsNote};
use super::writer::RunWriter;
use crate::data::as_file_name;
use crate::network::NamedWeights;
use crate::training::{Checkpoint, EpochMetrics, FinalTest, Position, is_edited_name, plain_name};

pub(super) const RECORD: &str = "run.yaml";
pub(super) const METRICS: &str = "metrics.jsonl";
pub(super) const BEST: &str = "best.safetensors";
pub(super) const LAST: &str = "last.safetensors";
pub(super) const STATE: &str = "last.state";
pub(super) const CONFUSION: &str = "confusion.csv";
pub(super) const TEST: &str = "test.json";

/// Begins the names, in `last.state`, of weights, of their running average and of the optimizer's tensors.
pub(super) const STATE_WEIGHTS: &str = "weights:";
pub(super) const STATE_AVERAGE: &str = "average:";
pub(super) const STATE_OPTIMIZER: &str = "optimizer:";

/// How many runs of one name may start in the same second.
const MOST_IN_A_SECOND: usize = 1000;
/// Letters of a run's name that a folder's name takes over.
const MOST_LETTERS: usize = 60;

/// A folder that holds a run. Each method that reads a file of it is an error where that file is not there, unless it may be missing, or
/// cannot be read or understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Makes `<runs_folder>/<date>-<time>-<name>/` with its `run.yaml`, for this process to write; date and time are local. A second
    /// run of one name in one second gets `-2` at its end, and so on.
    ///
    /// # Errors
    /// Where it cannot be made or written to; nothing is left of it then.
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

    /// Makes the folder of a run that starts with this record, and lets `fill` write in it.
    ///
    /// # Errors
    /// Where it cannot be made, or filled; nothing is left of it then.
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
            // If it cannot be removed either, the error says enough.
            let _ = fs::remove_dir_all(path);
            match error {
                RunError::NotWritten { cause, .. } => not_made(cause),
                error => error,
            }
        })
    }

    /// The run folder at `path`.
    ///
    /// # Errors
    /// Where there is none.
    pub fn open(path: &Path) -> Result<Self, RunError> {
        let path = path.to_owned();
        let folder = Self { path: path.clone() };
        let missing = RECORD;
        match folder.is_there() {
            true => Ok(folder),
            false => Err(RunError::NotARun { path, missing }),
        }
    }

    /// The run folders in `runs_folder`, oldest first; other things in it are passed over, and where it is missing there are none.
    pub fn list(runs_folder: &Path) -> Result<Vec<Self>, RunError> {
        let not_read = |cause| RunError::NotRead {
            path: runs_folder.to_owned(),
            cause,
        };
        let entries = match fs::read_dir(runs_folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(not_read)?,
        };
        let mut folders = Vec::new();
        for entry in entries {
            folders.extend(Self::open(&entry.map_err(not_read)?.path()));
        }
        // Names begin with date and time.
        folders.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(folders)
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the right to write in it, for as long as the writer lives.
    ///
    /// # Errors
    /// Where another process has it, or the folder cannot be written.
    pub fn claim(&self) -> Result<RunWriter, RunError> {
        RunWriter::of(self.clone(), Known::Nothing)
    }

    /// As [`claim`](Self::claim), for one who read the folder when it was `latest` who had written in it.
    ///
    /// # Errors
    /// Where another process has the right, or has had it since.
    pub fn claim_after(&self, latest: Option<&TrainedBy>) -> Result<RunWriter, RunError> {
        RunWriter::of(self.clone(), Known::Latest(latest))
    }

    /// Who trains the run now, if anyone does.
    pub fn trained_by(&self) -> Option<TrainedBy> {
        lock::holder(&self.path)
    }

    /// Who trained the run last, whether it still does or not; nobody in a folder of an earlier version of the program.
    pub fn trained_last_by(&self) -> Option<TrainedBy> {
        lock::latest(&self.path)
    }

    /// When the run's state was last written; another time is another state.
    pub fn state_time(&self) -> Option<SystemTime> {
        let state = fs::metadata(self.file(STATE)).ok()?;
        state.modified().ok()
    }

    /// What the run was started with, under the name that is right for it.
    pub fn record(&self) -> Result<RunRecord, RunError> {
        let record: Result<RunRecord, _> = serde_yaml::from_slice(&self.read(RECORD)?);
        let record = record.map_err(|error| self.damaged(RECORD, error.to_string()))?;
        Ok(record.judged())
    }

    /// Adds a measurement of the test set to `run.yaml`.
    ///
    /// # Errors
    /// Where another process trains the run, or the file cannot be read or written.
    pub fn note_test(&self, test: TestRecord) -> Result<(), RunError> {
        let writer = self.claim()?;
        let mut record = writer.record()?;
        record.tests.push(test);
        writer.save_record(&record)
    }

    /// Whether it is there, with its `run.yaml`.
    pub fn is_there(&self) -> bool {
        self.file(RECORD).is_file()
    }

    /// The epochs so far. A last line that was cut short, as a power cut may leave it, is passed over.
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

    /// The test set's figures, where they were measured at the end.
    pub fn test(&self) -> Result<Option<FinalTest>, RunError> {
        let read = |content: Vec<u8>| serde_json::from_slice(&content);
        let test = self.read_if_there(TEST)?.map(read).transpose();
        test.map_err(|error| self.damaged(TEST, error.to_string()))
    }

    /// `confusion.csv`, where there is one.
    pub fn confusion(&self) -> Result<Option<String>, RunError> {
        let table = self.read_if_there(CONFUSION)?;
        Ok(table.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The weights of the epoch with the highest validation accuracy.
    pub fn best_weights(&self) -> Result<(Vec<NamedWeights>, WeightsNote), RunError> {
        self.weights(BEST)
    }

    /// The weights that the run ended with, or has reached.
    pub fn last_weights(&self) -> Result<(Vec<NamedWeights>, WeightsNote), RunError> {
        self.weights(LAST)
    }

    /// What going on exactly where the run stands needs.
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

    /// What a file of weights or of state says of itself, without its tensors.
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

/// A run's name as the folder's name has it: `fashion-bn4-edited`.
pub(super) fn name_in_folder(name: &str) -> String {
    let ending = if is_edited_name(name) { "-edited" } else { "" };
    let plain = as_file_name(plain_name(name), MOST_LETTERS, "_-");
    match plain.is_empty() {
        true => format!("network{ending}"),
        false => plain + ending,
    }
}
