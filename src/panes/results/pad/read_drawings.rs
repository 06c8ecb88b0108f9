//! How a network reads the drawings that the person keeps.

use super::keep::drawings_of_user;
use crate::analysis;
use crate::panes::results::JudgedImage;
use crate::shape::Shape;
use crate::worker::{Network, NetworkDesk, Question, RunId, Tell, Weights};

/// Which network, and the drawings of which classes.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadDrawings {
    pub weights: Weights,
    /// What the weights depend on.
    pub version: Option<(RunId, usize)>,
    pub class_names: Vec<String>,
    /// Drawings kept since the start.
    pub keeps: usize,
}

/// The drawings, read.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedDrawings {
    pub shape: Shape,
    /// Class by class.
    pub images: Vec<JudgedImage>,
}

impl Question for ReadDrawings {
    type Answer = JudgedDrawings;
    type Lane = Network;
    const PURPOSE: &'static str = "read your drawings";

    fn find_out(self, desk: &mut NetworkDesk, tell: &Tell<Self>) -> Result<(), String> {
        let network = &self.weights.network;
        let shape = network.input;
        let split = drawings_of_user(shape, &self.class_names)?.load();
        let (mut model, _) = desk.model_at(&self.weights, network.layers.len())?;
        // The judgements alone are wanted; which loss the whole has makes no difference.
        let predict = || analysis::predict(Default::default(), &mut model, &split);
        let predictions = desk.pool.install(predict);
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
