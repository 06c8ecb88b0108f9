//! The state of a run as plain data: all that exact resumption needs, together with the recipe, the data and the seed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Good, Sums, Trainer};
use crate::data::{AugmentSettings, Dataset, SetNote};
use crate::network::NamedWeights;
use crate::wording::{are, counted};

/// The state of a run. Random numbers need no state: each stream is named by the seed and the step or epoch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checkpoint {
    /// Every weight, including moving statistics.
    pub weights: Vec<NamedWeights>,
    /// Their running average; empty if the recipe asks for none.
    pub average: Vec<NamedWeights>,
    /// The optimizer's tensors: `conv2d/kernel/squared_gradients`.
    pub optimizer: Vec<NamedWeights>,
    /// The progress.
    pub position: Position,
}

impl Checkpoint {
    /// The weights that validation measures.
    pub fn evaluated(&self) -> &[NamedWeights] {
        if self.average.is_empty() {
            &self.weights
        } else {
            &self.average
        }
    }

    /// Whether every weight is a finite number.
    pub fn is_finite(&self) -> bool {
        let tensors = self.weights.iter().chain(&self.average);
        let mut values = tensors.flat_map(|tensor| &tensor.values);
        values.all(|value| value.is_finite())
    }
}

/// The progress of a run, and what it continues with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Whole epochs that are done.
    pub epochs: usize,
    /// Steps since the start.
    pub steps: u64,
    /// Sums of the current epoch.
    #[serde(flatten)]
    pub sums: Sums,
    /// Time spent on its images.
    pub seconds: f64,
    /// Where the next batch begins in the epoch's order.
    pub next_image: usize,
    /// Total planned epochs.
    pub planned_epochs: usize,
    /// Epochs done when the schedule last began.
    pub schedule_since: usize,
    /// Steps done when the optimizer's state was last cleared.
    pub optimizer_since: u64,
    /// The learning rate that the schedule starts from.
    pub learning_rate: f64,
    /// Of the latest step.
    pub last_rate: f64,
    /// The augmentation; `None` if it is off.
    pub augment: Option<AugmentSettings>,
    /// SHA-256 of the data in use, as [`Dataset::identity`](crate::data::Dataset::identity) gives it.
    pub data: String,
    /// The set of the latest batch, whose classes the weights know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trained_on: Option<SetNote>,
    /// The set for the next epoch, if it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_data: Option<PendingSet>,
    /// Whether the planned changes for the next epoch are still due, because no epoch follows yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plan_due: bool,
    /// The validation losses of all epochs.
    pub val_losses: Vec<f64>,
    /// Epochs done when each stretch but the first began.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stretch_starts: Vec<usize>,
    /// Epochs done when the latest one that does not [count](crate::training::EpochMetrics::counts) ended.
    #[serde(default, skip_serializing_if = "is_none")]
    pub young_epochs: usize,
    /// The identifier of the images that the latest epoch was measured on, from `Division::measured_on`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured_on: Option<String>,
    /// Changes made in the current epoch, in words.
    pub changes: Vec<String>,
}

fn is_none(epochs: &usize) -> bool {
    *epochs == 0
}

/// A set that a run is to change to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingSet {
    pub name: String,
    /// The name or path that opens it again.
    pub choice: String,
    pub sha256: String,
}

impl Trainer {
    /// The state of the run. During validation it is the state at its beginning.
    pub fn checkpoint(&self) -> Checkpoint {
        let tensors = self.optimizer_tensors().into_iter();
        Checkpoint {
            weights: self.model.export(),
            average: self
                .averaged
                .as_ref()
                .map_or_else(Vec::new, |model| model.export()),
            optimizer: tensors.map(|(tensor, _)| tensor).collect(),
            position: Position {
                data: self.dataset.identity().to_owned(),
                trained_on: Some(self.trained_on.clone()),
                next_data: self.next_dataset.as_ref().map(|dataset| PendingSet {
                    name: dataset.name.clone(),
                    choice: dataset.source().choice(),
                    sha256: dataset.identity().to_owned(),
                }),
                ..self.position.clone()
            },
        }
    }

    /// Only the weights that validation measures, for an epoch's file.
    pub fn evaluated_checkpoint(&self) -> Checkpoint {
        Checkpoint {
            weights: self.evaluated().export(),
            position: Position {
                epochs: self.position.epochs,
                steps: self.position.steps,
                trained_on: Some(self.trained_on.clone()),
                ..Position::default()
            },
            ..Checkpoint::default()
        }
    }

