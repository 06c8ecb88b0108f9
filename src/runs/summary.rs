//! The summary of a run folder, for lists and comparisons.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::RunError;
use super::folder::{RunFolder, name_in_folder};
use super::notes::RunNotes;
use super::record::RunRecord;
use super::trained_by::TrainedBy;
use crate::training::{Best, EpochMetrics, FinalTest};

/// A run in a list of runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    /// The run's folder.
    pub folder: PathBuf,
    /// The name of the network.
    pub name: String,
    /// The user's notes.
    #[serde(flatten)]
    pub notes: RunNotes,
    /// Name of the set that its latest epoch was measured on; before the first epoch, the set that it is trained on.
    pub data: String,
    /// `None` if `run.yaml` cannot be read.
    pub started: Option<Timestamp>,
    /// Total planned epochs.
    pub planned_epochs: usize,
    /// The epochs that are done.
    pub history: Vec<EpochMetrics>,
    /// The stretches: consecutive epochs measured on the same images.
    pub stretches: Vec<StretchSummary>,
    /// The test set's figures, if they were measured at the end.
    pub test: Option<FinalTest>,
    /// The process that is training it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trained_by: Option<TrainedBy>,
    /// Why it cannot be read completely.
    pub problem: Option<String>,
}

/// Consecutive epochs measured on the same images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StretchSummary {
    /// Its number, as in its epochs.
    pub stretch: usize,
    /// Its first epoch, from 1.
    pub from_epoch: usize,
    /// Name of the set.
    pub data: String,
    /// SHA-256 of the set.
    pub sha256: String,
    /// The validation set, in words.
    pub validation: String,
}

impl RunSummary {
    /// Reads what can be read of a run; [`problem`](Self::problem) describes the rest, which is left empty.
    pub fn of(folder: &RunFolder) -> Self {
        Self::with_record(folder).0
    }

    /// As [`of`](Self::of), with the record, if it can be read.
    pub fn with_record(folder: &RunFolder) -> (Self, Option<RunRecord>) {
        let mut problem = None;
        let mut note = |error: RunError| problem = Some(error.to_string());
        let read = folder.record().map_err(&mut note).ok();
        let history = folder.metrics().map_err(&mut note).unwrap_or_default();
        let test = folder.test().map_err(&mut note).unwrap_or_default();
        let record = read.as_ref();
        let notes = folder
            .notes_after(record)
            .map_err(&mut note)
            .unwrap_or_default();
        let planned = record.map(|record| {
            let last = record.continued.last();
            last.map_or(record.preset.training.epochs, |last| last.epochs)
        });
        let summary = Self {
            folder: folder.path().to_owned(),
            name: record.map_or_else(String::new, |record| record.preset.name.clone()),
            notes,
            data: record.map_or_else(String::new, |record| {
                record.data_after(history.len()).name.clone()
            }),
            stretches: record.map_or_else(Vec::new, |record| stretches(record, &history)),
            started: record.map(|record| record.started),
            planned_epochs: planned.unwrap_or(history.len()),
            history,
            test,
            trained_by: folder.trained_by(),
            problem,
        };
        (summary, read)
    }

    /// The network's name if the folder's name differs: an earlier version did not mark it as edited, or it was edited later.
    pub fn other_name(&self) -> Option<&str> {
        other_name(&self.name, &self.title())
    }

    /// The best of the latest stretch.
    pub fn best(&self) -> Option<Best> {
        Best::of(&self.history)
    }

    /// The test set's figures, if they are of the latest stretch.
    pub fn latest_test(&self) -> Option<FinalTest> {
        let latest = self.history.last().map(|metrics| metrics.stretch);
        self.test.filter(|test| Some(test.stretch) == latest)
    }

    /// The stretch of an epoch.
    pub fn stretch_of(&self, metrics: &EpochMetrics) -> Option<&StretchSummary> {
        let mut stretches = self.stretches.iter();
        stretches.find(|stretch| stretch.stretch == metrics.stretch)
    }

    /// The sets in the order of measurement: `MNIST, from epoch 3 on Fashion-MNIST`.
    pub fn data_in_words(&self) -> String {
        let mut words = match self.stretches.first() {
            Some(first) => first.data.clone(),
            None => self.data.clone(),
        };
        for pair in self.stretches.windows(2) {
            let [before, stretch] = pair else { continue };
            words += &match before.sha256 == stretch.sha256 {
                false => format!(", from epoch {} on {}", stretch.from_epoch, stretch.data),
                true => format!(
                    ", from epoch {} measured on {}",
                    stretch.from_epoch,
                    match before.validation == stretch.validation {
                        false => stretch.validation.as_str(),
                        true => "other images of it",
                    }
                ),
            };
        }
        words
    }

    /// The folder's own name: date, time and network.
    pub fn title(&self) -> String {
        title_of(&self.folder)
    }
}

/// The name of a network unless the title of its run contains it.
pub(super) fn other_name<'a>(name: &'a str, title: &str) -> Option<&'a str> {
    let is_said = title.contains(&name_in_folder(name));
    Some(name).filter(|name| !is_said && !name.is_empty())
}

/// The name of a run's folder.
pub(super) fn title_of(folder: &Path) -> String {
    folder.file_name().map_or_else(
        || folder.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

fn stretches(record: &RunRecord, history: &[EpochMetrics]) -> Vec<StretchSummary> {
    let rows = history.chunk_by(|one, other| one.stretch == other.stretch);
    rows.filter_map(<[EpochMetrics]>::first)
        .map(|first| {
            let data = record.data_of_epoch(first.epoch);
            StretchSummary {
                stretch: first.stretch,
                from_epoch: first.epoch,
                data: data.name.clone(),
                sha256: data.sha256.clone(),
                validation: record.validation_of_epoch(first.epoch).to_string(),
            }
        })
        .collect()
}
