//! Trains a network on a data set, one batch a call, so that whoever drives it can listen between batches.

mod another_recipe;
mod batch;
mod checkpoint;
mod diagnosis;
mod evaluation;
mod feed;
mod progress;
mod rate;
mod steering;
mod stretch;

use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use rayon::ThreadPool;

use super::metrics::EpochMetrics;
use super::optimizers::Optimizer;
use super::recipe::Recipe;
use super::schedules::Schedule;
use super::split::Division;
use crate::data::{AugmentSettings, Dataset, SetNote};
use crate::network::{Model, mix};
use crate::ops;

pub use checkpoint::{Checkpoint, Position};
pub use diagnosis::{TrainError, check_data};
pub(super) use evaluation::EVALUATION_BATCH;
pub use evaluation::Evaluation;
use feed::Feed;
pub use progress::{EpochFigures, Progress, StepReport};

/// A training under way.
///
/// Equal models, data, recipes and seeds give equal bits, whatever the number of threads.
pub struct Trainer {
    model: Model,
    /// The running average of the weights, where the recipe asks for one.
    averaged: Option<Model>,
    /// The weights at the start of this epoch, which were finite numbers.
    good: Good,
    dataset: Arc<Dataset>,
    /// What the next epoch goes on with.
    next_dataset: Option<Arc<Dataset>>,
    /// The set of the latest batch, and so what the weights know; the first one before any.
    trained_on: SetNote,
    /// Whether `trained_on` is the set in use.
    is_noted: bool,
    /// Whether what is planned for the epoch that comes waits until the training goes on at all.
    plan_due: bool,
    /// The sets that the recipe's plan names, by the epoch, from 1.
    planned_data: Vec<(usize, Arc<Dataset>)>,
    division: Division,
    recipe: Recipe,
    seed: u64,
    pool: Arc<ThreadPool>,
    optimizer: Box<dyn Optimizer>,
    schedule: Box<dyn Schedule>,
    /// For each trainable weight tensor the optimizer's state tensors.
    state: Vec<Vec<Vec<f32>>>,
    /// Steps done since the start.
    steps: u64,
    /// Steps that were done when the optimizer's state was last emptied.
    optimizer_since: u64,
    epochs_done: usize,
    plan: Plan,
    /// The learning rate that the schedule starts from.
    learning_rate: f64,
    /// The learning rate of the latest step.
    last_rate: f64,
    augment: Option<AugmentSettings>,
    /// The epoch's augmented images from the next batch on, where they are augmented.
    feed: Option<Feed>,
    val_losses: Vec<f64>,
    /// Epochs that were done when each stretch but the first began.
    stretch_starts: Vec<usize>,
    /// What the latest epoch was measured on, as [`Division::measured_on`] names it.
    measured_on: Option<String>,
    /// What was changed in this epoch, in words.
    changes: Vec<String>,
    phase: Phase,
    /// Working time of the epoch so far; pauses do not count.
    training_time: Duration,
    validation_time: Duration,
    sums: Sums,
}

/// What a training starts from.
pub struct Setup {
    /// Its frozen layers stay as they are.
    pub model: Model,
    /// It must have the network's input shape and number of classes, as [`check_data`] says. The recipe's corrections must be right for
    /// it; the trainer makes them.
    pub dataset: Arc<Dataset>,
    /// How it is trained.
    pub recipe: Recipe,
    /// Where every random number comes from.
    pub seed: u64,
    /// What computes.
    pub pool: Arc<ThreadPool>,
    /// The sets that the recipe's plan names, by the epoch, from 1.
    pub planned_data: Vec<(usize, Arc<Dataset>)>,
}

struct Good {
    model: Model,
    averaged: Option<Model>,
    steps: u64,
}

/// How far the training goes, and from where the schedule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Plan {
    /// Epochs in all.
    epochs: usize,
    /// Epochs that were done when the schedule, and the count of early stopping, last began.
    since: usize,
}

enum Phase {
    Training { order: Vec<u32>, position: usize },
    Validating(Evaluation),
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    images: usize,
    loss: f64,
    correct: usize,
}

