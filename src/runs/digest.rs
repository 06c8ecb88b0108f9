//! A run without its epochs: what lists, filters and comparisons of many runs know of each.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_yaml::Value as Yaml;
use sha2::{Digest, Sha256};

use super::folder::RunFolder;
use super::notes::RunNotes;
use super::record::RunRecord;
use super::summary::{RunSummary, StretchSummary, other_name, title_of};
use super::trained_by::TrainedBy;
use crate::field::rows;
use crate::network::{LayerSpec, NetworkSummary};
use crate::training::{Best, EpochMetrics, FinalTest, Preset};

/// A run without its epochs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunDigest {
    /// The run's folder.
    pub folder: PathBuf,
    /// The name of the network.
    pub name: String,
    /// The user's notes.
    pub notes: RunNotes,
    /// Name of the set that its latest epoch was measured on; before the first epoch, the set that it is trained on.
    pub data: String,
    /// SHA-256 of that set.
    pub sha256: String,
    /// The sets that its epochs were measured on.
    pub stretches: Vec<StretchSummary>,
    /// `None` if `run.yaml` cannot be read.
    pub started: Option<Timestamp>,
    /// Epochs that are done.
    pub epochs: usize,
    /// Total planned epochs.
    pub planned_epochs: usize,
    /// The best of the latest stretch.
    pub best: Option<Best>,
    /// The latest epoch.
    pub last: Option<EpochMetrics>,
    /// The figures of the test set, if they are of the latest stretch.
    pub test: Option<FinalTest>,
    /// Time of training and validation.
    pub seconds: f64,
    /// Parameters of the network; `None` if `run.yaml` cannot be read.
    pub parameters: Option<usize>,
    /// The seed of all random numbers.
    pub seed: u64,
    /// Version of the program.
    pub version: String,
    /// The network's layers as a file says them, one a line: `conv2d: {filters: 16, kernel: 3}`.
    pub layers: Vec<String>,
    /// Every setting of network and training by its path in a file, `training.optimizer.adam.learning_rate` or `layers.1.conv2d.filters`.
    pub settings: BTreeMap<String, String>,
    /// Equal for runs that differ only in the seed, and for no others.
    pub experiment: String,
    /// The process that is training it; not kept in the index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trained_by: Option<TrainedBy>,
    /// Why it cannot be read completely.
    pub problem: Option<String>,
}

/// The state of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// A process is training it.
    Training,
    /// All planned epochs are done.
    Finished,
    /// It can be resumed.
    Stopped,
    /// It cannot be read completely.
    Damaged,
}

impl RunState {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Finished => "finished",
            Self::Stopped => "stopped",
            Self::Damaged => "damaged",
        }
    }
}

impl RunDigest {
    /// Reads a run; what cannot be read is empty and described in [`problem`](Self::problem).
    pub fn of(folder: &RunFolder) -> Self {
        let (summary, record) = RunSummary::with_record(folder);
        Self::new(summary, record.as_ref())
    }

    /// From what was read of the run.
    pub fn new(summary: RunSummary, record: Option<&RunRecord>) -> Self {
        let data = record.map(|record| record.data_after(summary.history.len()));
        let preset = record.map(|record| &record.preset);
        Self {
            best: summary.best(),
            test: summary.latest_test(),
            epochs: summary.history.len(),
            seconds: summary.history.iter().map(|epoch| epoch.seconds).sum(),
            last: summary.history.last().cloned(),
            sha256: data.map_or_else(String::new, |data| data.sha256.clone()),
            parameters: preset.map(|preset| NetworkSummary::new(&preset.network()).parameters),
            seed: record.map_or(0, |record| record.seed),
            version: record.map_or_else(String::new, |record| record.version.clone()),
            layers: preset.map_or_else(Vec::new, |preset| {
                preset.layers.iter().map(LayerSpec::to_line).collect()
            }),
            settings: preset.map_or_else(BTreeMap::new, settings),
            experiment: record.map_or_else(String::new, experiment),
            folder: summary.folder,
            name: summary.name,
            notes: summary.notes,
            data: summary.data,
            stretches: summary.stretches,
            started: summary.started,
            planned_epochs: summary.planned_epochs,
            trained_by: summary.trained_by,
            problem: summary.problem,
        }
    }

    /// The folder's own name: date, time and network.
    pub fn title(&self) -> String {
        title_of(&self.folder)
    }

