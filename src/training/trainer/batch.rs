//! One batch of work: a step of training, or a batch of validation.

use std::ops::Range;
use std::sync::Arc;

use super::super::optimizers::Step;
use super::super::split::Division;
use super::super::young::YOUNG;
use super::diagnosis::TrainError;
use super::evaluation::Evaluation;
use super::feed::{Feed, Source};
use super::order::Order;
use super::{Phase, Progress, StepReport, Trainer};
use crate::data::{Augmentation, Dataset, Split};
use crate::network::{Model, mix};
use crate::ops::{self, Flow};

impl Trainer {
    pub(super) fn train_batch(&mut self) -> Result<StepReport, TrainError> {
        let Phase::Training { order } = &mut self.phase else {
            unreachable!("called in the training phase only")
        };
        let (order, position) = (std::mem::take(order), self.position.next_image);
        let end = (position + self.recipe.batch_size).min(order.len());
        let indices = order.images[position..end].to_vec();
        let is_last = end == order.len();
        let images = self.next_images(&order, position..end);
        self.phase = Phase::Training { order };
        let batch = end.div_ceil(self.recipe.batch_size);
        let mut labels = vec![0; indices.len()];
        self.dataset.train().gather_labels(&indices, &mut labels);

        let rate = self.rate(batch - 1);
        let key = mix(self.seed, self.position.steps + 1);
        let flow = Flow::training(images);
        let scores = self.model.forward(flow, Some(key), |_, _| {});
        let objective = self.recipe.objective();
        let loss = objective.of_weighted(scores, &labels, &self.division.class_weights);
        let mean = objective.whole(f64::from(loss.mean), self.model.penalty());
        let correct = loss.correct;
        if !mean.is_finite() {
            drop(loss);
            return Err(self.loss_not_finite(batch, mean, &indices, Some(key)));
        }
        let mut gradients = loss.backward();
        self.model.add_penalty_gradients(&mut gradients);
        if let Some(tensor) = last_not_finite(&mut self.model, &mut gradients) {
            drop(gradients);
            return Err(self.gradient_not_finite(batch, tensor, &indices, key));
        }
        self.position.steps += 1;
        self.note_training();
        self.step(gradients, rate);

        self.position.last_rate = rate;
        self.position.sums.images += labels.len();
        self.position.sums.loss += mean * labels.len() as f64;
        self.position.sums.correct += correct;
        self.position.next_image = end;
        if is_last {
            self.check_weights(batch)?;
            self.phase = Phase::Validating(self.validation_of());
        }
        Ok(StepReport {
            epoch: self.position.epochs + 1,
            batch,
            batches: self.batches_per_epoch(),
            loss: mean,
            accuracy: correct as f64 / labels.len() as f64,
            mean_loss: self.position.sums.mean_loss(),
            mean_accuracy: self.position.sums.accuracy(),
            images_per_second: 0.0,
            learning_rate: rate,
            start_share: self.start_share(),
        })
    }

    /// The images of a batch, augmented for this epoch.
    pub(super) fn images(&self, indices: &[u32]) -> ops::Input {
        let split = self.dataset.train();
        match self.augmentation() {
            None => self.model.gathered(indices.len(), |images, values| {
                split.gather(&indices[images], values);
            }),
            Some(augmentation) => self.model.input(indices.len(), |values| {
                augmentation.gather(split, self.position.epochs as u64, indices, values);
            }),
        }
    }

    /// The images at these places of the epoch's order, which are those of the next batch. Augmented ones were prepared in the background.
    pub(super) fn next_images(&mut self, order: &Order, places: Range<usize>) -> ops::Input {
        let Some(augmentation) = self.augmentation() else {
            return self.images(&order.images[places]);
        };
        let feed = self.feed.get_or_insert_with(|| {
            Feed::start(Source {
                dataset: Arc::clone(&self.dataset),
                augmentation,
                epoch: self.position.epochs as u64,
                order: order.clone(),
                from: places.start,
                batch_size: self.recipe.batch_size,
            })
        });
        let model = &self.model;
        model.input(places.len(), |images| {
            feed.next(|prepared| images.copy_from_slice(prepared));
        })
    }

