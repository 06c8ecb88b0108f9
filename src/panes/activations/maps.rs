//! What a layer makes of an image.

use super::{ActivationsPane, Look};
use crate::analysis::{self, FeatureMaps};
use crate::lab::Lab;
use crate::shape::Shape;
use crate::worker::{Network, NetworkDesk, Question, Tell};

/// Which maps.
#[derive(Clone, Debug, PartialEq)]
pub struct Maps {
    pub look: Look,
    /// Whether they may wait, while the network trains, until looking costs the training little.
    pub waits: bool,
}

/// The maps, with what is known of the image.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownMaps {
    /// Epochs that every layer up to this one was trained for at least; 0 where the weights of one are new.
    pub trained_epochs: usize,
    /// Batches of the epoch after these that the weights have seen too.
    pub batches: usize,
    /// The class that the image has in its set.
    pub label: Option<u16>,
    /// The image itself, `[height, width, channels]`, 0–255.
    pub pixels: Vec<u8>,
    pub input: Shape,
    pub maps: FeatureMaps,
}

impl ActivationsPane {
    pub(super) fn ask_maps(&mut self, look: &Look, lab: &mut Lab) {
        let waits = match self.maps.wanted() {
            Some(asked) if asked.look == *look => asked.waits,
            Some(asked) => asked.look.is_followed_by(look),
            None => false,
        };
        let look = look.clone();
        self.maps.want(Some(Maps { look, waits }), &mut lab.out);
    }
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

impl Look {
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
