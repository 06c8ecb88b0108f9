//! What a network takes a drawing for, and the training images that look most like what it saw.

use std::sync::Arc;

use crate::analysis::{drawing, nearest};
use crate::worker::{LabelledImage, Network, NetworkDesk, Older, Question, RunId, Tell, Weights};

/// A drawing to classify.
#[derive(Clone, Debug, PartialEq)]
pub struct Predict {
    pub weights: Weights,
    /// What the weights depend on.
    pub version: Option<(RunId, usize)>,
    /// `[height, width, channels]` of the network's input, 0–255.
    pub image: Vec<u8>,
    /// Whether the drawing is scaled and moved as the makers of MNIST did before the network sees it.
    pub centre: bool,
    /// Name of a loaded set, of whose training images the nearest are wanted.
    pub dataset: Option<String>,
    /// How many of them.
    pub neighbours: usize,
}

/// What a network takes a drawing for.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// Epochs that every layer was trained for at least; 0 where the weights of one are new.
    pub trained_epochs: usize,
    /// One a class.
    pub probabilities: Vec<f32>,
    /// What the network saw, `[height, width, channels]`, 0–255.
    pub seen: Vec<u8>,
    /// The nearest first; they come after the rest, which does not wait for them.
    pub neighbours: Option<Vec<LabelledImage>>,
}

impl Question for Predict {
    type Answer = Prediction;
    type Lane = Network;
    const PURPOSE: &'static str = "predict";
    /// While strokes come faster than answers, the latest answer is the best there is.
    const OLDER: Older = Older::Heard;

    fn find_out(self, desk: &mut NetworkDesk, tell: &Tell<Self>) -> Result<(), String> {
        let network = &self.weights.network;
        let shape = network.input;
        if self.image.len() != shape.len() {
            return Err(format!(
                "{} takes images of {shape}, that is {} values, and the drawing has {}",
                network.name,
                shape.len(),
                self.image.len()
            ));
        }
        let seen = match self.centre {
            true => drawing::centred(&self.image, shape),
            false => self.image,
        };
        let image: Vec<f32> = seen.iter().map(|value| f32::from(*value) / 255.0).collect();
        let (mut model, trained_epochs) = desk.model_at(&self.weights, network.layers.len())?;
        let prediction = Prediction {
            trained_epochs,
            probabilities: desk.pool.install(|| model.probabilities(&image)),
            seen,
            neighbours: None,
        };
        tell.tell(prediction.clone());
        let Some(dataset) = self.dataset else {
            return Ok(());
        };
        let dataset = desk.library.set(&dataset)?;
        let pool = Arc::clone(&desk.pool);
        tell.beside(move |tell| {
            let split = dataset.train();
            let images = match split.shape().len() == prediction.seen.len() {
                true => pool.install(|| nearest(split, &prediction.seen, self.neighbours)),
                false => Vec::new(),
            };
            let images = images.iter();
            let images = images.map(|neighbour| LabelledImage::of(split, neighbour.index));
            tell.tell(Prediction {
                neighbours: Some(images.collect()),
                ..prediction
            });
            Ok(())
        });
        Ok(())
    }
}
