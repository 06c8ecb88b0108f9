//! A network's predictions for every image of a split.

use super::ConfusionTable;
use crate::data::Split;
use crate::network::Model;
use crate::ops::{self, Objective, most_probable};

/// Images per step; more are not faster.
const BATCH: usize = 256;

/// Probabilities, cross-entropies and labels of images, in the order of their split.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    classes: usize,
    /// `[images × classes]`
    probabilities: Vec<f32>,
    /// Cross-entropy of each image with its label, in nats.
    cross_entropies: Vec<f32>,
    labels: Vec<u16>,
    /// Sum over the images of the objective's loss.
    loss: f64,
}

/// A network's prediction for one image.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Position in its split, from 0.
    pub index: usize,
    /// Its label in the data set.
    pub label: u16,
    /// The most probable class, the first of equals.
    pub predicted: u16,
    /// Cross-entropy with the label, in nats.
    pub cross_entropy: f32,
    /// One probability per class.
    pub probabilities: Vec<f32>,
}

impl Predictions {
    /// Predictions from given probabilities `[images × classes]`; the cross-entropies, which are also the loss, are computed from
    /// them.
    ///
    /// # Panics
    /// If there is not one row of probabilities for each label, or a label is not below `classes`.
    pub fn new(classes: usize, probabilities: Vec<f32>, labels: Vec<u16>) -> Self {
        assert_eq!(
            probabilities.len(),
            labels.len() * classes,
            "one row of {classes} probabilities for each label"
        );
        let cross_entropies: Vec<f32> = probabilities
            .chunks_exact(classes)
            .zip(&labels)
            // From zero, so that what is certain has a loss of 0 and not of −0.
            .map(|(row, label)| 0.0 - row[usize::from(*label)].max(f32::MIN_POSITIVE).ln())
            .collect();
        Self {
            loss: cross_entropies.iter().copied().map(f64::from).sum(),
            classes,
            probabilities,
            cross_entropies,
            labels,
        }
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The label of each image.
    pub fn labels(&self) -> &[u16] {
        &self.labels
    }

    /// Cross-entropy of each image, in nats.
    pub fn cross_entropies(&self) -> &[f32] {
        &self.cross_entropies
    }

    /// The objective's loss, as training reports it for validation images.
    pub fn loss(&self) -> f64 {
        self.loss / self.len() as f64
    }

    /// The probabilities of image `index`, one per class.
    pub fn probabilities(&self, index: usize) -> &[f32] {
        &self.probabilities[index * self.classes..][..self.classes]
    }

    /// The most probable class of image `index`, the first of equals.
    pub fn predicted(&self, index: usize) -> usize {
        most_probable(self.probabilities(index))
    }

    /// The probability of the predicted class of image `index`.
    pub fn confidence(&self, index: usize) -> f32 {
        self.probabilities(index)[self.predicted(index)]
    }

    /// Whether the prediction for image `index` is right.
    pub fn is_right(&self, index: usize) -> bool {
        self.predicted(index) == usize::from(self.labels[index])
    }

    /// For each image, whether its prediction is right.
    pub fn right(&self) -> Vec<bool> {
        (0..self.len()).map(|index| self.is_right(index)).collect()
    }

    /// The share of right predictions; 0 without images.
    pub fn accuracy(&self) -> f64 {
        let right = (0..self.len()).filter(|index| self.is_right(*index));
        right.count() as f64 / self.len().max(1) as f64
    }

    /// The prediction for image `index`.
    pub fn judgement(&self, index: usize) -> Judgement {
        Judgement {
            index,
            label: self.labels[index],
            predicted: self.predicted(index) as u16,
            cross_entropy: self.cross_entropies[index],
            probabilities: self.probabilities(index).to_vec(),
        }
    }

    /// The confusion matrix.
    pub fn confusion(&self) -> ConfusionTable {
        let mut table = ConfusionTable::new(self.classes);
        for (index, label) in self.labels.iter().enumerate() {
            table.add(usize::from(*label), self.predicted(index));
        }
        table
    }
}

/// Predictions in progress: each call processes one batch of a split, so that the caller can stop between batches.
#[derive(Clone, Debug)]
pub struct PredictionPass {
    objective: Objective,
    /// Positions, in their split, of the images.
    places: Vec<u32>,
    predictions: Predictions,
}

impl PredictionPass {
    /// A pass of `model` over the whole of `split`, whose loss is that of `objective`.
    pub fn new(objective: Objective, model: &Model, split: &Split) -> Self {
        Self::over(objective, model, (0..split.len() as u32).collect())
    }

