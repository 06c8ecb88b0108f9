//! Copies a run in its current state, even while another process trains it.

use std::path::Path;
use std::thread;
use std::time::Duration;

use super::error::RunError;
use super::folder::{BEST, METRICS, RunFolder};
use super::record::{Copied, RunRecord, this_second};
use super::weights::{self, WeightsNote};
use super::writer::RunWriter;
use crate::training::{Best, Checkpoint, EpochMetrics, FinalTest};
use crate::wording::{are, counted};

/// How often, and at which interval, a run in progress is read until its files are consistent.
const ATTEMPTS: usize = 100;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(50);

/// The contents of a run's folder after the epochs in its state.
struct Snapshot {
    record: RunRecord,
    last: Checkpoint,
    epochs: Vec<EpochMetrics>,
    /// The file of the best epoch's weights, if an epoch is done.
    best: Option<Vec<u8>>,
    /// Whether those are from an epoch that is not in the state yet.
    is_late: bool,
    /// The confusion matrix, if it is known to be from the latest of the epochs.
    table: Option<String>,
    test: Option<FinalTest>,
}

impl RunFolder {
    /// Copies the run at its latest state to a new folder in `runs_folder`. Resuming the copy gives bit-identical results to resuming the
    /// run itself.
    ///
    /// # Errors
    /// If it has no state yet, cannot be read, or the copy cannot be written; the copy is then removed.
    pub fn copy(&self, runs_folder: &Path) -> Result<RunFolder, RunError> {
        let snapshot = self.settled()?;
        let record = RunRecord {
            started: this_second(),
            // The sweep goes by the run itself.
            trial: None,
            copied: Some(Copied {
                from: self.path().to_owned(),
                after_epoch: snapshot.epochs.len(),
            }),
            ..snapshot.record.clone()
        };
        let copy = RunFolder::make(runs_folder, &record, |writer| {
            snapshot.write(self, writer)?;
            let notes = self.notes()?;
            if !notes.is_empty() {
                writer.save_notes(&notes)?;
            }
            // Written last: only with it is the folder a run.
            writer.save_record(&record)
        })?;
        Ok(copy.folder().clone())
    }

    /// Reads the run until its files are consistent.
    fn settled(&self) -> Result<Snapshot, RunError> {
        let mut attempts = 0;
        loop {
            let by = self.trained_by();
            let snapshot = self.snapshot();
            // After a crash between two files there is no process to wait for.
            let Some(by) =
                by.filter(|_| snapshot.as_ref().map_or(true, |snapshot| snapshot.is_late))
            else {
                return snapshot;
            };
            attempts += 1;
            if attempts == ATTEMPTS {
                let path = self.path().to_owned();
                return snapshot.and(Err(RunError::Restless { path, by }));
            }
            thread::sleep(BETWEEN_ATTEMPTS);
        }
    }

    /// Reads the state first: it is always written last, so that the other files are from the same epoch or a later one.
    fn snapshot(&self) -> Result<Snapshot, RunError> {
        let last = self.checkpoint()?;
        let done = last.position.epochs;
        let record = self.record()?;
        let mut epochs = self.metrics()?;
        if epochs.len() < done {
            let reason = format!(
                "{} {} done, but it has {}",
                counted(done, "epoch"),
                are(done),
                counted(epochs.len(), "line")
            );
            return Err(self.damaged(METRICS, reason));
        }
        epochs.truncate(done);
        let (best, is_late) = self.best_of(&epochs)?;
        let (table, test) = (self.confusion()?, self.test()?);
        // The line in the metrics is the first that is written for an epoch.
        let has_moved_on = self.metrics()?.len() != done;
        Ok(Snapshot {
            record,
            last,
            best,
            is_late,
            epochs,
            table: table.filter(|_| !has_moved_on),
            test,
        })
    }

    /// The file of the best epoch's weights, and whether it is from an epoch after these.
    fn best_of(&self, epochs: &[EpochMetrics]) -> Result<(Option<Vec<u8>>, bool), RunError> {
        let Some(best) = Best::of(epochs) else {
            return Ok((None, false));
        };
        let bytes = self.read(BEST)?;
        let (_, note): (_, WeightsNote) =
            weights::decode(&bytes).map_err(|reason| self.damaged(BEST, reason))?;
        let kept = match note.epochs <= epochs.len() {
            true => None,
            false => self.epoch_file(best.val_accuracy_epoch)?,
        };
        let is_late = note.epochs > epochs.len() && kept.is_none();
        Ok((Some(kept.unwrap_or(bytes)), is_late))
    }
}

impl Snapshot {
    fn write(&self, from: &RunFolder, writer: &RunWriter) -> Result<(), RunError> {
        writer.copy_epochs(from, self.epochs.len())?;
        writer.replace_metrics(&self.epochs)?;
        if let Some(bytes) = &self.best {
            writer.replace(BEST, bytes)?;
        }
        if let Some(table) = &self.table {
            writer.save_confusion(table)?;
        }
        if let Some(test) = &self.test {
            writer.save_test(test)?;
        }
        writer.save_last(&self.record.preset.name, &self.last)
    }
}
