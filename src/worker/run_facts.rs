//! What the worker tells of a training.

use std::path::PathBuf;

use crate::analysis::ConfusionTable;
use crate::data::AugmentSettings;
use crate::network::NetworkSpec;
use crate::runs::TrainedBy;
use crate::training::{EpochMetrics, FinalTest, Portion, Preset, Recipe};

/// Names a run within one start of the program; every event of a run carries it.
pub type RunId = u64;

/// What is known of a run when it starts.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFacts {
    pub run: RunId,
    /// Name of the network.
    pub name: String,
    pub network: NetworkSpec,
    /// The recipe as it was last asked for; of two trainings in one go that of the second.
    pub recipe: Recipe,
    /// The name of the training that follows, where this is the first of two.
    pub then: Option<String>,
    pub in_use: InUse,
    /// The run folder, if there is one.
    pub folder: Option<PathBuf>,
    pub epochs: usize,
    pub batches_per_epoch: usize,
    pub train_images: usize,
    pub validation_images: usize,
    pub parameters: usize,
    /// For each layer the epochs that its weights had been trained for before.
    pub trained_before: Vec<usize>,
    /// So many of the first layers are not trained.
    pub frozen_layers: usize,
    pub threads: usize,
    /// The epochs that were done before, where the run goes on with an earlier one.
    pub history: Vec<EpochMetrics>,
    /// What a person should know of how it started, in sentences: which weights start new.
    pub notes: Vec<String>,
}

/// An earlier run.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenedRun {
    pub facts: RunFacts,
    /// The preset that it goes on by; of two trainings in one go that of the second.
    pub preset: Preset,
    /// Name of the loaded set that goes with it.
    pub chosen: String,
    pub outcome: Outcome,
    /// The other process that trains it now: it can be looked at and copied, and goes on by itself.
    pub trained_by: Option<TrainedBy>,
    /// Of the validation images after its latest epoch.
    pub table: Option<ConfusionTable>,
    /// The set that its latest epoch was measured on.
    pub measured_on: SetNames,
    /// Which of its images validated.
    pub portion: Portion,
    pub test: Option<FinalTest>,
}

/// A set, and its classes as the network knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetNames {
    /// What the loaded set is called.
    pub dataset: String,
    /// The name of class 0 first.
    pub class_names: Vec<String>,
}

impl SetNames {
    /// The class's name, or its number where it has none.
    pub fn class_name(&self, class: usize) -> String {
        let name = self.class_names.get(class);
        name.cloned().unwrap_or_else(|| class.to_string())
    }
}

/// What a training goes on with now, which may have been changed since it started.
#[derive(Clone, Debug, PartialEq)]
pub struct InUse {
    /// What the schedule starts from.
    pub learning_rate: f64,
    pub augment: Option<AugmentSettings>,
    pub set: SetNames,
    /// Whether it stops at the end of the epoch under way.
    pub stops_after_epoch: bool,
}

/// What is measured of a batch while it is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchFigures {
    pub loss: f64,
    /// Share of its images that were right.
    pub accuracy: f64,
}

/// Where a training stands within an epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchProgress {
    pub run: RunId,
    /// From 1.
    pub epoch: usize,
    /// Batches of this epoch that are done.
    pub batch: usize,
    pub batches: usize,
    /// Every batch since the event before, the latest last.
    pub latest: Vec<BatchFigures>,
    /// Running means over this epoch so far.
    pub mean_loss: f64,
    pub mean_accuracy: f64,
    pub images_per_second: f64,
    pub learning_rate: f64,
    /// The share of batch norm's moving mean and variance that is what they began with.
    pub start_share: f32,
}

/// How a training ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All planned epochs are done.
    Completed,
    /// Early stopping ended it after this many whole epochs.
    StoppedEarly { epochs: usize },
    /// By hand, after this many whole epochs.
    Stopped { epochs: usize },
    /// A sentence that says why.
    Failed { message: String },
}
