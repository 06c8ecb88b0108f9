//! What the worker reports about a run.

use std::path::PathBuf;

use crate::analysis::ConfusionTable;
use crate::data::AugmentSettings;
use crate::network::NetworkSpec;
use crate::runs::TrainedBy;
use crate::training::{EpochMetrics, FinalTest, Portion, Preset, Recipe};

/// Identifies a run within one session of the program; every event of a run carries it.
pub type RunId = u64;

/// The facts about a run when it starts.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFacts {
    pub run: RunId,
    /// Name of the network.
    pub name: String,
    pub network: NetworkSpec,
    /// The recipe as last requested; during pretraining, that of the run that follows.
    pub recipe: Recipe,
    /// The name of the run that follows, if this is pretraining.
    pub then: Option<String>,
    pub in_use: InUse,
    /// The run folder, if there is one.
    pub folder: Option<PathBuf>,
    pub epochs: usize,
    pub batches_per_epoch: usize,
    pub train_images: usize,
    pub validation_images: usize,
    pub parameters: usize,
    /// The epochs that each layer's weights had been trained for before.
    pub trained_before: Vec<usize>,
    /// The number of first layers that are frozen.
    pub frozen_layers: usize,
    pub threads: usize,
    /// The epochs done before, if the run continues an earlier one.
    pub history: Vec<EpochMetrics>,
    /// Notes for the user about how it started, in sentences, such as which layers have initial weights.
    pub notes: Vec<String>,
}

/// An earlier run.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenedRun {
    pub facts: RunFacts,
    /// The preset that it continues with; during pretraining, that of the run that follows.
    pub preset: Preset,
    /// The name of its loaded set.
    pub chosen: String,
    pub outcome: Outcome,
    /// The other process that is training it: it can be viewed and copied, but not trained here.
    pub trained_by: Option<TrainedBy>,
    /// The confusion matrix of the validation images after its latest epoch.
    pub table: Option<ConfusionTable>,
    /// The set that its latest epoch was measured on.
    pub measured_on: SetNames,
    /// The portion used for validation.
    pub portion: Portion,
    pub test: Option<FinalTest>,
}

/// A set, and its classes as the network knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetNames {
    /// The name of the loaded set.
    pub dataset: String,
    /// The class names, class 0 first.
    pub class_names: Vec<String>,
}

impl SetNames {
    /// The class's name, or its number if it has none.
    pub fn class_name(&self, class: usize) -> String {
        let name = self.class_names.get(class);
        name.cloned().unwrap_or_else(|| class.to_string())
    }
}

/// The current settings of a run, which may have changed since it started.
#[derive(Clone, Debug, PartialEq)]
pub struct InUse {
    /// The learning rate that the schedule starts from.
    pub learning_rate: f64,
    pub augment: Option<AugmentSettings>,
    pub set: SetNames,
    /// Whether it stops at the end of the current epoch.
    pub stops_after_epoch: bool,
}

/// The figures of a training batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchFigures {
    pub loss: f64,
    /// Share of its images that were predicted correctly.
    pub accuracy: f64,
}

/// The progress of a run within an epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchProgress {
    pub run: RunId,
    /// From 1.
    pub epoch: usize,
    /// Batches done in this epoch.
    pub batch: usize,
    pub batches: usize,
    /// Every batch since the previous event, the latest last.
    pub latest: Vec<BatchFigures>,
    /// Running means over this epoch so far.
    pub mean_loss: f64,
    pub mean_accuracy: f64,
    pub images_per_second: f64,
    pub learning_rate: f64,
    /// The share of batch norm's moving statistics that is their initial value.
    pub start_share: f32,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All planned epochs are done.
    Completed,
    /// Early stopping ended it after this many whole epochs.
    StoppedEarly { epochs: usize },
    /// Stopped by the user after this many whole epochs.
    Stopped { epochs: usize },
    /// It failed, with a sentence that says why.
    Failed { message: String },
}
