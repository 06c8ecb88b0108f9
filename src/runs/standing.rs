//! The weights that represent a run, and their data set.

use super::error::RunError;
use super::folder::{LAST, RunFolder, STATE};
use super::record::{DataIdentity, RunRecord};
use super::weights::WeightsNote;
use crate::data::SetNote;
use crate::network::NamedWeights;
use crate::training::Position;
use crate::wording::counted;

/// The weights that represent a run in its current state.
#[derive(Clone, Debug)]
pub struct Standing {
    /// All weights of the network, in file order.
    pub weights: Vec<NamedWeights>,
    /// The note in their file.
    pub note: WeightsNote,
    /// Why they are not those of the best epoch, in a sentence.
    pub remark: Option<String>,
}

impl RunFolder {
    /// The best epoch's weights; the latest ones if no epoch is finished yet, of the run or on its current data.
    pub fn standing(&self) -> Result<Standing, RunError> {
        let (weights, note) = match self.best_weights() {
            Err(error) if error.is_missing() => {
                let last = self.last_weights()?;
                let is_finished = self.metrics().is_ok_and(|epochs| !epochs.is_empty());
                let why = if is_finished { Why::Young } else { Why::First };
                return Ok(latest(last, why));
            }
            best => best?,
        };
        let is_late = self
            .note(LAST)
            .is_ok_and(|last| is_of_other_data(&last, &note));
        if is_late && let Ok(last) = self.last_weights() {
            return Ok(latest(last, Why::OtherData));
        }
        Ok(Standing {
            weights,
            note,
            remark: None,
        })
    }

    /// The data in use by the run. They are not always the last in its record, because a process may be killed between writing two files.
    pub fn data_in_use(&self, record: &RunRecord) -> Result<DataIdentity, RunError> {
        let position: Position = self.note(STATE)?;
        let known = record.data_called(&position.data);
        Ok(known.unwrap_or(record.latest_data()).clone())
    }
}

/// Why a run has no best epoch.
enum Why {
    /// No epoch is finished.
    First,
    /// No epoch is finished on the current data.
    OtherData,
    /// Batch norm was young after every epoch.
    Young,
}

/// The latest weights, for a run that has no best epoch.
fn latest((weights, note): (Vec<NamedWeights>, WeightsNote), why: Why) -> Standing {
    Standing {
        remark: Some(in_place_of_best(&note, &why)),
        weights,
        note,
    }
}

/// Whether the latest weights were trained on other data than the best epoch's; `false` if that is unknown.
fn is_of_other_data(last: &WeightsNote, best: &WeightsNote) -> bool {
    let sets = last.data.as_ref().zip(best.data.as_ref());
    sets.is_some_and(|(last, best)| last.sha256 != best.sha256)
}

impl WeightsNote {
    /// The set that the weights were last trained on: from their note, or, in runs of earlier versions, from the record of their epoch.
    pub fn set(&self, record: &RunRecord) -> SetNote {
        self.data.clone().unwrap_or_else(|| {
            let latest = record.data_of_epoch(self.epochs.max(1));
            latest.note()
        })
    }

    /// How long the weights were trained: `120 batches`.
    pub fn batches(&self) -> String {
        counted(self.steps, "batch")
    }

    /// The identity of that set, which opens it again.
    pub fn opens<'a>(&self, record: &'a RunRecord) -> &'a DataIdentity {
        let known = self.data.as_ref();
        known
            .and_then(|data| record.data_called(&data.sha256))
            .unwrap_or_else(|| record.data_of_epoch(self.epochs.max(1)))
    }
}

fn in_place_of_best(note: &WeightsNote, why: &Why) -> String {
    let batches = note.batches();
    match (why, &note.data) {
        (Why::Young, _) => format!(
            "no epoch of this run counts as the best, because batch norm was young after each; using its weights after {batches}"
        ),
        (Why::OtherData, Some(data)) => format!(
            "no epoch on {} is finished yet; using the run's weights after {batches} in total",
            data.name
        ),
        _ => format!("no epoch of this run is finished yet; using its weights after {batches}"),
    }
}
