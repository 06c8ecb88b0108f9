//! One run's folder on disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::RunError;
use super::files::{append_line, replace, whole_lines};
use super::record::RunRecord;
use super::weights::{self, WeightsNote};
use crate::network::NamedWeights;
use crate::training::{Checkpoint, EpochMetrics, FinalTest, Position, is_edited_name, plain_name};

const RECORD: &str = "run.yaml";
const METRICS: &str = "metrics.jsonl";
const BEST: &str = "best.safetensors";
const LAST: &str = "last.safetensors";
const STATE: &str = "last.state";
const CONFUSION: &str = "confusion.csv";
const TEST: &str = "test.json";

/// Begins the names, in `last.state`, of weights, of their running average and of the optimizer's tensors.
const STATE_WEIGHTS: &str = "weights:";
const STATE_AVERAGE: &str = "average:";
const STATE_OPTIMIZER: &str = "optimizer:";

/// How many runs of one name may start in the same second.
const MOST_IN_A_SECOND: usize = 1000;
/// Letters of a run's name that a folder's name takes over.
const MOST_LETTERS: usize = 60;

/// A folder that holds a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Makes `<runs_folder>/<date>-<time>-<name>/` with its `run.yaml`; date and time are local. A second run of one name in
    /// one second gets `-2` at its end, and so on.
    ///
    /// # Errors
    /// Where it cannot be made or written to; nothing is left of it then.
    pub fn create(runs_folder: &Path, record: &RunRecord) -> Result<Self, RunError> {
        let not_made = |source| RunError::NotMade {
            path: runs_folder.to_owned(),
            source,
        };
        fs::create_dir_all(runs_folder).map_err(not_made)?;
        let folder = Self {
            path: make_unique(runs_folder, &folder_name(record)).map_err(not_made)?,
        };
        replace(&folder.file(RECORD), record_text(record).as_bytes()).map_err(|source| {
            // It holds nothing yet; if it cannot be removed either, the error says enough.
            let _ = fs::remove_dir(&folder.path);
            not_made(source)
        })?;
        Ok(folder)
    }

    /// The run folder at `path`.
    ///
    /// # Errors
    /// Where there is none.
    pub fn open(path: &Path) -> Result<Self, RunError> {
        let folder = Self {
            path: path.to_owned(),
        };
        if folder.file(RECORD).is_file() {
            Ok(folder)
        } else {
            Err(RunError::NotARun {
                path: path.to_owned(),
                missing: RECORD,
            })
        }
    }

    /// The run folders in `runs_folder`, oldest first; other things in it are passed over, and where it is missing there are none.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn list(runs_folder: &Path) -> Result<Vec<Self>, RunError> {
        let not_read = |source| RunError::NotRead {
            path: runs_folder.to_owned(),
            source,
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

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the run was started with, under the name that is right for it.
    ///
    /// # Errors
    /// Where `run.yaml` cannot be read or understood.
    pub fn record(&self) -> Result<RunRecord, RunError> {
        let text = String::from_utf8(self.read(RECORD)?)
            .map_err(|error| self.damaged(RECORD, error.to_string()))?;
        let record: RunRecord =
            serde_yaml::from_str(&text).map_err(|error| self.damaged(RECORD, error.to_string()))?;
        Ok(record.judged())
    }

    /// Whether it is there, with its `run.yaml`.
    pub fn is_there(&self) -> bool {
        self.file(RECORD).is_file()
    }

    /// Replaces `run.yaml`.
    ///
    /// # Errors
    /// Where it cannot be written; the file is as before then.
    pub fn save_record(&self, record: &RunRecord) -> Result<(), RunError> {
        self.replace(RECORD, record_text(record).as_bytes())
    }

    /// The epochs so far. A last line that was cut short, as a power cut may leave it, is passed over.
    ///
    /// # Errors
    /// Where `metrics.jsonl` cannot be read, or a whole line of it cannot be understood.
    pub fn metrics(&self) -> Result<Vec<EpochMetrics>, RunError> {
        if !self.file(METRICS).exists() {
            return Ok(Vec::new());
        }
        whole_lines(&self.read(METRICS)?)
            .split(|&byte| byte == b'\n')
            .enumerate()
            .filter(|(_, line)| !line.is_empty())
            .map(|(index, line)| {
                serde_json::from_slice(line)
                    .map_err(|error| self.damaged(METRICS, format!("line {}: {error}", index + 1)))
            })
            .collect()
    }

    /// Adds an epoch to `metrics.jsonl`.
    ///
    /// # Errors
    /// Where it cannot be written; the file is as before then.
    pub fn append(&self, metrics: &EpochMetrics) -> Result<(), RunError> {
        let line = serde_json::to_string(metrics).expect("metrics have only string keys");
        append_line(&self.file(METRICS), &line).map_err(|source| self.not_written(METRICS, source))
    }

    /// Replaces `metrics.jsonl`.
    ///
    /// # Errors
    /// Where it cannot be written; the file is as before then.
    pub fn replace_metrics(&self, epochs: &[EpochMetrics]) -> Result<(), RunError> {
        let lines = epochs.iter().map(|metrics| {
            serde_json::to_string(metrics).expect("metrics have only string keys") + "\n"
        });
        self.replace(METRICS, lines.collect::<String>().as_bytes())
    }

    /// Replaces `test.json`.
    ///
    /// # Errors
    /// Where it cannot be written; the file is as before then.
    pub fn save_test(&self, test: &FinalTest) -> Result<(), RunError> {
        let text = serde_json::to_string(test).expect("a test has only string keys");
        self.replace(TEST, (text + "\n").as_bytes())
    }

    /// The test set's figures, where they were measured at the end.
    ///
    /// # Errors
    /// Where `test.json` cannot be read or understood.
    pub fn test(&self) -> Result<Option<FinalTest>, RunError> {
        if !self.file(TEST).exists() {
            return Ok(None);
        }
        serde_json::from_slice(&self.read(TEST)?)
            .map(Some)
            .map_err(|error| self.damaged(TEST, error.to_string()))
    }

    /// Replaces `best.safetensors`.
    ///
    /// # Errors
    /// Where it cannot be written; the file is as before then.
    pub fn save_best(&self, network: &str, best: &Checkpoint) -> Result<(), RunError> {
        self.save_weights(BEST, network, best)
    }

    /// Replaces `last.safetensors` and `last.state`.
    ///
    /// `last.state` holds the weights once more, so that what a training goes on from is one file, and a crash between two
    /// files cannot tear it apart.
    ///
    /// # Errors
    /// Where one cannot be written; it is as before then.
    pub fn save_last(&self, network: &str, last: &Checkpoint) -> Result<(), RunError> {
        self.save_weights(LAST, network, last)?;
        let tensors = weights::prefixed(STATE_WEIGHTS, &last.weights)
            .chain(weights::prefixed(STATE_AVERAGE, &last.average))
            .chain(weights::prefixed(STATE_OPTIMIZER, &last.optimizer));
        self.replace(STATE, &weights::encode(tensors, &last.position))
    }

    /// Replaces `confusion.csv`.
    ///
    /// # Errors
    /// Where it cannot be written; the file is as before then.
    pub fn save_confusion(&self, csv: &str) -> Result<(), RunError> {
        self.replace(CONFUSION, csv.as_bytes())
    }

    /// `confusion.csv`, where there is one.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn confusion(&self) -> Result<Option<String>, RunError> {
        if !self.file(CONFUSION).exists() {
            return Ok(None);
        }
        let bytes = self.read(CONFUSION)?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The weights of the epoch with the highest validation accuracy.
    ///
    /// # Errors
    /// Where `best.safetensors` cannot be read or understood.
    pub fn best_weights(&self) -> Result<(Vec<NamedWeights>, WeightsNote), RunError> {
        self.weights(BEST)
    }

    /// The weights that the run ended with, or has reached.
    ///
    /// # Errors
    /// Where `last.safetensors` cannot be read or understood.
    pub fn last_weights(&self) -> Result<(Vec<NamedWeights>, WeightsNote), RunError> {
        self.weights(LAST)
    }

    /// What going on exactly where the run stands needs.
    ///
    /// # Errors
    /// Where `last.state` cannot be read or understood.
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
            if let Some(name) = tensor.name.strip_prefix(STATE_WEIGHTS) {
                tensor.name = name.to_owned();
                checkpoint.weights.push(tensor);
            } else if let Some(name) = tensor.name.strip_prefix(STATE_AVERAGE) {
                tensor.name = name.to_owned();
                checkpoint.average.push(tensor);
            } else if let Some(name) = tensor.name.strip_prefix(STATE_OPTIMIZER) {
                tensor.name = name.to_owned();
                checkpoint.optimizer.push(tensor);
            }
        }
        Ok(checkpoint)
    }

    pub(super) fn save_weights(
        &self,
        file: &str,
        network: &str,
        checkpoint: &Checkpoint,
    ) -> Result<(), RunError> {
        let note = WeightsNote {
            network: network.to_owned(),
            epochs: checkpoint.position.epochs,
            steps: checkpoint.position.steps,
            layout: WeightsNote::LAYOUT.to_owned(),
        };
        let tensors = weights::plain(checkpoint.evaluated());
        self.replace(file, &weights::encode(tensors, &note))
    }

    pub(super) fn weights(&self, file: &str) -> Result<(Vec<NamedWeights>, WeightsNote), RunError> {
        weights::decode(&self.read(file)?).map_err(|reason| self.damaged(file, reason))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, RunError> {
        let path = self.file(name);
        fs::read(&path).map_err(|source| RunError::NotRead { path, source })
    }

    fn replace(&self, name: &str, content: &[u8]) -> Result<(), RunError> {
        replace(&self.file(name), content).map_err(|source| self.not_written(name, source))
    }

    fn not_written(&self, name: &str, source: io::Error) -> RunError {
        RunError::NotWritten {
            path: self.file(name),
            source,
        }
    }

    fn damaged(&self, name: &str, reason: String) -> RunError {
        RunError::Damaged {
            path: self.file(name),
            reason,
        }
    }
}

fn record_text(record: &RunRecord) -> String {
    serde_yaml::to_string(record).expect("a record has only string keys")
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
    format!(
        "{}-{}",
        started.strftime("%Y%m%d-%H%M%S"),
        name_in_folder(&record.preset.name)
    )
}

/// A run's name as the folder's name has it: `fashion-bn4-edited`.
pub(super) fn name_in_folder(name: &str) -> String {
    let ending = if is_edited_name(name) { "-edited" } else { "" };
    as_file_name(plain_name(name)) + ending
}

/// The name with everything but letters, digits, `_` and `-` made `-`, and cut if it is long.
fn as_file_name(name: &str) -> String {
    let plain: String = name
        .chars()
        .take(MOST_LETTERS)
        .map(|letter| match letter {
            '_' | '-' => letter,
            letter if letter.is_ascii_alphanumeric() => letter,
            _ => '-',
        })
        .collect();
    if plain.is_empty() {
        "network".to_owned()
    } else {
        plain
    }
}
