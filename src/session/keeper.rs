//! Writes a run folder during training, on a separate thread.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread;

use crate::runs::{RunError, RunFolder, RunRecord, RunWriter, TrainedBy, kept_epochs};
use crate::training::{Checkpoint, EpochMetrics, FinalTest};

/// Data still to be written.
#[derive(Default)]
pub struct Unsaved {
    /// In the order of the epochs.
    pub epochs: Vec<EpochMetrics>,
    pub best: Option<Arc<Checkpoint>>,
    /// Weights after an epoch, in the order of the epochs.
    pub weights: Vec<Arc<Checkpoint>>,
    /// The text of `confusion.csv`.
    pub table: Option<String>,
    pub test: Option<FinalTest>,
    pub record: bool,
    pub last: Option<Checkpoint>,
}

/// Holds data until they are written: a failure loses nothing, and the next attempt catches up.
pub struct Keeper {
    folder: RunFolder,
    /// The right to write, from the first write, or [`claim`](Self::claim), to [`release`](Self::release).
    writer: Option<Arc<RunWriter>>,
    /// The last process to train the run when it was read or released.
    latest: Option<TrainedBy>,
    record: RunRecord,
    /// The best epoch's weights, in case the folder must be recreated.
    best: Option<Arc<Checkpoint>>,
    epochs: Vec<EpochMetrics>,
    unsaved: Unsaved,
    jobs: Sender<Job>,
    results: Receiver<Done>,
    /// Whether the thread is writing.
    busy: bool,
}

struct Job {
    writer: Arc<RunWriter>,
    unsaved: Unsaved,
    /// The name of the network.
    name: String,
    record: Option<RunRecord>,
}

/// The data that a job could not write, and why.
type Done = Result<(), (Unsaved, RunError)>;

impl Keeper {
    /// A keeper for the folder of a new run with this record.
    pub fn of_new(writer: RunWriter, record: RunRecord) -> Self {
        let mut keeper = Self::new(writer.folder().clone(), record, Vec::new(), None);
        keeper.latest = Some(writer.by().clone());
        keeper.writer = Some(Arc::new(writer));
        keeper
    }

    /// A keeper for `folder`, whose epochs so far are `epochs`; others may write in it until it is claimed.
    pub fn new(
        folder: RunFolder,
        record: RunRecord,
        epochs: Vec<EpochMetrics>,
        best: Option<Arc<Checkpoint>>,
    ) -> Self {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let (outbox, results) = mpsc::channel();
        // Ends when the keeper is dropped.
        thread::spawn(move || {
            for mut job in inbox {
                let written = (job.unsaved).write(&job.writer, &job.name, job.record.as_ref());
                let done = written.map_err(|error| (job.unsaved, error));
                // The receiver of the result may release the folder.
                drop(job.writer);
                if outbox.send(done).is_err() {
                    return;
                }
            }
        });
        Self {
            folder,
            writer: None,
            latest: None,
            record,
            best,
            epochs,
            unsaved: Unsaved::default(),
            jobs,
            results,
            busy: false,
        }
    }

    /// Sets the last process to train the run before it was read.
    pub fn read_after(mut self, latest: Option<TrainedBy>) -> Self {
        self.latest = latest;
        self
    }

    /// Acquires the right to write in the folder, unless it is already held.
    ///
    /// # Errors
    /// If another process is training the run, or has trained it since it was read, or the folder cannot be written.
    pub fn claim(&mut self) -> Result<Arc<RunWriter>, RunError> {
        match &self.writer {
            Some(writer) => Ok(Arc::clone(writer)),
            None => {
                let writer = self.folder.claim_after(self.latest.as_ref())?;
                self.write_with(writer)
            }
        }
    }

    /// Takes over the right to write. Removes lines of epochs whose checkpoint was not written.
    ///
    /// # Errors
    /// If the lines cannot be read or written.
    pub fn write_with(&mut self, writer: RunWriter) -> Result<Arc<RunWriter>, RunError> {
        if writer.metrics()?.len() > self.epochs.len() {
            writer.replace_metrics(&self.epochs)?;
        }
        self.latest = Some(writer.by().clone());
        Ok(Arc::clone(self.writer.insert(Arc::new(writer))))
    }

    /// Releases the right to write in the folder. Unwritten data are kept.
    pub fn release(&mut self) {
        self.wait();
        self.writer = None;
    }

    pub fn folder(&self) -> &RunFolder {
        &self.folder
    }

    /// The record in `run.yaml`, including changes for the next write.
    pub fn record(&self) -> &RunRecord {
        &self.record
    }

    /// Changes `run.yaml` with the next write.
    pub fn change_record(&mut self, change: impl FnOnce(&mut RunRecord)) {
        change(&mut self.record);
        self.unsaved.record = true;
    }

