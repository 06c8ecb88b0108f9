//! Writing to a run's folder.

use std::fs;
use std::io;
use std::ops::Deref;

use tracing::debug;

use super::error::RunError;
use super::files::append_line;
use super::folder::{
    BEST, CONFUSION, LAST, METRICS, RECORD, RunFolder, STATE, STATE_AVERAGE, STATE_OPTIMIZER,
    STATE_WEIGHTS, TEST,
};
use super::lock::{Known, Lock};
use super::record::RunRecord;
use super::trained_by::TrainedBy;
use super::weights::{self, WeightsNote};
use crate::data::replace_file;
use crate::training::{Checkpoint, EpochMetrics, FinalTest};

/// The exclusive right to write in a run's folder: no other writer of the folder can exist, in this process or another, before this one
/// is dropped or its process has ended. Its methods fail if a file cannot be written; that file is then unchanged.
#[derive(Debug)]
pub struct RunWriter {
    folder: RunFolder,
    lock: Lock,
}

impl Deref for RunWriter {
    type Target = RunFolder;

    fn deref(&self) -> &RunFolder {
        &self.folder
    }
}

impl RunWriter {
    pub(super) fn of(folder: RunFolder, known: Known<'_>) -> Result<Self, RunError> {
        let lock = Lock::take(folder.path(), known)?;
        Ok(Self { folder, lock })
    }

    /// The folder.
    pub fn folder(&self) -> &RunFolder {
        &self.folder
    }

    /// This process, as named to others.
    pub fn by(&self) -> &TrainedBy {
        self.lock.by()
    }

    /// Replaces `run.yaml`.
    pub fn save_record(&self, record: &RunRecord) -> Result<(), RunError> {
        let text = serde_yaml::to_string(record).expect("a record has only string keys");
        self.replace(RECORD, text.as_bytes())
    }

    /// Appends an epoch to `metrics.jsonl`.
    pub fn append(&self, metrics: &EpochMetrics) -> Result<(), RunError> {
        self.lock.keep()?;
        let line = serde_json::to_string(metrics).expect("metrics have only string keys");
        append_line(&self.file(METRICS), &line).map_err(|cause| self.not_written(METRICS, cause))
    }

    /// Replaces `metrics.jsonl`.
    pub fn replace_metrics(&self, epochs: &[EpochMetrics]) -> Result<(), RunError> {
        let lines = epochs.iter().map(|metrics| {
            serde_json::to_string(metrics).expect("metrics have only string keys") + "\n"
        });
        self.replace(METRICS, lines.collect::<String>().as_bytes())
    }

    /// Replaces `test.json`.
    pub fn save_test(&self, test: &FinalTest) -> Result<(), RunError> {
        let text = serde_json::to_string(test).expect("a test has only string keys");
        self.replace(TEST, (text + "\n").as_bytes())
    }

    /// Replaces `best.safetensors`.
    pub fn save_best(&self, network: &str, best: &Checkpoint) -> Result<(), RunError> {
        self.save_weights(BEST, network, best)
    }

    /// Replaces `last.safetensors` and `last.state`.
    ///
    /// `last.state` holds the weights too, so that a run is resumed from one file, which a crash between two files cannot make
    /// inconsistent.
    pub fn save_last(&self, network: &str, last: &Checkpoint) -> Result<(), RunError> {
        self.save_weights(LAST, network, last)?;
        let tensors = weights::prefixed(STATE_WEIGHTS, &last.weights)
            .chain(weights::prefixed(STATE_AVERAGE, &last.average))
            .chain(weights::prefixed(STATE_OPTIMIZER, &last.optimizer));
        self.replace(STATE, &weights::encode(tensors, &last.position))
    }

    /// Replaces `confusion.csv`.
    pub fn save_confusion(&self, csv: &str) -> Result<(), RunError> {
        self.replace(CONFUSION, csv.as_bytes())
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
            data: checkpoint.position.trained_on.clone(),
        };
        let tensors = weights::prefixed("", checkpoint.evaluated());
        self.replace(file, &weights::encode(tensors, &note))
    }

    /// Creates a folder in it, unless it exists.
    pub(super) fn make_folder(&self, name: &str) -> Result<(), RunError> {
        match fs::create_dir(self.file(name)) {
            Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => {
                Err(self.not_written(name, cause))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn replace(&self, name: &str, content: &[u8]) -> Result<(), RunError> {
        self.lock.keep()?;
        let path = self.file(name);
        debug!(?path, bytes = content.len(), "replaced");
        replace_file(&path, content).map_err(|cause| self.not_written(name, cause))
    }

    fn not_written(&self, name: &str, cause: io::Error) -> RunError {
        RunError::NotWritten {
            path: self.file(name),
            cause,
        }
    }
}