    /// Restores the state of another run of the same network, data, recipe and seed, so that what follows is bit-identical. If its position
    /// names a next set, call [`take_next`](Self::take_next) with it afterwards.
    ///
    /// # Errors
    /// A sentence that names the first tensor or figure that does not fit; the trainer is then unchanged.
    pub fn restore(&mut self, checkpoint: &Checkpoint) -> Result<(), String> {
        let position = &checkpoint.position;
        let images = self.division.train.len();
        let next = position.next_image;
        if next > images || !(next.is_multiple_of(self.recipe.batch_size) || next == images) {
            return Err(format!(
                "checkpoint: stops after image {next} of an epoch, where no batch of {} out of {images} ends; \
                 the data or the batch size differs",
                self.recipe.batch_size
            ));
        }
        if position.val_losses.len() != position.epochs {
            return Err(format!(
                "checkpoint: {} {} done, but {} validation losses recorded",
                counted(position.epochs, "epoch"),
                are(position.epochs),
                position.val_losses.len()
            ));
        }
        let state = self.matching(&checkpoint.optimizer)?;
        let mut averaged = self.averaged.clone();
        if let Some(averaged) = &mut averaged {
            averaged.import(&checkpoint.average)?;
        }
        self.model.import(&checkpoint.weights)?;

        self.averaged = averaged;
        for (tensor, saved) in self.state.iter_mut().flatten().zip(state) {
            tensor.copy_from_slice(&saved.values);
        }
        self.position.clone_from(position);
        // A file may hold anything, but a time is never negative.
        self.position.seconds = self.position.seconds.max(0.0);
        self.feed = None;
        self.next_dataset = None;
        if let Some(trained_on) = &position.trained_on {
            self.trained_on.clone_from(trained_on);
        }
        self.is_noted = self.trained_on.sha256 == self.dataset.identity();
        // Earlier versions did not record what the latest epoch was measured on: most likely the data in use.
        if position.epochs > 0 && position.measured_on.is_none() {
            self.position.measured_on = Some(self.division.measured_on(&self.dataset));
        }
        self.good = Good {
            model: self.model.clone(),
            averaged: self.averaged.clone(),
            steps: self.position.steps,
        };
        self.validation_seconds = 0.0;
        self.go_to(next);
        Ok(())
    }

    /// Sets the data set for the next epoch, as was decided before the run was interrupted.
    pub fn take_next(&mut self, dataset: Arc<Dataset>) {
        self.next_dataset = Some(dataset);
    }

    /// The saved tensors in the optimizer's order.
    fn matching<'a>(&self, saved: &'a [NamedWeights]) -> Result<Vec<&'a NamedWeights>, String> {
        let find = |(tensor, former): (NamedWeights, String)| {
            let name = &tensor.name;
            let called = |name: &str| saved.iter().find(|saved| saved.name == name);
            let found = called(name).or_else(|| called(&former));
            let found =
                found.ok_or_else(|| format!("checkpoint: the optimizer's `{name}` is missing"))?;
            if found.dimensions != tensor.dimensions {
                return Err(format!(
                    "checkpoint: the optimizer's `{name}`: expected dimensions {:?}, got {:?}",
                    tensor.dimensions, found.dimensions
                ));
            }
            Ok(found)
        };
        let tensors = self.optimizer_tensors().into_iter();
        tensors.map(find).collect()
    }

    /// The state tensors in the trainer's order, each with its name in
    /// [former](crate::network::CheckedLayer::former_weight_name) files.
    fn optimizer_tensors(&self) -> Vec<(NamedWeights, String)> {
        let shapes = self.model.trainable_shapes();
        shapes
            .zip(&self.state)
            .flat_map(|((_, layer, shape), tensors)| {
                let names = self.optimizer.state_names();
                names.iter().zip(tensors).map(move |(name, values)| {
                    let tensor = NamedWeights {
                        name: format!("{}/{name}", layer.weight_name(shape)),
                        dimensions: shape.dimensions.clone(),
                        values: values.clone(),
                    };
                    let former = layer.former_weight_name(shape);
                    (tensor, format!("{former}/{name}"))
                })
            })
            .collect()
    }
}
