//! A layer of a network with its weights, an image, and the feature maps of that layer.

use super::ActivationsPane;
use crate::analysis::{self, FeatureMaps};
use crate::lab::{Lab, Phase, WeightsVersion};
use crate::runs;
use crate::shape::Shape;
use crate::worker::{Network, NetworkDesk, Question, Subject, Tell, Weights};

/// Everything that feature maps depend on.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub weights: Weights,
    pub subject: Subject,
    /// Position in the network, from 0.
    pub layer: usize,
    pub version: Option<WeightsVersion>,
    /// While the network trains, the number of answers so far: each one triggers the next question.
    pub live: Option<u64>,
}

/// Asks for feature maps.
#[derive(Clone, Debug, PartialEq)]
pub struct Maps {
    pub look: Look,
    /// Whether the maps may wait, while the network trains, so as not to slow training down.
    pub waits: bool,
}

/// The maps, with the image and its label.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownMaps {
    /// The fewest epochs that any layer up to this one was trained for; 0 if one has new weights.
    pub trained_epochs: usize,
    /// Batches of the next epoch that the weights were trained on too.
    pub batches: usize,
    /// The label of the image in its set.
    pub label: Option<u16>,
    /// The image itself, `[height, width, channels]`, 0–255.
    pub pixels: Vec<u8>,
    pub input: Shape,
    pub maps: FeatureMaps,
}

impl Look {
    /// Whether the next look differs only in the weights being trained.
    pub(super) fn is_followed_by(&self, next: &Self) -> bool {
        self.live.is_some()
            && next.live.is_some()
            && Self {
                live: next.live,
                version: next.version,
                ..self.clone()
            } == *next
    }

    fn maps(&self, desk: &NetworkDesk) -> Result<ShownMaps, String> {
        let network = &self.weights.network;
        let seen = self.subject.see(&desk.library, network)?;
        let (mut model, trained_epochs) = desk.model_at(&self.weights, self.layer + 1)?;
        let maps = || analysis::feature_maps(&mut model, &seen.image, self.layer);
        Ok(ShownMaps {
            trained_epochs,
            batches: desk.batches_since_epoch(&self.weights),
            label: seen.label,
            input: network.input,
            maps: desk.pool.install(maps),
            pixels: seen.pixels,
        })
    }
}

impl ActivationsPane {
    /// What to show; `None` if the network cannot process the image.
    pub(super) fn look(&self, lab: &Lab) -> Option<Look> {
        if lab.look_blocked().is_some() || self.layer >= lab.summary.layers.len() {
            return None;
        }
        let run = lab.run_of_network().filter(|_| self.epoch.is_none());
        let is_training = run.is_some_and(|run| run.phase == Phase::Training);
        Some(Look {
            weights: lab.weights(self.epoch),
            subject: lab.subject()?,
            layer: self.layer,
            version: lab.weights_version(),
            live: is_training.then_some(self.live_answers),
        })
    }

    pub(super) fn ask_maps(&mut self, look: &Look, lab: &mut Lab) {
        let waits = match self.maps.wanted() {
            Some(asked) if asked.look == *look => asked.waits,
            Some(asked) => asked.look.is_followed_by(look),
            None => false,
        };
        let look = look.clone();
        self.maps.want(Some(Maps { look, waits }), &mut lab.out);
    }

    /// Switches to the weights of the next or previous saved epoch.
    pub(super) fn step_epoch(&mut self, lab: &mut Lab, forward: bool) {
        let epochs = kept_epochs(lab);
        let Some(latest) = epochs.last().copied() else {
            let why = "The network on the screen has no run folder with the weights of its epochs.";
            return lab.refuse(why);
        };
        let now = self.epoch.unwrap_or(latest);
        let mut epochs = epochs.into_iter();
        let next = match forward {
            true => epochs.find(|epoch| *epoch > now),
            false => epochs.rfind(|epoch| *epoch < now),
        };
        match next {
            Some(epoch) => self.epoch = (epoch != latest).then_some(epoch),
            None if forward => {
                self.epoch = None;
                lab.refuse("These are the latest weights.");
            }
            None => lab.refuse("These are the starting weights."),
        }
    }
}

/// The epochs of the run whose weights its folder keeps.
pub(super) fn kept_epochs(lab: &Lab) -> Vec<usize> {
    let run = lab.run_of_network();
    let run = run.filter(|run| run.facts.folder.is_some());
    run.map_or(Vec::new(), |run| runs::kept_epochs(run.history.len()))
}

impl Question for Maps {
    type Answer = ShownMaps;
    type Lane = Network;
    const PURPOSE: &'static str = "show activations";

    fn find_out(self, desk: &mut NetworkDesk, tell: &Tell<Self>) -> Result<(), String> {
        desk.look(tell, self.waits, move |desk, tell| {
            tell.tell(self.look.maps(desk)?);
            Ok(())
        });
        Ok(())
    }
}