    /// Adds data to be written; newer data replace older.
    pub fn add(&mut self, newer: Unsaved) {
        self.epochs.extend(newer.epochs.iter().cloned());
        if newer.best.is_some() {
            self.best.clone_from(&newer.best);
        }
        let older = std::mem::take(&mut self.unsaved);
        self.unsaved = older.with(newer);
    }

    /// Starts writing on the thread, unless it is still writing; reports the last write if it failed.
    ///
    /// # Errors
    /// What could not be written; it is kept.
    pub fn write_beside(&mut self) -> Result<(), RunError> {
        if !self.is_busy()? && !self.unsaved.is_empty() {
            let writer = self.claim()?;
            let unsaved = std::mem::take(&mut self.unsaved);
            let record = unsaved.record.then(|| self.record.clone());
            let name = self.record.preset.name.clone();
            let job = Job {
                writer,
                unsaved,
                name,
                record,
            };
            self.busy = self.jobs.send(job).is_ok();
        }
        Ok(())
    }

    /// Whether the thread is still writing.
    ///
    /// # Errors
    /// What could not be written last; it is kept.
    pub fn is_busy(&mut self) -> Result<bool, RunError> {
        match self.results.try_recv() {
            Ok(done) => self.take(done).map(|()| false),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => Ok(self.busy),
        }
    }

    /// Writes everything now. A folder that was emptied or recreated gets all its files again.
    ///
    /// # Errors
    /// What could not be written; it is kept.
    pub fn write_now(&mut self) -> Result<(), RunError> {
        self.wait();
        let writer = self.claim()?;
        if !self.folder.is_there() && self.folder.path().is_dir() {
            writer.save_record(&self.record)?;
            writer.replace_metrics(&self.epochs)?;
            self.unsaved.epochs.clear();
            if self.unsaved.best.is_none() {
                self.unsaved.best.clone_from(&self.best);
            }
        }
        let name = &self.record.preset.name;
        self.unsaved.write(&writer, name, Some(&self.record))
    }

    /// Waits until the thread has finished writing. What it could not write is written next; if that fails too, that error is reported.
    fn wait(&mut self) {
        if self.busy {
            let done = self.results.recv().unwrap_or(Ok(()));
            let _ = self.take(done);
        }
    }

    fn take(&mut self, done: Done) -> Result<(), RunError> {
        self.busy = false;
        done.map_err(|(older, error)| {
            let newer = std::mem::take(&mut self.unsaved);
            self.unsaved = older.with(newer);
            error
        })
    }
}

impl Drop for Keeper {
    /// The folder is released when the keeper is dropped.
    fn drop(&mut self) {
        self.wait();
    }
}

impl Unsaved {
    fn is_empty(&self) -> bool {
        self.epochs.is_empty()
            && self.best.is_none()
            && self.weights.is_empty()
            && self.table.is_none()
            && self.test.is_none()
            && !self.record
            && self.last.is_none()
    }

    fn with(mut self, newer: Self) -> Self {
        self.epochs.extend(newer.epochs);
        self.weights.extend(newer.weights);
        if let Some(latest) = self.weights.last() {
            // While writing fails, epochs pile up; those that would be removed again are not written.
            let kept = kept_epochs(latest.position.epochs);
            self.weights
                .retain(|weights| kept.contains(&weights.position.epochs));
        }
        Self {
            epochs: self.epochs,
            best: newer.best.or(self.best),
            weights: self.weights,
            table: newer.table.or(self.table),
            test: newer.test.or(self.test),
            record: newer.record || self.record,
            last: newer.last.or(self.last),
        }
    }

    /// Writes everything in an order in which a crash in between leaves nothing that contradicts `last.state`, and removes it once
    /// written.
    fn write(
        &mut self,
        writer: &RunWriter,
        name: &str,
        record: Option<&RunRecord>,
    ) -> Result<(), RunError> {
        if let (true, Some(record)) = (self.record, record) {
            writer.save_record(record)?;
            self.record = false;
        }
        while let Some(metrics) = self.epochs.first() {
            writer.append(metrics)?;
            self.epochs.remove(0);
        }
        if let Some(best) = &self.best {
            writer.save_best(name, best)?;
            self.best = None;
        }
        while let Some(weights) = self.weights.first() {
            writer.save_epoch(name, weights)?;
            self.weights.remove(0);
        }
        if let Some(table) = &self.table {
            writer.save_confusion(table)?;
            self.table = None;
        }
        if let Some(test) = &self.test {
            writer.save_test(test)?;
            self.test = None;
        }
        if let Some(last) = &self.last {
            // Weights that a step has made non-finite, which the next batch will detect, must not replace good ones.
            if last.is_finite() {
                writer.save_last(name, last)?;
            }
            self.last = None;
        }
        Ok(())
    }
}
