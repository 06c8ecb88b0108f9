//! The network of a run with trained weights, ready for inference.

use std::sync::Arc;

use crate::data::{Dataset, SetNote};
use crate::network::{CheckedNetwork, Model};
use crate::runs::{
    DataIdentity, Occasion, RunError, RunFolder, RunRecord, Standing, TestRecord, WeightsNote,
};
use crate::training::{Portion, Young};

/// A run's network with the weights that represent it, or with those of an epoch.
pub struct Trained {
    /// The run's folder.
    pub folder: RunFolder,
    /// Its record.
    pub record: RunRecord,
    /// The network.
    pub model: Model,
    /// The note in the weights file.
    pub about: WeightsNote,
    /// Whether the weights are not those of a best epoch but the latest ones.
    pub is_unfinished: bool,
    /// The set that the weights were last trained on. It has no class names if neither the weights nor the run record them.
    pub trained_on: SetNote,
    /// That set in the run's record.
    pub data: DataIdentity,
    /// What is to be known of the weights, in sentences.
    pub remarks: Vec<String>,
}

impl Trained {
    /// Loads the weights that represent the run: the best epoch's, or, with a remark, the latest if there are none yet; or those of an
    /// epoch whose checkpoint it keeps.
    ///
    /// # Errors
    /// If it has no weights that fit its network, or does not keep the epoch.
    pub fn open(folder: RunFolder, epoch: Option<usize>) -> Result<Self, String> {
        let run = folder.path().display().to_string();
        let record = folder.record().map_err(|error| error.to_string())?;
        let network = CheckedNetwork::new(&record.preset.network())
            .map_err(|problem| format!("{run}: its network cannot be built: {problem}"))?;
        let classes = network.spec().classes;
        let mut model = Model::new(Arc::new(network), record.seed);
        let Standing {
            weights,
            note: about,
            remark,
        } = standing(&folder, epoch)?;
        model.import(&weights).map_err(|reason| {
            format!("{run}: {reason}; its run.yaml describes a different network")
        })?;
        let mut trained_on = about.set(&record);
        if trained_on.class_names.len() != classes {
            trained_on.class_names = names_in_table(&folder, classes);
        }
        let recipe = record.latest_recipe();
        let young = Young::of(model.start_share().into());
        let young = young.filter(|_| recipe.await_batch_norm);
        let is_unfinished = remark.is_some();
        let remarks = remark
            .into_iter()
            .chain(young.map(|young| young.to_string()));
        // Frozen layers have no penalty in the loss.
        let transfer = recipe.transfer.as_ref();
        model.freeze(transfer.map_or(0, |transfer| transfer.frozen_layers));
        Ok(Self {
            data: about.opens(&record).clone(),
            remarks: remarks.collect(),
            folder,
            record,
            model,
            about,
            is_unfinished,
            trained_on,
        })
    }

    /// Records that the test set was measured, if it is the run's own and the run validates on other images.
    ///
    /// # Errors
    /// If it cannot be recorded.
    pub fn note_test(
        &self,
        dataset: &Dataset,
        occasion: Occasion,
        (loss, accuracy): (f64, f64),
    ) -> Result<(), RunError> {
        let epoch = self.about.epochs;
        let validation = self.record.validation_of_epoch(epoch.max(1));
        if dataset.identity() != self.trained_on.sha256 || validation.portion() == Portion::Test {
            return Ok(());
        }
        let epochs = self.folder.metrics()?;
        let measured = epochs.get(epoch.saturating_sub(1)).or(epochs.last());
        let stretch = measured.map_or(1, |epoch| epoch.stretch);
        let test = TestRecord::now(occasion, epoch, (stretch, dataset), (loss, accuracy));
        self.folder.note_test(test)
    }
}

fn standing(folder: &RunFolder, epoch: Option<usize>) -> Result<Standing, String> {
    let Some(epoch) = epoch else {
        return folder.standing().map_err(|error| error.to_string());
    };
    let kept = folder.checkpoint_epochs();
    if !kept.contains(&epoch) {
        let kept: Vec<String> = kept.iter().map(ToString::to_string).collect();
        return Err(format!(
            "epoch {epoch}: not kept; {} has the weights of epochs {}",
            folder.path().display(),
            kept.join(", ")
        ));
    }
    let (weights, note) = folder
        .epoch_weights(epoch)
        .map_err(|error| error.to_string())?;
    Ok(Standing {
        weights,
        note,
        remark: None,
    })
}

/// The class names in the run's confusion matrix, for runs of earlier versions whose record has none; empty if it has another number of
/// classes.
fn names_in_table(run: &RunFolder, classes: usize) -> Vec<String> {
    let table = run.confusion().ok().flatten();
    let names = table.map(|csv| header_names(&csv));
    let names = names.filter(|names| names.len() == classes);
    names.unwrap_or_default()
}

/// The column names of a confusion matrix in CSV, all quoted, after the first column.
fn header_names(csv: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = csv.split_once(',').map_or("", |(_, rest)| rest);
    while let Some(quoted) = rest.strip_prefix('"') {
        let mut name = String::new();
        let mut characters = quoted.char_indices().peekable();
        let mut end = quoted.len();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' if characters.peek().is_some_and(|(_, next)| *next == '"') => {
                    characters.next();
                    name.push('"');
                }
                '"' => {
                    end = at + 1;
                    break;
                }
                other => name.push(other),
            }
        }
        names.push(name);
        match quoted[end..].strip_prefix(',') {
            Some(next) => rest = next,
            None => break,
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::ConfusionTable;

    #[test]
    fn names_come_back_from_a_table() {
        let names = ["a,b", "c\"d", "plain", "", "two\nlines"].map(str::to_owned);
        let csv = ConfusionTable::new(5).to_csv(&names);
        assert_eq!(header_names(&csv), names);
        assert_eq!(header_names(""), [""; 0]);
    }
}
