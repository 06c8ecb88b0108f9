//! Trains a network on a data set, one batch per call, so that the caller can react between batches.

mod another_recipe;
mod batch;
mod checkpoint;
mod diagnosis;
mod evaluation;
mod feed;
mod order;
mod progress;
mod rate;
mod steering;
mod stretch;

use std::sync::Arc;
use std::time::Instant;

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use rayon::ThreadPool;

use super::figures::{EpochMetrics, Measured, Sums};
use super::optimizers::Optimizer;
use super::recipe::Recipe;
use super::schedules::Schedule;
use super::split::Division;
use crate::data::{Dataset, SetNote};
use crate::network::{Model, mix};
use crate::ops;

pub use checkpoint::{Checkpoint, Position};
pub use diagnosis::{TrainError, check_data, check_recipe};
pub(super) use evaluation::EVALUATION_BATCH;
pub use evaluation::Evaluation;
use feed::Feed;
use order::Order;
pub use progress::{EpochFigures, Progress, StepReport};

/// A run in progress.
///
/// Equal models, data, recipes and seeds give bit-identical results, whatever the number of threads.
pub struct Trainer {
    model: Model,
    /// The running average of the weights, if the recipe asks for one.
    averaged: Option<Model>,
    /// The weights at the start of this epoch, which were finite numbers.
    good: Good,
    dataset: Arc<Dataset>,
    /// The set for the next epoch, if it changes.
    next_dataset: Option<Arc<Dataset>>,
    /// The set that the weights were last trained on; the first one before any batch.
    trained_on: SetNote,
    /// Whether `trained_on` is the set in use.
    is_noted: bool,
    /// The sets that the recipe's plan names, by the epoch, from 1.
    planned_data: Vec<(usize, Arc<Dataset>)>,
    division: Division,
    recipe: Recipe,
    seed: u64,
    pool: Arc<ThreadPool>,
    optimizer: Box<dyn Optimizer>,
    schedule: Box<dyn Schedule>,
    /// The optimizer's state tensors for each trainable weight tensor.
    state: Vec<Vec<Vec<f32>>>,
    /// The progress of the run. The sets themselves are held here, and named by a checkpoint.
    position: Position,
    /// The epoch's augmented images from the next batch on, if augmentation is on.
    feed: Option<Feed>,
    phase: Phase,
    /// Time spent on the epoch's validation so far, without pauses.
    validation_seconds: f64,
}

/// The inputs of a run.
pub struct Setup {
    /// Its frozen layers are not changed.
    pub model: Model,
    /// It must have the network's input shape and number of classes, as checked by [`check_data`], and what the recipe asks of it,
    /// as checked by [`check_recipe`]; the trainer applies the recipe's corrections.
    pub dataset: Arc<Dataset>,
    /// How it is trained.
    pub recipe: Recipe,
    /// The seed of all random numbers.
    pub seed: u64,
    /// The threads to compute with.
    pub pool: Arc<ThreadPool>,
    /// The sets that the recipe's plan names, by the epoch, from 1.
    pub planned_data: Vec<(usize, Arc<Dataset>)>,
}

struct Good {
    model: Model,
    averaged: Option<Model>,
    steps: u64,
}

enum Phase {
    /// Training on the images in this order, from the position's next one on.
    Training {
        order: Order,
    },
    Validating(Evaluation),
}