    fn augmentation(&self) -> Option<Augmentation> {
        let settings = self
            .position
            .augment
            .filter(|settings| !settings.is_none())?;
        let shape = self.dataset.shape();
        let augmentation = Augmentation::new(settings, shape, self.seed);
        Some(augmentation.expect("settings are checked before they reach the trainer"))
    }

    /// Updates the weights by one step.
    fn step(&mut self, mut gradients: ops::ParameterGradients, rate: f64) {
        if let Some(most) = self.recipe.gradient_clip {
            clip(&mut self.model, &mut gradients, most);
        }
        for (vector, state) in self.model.trainable_mut().zip(&mut self.state) {
            let gradient = gradients.of(vector);
            let step = Step {
                weights: ops::values_mut(vector),
                gradient,
                learning_rate: rate as f32,
                number: self.position.steps - self.position.optimizer_since,
            };
            self.optimizer.step(step, state);
        }
        if let (Some(averaged), Some(decay)) = (&mut self.averaged, self.recipe.average) {
            // The average begins with the weights after the first step, as in Keras.
            let decay = if self.position.steps == 1 { 0.0 } else { decay };
            averaged.follow(&self.model, decay as f32);
        }
    }

    pub(super) fn validation_of(&self) -> Evaluation {
        let objective = self.recipe.objective();
        let evaluation = match &self.division.validation {
            None => Evaluation::new(objective, self.validation_split().len()),
            Some(indices) => Evaluation::of(objective, indices.clone()),
        };
        match self.start_share() > YOUNG {
            true => evaluation.with_own_statistics(),
            false => evaluation,
        }
    }

    /// The share of the moving statistics that is their initial value, if the recipe uses it.
    pub(super) fn start_share(&self) -> f32 {
        match self.recipe.await_batch_norm {
            true => self.evaluated().start_share(),
            false => 0.0,
        }
    }

    pub(super) fn validation_split(&self) -> &Split {
        measured(&self.dataset, &self.division)
    }

    pub(super) fn validate_batch(&mut self) -> Result<Progress, TrainError> {
        let split = measured(&self.dataset, &self.division);
        let Phase::Validating(evaluation) = &mut self.phase else {
            unreachable!("called in the validation phase only")
        };
        let model = self.averaged.as_mut().unwrap_or(&mut self.model);
        evaluation.advance(model, split);
        let loss = evaluation.loss();
        if !loss.is_finite() {
            let seen = evaluation.latest();
            return Err(self.loss_not_finite(self.batches_per_epoch(), loss, &seen, None));
        }
        Ok(Progress::Validation)
    }
}

/// The split of the images that validation measures.
fn measured<'a>(dataset: &'a Dataset, division: &Division) -> &'a Split {
    let split = dataset.split(division.portion.split());
    split.expect("a division is only of images that the set has")
}

/// The last trainable tensor with a gradient that is not finite.
fn last_not_finite(model: &mut Model, gradients: &mut ops::ParameterGradients) -> Option<usize> {
    let tensors = model.trainable_mut().enumerate();
    tensors
        .filter(|(_, vector)| !ops::optimizers::are_finite(gradients.of(vector)))
        .map(|(tensor, _)| tensor)
        .last()
}

/// Scales all gradients down so that their common norm is at most `most`, as Keras's `global_clipnorm` does.
fn clip(model: &mut Model, gradients: &mut ops::ParameterGradients, most: f64) {
    let squares: f64 = model
        .trainable_mut()
        .map(|vector| ops::penalty::sum_of_squares(gradients.of(vector)))
        .sum();
    let norm = squares.sqrt();
    if norm > most {
        for vector in model.trainable_mut() {
            ops::optimizers::scale((most / norm) as f32, gradients.of(vector));
        }
    }
}
