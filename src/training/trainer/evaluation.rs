//! Evaluation of a model on a split.

use crate::data::Split;
use crate::network::Model;
use crate::ops::{Objective, most_probable};

/// Images per step of an evaluation; more would not be faster.
pub(crate) const EVALUATION_BATCH: usize = 256;

/// An evaluation of a model on a split, one batch per call.
#[derive(Debug, Default)]
pub struct Evaluation {
    objective: Objective,
    /// The images to evaluate.
    indices: Vec<u32>,
    loss: f64,
    correct: usize,
    /// With each batch's own mean and variance, if requested.
    correct_by_batch: Option<usize>,
    /// The predicted class of every image so far, in evaluation order.
    pub predictions: Vec<u16>,
}

impl Evaluation {
    /// An evaluation of the first `total` images.
    pub fn new(objective: Objective, total: usize) -> Self {
        Self::of(objective, (0..total as u32).collect())
    }

    /// An evaluation of the images at `indices`.
    pub fn of(objective: Objective, indices: Vec<u32>) -> Self {
        Self {
            objective,
            predictions: Vec::with_capacity(indices.len()),
            indices,
            ..Self::default()
        }
    }

    /// Also counts correct predictions with batch norm using each batch's own mean and variance.
    #[must_use]
    pub fn with_own_statistics(self) -> Self {
        Self {
            correct_by_batch: Some(0),
            ..self
        }
    }

    /// Evaluates a whole split.
    pub fn whole(objective: Objective, model: &mut Model, split: &Split) -> Self {
        let mut evaluation = Self::new(objective, split.len());
        while !evaluation.is_finished() {
            evaluation.advance(model, split);
        }
        evaluation
    }

    /// Whether every image is evaluated.
    pub fn is_finished(&self) -> bool {
        self.predictions.len() >= self.indices.len()
    }

    /// Evaluates the next batch, in rayon's current pool.
    pub fn advance(&mut self, model: &mut Model, split: &Split) {
        let start = self.predictions.len();
        let end = (start + EVALUATION_BATCH).min(self.indices.len());
        let indices = &self.indices[start..end];
        let scores = model.scores(indices.len(), |images, values| {
            split.gather(&indices[images], values);
        });
        let classes = scores.shape().len();
        for row in scores.values().chunks_exact(classes) {
            self.predictions.push(most_probable(row) as u16);
        }
        let mut labels = vec![0; indices.len()];
        split.gather_labels(indices, &mut labels);
        let loss = self.objective.of_images(scores, &labels);
        let mean = f64::from(loss.mean);
        let mean = self.objective.whole(mean, model.penalty());
        self.loss += mean * indices.len() as f64;
        self.correct += loss.correct;
        if let Some(correct) = &mut self.correct_by_batch {
            let scores = model.scores_by_own_statistics(indices.len(), |images, values| {
                split.gather(&indices[images], values);
            });
            *correct += self.objective.of_images(scores, &labels).correct;
        }
    }

    /// The objective's loss over the images so far.
    pub fn loss(&self) -> f64 {
        self.loss / self.predictions.len() as f64
    }

    /// Share of correct predictions so far.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.predictions.len() as f64
    }

    /// The same with each batch's own mean and variance, if requested.
    pub fn accuracy_by_batch(&self) -> Option<f64> {
        let correct = self.correct_by_batch? as f64;
        Some(correct / self.predictions.len() as f64)
    }

    /// The true classes of the images so far.
    pub(super) fn labels(&self, split: &Split) -> Vec<u16> {
        let mut labels = vec![0; self.predictions.len()];
        split.gather_labels(&self.indices[..labels.len()], &mut labels);
        labels
    }

    /// The images of the latest batch.
    pub(super) fn latest(&self) -> Vec<u32> {
        let end = self.predictions.len();
        let last = end.saturating_sub(1) / EVALUATION_BATCH * EVALUATION_BATCH;
        self.indices[last..end].to_vec()
    }
}
