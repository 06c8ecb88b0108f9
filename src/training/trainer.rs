//! Trains a network on a data set, one batch a call, so that whoever drives it can listen between batches.

mod checkpoint;
mod evaluation;

use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use rayon::ThreadPool;

use super::metrics::EpochMetrics;
use super::optimizers::{Optimizer, Step};
use super::recipe::Recipe;
use crate::data::Dataset;
use crate::network::{Model, mix};
use crate::ops::{self, Flow};

pub use checkpoint::{Checkpoint, Position};
pub use evaluation::Evaluation;

/// A training under way.
///
/// Equal models, data, recipes and seeds give equal bits, whatever the number of threads.
pub struct Trainer {
    model: Model,
    dataset: Arc<Dataset>,
    recipe: Recipe,
    seed: u64,
    pool: Arc<ThreadPool>,
    optimizer: Box<dyn Optimizer>,
    /// For each trainable weight tensor the optimizer's state tensors.
    state: Vec<Vec<Vec<f32>>>,
    /// Steps done since the start.
    steps: u64,
    epochs_done: usize,
    phase: Phase,
    /// Working time of the epoch so far; pauses do not count.
    training_time: Duration,
    validation_time: Duration,
    sums: Sums,
}

enum Phase {
    Training { order: Vec<u32>, position: usize },
    Validating(Evaluation),
}

/// What one call of [`Trainer::advance`] did.
#[derive(Debug)]
pub enum Progress {
    /// Trained on one batch.
    Step(StepReport),
    /// Measured one batch of the validation images.
    Validation,
    /// Finished an epoch.
    Epoch(EpochFigures),
}

/// Figures of one batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepReport {
    /// From 1.
    pub epoch: usize,
    /// Batches of this epoch that are done.
    pub batch: usize,
    pub batches: usize,
    /// Mean over the batch.
    pub loss: f64,
    /// Means over the epoch so far.
    pub mean_loss: f64,
    pub mean_accuracy: f64,
    /// Over the epoch so far.
    pub images_per_second: f64,
}

/// Figures of one epoch.
#[derive(Debug)]
pub struct EpochFigures {
    pub metrics: EpochMetrics,
    /// The predicted class of every validation image, in the order of the split.
    pub predictions: Vec<u16>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    images: usize,
    loss: f64,
    correct: usize,
}

