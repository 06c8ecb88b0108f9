//! The prediction for the drawing, the training images nearest to it, and the predictions for the kept drawings.

use std::sync::Arc;

use super::saving::drawings_of_user;
use super::{Pad, blocked};
use crate::analysis::{drawing, most_probable, nearest, predict};
use crate::lab::{Lab, WeightsVersion};
use crate::panes::results::JudgedImage;
use crate::shape::Shape;
use crate::worker::{LabelledImage, Network, NetworkDesk, Older, Question, Tell, Weights};

/// Nearest training images to ask for.
const NEIGHBOURS: usize = 6;

/// Asks for the prediction of a drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Predict {
    pub weights: Weights,
    /// The version of the weights.
    pub version: Option<WeightsVersion>,
    /// `[height, width, channels]` of the network's input, 0–255.
    pub image: Vec<u8>,
    /// Whether the drawing is scaled and centred like MNIST digits before the network sees it.
    pub centre: bool,
    /// Name of the loaded set to find the nearest training images in.
    pub dataset: Option<String>,
    /// How many nearest images to find.
    pub neighbours: usize,
}

/// The prediction for a drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// Epochs that every layer was trained for at least; 0 if the weights of one are new.
    pub trained_epochs: usize,
    /// One per class.
    pub probabilities: Vec<f32>,
    /// What the network saw, `[height, width, channels]`, 0–255.
    pub seen: Vec<u8>,
    /// The nearest training images, nearest first; `None` until they are found.
    pub neighbours: Option<Vec<LabelledImage>>,
}

impl Prediction {
    pub fn most_probable(&self) -> Option<usize> {
        let has_classes = !self.probabilities.is_empty();
        has_classes.then(|| most_probable(&self.probabilities))
    }
}

impl Question for Predict {
    type Answer = Prediction;
    type Lane = Network;
    const PURPOSE: &'static str = "classify the drawing";
    /// While strokes come faster than answers, the latest answer is shown.
    const OLDER: Older = Older::Heard;

    fn find_out(self, desk: &mut NetworkDesk, tell: &Tell<Self>) -> Result<(), String> {
        let network = &self.weights.network;
        let shape = network.input;
        if self.image.len() != shape.len() {
            return Err(format!(
                "{} expects images of {shape}, {} values, but the drawing has {}",
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

/// Asks for the predictions of the kept drawings of some classes.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadDrawings {
    pub weights: Weights,
    /// The version of the weights.
    pub version: Option<WeightsVersion>,
    pub class_names: Vec<String>,
    /// Drawings kept since the start.
    pub keeps: usize,
}

/// The kept drawings with their predictions.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedDrawings {
    pub shape: Shape,
    /// In the order of their classes.
    pub images: Vec<JudgedImage>,
}

impl Question for ReadDrawings {
    type Answer = JudgedDrawings;
    type Lane = Network;
    const PURPOSE: &'static str = "classify your drawings";

    fn find_out(self, desk: &mut NetworkDesk, tell: &Tell<Self>) -> Result<(), String> {
        let network = &self.weights.network;
        let shape = network.input;
        let split = drawings_of_user(shape, &self.class_names)?.load();
        let (mut model, _) = desk.model_at(&self.weights, network.layers.len())?;
        // Only the predictions are needed; the loss does not matter.
        let read = || predict(Default::default(), &mut model, &split);
        let predictions = desk.pool.install(read);
        let images = (0..split.len()).map(|index| JudgedImage {
            judgement: predictions.judgement(index),
            pixels: split.image_u8(index),
        });
        tell.tell(JudgedDrawings {
            shape,
            images: images.collect(),
        });
        Ok(())
    }
}

impl Pad {
    /// Asks for the prediction of the drawing while the pad is open.
    pub(in crate::panes::results) fn ask(&mut self, lab: &mut Lab) {
        if !self.is_open {
            return;
        }
        if blocked(lab).is_some() {
            return self.close();
        }
        self.fit(lab);
        let weights = lab.weights(None);
        if self.shows_kept {
            let question = ReadDrawings {
                weights: weights.clone(),
                version: lab.weights_version(),
                class_names: lab.network_class_names(),
                keeps: self.keeps,
            };
            self.kept.want(Some(question), &mut lab.out);
        }
        if self.canvas.is_blank() {
            self.reading.forget();
            return self.neighbours.clear();
        }
        let set = lab.chosen_set();
        let set = set.filter(|set| set.shape == weights.network.input);
        let question = Predict {
            image: self.canvas.pixels().to_vec(),
            centre: self.is_centred(lab),
            dataset: set.map(|set| set.name.clone()),
            neighbours: NEIGHBOURS,
            version: lab.weights_version(),
            weights,
        };
        self.reading.want(Some(question), &mut lab.out);
        let neighbours = self.reading.answer();
        if let Some(neighbours) = neighbours.and_then(|shown| shown.neighbours.as_ref()) {
            self.neighbours.clone_from(neighbours);
        }
    }

    /// Whether drawings are scaled and centred like MNIST digits before the network sees them.
    pub fn is_centred(&self, lab: &Lab) -> bool {
        self.centre.unwrap_or_else(|| {
            let names = lab
                .run_of_network()
                .map(|run| &run.in_use.set.class_names)
                .or_else(|| lab.chosen_set().map(|set| &set.class_names));
            names.is_some_and(|names| are_digits(names))
        })
    }

    pub(super) fn toggle_centre(&mut self, lab: &mut Lab) {
        let centre = !self.is_centred(lab);
        self.centre = Some(centre);
        lab.inform(match centre {
            true => "Drawings are scaled and centred like MNIST digits.",
            false => "The network sees drawings unchanged.",
        });
    }

    /// Pins the drawing as the network sees it, and shows its activations.
    pub(super) fn look_inside(&mut self, lab: &mut Lab) {
        if let Some(shown) = self.shown() {
            lab.pin_drawing(shown.seen.clone(), self.canvas.shape());
        }
    }
}

/// Whether the classes are the ten digits.
fn are_digits(names: &[String]) -> bool {
    names.len() == 10
        && (names.iter().zip('0'..))
            .all(|(name, digit)| name.chars().filter(char::is_ascii_digit).eq([digit]))
}