impl Trainer {
    /// Puts everything in its place; the first batch is trained by [`advance`](Self::advance).
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
        let optimizer = (recipe.optimizer.kind().build)(recipe.optimizer.values());
        let schedule = (recipe.schedule.kind().build)(recipe.schedule.values());
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
            division: Division::of(&dataset, recipe.validation, seed),
            dataset,
            next_dataset: None,
            trained_on,
            is_noted: false,
            plan_due: false,
            planned_data,
            optimizer,
            schedule,
            state,
            steps: 0,
            optimizer_since: 0,
            epochs_done: 0,
            plan: Plan {
                epochs: recipe.epochs,
                since: 0,
            },
            learning_rate: recipe.optimizer.learning_rate(),
            last_rate: recipe.optimizer.learning_rate(),
            augment: recipe.augment,
            feed: None,
            val_losses: Vec::new(),
            stretch_starts: Vec::new(),
            measured_on: None,
            changes: Vec::new(),
            recipe,
            seed,
            pool,
            phase: Phase::Training {
                order: Vec::new(),
                position: 0,
            },
            training_time: Duration::ZERO,
            validation_time: Duration::ZERO,
            sums: Sums::default(),
        };
        trainer.start_epoch();
        trainer
    }

    /// The weights that are trained.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The weights that validation measures: the running average, where there is one.
    pub fn evaluated(&self) -> &Model {
        self.averaged.as_ref().unwrap_or(&self.model)
    }

    /// As [`evaluated`](Self::evaluated), for a forward pass.
    pub fn evaluated_mut(&mut self) -> &mut Model {
        self.averaged.as_mut().unwrap_or(&mut self.model)
    }

    /// The set with the recipe's corrections.
    pub fn dataset(&self) -> &Arc<Dataset> {
        &self.dataset
    }

    /// How it is trained from now on, planned changes included.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Whole epochs that are done.
    pub fn epochs_done(&self) -> usize {
        self.epochs_done
    }

    /// Steps since the start.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Epochs that are planned in all.
    pub fn planned_epochs(&self) -> usize {
        self.plan.epochs
    }

    /// Images that an epoch trains on.
    pub fn training_images(&self) -> usize {
        self.division.train.len()
    }

    /// Whether the training image at this position is trained on: not where it is left out or validates.
    pub fn trains_on(&self, index: u32) -> bool {
        self.division.train.binary_search(&index).is_ok()
    }

    /// Images that validation measures.
    pub fn validation_images(&self) -> usize {
        match &self.division.validation {
            None => self.dataset.test().len(),
            Some(validation) => validation.len(),
        }
    }

    /// Whether all planned epochs are done, or early stopping ended the training.
    pub fn is_finished(&self) -> bool {
        self.epochs_done >= self.plan.epochs || self.stopped_early()
    }

    /// Threads that it computes with.
    pub fn threads(&self) -> usize {
        self.pool.current_num_threads()
    }

    /// What computes.
    pub fn pool(&self) -> &Arc<ThreadPool> {
        &self.pool
    }

    /// The last one of an epoch may be smaller.
    pub fn batches_per_epoch(&self) -> usize {
        self.division.train.len().div_ceil(self.recipe.batch_size)
    }

    /// Does one batch of work: training, or, after an epoch's last batch, validation.
    ///
    /// # Errors
    /// A loss that is not a finite number. The training then stands at the start of the epoch under way, with the weights of that
    /// time and an optimizer that has forgotten everything.
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
                self.training_time += started.elapsed();
                report.images_per_second =
                    self.sums.images as f64 / self.training_time.as_secs_f64();
                Ok(Progress::Step(report))
            }
            Progress::Validation => {
                self.validation_time += started.elapsed();
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

    /// Begins the next epoch, with what is planned for it; after the last one it waits until the training goes on.
    fn start_epoch(&mut self) {
        self.phase = Phase::Training {
            order: Vec::new(),
            position: 0,
        };
        self.feed = None;
        // It may change the data, and so the order; after the last epoch that would be data that nothing was trained on.
        self.plan_due = true;
        self.change_as_planned();
        self.phase = Phase::Training {
            order: self.order(),
            position: 0,
        };
        self.good = Good {
            model: self.model.clone(),
            averaged: self.averaged.clone(),
            steps: self.steps,
        };
        self.training_time = Duration::ZERO;
        self.validation_time = Duration::ZERO;
        self.sums = Sums::default();
    }

    /// The order in which this epoch takes the images.
    fn order(&self) -> Vec<u32> {
        let mut order = self.division.train.clone();
        let mut random = Pcg64Mcg::seed_from_u64(mix(self.seed, self.epochs_done as u64));
        order.shuffle(&mut random);
        order
    }

    fn end_epoch(&mut self, evaluation: Evaluation) -> EpochFigures {
        let stretch = self.end_of_stretch();
        self.epochs_done += 1;
        let images = self.sums.images as f64;
        let metrics = EpochMetrics {
            epoch: self.epochs_done,
            seconds: (self.training_time + self.validation_time).as_secs_f64(),
            images_per_second: images / self.training_time.as_secs_f64(),
            learning_rate: self.last_rate,
            loss: self.sums.loss / images,
            accuracy: self.sums.correct as f64 / images,
            val_loss: evaluation.loss(),
            val_accuracy: evaluation.accuracy(),
            changes: std::mem::take(&mut self.changes),
            stretch,
        };
        self.val_losses.push(metrics.val_loss);
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

/// The set as the recipe corrects it.
fn corrected(dataset: &Arc<Dataset>, recipe: &Recipe) -> Arc<Dataset> {
    let corrected = dataset.corrected(recipe.corrections.as_ref());
    corrected.expect("corrections are checked before they come to the trainer")
}

#[cfg(test)]
mod tests;
