//! The progress reports of a trainer.

use std::sync::Arc;

use crate::data::Dataset;
use crate::training::figures::EpochMetrics;

/// The result of one call of [`Trainer::advance`](super::Trainer::advance).
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
    /// Batches done in this epoch.
    pub batch: usize,
    /// Batches per epoch.
    pub batches: usize,
    /// Mean over the batch.
    pub loss: f64,
    /// Share of the batch's images that the network predicted correctly before the step.
    pub accuracy: f64,
    /// Means over the epoch so far.
    pub mean_loss: f64,
    /// Of the epoch so far.
    pub mean_accuracy: f64,
    /// Over the epoch so far.
    pub images_per_second: f64,
    /// Of this step.
    pub learning_rate: f64,
    /// The share of batch norm's moving statistics that is their initial value.
    pub start_share: f32,
}

/// Figures of one epoch.
#[derive(Debug)]
pub struct EpochFigures {
    /// As `metrics.jsonl` has them.
    pub metrics: EpochMetrics,
    /// The predicted class of every validation image.
    pub predictions: Vec<u16>,
    /// The true ones.
    pub labels: Vec<u16>,
    /// The set of these images; the next epoch may already use another one.
    pub dataset: Arc<Dataset>,
}