impl Trainer {
    /// A training of `model` on `dataset` by `recipe`; every random number comes from `seed`.
    ///
    /// The data must have the network's input shape and number of classes, as [`check_data`] says.
    pub fn new(
        model: Model,
        dataset: Arc<Dataset>,
        recipe: Recipe,
        seed: u64,
        pool: Arc<ThreadPool>,
    ) -> Self {
        let mut model = model;
        let optimizer = (recipe.optimizer.kind().build)(recipe.optimizer.values());
        let tensors = optimizer.state_names().len();
        let state = model
            .trainable_mut()
            .map(|vector| vec![vec![0.0; ops::values(vector).len()]; tensors])
            .collect();
        let mut trainer = Self {
            model,
            dataset,
            recipe,
            seed,
            pool,
            optimizer,
            state,
            steps: 0,
            epochs_done: 0,
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

    pub fn model(&self) -> &Model {
        &self.model
    }

    pub fn model_mut(&mut self) -> &mut Model {
        &mut self.model
    }

    pub fn dataset(&self) -> &Arc<Dataset> {
        &self.dataset
    }

    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Whole epochs that are done.
    pub fn epochs_done(&self) -> usize {
        self.epochs_done
    }

    /// Whether all planned epochs are done.
    pub fn is_finished(&self) -> bool {
        self.epochs_done >= self.recipe.epochs
    }

    /// Threads that it computes with.
    pub fn threads(&self) -> usize {
        self.pool.current_num_threads()
    }

    pub fn batches_per_epoch(&self) -> usize {
        self.dataset.train().len().div_ceil(self.recipe.batch_size)
    }

    /// Does one batch of work: training, or, after an epoch's last batch, validation.
    ///
    /// # Errors
    /// A loss that is not a finite number; the weights are then useless.
    pub fn advance(&mut self) -> Result<Progress, TrainError> {
        let started = Instant::now();
        let pool = Arc::clone(&self.pool);
        let progress = pool.install(|| match &self.phase {
            Phase::Training { .. } => self.train_batch().map(Progress::Step),
            Phase::Validating(_) => Ok(self.validate_batch()),
        })?;
        match progress {
            Progress::Step(report) => {
                self.training_time += started.elapsed();
                if report.batch == report.batches {
                    self.phase = Phase::Validating(Evaluation::new(self.dataset.test().len()));
                }
                let images_per_second = self.sums.images as f64 / self.training_time.as_secs_f64();
                Ok(Progress::Step(StepReport {
                    images_per_second,
                    ..report
                }))
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

    fn start_epoch(&mut self) {
        let mut order: Vec<u32> = (0..self.dataset.train().len() as u32).collect();
        let mut random = Pcg64Mcg::seed_from_u64(mix(self.seed, self.epochs_done as u64));
        order.shuffle(&mut random);
        self.phase = Phase::Training { order, position: 0 };
        self.training_time = Duration::ZERO;
        self.validation_time = Duration::ZERO;
        self.sums = Sums::default();
    }

    fn train_batch(&mut self) -> Result<StepReport, TrainError> {
        let Phase::Training { order, position } = &mut self.phase else {
            unreachable!("called in the training phase only")
        };
        let end = (*position + self.recipe.batch_size).min(order.len());
        let indices = &order[*position..end];
        let split = self.dataset.train();
        let images = self
            .model
            .input(indices.len(), |images| split.gather(indices, images));
        let mut labels = vec![0; indices.len()];
        split.gather_labels(indices, &mut labels);
        *position = end;
        let batch = end.div_ceil(self.recipe.batch_size);

        self.steps += 1;
        let flow = Flow::training(images);
        let scores = self
            .model
            .forward(flow, Some(mix(self.seed, self.steps)), |_, _| {});
        let loss = ops::softmax_cross_entropy(scores, &labels);
        let mean = f64::from(loss.mean) + self.model.penalty();
        let correct = loss.correct;
        if !mean.is_finite() {
            return Err(TrainError::NotFinite {
                epoch: self.epochs_done + 1,
                batch,
                loss: mean,
            });
        }
        let mut gradients = loss.backward();
        self.model.add_penalty_gradients(&mut gradients);
        let learning_rate = self.optimizer.learning_rate();
        for (vector, state) in self.model.trainable_mut().zip(&mut self.state) {
            let gradient = gradients.of(vector);
            let step = Step {
                weights: ops::values_mut(vector),
                gradient,
                learning_rate,
                number: self.steps,
            };
            self.optimizer.step(step, state);
        }

        self.sums.images += labels.len();
        self.sums.loss += mean * labels.len() as f64;
        self.sums.correct += correct;
        Ok(StepReport {
            epoch: self.epochs_done + 1,
            batch,
            batches: self.batches_per_epoch(),
            loss: mean,
            mean_loss: self.sums.loss / self.sums.images as f64,
            mean_accuracy: self.sums.correct as f64 / self.sums.images as f64,
            images_per_second: 0.0,
        })
    }

    fn validate_batch(&mut self) -> Progress {
        if let Phase::Validating(evaluation) = &mut self.phase {
            evaluation.advance(&mut self.model, self.dataset.test());
        }
        Progress::Validation
    }

    fn end_epoch(&mut self, evaluation: Evaluation) -> EpochFigures {
        self.epochs_done += 1;
        let images = self.sums.images as f64;
        let metrics = EpochMetrics {
            epoch: self.epochs_done,
            seconds: (self.training_time + self.validation_time).as_secs_f64(),
            images_per_second: images / self.training_time.as_secs_f64(),
            learning_rate: f64::from(self.optimizer.learning_rate()),
            loss: self.sums.loss / images,
            accuracy: self.sums.correct as f64 / images,
            val_loss: evaluation.loss(),
            val_accuracy: evaluation.accuracy(),
            changes: Vec::new(),
        };
        self.start_epoch();
        EpochFigures {
            metrics,
            predictions: evaluation.predictions,
        }
    }
}

/// Why a training cannot start or go on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TrainError {
    #[error(
        "epoch {epoch}, batch {batch}: the loss is {loss}, so the weights are useless from here on; \
         a smaller learning rate or batch norm helps"
    )]
    NotFinite {
        epoch: usize,
        batch: usize,
        loss: f64,
    },
    #[error("{0}")]
    Data(String),
}

/// Says whether a network that takes `input` and tells `classes` apart can be trained on `dataset`.
///
/// # Errors
/// A sentence with both shapes or both numbers of classes.
pub fn check_data(model: &Model, dataset: &Dataset) -> Result<(), TrainError> {
    let spec = model.network().spec();
    if dataset.shape() != spec.input {
        return Err(TrainError::Data(format!(
            "{} takes images of {}, and those of {} are {}; change `input:` to {:?} or choose another set",
            spec.name,
            spec.input,
            dataset.name,
            dataset.shape(),
            <[usize; 3]>::from(dataset.shape()),
        )));
    }
    if dataset.classes() != spec.classes {
        return Err(TrainError::Data(format!(
            "{} tells {} classes apart, and {} has {}; change `classes:` to {3} or choose another set",
            spec.name,
            spec.classes,
            dataset.name,
            dataset.classes(),
        )));
    }
    Ok(())
}
