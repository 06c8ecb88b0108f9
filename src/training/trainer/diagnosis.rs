//! Why a run cannot start or continue.

use super::super::recipe::Recipe;
use super::super::split::Division;
use super::Trainer;
use crate::data::Dataset;
use crate::network::{Model, set_misfit};
use crate::ops::Flow;
use crate::ops::optimizers::are_finite;

/// Why a run cannot start or continue.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "each message describes its variant")]
pub enum TrainError {
    #[error(
        "epoch {epoch}, batch {batch}: {found}. The weights of the end of epoch {} are restored; try a smaller learning rate, \
         `gradient_clip:` or batch norm", epoch - 1
    )]
    NotFinite {
        epoch: usize,
        batch: usize,
        /// What is not finite and where it began, in words.
        found: String,
    },
    #[error("{0}")]
    Data(String),
}

impl Trainer {
    /// Finds where a loss that is not finite came from: repeats the batch and names the first layer whose values are not finite.
    pub(super) fn loss_not_finite(
        &mut self,
        batch: usize,
        loss: f64,
        indices: &[u32],
        key: Option<u64>,
    ) -> TrainError {
        let culprit = self
            .culprit(indices, key)
            .unwrap_or_else(|| "every layer's values are finite, but the loss overflows".into());
        self.not_finite(batch, format!("the loss is {loss}: {culprit}"))
    }

    /// As [`loss_not_finite`](Self::loss_not_finite) if the loss is finite and a gradient is not; `tensor` is the last trainable tensor
    /// with such a gradient, where it began.
    pub(super) fn gradient_not_finite(
        &mut self,
        batch: usize,
        tensor: usize,
        indices: &[u32],
        key: u64,
    ) -> TrainError {
        let found = self.culprit(indices, Some(key)).unwrap_or_else(|| {
            let mut shapes = self.model.trainable_shapes();
            let (index, layer, shape) = shapes.nth(tensor).expect("a trainable tensor's number");
            format!(
                "the gradient of the {} of layer {}, {}, is infinite or not a number",
                shape.name,
                index + 1,
                layer.name
            )
        });
        self.not_finite(batch, found)
    }

    fn not_finite(&self, batch: usize, found: String) -> TrainError {
        TrainError::NotFinite {
            epoch: self.position.epochs + 1,
            batch,
            found,
        }
    }

    /// Weights that are not finite do not always reach loss and gradients: ReLU turns NaN into 0.
    pub(super) fn check_weights(&self, batch: usize) -> Result<(), TrainError> {
        match self.spoilt() {
            None => Ok(()),
            Some(found) => Err(self.not_finite(batch, found)),
        }
    }

    /// The layer whose weights a step made non-finite. Gradients run from the last layer to the first, so it is the last such layer.
    fn spoilt(&self) -> Option<String> {
        let layers = self.model.network().layers().iter().enumerate().rev();
        layers.into_iter().find_map(|(index, layer)| {
            let mut weights = self.model.layer_weights(index);
            let (shape, _) =
                weights.find(|(shape, values)| shape.trainable && !are_finite(values))?;
            Some(format!(
                "a step made the {} of layer {}, {}, infinite or not a number",
                shape.name,
                index + 1,
                layer.name
            ))
        })
    }

    /// The first value in the forward pass that is not finite.
    fn culprit(&mut self, indices: &[u32], key: Option<u64>) -> Option<String> {
        if let Some(spoilt) = self.spoilt() {
            return Some(spoilt);
        }
        let images = match key {
            Some(_) => self.images(indices),
            None => {
                let split = self.validation_split();
                self.model.gathered(indices.len(), |images, values| {
                    split.gather(&indices[images], values);
                })
            }
        };
        let flow = Flow::inference(images);
        if !are_finite(flow.values()) {
            return Some("the images hold values that are infinite or not a number".into());
        }
        let model = match key {
            Some(_) => &mut self.model,
            None => self.evaluated_mut(),
        };
        let mut first = None;
        model.forward(flow, key, |index, flow| {
            if first.is_none() && !are_finite(flow.values()) {
                first = Some(index);
            }
        });
        let first = first?;
        Some(format!(
            "the output of layer {}, {}, is infinite or not a number",
            first + 1,
            self.model.network().layers()[first].name
        ))
    }

    /// Restores the start of the epoch, with an empty optimizer state.
    pub(super) fn return_to_good(&mut self) {
        self.model = self.good.model.clone();
        self.averaged = self.good.averaged.clone();
        self.position.steps = self.good.steps;
        self.forget_gradients();
        let back = format!(
            "weights of epoch {} restored: the loss was not finite",
            self.position.epochs
        );
        self.position.changes.push(back);
        self.begin_epoch();
    }

    /// Clears the optimizer's state.
    pub(super) fn forget_gradients(&mut self) {
        self.state
            .iter_mut()
            .flatten()
            .for_each(|tensor| tensor.fill(0.0));
        self.position.optimizer_since = self.position.steps;
    }
}

/// Checks whether a network can be trained on `dataset`.
///
/// # Errors
/// A sentence with both shapes or both numbers of classes, if they differ.
pub fn check_data(model: &Model, dataset: &Dataset) -> Result<(), TrainError> {
    let spec = model.network().spec();
    let has = (dataset.shape(), dataset.classes());
    let takes = (spec.input, spec.classes);
    let Some(misfit) = set_misfit(&spec.name, takes, &dataset.name, has) else {
        return Ok(());
    };
    let fix = match has.0 == spec.input {
        false => format!("`input:` to {:?}", <[usize; 3]>::from(has.0)),
        true => format!("`classes:` to {}", has.1),
    };
    Err(TrainError::Data(format!(
        "{misfit}; change {fix}, fit the network to the set (train --fit, or 3 f in the lab), or choose another set"
    )))
}

/// Checks whether `dataset`, with its corrections applied, has the images and classes that `recipe` asks for.
///
/// # Errors
/// A sentence that names the setting.
pub fn check_recipe(recipe: &Recipe, dataset: &Dataset, seed: u64) -> Result<(), TrainError> {
    let division = Division::of(dataset, recipe, seed);
    division.map(drop).map_err(TrainError::Data)
}