impl Trainer {
    /// Sets up the run; [`advance`](Self::advance) trains the first batch.
    pub fn new(setup: Setup) -> Self {
        let Setup {
            mut model,
            dataset,
            recipe,
            seed,
            pool,
            planned_data,
        } = setup;
        let trained_on = SetNote::of(&dataset);
        let dataset = corrected(&dataset, &recipe);
        let optimizer = recipe.optimizer.build();
        let tensors = optimizer.state_names().len();
        let state = model
            .trainable_mut()
            .map(|vector| vec![vec![0.0; ops::values(vector).len()]; tensors])
            .collect();
        let averaged = recipe.average.map(|_| model.clone());
        let mut trainer = Self {
            good: Good {
                model: model.clone(),
                averaged: averaged.clone(),
                steps: 0,
            },
            averaged,
            model,
            division: divided(&dataset, &recipe, seed),
            dataset,
            next_dataset: None,
            trained_on,
            is_noted: false,
            planned_data,
            optimizer,
            schedule: recipe.schedule.build(),
            state,
            position: Position {
                planned_epochs: recipe.epochs,
                learning_rate: recipe.optimizer.learning_rate(),
                last_rate: recipe.optimizer.learning_rate(),
                augment: recipe.augment,
                ..Position::default()
            },
            feed: None,
            recipe,
            seed,
            pool,
            phase: Phase::Training {
                order: Order::default(),
            },
            validation_seconds: 0.0,
        };
        trainer.start_epoch();
        trainer
    }

    /// The model being trained.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The model that validation measures: the running average, if there is one.
    pub fn evaluated(&self) -> &Model {
        self.averaged.as_ref().unwrap_or(&self.model)
    }

    /// As [`evaluated`](Self::evaluated), for a forward pass.
    pub fn evaluated_mut(&mut self) -> &mut Model {
        self.averaged.as_mut().unwrap_or(&mut self.model)
    }

    /// The data set with the recipe's corrections applied.
    pub fn dataset(&self) -> &Arc<Dataset> {
        &self.dataset
    }

    /// The current recipe, including planned changes so far.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Whole epochs that are done.
    pub fn epochs_done(&self) -> usize {
        self.position.epochs
    }

    /// Steps since the start.
    pub fn steps(&self) -> u64 {
        self.position.steps
    }

    /// Total planned epochs.
    pub fn planned_epochs(&self) -> usize {
        self.position.planned_epochs
    }

    /// Training images per epoch.
    pub fn training_images(&self) -> usize {
        self.division.train.len()
    }

    /// Whether the training image at this position is trained on, that is, neither excluded nor held out.
    pub fn trains_on(&self, index: u32) -> bool {
        self.division.train.binary_search(&index).is_ok()
    }

    /// Training images that could be trained on, if the recipe did not ask for a part of them.
    pub fn available_images(&self) -> usize {
        self.division.available
    }

    /// The positions of the held-out images, ascending; `None` if others are measured.
    pub fn validation_places(&self) -> Option<&[u32]> {
        self.division.validation.as_deref()
    }

    /// Number of validation images.
    pub fn validation_images(&self) -> usize {
        match &self.division.validation {
            None => self.validation_split().len(),
            Some(validation) => validation.len(),
        }
    }

    /// Whether all planned epochs are done, or early stopping ended the run.
    pub fn is_finished(&self) -> bool {
        self.position.epochs >= self.position.planned_epochs || self.stopped_early()
    }

    /// The threads to compute with.
    pub fn pool(&self) -> &Arc<ThreadPool> {
        &self.pool
    }

    /// Batches per epoch; the last one may be smaller.
    pub fn batches_per_epoch(&self) -> usize {
        self.division.train.len().div_ceil(self.recipe.batch_size)
    }

    /// Batches done in the current epoch.
    pub fn batches_done(&self) -> usize {
        self.position.next_image.div_ceil(self.recipe.batch_size)
    }