    /// The network's name if the folder's name differs.
    pub fn other_name(&self) -> Option<&str> {
        other_name(&self.name, &self.title())
    }

    /// Its state.
    pub fn state(&self) -> RunState {
        match (&self.trained_by, &self.problem) {
            (Some(_), _) => RunState::Training,
            (None, Some(_)) => RunState::Damaged,
            (None, None) if self.epochs >= self.planned_epochs => RunState::Finished,
            (None, None) => RunState::Stopped,
        }
    }
}

/// Every setting of a preset by its path in a file, defaults too.
fn settings(preset: &Preset) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for row in rows(&preset.training) {
        found.insert(format!("training.{}", row.path), row.value.to_string());
    }
    // As in a file: lists are numbered from 1.
    let whole = serde_yaml::to_value(preset).unwrap_or(Yaml::Null);
    for key in ["input", "classes", "layers", "training", "data"] {
        flatten(key, &whole[key], &mut found);
    }
    found
}

fn flatten(path: &str, value: &Yaml, into: &mut BTreeMap<String, String>) {
    match value {
        Yaml::Mapping(map) => {
            // `adam: {…}` is both: which one, and what it is set to.
            if let (1, Some((Yaml::String(kind), _))) = (map.len(), map.iter().next()) {
                into.entry(path.to_owned()).or_insert_with(|| kind.clone());
            }
            for (key, inner) in map {
                if let Yaml::String(key) = key {
                    flatten(&format!("{path}.{key}"), inner, into);
                }
            }
        }
        Yaml::Sequence(items) => {
            for (item, number) in items.iter().zip(1..) {
                flatten(&format!("{path}.{number}"), item, into);
            }
        }
        Yaml::Null => {}
        plain => {
            let text = match plain {
                Yaml::String(text) => text.clone(),
                other => serde_yaml::to_string(other)
                    .unwrap_or_default()
                    .trim()
                    .to_owned(),
            };
            into.entry(path.to_owned()).or_insert(text);
        }
    }
}

/// The best validation accuracy by seed, of runs that differ in the seed only. Of several runs with one seed, the first counts.
pub fn accuracy_by_seed<'a>(runs: impl IntoIterator<Item = &'a RunDigest>) -> BTreeMap<u64, f64> {
    let mut accuracies = BTreeMap::new();
    for run in runs {
        if let Some(best) = run.best {
            accuracies.entry(run.seed).or_insert(best.val_accuracy);
        }
    }
    accuracies
}

/// A hash of everything but the seed that decides the result of a run: network, training settings, data, continuations and the weights it
/// started from. Names, descriptions and the machine are not part of it.
fn experiment(record: &RunRecord) -> String {
    let preset = Preset {
        name: String::new(),
        description: String::new(),
        data: None,
        seed: 0,
        expect: None,
        ..record.preset.clone()
    };
    let kept = record.kept.as_ref().map(|kept| &kept.layers);
    let continued: Vec<_> = record
        .continued
        .iter()
        .map(|one| (one.after_epoch, one.epochs, &one.data.sha256, &one.recipe))
        .collect();
    let whole = (&preset, &record.data.sha256, continued, kept);
    let text = serde_json::to_vec(&whole).unwrap_or_default();
    let digest = Sha256::digest(&text);
    digest
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// A run of five of ten epochs, after a change.
    pub fn digest(name: &str, change: impl FnOnce(&mut RunDigest)) -> RunDigest {
        let best = Best {
            val_accuracy: 0.9,
            val_accuracy_epoch: 4,
            val_loss: 0.3,
            val_loss_epoch: 5,
        };
        let mut digest = RunDigest {
            folder: PathBuf::from(format!("runs/20261129-120000-{name}")),
            name: name.to_owned(),
            notes: RunNotes::default(),
            data: "Fashion-MNIST".to_owned(),
            sha256: "0123456789abcdef".to_owned(),
            stretches: Vec::new(),
            started: Some("2026-11-29T12:00:00Z".parse().unwrap()),
            epochs: 5,
            planned_epochs: 10,
            best: Some(best),
            last: None,
            test: None,
            seconds: 5.0,
            parameters: Some(1000),
            seed: 1,
            version: "0.1.0".to_owned(),
            layers: Vec::new(),
            settings: BTreeMap::new(),
            experiment: String::new(),
            trained_by: None,
            problem: None,
        };
        change(&mut digest);
        digest
    }
}