    /// A pass over the images at these positions of a split.
    pub fn over(objective: Objective, model: &Model, places: Vec<u32>) -> Self {
        let (total, classes) = (places.len(), model.network().spec().classes);
        Self {
            objective,
            places,
            predictions: Predictions {
                classes,
                probabilities: Vec::with_capacity(total * classes),
                cross_entropies: Vec::with_capacity(total),
                labels: Vec::with_capacity(total),
                loss: 0.0,
            },
        }
    }

    /// Whether every image was processed.
    pub fn is_finished(&self) -> bool {
        self.predictions.len() >= self.total()
    }

    /// Number of images.
    pub fn total(&self) -> usize {
        self.places.len()
    }

    /// The prediction for the image at this position of the pass; it holds the position in the split.
    pub fn judgement(&self, index: usize) -> Judgement {
        Judgement {
            index: self.places[index] as usize,
            ..self.predictions.judgement(index)
        }
    }

    /// The predictions so far.
    pub fn predictions(&self) -> &Predictions {
        &self.predictions
    }

    /// The predictions; to be called once the pass is finished.
    pub fn into_predictions(self) -> Predictions {
        self.predictions
    }

    /// Predicts the next batch, in rayon's current pool. `model` and `split` are those that the pass was created with.
    pub fn advance(&mut self, model: &mut Model, split: &Split) {
        let start = self.predictions.len();
        let end = (start + BATCH).min(self.total());
        let indices = &self.places[start..end];
        let scores = model.scores(indices.len(), |images, values| {
            split.gather(&indices[images], values);
        });
        let mut labels = vec![0; indices.len()];
        split.gather_labels(indices, &mut labels);
        let rows = scores.values().chunks_exact(self.predictions.classes);
        let mut sum = 0.0;
        for (row, label) in rows.zip(&labels) {
            // From the scores: a probability that is 0 in 32 bits has a finite cross-entropy still.
            let cross_entropy = cross_entropy(row, *label);
            self.predictions.cross_entropies.push(cross_entropy as f32);
            sum += self.objective.of_image(cross_entropy, row, *label);
        }
        let images = labels.len() as f64;
        self.predictions.loss += self.objective.whole(sum / images, model.penalty()) * images;
        self.predictions.labels.append(&mut labels);
        let probabilities = ops::softmax(scores);
        self.predictions
            .probabilities
            .extend_from_slice(probabilities.values());
    }
}

/// Predicts a whole split; the loss is that of `objective`.
pub fn predict(objective: Objective, model: &mut Model, split: &Split) -> Predictions {
    let mut pass = PredictionPass::new(objective, model, split);
    while !pass.is_finished() {
        pass.advance(model, split);
    }
    pass.into_predictions()
}

/// The cross-entropy of softmax(`scores`) with `label`.
fn cross_entropy(scores: &[f32], label: u16) -> f64 {
    let most = f64::from(scores[most_probable(scores)]);
    let sum: f64 = scores
        .iter()
        .map(|score| (f64::from(*score) - most).exp())
        .sum();
    sum.ln() + most - f64::from(scores[usize::from(label)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judgements_follow_from_probabilities_and_labels() {
        let predictions = Predictions::new(3, vec![0.5, 0.25, 0.25, 0.4, 0.4, 0.2], vec![1, 2]);
        assert_eq!(
            predictions.judgement(0),
            Judgement {
                index: 0,
                label: 1,
                predicted: 0,
                cross_entropy: 4f32.ln(),
                probabilities: vec![0.5, 0.25, 0.25],
            }
        );
        assert_eq!(predictions.predicted(1), 0, "the first of equals");
        assert_eq!(predictions.confidence(1), 0.4);
        assert!(!predictions.is_right(1));
        assert_eq!(most_probable(&[0.2, 0.4, 0.4]), 1);
        assert_eq!(most_probable(&[f32::NAN, 0.5]), 0, "nothing is above it");
        let table = predictions.confusion();
        assert_eq!(
            (table.count(1, 0), table.count(2, 0), table.total()),
            (1, 1, 2)
        );
    }

    #[test]
    fn cross_entropies_stay_finite_where_probabilities_vanish() {
        assert!((cross_entropy(&[1.0, 1.0], 0) - 2f64.ln()).abs() < 1e-6);
        assert_eq!(cross_entropy(&[500.0, 0.0], 1), 500.0);
        let certain = Predictions::new(2, vec![1.0, 0.0], vec![1]);
        let worst = certain.cross_entropies()[0];
        assert!(worst.is_finite() && worst > 80.0);
        assert!((certain.loss() - f64::from(worst)).abs() < 1e-6);
    }
}
