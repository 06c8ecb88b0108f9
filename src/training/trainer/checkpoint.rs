//! Where a training stands, as plain data: all that going on exactly needs beside the recipe, the data and the seed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Evaluation, Phase, Sums, Trainer};
use crate::network::NamedWeights;

/// A training's state. Random numbers need no state of their own: each stream is named by the seed and the step or epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Every weight, moving statistics too.
    pub weights: Vec<NamedWeights>,
    /// The optimizer's tensors: `conv2d/kernel/squared_gradients`.
    pub optimizer: Vec<NamedWeights>,
    pub position: Position,
}

/// How far a training is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Whole epochs that are done.
    pub epochs: usize,
    /// Steps since the start.
    pub steps: u64,
    /// Images of the epoch under way that were trained on.
    pub images: usize,
    /// Sum of their losses.
    pub loss: f64,
    /// How many of them were predicted right.
    pub correct: usize,
    /// Time spent on them.
    pub seconds: f64,
}

impl Trainer {
    /// Where the training stands. Within an epoch's validation it is where that began.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            weights: self.model.export(),
            optimizer: self.optimizer_tensors(),
            position: Position {
                epochs: self.epochs_done,
                steps: self.steps,
                images: self.sums.images,
                loss: self.sums.loss,
                correct: self.sums.correct,
                seconds: self.training_time.as_secs_f64(),
            },
        }
    }

    /// Goes to where another training of the same network, data, recipe and seed stood, so that what follows is the same to the bit.
    ///
    /// # Errors
    /// A sentence that names the first tensor or figure that does not fit; the trainer is as before then.
    pub fn restore(&mut self, checkpoint: &Checkpoint) -> Result<(), String> {
        let position = checkpoint.position;
        let images = self.dataset.train().len();
        let whole_batches = position.images.is_multiple_of(self.recipe.batch_size);
        if position.images > images || !(whole_batches || position.images == images) {
            return Err(format!(
                "checkpoint: it stands after image {} of an epoch, where no batch of {} out of {images} ends; \
                 the data or the batch size is another",
                position.images, self.recipe.batch_size
            ));
        }
        let mut state = Vec::new();
        for tensor in self.optimizer_tensors() {
            let saved = checkpoint
                .optimizer
                .iter()
                .find(|saved| saved.name == tensor.name)
                .ok_or_else(|| {
                    format!(
                        "checkpoint: expected the optimizer's `{}`, which is not in it",
                        tensor.name
                    )
                })?;
            if saved.dimensions != tensor.dimensions {
                return Err(format!(
                    "checkpoint: the optimizer's `{}`: expected dimensions {:?}, got {:?}",
                    tensor.name, tensor.dimensions, saved.dimensions
                ));
            }
            state.push(saved);
        }
        self.model.import(&checkpoint.weights)?;

        for (tensor, saved) in self.state.iter_mut().flatten().zip(state) {
            tensor.copy_from_slice(&saved.values);
        }
        self.epochs_done = position.epochs;
        self.steps = position.steps;
        self.start_epoch();
        self.training_time = Duration::from_secs_f64(position.seconds.max(0.0));
        self.sums = Sums {
            images: position.images,
            loss: position.loss,
            correct: position.correct,
        };
        match &mut self.phase {
            Phase::Training { position: next, .. } if position.images < images => {
                *next = position.images;
            }
            phase => *phase = Phase::Validating(Evaluation::new(self.dataset.test().len())),
        }
        Ok(())
    }

    /// The state tensors in the order in which the trainer holds them.
    fn optimizer_tensors(&self) -> Vec<NamedWeights> {
        let network = self.model.network();
        let unfrozen = network.layers().iter().skip(self.model.frozen());
        let trainable = unfrozen.flat_map(|layer| {
            let trainable = layer.parameters.iter().filter(|shape| shape.trainable);
            trainable.map(move |shape| (&layer.name, shape))
        });
        trainable
            .zip(&self.state)
            .flat_map(|((layer, shape), tensors)| {
                let names = self.optimizer.state_names();
                names
                    .iter()
                    .zip(tensors)
                    .map(move |(name, values)| NamedWeights {
                        name: format!("{layer}/{}/{name}", shape.name),
                        dimensions: shape.dimensions.clone(),
                        values: values.clone(),
                    })
            })
            .collect()
    }
}
