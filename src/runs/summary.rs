//! A run folder in figures, for lists and comparisons.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::RunError;
use super::folder::{RunFolder, name_in_folder};
use crate::training::{Best, EpochMetrics, FinalTest};

/// What a list of runs shows of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    pub folder: PathBuf,
    /// Of the network.
    pub name: String,
    /// Name of the set that it was last trained on.
    pub data: String,
    pub started: Option<Timestamp>,
    /// Epochs that are planned in all.
    pub planned_epochs: usize,
    /// The epochs that are done.
    pub history: Vec<EpochMetrics>,
    /// The test set's figures, where they were measured once at the end.
    pub test: Option<FinalTest>,
    /// Why not all of it can be read.
    pub problem: Option<String>,
}

impl RunSummary {
    /// What can be read of a run; what cannot is told in [`problem`](Self::problem) and empty here.
    pub fn of(folder: &RunFolder) -> Self {
        let mut problem = None;
        let mut note = |error: RunError| problem = Some(error.to_string());
        let record = folder.record().map_err(&mut note).ok();
        let history = folder.metrics().map_err(&mut note).unwrap_or_default();
        let test = folder.test().map_err(&mut note).unwrap_or_default();
        let record = record.as_ref();
        let planned = record.map(|record| {
            let last = record.continued.last();
            last.map_or(record.preset.training.epochs, |last| last.epochs)
        });
        Self {
            folder: folder.path().to_owned(),
            name: record.map_or_else(String::new, |record| record.preset.name.clone()),
            data: record.map_or_else(String::new, |record| record.latest_data().name.clone()),
            started: record.map(|record| record.started),
            planned_epochs: planned.unwrap_or(history.len()),
            history,
            test,
            problem,
        }
    }

    /// All runs in a folder, the newest first.
    ///
    /// # Errors
    /// Where the folder cannot be read; a missing one has no runs.
    pub fn list(runs_folder: &Path) -> Result<Vec<Self>, RunError> {
        let folders = RunFolder::list(runs_folder)?;
        Ok(folders.iter().rev().map(Self::of).collect())
    }

    /// The network's name where the folder's own does not say it: an earlier version of the program left out that it was edited, or it
    /// was edited on the way.
    pub fn other_name(&self) -> Option<&str> {
        let is_said = self.title().contains(&name_in_folder(&self.name));
        Some(self.name.as_str()).filter(|name| !is_said && !name.is_empty())
    }

    pub fn best(&self) -> Option<Best> {
        Best::of(&self.history)
    }

    /// The folder's own name: date, time and network.
    pub fn title(&self) -> String {
        self.folder.file_name().map_or_else(
            || self.folder.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        )
    }
}
