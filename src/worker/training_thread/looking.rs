//! What the training thread answers about networks and images between two batches.

use std::sync::Arc;

use super::{NetworkDesk, Weights};
use crate::analysis::{self, Figures, Predictions, drawing};
use crate::data::SplitName;
use crate::worker::LabelledImage;
use crate::worker::RunId;
use crate::worker::drawings::{self, DrawingsRequest, JudgedDrawings};
use crate::worker::protocol::Event;
use crate::worker::questions::{
    JudgedImage, JudgedPage, JudgedRequest, Neighbours, PredictRequest, Prediction,
};

/// Which network, after how many epochs, judged which set, by its SHA-256.
#[derive(PartialEq)]
struct Judging {
    run: RunId,
    epochs: usize,
    data: String,
}

/// What is kept so that the next question of the same kind is answered at once.
#[derive(Default)]
pub(super) struct Looking {
    /// What a run's network takes the test images for.
    judged: Option<(Judging, Predictions)>,
}

impl NetworkDesk {
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
        let weights = Weights {
            network: request.network.clone(),
            seed: request.seed,
            keep_weights: request.keep_weights,
            epoch: None,
        };
        let layers = request.network.layers.len();
        let (mut model, trained_epochs) = self.model_at(&weights, layers)?;
        let probabilities = pool.install(|| model.probabilities(&image));
        self.events.send(Event::Prediction(Prediction {
            request: request.request,
            trained_epochs,
            probabilities,
            seen: seen.clone(),
        }));
        match &request.dataset {
            Some(name) => self.find_neighbours(name, request, seen),
            None => Ok(()),
        }
    }

    /// Finds training images like what the network saw, on a thread beside this one: the prediction does not wait for them.
    fn find_neighbours(
        &mut self,
        dataset: &str,
        request: &PredictRequest,
        seen: Vec<u8>,
    ) -> Result<(), String> {
        let dataset = self.library.set(dataset)?;
        let (request, count) = (request.request, request.neighbours);
        let (pool, events) = (Arc::clone(&self.pool), self.events.clone());
        self.nearest.look(move |_| {
            let split = dataset.train();
            let images = if split.shape().len() == seen.len() {
                pool.install(|| analysis::nearest(split, &seen, count))
            } else {
                Vec::new()
            };
            events.send(Event::Neighbours(Neighbours {
                request,
                images: images
                    .into_iter()
                    .map(|neighbour| LabelledImage::of(split, neighbour.index))
                    .collect(),
            }));
            Ok(())
        });
        Ok(())
    }

    /// How the network reads the person's own drawings.
    pub(super) fn judge_drawings(&mut self, request: &DrawingsRequest) -> Result<(), String> {
        let shape = request.weights.network.input;
        let drawings = drawings::of_user(shape, &request.class_names)?;
        let split = drawings.load();
        let layers = request.weights.network.layers.len();
        let (mut model, _) = self.model_at(&request.weights, layers)?;
        // The judgements alone are wanted; which loss the whole has makes no difference.
        let predict = || analysis::predict(Default::default(), &mut model, &split);
        let predictions = self.pool.install(predict);
        let images = (0..split.len()).map(|index| JudgedImage {
            judgement: predictions.judgement(index),
            pixels: split.image_u8(index),
        });
        self.events.send(Event::Drawings(JudgedDrawings {
            request: request.request,
            folder: drawings.folder().to_owned(),
            shape,
            images: images.collect(),
        }));
        Ok(())
    }

    pub(super) fn judge(&mut self, request: JudgedRequest) -> Result<(), String> {
        if request.gallery.split() == SplitName::Train {
            return self.judge_training(request);
        }
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
        let judging = Judging {
            run,
            epochs,
            data: dataset.identity().to_owned(),
        };
        let known = self.looking.judged.as_ref();
        if known.is_none_or(|(known, _)| *known != judging) {
            let objective = session.trainer().recipe().objective();
            let model = session.model_mut();
            let predict = || analysis::predict(objective, model, split);
            let predictions = self.pool.install(predict);
            self.looking.judged = Some((judging, predictions));
        }
        let Some((_, predictions)) = &self.looking.judged else {
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
        self.events.send(Event::Judged(Box::new(JudgedPage {
            request: request.request,
            run,
            epochs,
            set: self.library.names_of(&dataset),
            split: SplitName::Test,
            figures,
            shape: split.shape(),
            matching: selected.len(),
            from: request.from,
            untrained: Vec::new(),
            images,
        })));
        Ok(())
    }
}
