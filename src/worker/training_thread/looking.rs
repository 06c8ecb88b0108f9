//! What the training thread answers about networks and images between two batches.

use std::sync::Arc;

use super::Desk;
use crate::analysis::explain::explain;
use crate::analysis::{self, Figures, Predictions, drawing};
use crate::data::{Split, SplitName};
use crate::network::{CheckedNetwork, Model, NetworkSpec};
use crate::worker::RunId;
use crate::worker::protocol::{Event, LabelledImage};
use crate::worker::questions::{
    ExplainRequest, Explained, JudgedImage, JudgedPage, JudgedRequest, PredictRequest, Prediction,
};

/// What is kept so that the next question of the same kind is answered at once.
#[derive(Default)]
pub(super) struct Looking {
    /// A network that was not trained, with the seed of its weights.
    fresh: Option<(u64, Model)>,
    /// What a run's network takes the test images for, after so many epochs.
    judged: Option<(RunId, usize, Predictions)>,
}

impl Desk {
    pub(super) fn predict(&mut self, request: &PredictRequest) -> Result<(), String> {
        let shape = request.network.input;
        if request.image.len() != shape.len() {
            return Err(format!(
                "{} takes images of {shape}, that is {} values, and the drawing has {}",
                request.network.name,
                shape.len(),
                request.image.len()
            ));
        }
        let seen = if request.centre {
            drawing::centred(&request.image, shape)
        } else {
            request.image.clone()
        };
        let image: Vec<f32> = seen.iter().map(|value| f32::from(*value) / 255.0).collect();
        let pool = Arc::clone(&self.pool);
        let (model, trained_epochs) = self.model_of(&request.network, request.seed)?;
        let probabilities = pool.install(|| model.probabilities(&image));
        let neighbours = match &request.dataset {
            Some(name) => {
                let dataset = self.library.set(name)?;
                let split = dataset.train();
                if split.shape() == shape {
                    pool.install(|| analysis::nearest(split, &seen, request.neighbours))
                        .into_iter()
                        .map(|neighbour| labelled(split, neighbour.index))
                        .collect()
                } else {
                    Vec::new()
                }
            }
            None => Vec::new(),
        };
        self.events.send(Event::Prediction(Prediction {
            request: request.request,
            trained_epochs,
            probabilities,
            seen,
            neighbours,
        }));
        Ok(())
    }

    pub(super) fn explain(&mut self, request: &ExplainRequest) -> Result<(), String> {
        let dataset = self.library.set(&request.dataset)?;
        let split = match request.split {
            SplitName::Train => dataset.train(),
            SplitName::Test => dataset.test(),
        };
        if request.image >= split.len() || split.shape() != request.network.input {
            return Err(format!(
                "image {} of {} ({} images of {}) is not one that {} takes",
                request.image,
                dataset.name,
                split.len(),
                split.shape(),
                request.network.name
            ));
        }
        let mut image = vec![0.0; split.shape().len()];
        split.image(request.image, &mut image);
        let pool = Arc::clone(&self.pool);
        let (model, trained_epochs) = self.model_of(&request.network, request.seed)?;
        let explanation = pool.install(|| {
            let class = request
                .class
                .unwrap_or_else(|| most_probable(&model.probabilities(&image)));
            explain(model, &image, class, &request.method).map_err(|error| error.to_string())
        })?;
        self.events.send(Event::Explained(Explained {
            request: request.request,
            trained_epochs,
            explanation,
        }));
        Ok(())
    }

    pub(super) fn judge(&mut self, request: &JudgedRequest) -> Result<(), String> {
        let run = self.run;
        let Some(session) = self.session.as_mut().filter(|_| run == request.run) else {
            return Err(format!(
                "run {} is not the latest one, and its weights are no longer in memory",
                request.run
            ));
        };
        let epochs = session.history().len();
        let dataset = Arc::clone(session.trainer().dataset());
        let split = dataset.test();
        let is_known = matches!(&self.looking.judged, Some((known_run, known_epochs, _))
            if (*known_run, *known_epochs) == (run, epochs));
        if !is_known {
            let model = session.model_mut();
            let predictions = self.pool.install(|| analysis::predict(model, split));
            self.looking.judged = Some((run, epochs, predictions));
        }
        let Some((_, _, predictions)) = &self.looking.judged else {
            return Ok(());
        };
        let Some(figures) = Figures::of(predictions) else {
            return Err(format!("{} has no test images", dataset.name));
        };
        let selected = request.gallery.select(predictions);
        let images = selected
            .iter()
            .skip(request.from)
            .take(request.count)
            .map(|index| JudgedImage {
                judgement: predictions.judgement(*index),
                pixels: split.image_u8(*index),
            })
            .collect();
        self.events.send(Event::Judged(JudgedPage {
            request: request.request,
            run,
            epochs,
            figures,
            shape: split.shape(),
            matching: selected.len(),
            from: request.from,
            images,
        }));
        Ok(())
    }

    /// The network with the weights that the session has for it, or else fresh ones; and the epochs that it was trained for.
    fn model_of(
        &mut self,
        network: &NetworkSpec,
        seed: u64,
    ) -> Result<(&mut Model, usize), String> {
        let is_trained = self
            .session
            .as_ref()
            .is_some_and(|session| is_same(&session.preset().network(), network));
        if is_trained && let Some(session) = &mut self.session {
            let epochs = session.history().len();
            return Ok((session.model_mut(), epochs));
        }
        let is_known = matches!(&self.looking.fresh, Some((known, model))
            if *known == seed && is_same(model.network().spec(), network));
        if !is_known {
            let checked = CheckedNetwork::new(network).map_err(|problem| problem.to_string())?;
            self.looking.fresh = Some((seed, Model::new(Arc::new(checked), seed)));
        }
        match &mut self.looking.fresh {
            Some((_, model)) => Ok((model, 0)),
            None => Err("there is no network to look into".to_owned()),
        }
    }
}

fn is_same(one: &NetworkSpec, other: &NetworkSpec) -> bool {
    one.input == other.input && one.classes == other.classes && one.layers == other.layers
}

fn labelled(split: &Split, index: usize) -> LabelledImage {
    LabelledImage {
        index,
        label: split.labels()[index],
        pixels: split.image_u8(index),
    }
}

fn most_probable(probabilities: &[f32]) -> usize {
    let ranked = probabilities.iter().enumerate();
    ranked
        .rev()
        .max_by(|one, other| one.1.total_cmp(other.1))
        .map_or(0, |(class, _)| class)
}