    /// Does one batch of work: training, or, after an epoch's last batch, validation.
    ///
    /// # Errors
    /// If the loss is not finite. The run is then back at the start of the current epoch, with the weights of that time and an empty
    /// optimizer state.
    pub fn advance(&mut self) -> Result<Progress, TrainError> {
        let started = Instant::now();
        let pool = Arc::clone(&self.pool);
        let training = matches!(self.phase, Phase::Training { .. });
        let done = pool.install(|| {
            if training {
                self.train_batch().map(Progress::Step)
            } else {
                self.validate_batch()
            }
        });
        let progress = match done {
            Ok(progress) => progress,
            Err(error) => {
                self.return_to_good();
                return Err(error);
            }
        };
        match progress {
            Progress::Step(mut report) => {
                self.position.seconds += started.elapsed().as_secs_f64();
                report.images_per_second = self.position.sums.images as f64 / self.position.seconds;
                Ok(Progress::Step(report))
            }
            Progress::Validation => {
                self.validation_seconds += started.elapsed().as_secs_f64();
                match &mut self.phase {
                    Phase::Validating(evaluation) if evaluation.is_finished() => {
                        let evaluation = std::mem::take(evaluation);
                        Ok(Progress::Epoch(self.end_epoch(evaluation)))
                    }
                    _ => Ok(Progress::Validation),
                }
            }
            epoch @ Progress::Epoch(_) => Ok(epoch),
        }
    }

    /// Begins the next epoch, with its planned changes; after the last epoch it waits until the run is continued.
    fn start_epoch(&mut self) {
        self.position.next_image = 0;
        // It may change the data and so the order; after the last epoch, that would be data that nothing was trained on.
        self.position.plan_due = true;
        self.change_as_planned();
        self.begin_epoch();
        self.good = Good {
            model: self.model.clone(),
            averaged: self.averaged.clone(),
            steps: self.position.steps,
        };
    }

    /// Goes to the beginning of the current epoch.
    fn begin_epoch(&mut self) {
        self.feed = None;
        self.position.seconds = 0.0;
        self.position.sums = Sums::default();
        self.validation_seconds = 0.0;
        self.go_to(0);
    }

    /// Goes to this image in the epoch's order; after the last one, to the beginning of validation.
    fn go_to(&mut self, next_image: usize) {
        let order = self.order();
        self.position.next_image = next_image.min(order.len());
        self.phase = match next_image < order.len() {
            true => Phase::Training { order },
            false => Phase::Validating(self.validation_of()),
        };
    }

    /// The order of the images in this epoch.
    fn order(&self) -> Order {
        let images = &self.division.train;
        let mut random = Pcg64Mcg::seed_from_u64(mix(self.seed, self.position.epochs as u64));
        match self.recipe.balanced_batches {
            false => Order::shuffled(images, &mut random),
            true => Order::balanced(images, self.dataset.train().labels(), &mut random),
        }
    }

    fn end_epoch(&mut self, evaluation: Evaluation) -> EpochFigures {
        let stretch = self.end_of_stretch();
        self.position.epochs += 1;
        let metrics = EpochMetrics {
            changes: std::mem::take(&mut self.position.changes),
            stretch,
            ..EpochMetrics::of(
                self.position.epochs,
                &Measured {
                    training_seconds: self.position.seconds,
                    validation_seconds: self.validation_seconds,
                    learning_rate: self.position.last_rate,
                    sums: self.position.sums,
                    validation: &evaluation,
                    start_share: self.start_share(),
                },
            )
        };
        self.position.val_losses.push(metrics.val_loss);
        if !metrics.counts() {
            self.position.young_epochs = self.position.epochs;
        }
        let labels = evaluation.labels(self.validation_split());
        let dataset = Arc::clone(&self.dataset);
        self.start_epoch();
        EpochFigures {
            metrics,
            predictions: evaluation.predictions,
            labels,
            dataset,
        }
    }
}

/// The set with the recipe's corrections applied.
fn corrected(dataset: &Arc<Dataset>, recipe: &Recipe) -> Arc<Dataset> {
    let corrected = dataset.corrected(recipe.corrections.as_ref());
    corrected.expect("corrections are checked before they reach the trainer")
}

fn divided(dataset: &Dataset, recipe: &Recipe, seed: u64) -> Division {
    let division = Division::of(dataset, recipe, seed);
    division.expect("what a recipe asks of a set is checked before they reach the trainer")
}

#[cfg(test)]
mod tests;
