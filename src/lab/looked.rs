//! The image on the Activations pane: one of the chosen set, or a pinned one. View, Results and the pad can choose it too.

use super::{Lab, PaneId};
use crate::data::SplitName;
use crate::shape::Shape;
use crate::worker::{Subject, Weights};

/// Which image is shown, and what the Activations pane is to follow.
#[derive(Clone, Debug)]
pub struct Looked {
    pub split: SplitName,
    /// Position in the split of the chosen set, from 0; a pinned image takes precedence.
    pub image: usize,
    pub pin: Option<Pin>,
    /// A layer to show on the Activations pane.
    pub layer_wish: Option<usize>,
    pub changes: LookedChanges,
}

/// An image that stays until it is unpinned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    pub subject: Subject,
    /// Such as `MNIST test image 153`.
    pub name: String,
    pub shape: Shape,
    /// Class names of its set; empty for a drawing.
    pub class_names: Vec<String>,
}

/// Counts of the changes that invalidate what is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LookedChanges {
    /// Changes of the network on the screen.
    pub networks: u64,
    /// Choices of another set and resets of the weights.
    pub others: u64,
}

impl Default for Looked {
    fn default() -> Self {
        Self {
            split: SplitName::Test,
            image: 0,
            pin: None,
            layer_wish: None,
            changes: LookedChanges::default(),
        }
    }
}

impl Lab {
    pub fn subject(&self) -> Option<Subject> {
        if let Some(pin) = &self.looked.pin {
            return Some(pin.subject.clone());
        }
        let set = self.chosen_set()?;
        let (split, image) = (self.looked.split, self.looked.image);
        Some(Subject::of_set(&set.name, split, image))
    }

    /// The network on the screen with its weights after this epoch of its run; `None` means the weights in memory.
    pub fn weights(&self, epoch: Option<usize>) -> Weights {
        Weights {
            network: self.titled_network(),
            seed: self.preset.seed,
            keep_weights: self.weights_version().is_some(),
            epoch,
        }
    }

    /// Why the network cannot process this image.
    pub fn look_blocked(&self) -> Option<String> {
        let Some(pin) = &self.looked.pin else {
            return self.no_set().or_else(|| self.misfit());
        };
        if let Some(problem) = self.problem() {
            return Some(problem);
        }
        (pin.shape != self.preset.input).then(|| {
            format!(
                "{} expects {} images, but the pinned image is {}: press p to unpin it",
                self.title(),
                self.preset.input,
                pin.shape
            )
        })
    }

    /// Shows the activations of an image of a loaded set; unpins any other image.
    pub fn look_at(&mut self, dataset: &str, split: SplitName, image: usize) {
        if !self.is_pinned(dataset, split, image) {
            self.looked.pin = None;
        }
        if self.chosen_set().is_some_and(|set| set.name == dataset) {
            (self.looked.split, self.looked.image) = (split, image);
        } else if self.looked.pin.is_none() {
            // An image of another set than the chosen one can only be pinned.
            self.pin_image(dataset, split, image);
        }
        self.show(PaneId::Activations);
    }

    pub fn look_at_random(&mut self) {
        let seed = self.next_seed();
        let split = self.looked.split;
        let images = self.chosen_set().map_or(0, |set| set.len_of(split));
        self.looked.pin = None;
        self.looked.image = scramble(seed, images);
    }

    /// Selects the first image of the next split.
    pub fn look_at_next_split(&mut self) {
        let split = self.looked.split;
        let set = self.chosen_set();
        self.looked.split = set.map_or(split, |set| set.split_after(split));
        self.looked.image = 0;
        self.looked.pin = None;
    }

    /// Shows the feature maps of this layer.
    pub fn look_at_layer(&mut self, layer: usize) {
        self.looked.layer_wish = Some(layer);
        self.show(PaneId::Activations);
    }

    /// Pins the current image of the chosen set, or unpins the pinned one.
    pub fn pin_or_unpin(&mut self) {
        if self.looked.pin.is_some() {
            self.unpin();
        } else if let Some(set) = self.chosen_set() {
            let name = set.name.clone();
            self.pin_image(&name, self.looked.split, self.looked.image);
        }
    }

    /// Pins an image of a loaded set.
    pub fn pin_image(&mut self, dataset: &str, split: SplitName, image: usize) {
        let Some(set) = self.set(dataset) else { return };
        let pin = Pin {
            subject: Subject::of_set(dataset, split, image),
            name: format!("{dataset} {} image {image}", split.word()),
            shape: set.shape,
            class_names: set.class_names.clone(),
        };
        self.inform(format!("Pinned: {}. Press p to unpin it.", pin.name));
        self.looked.pin = Some(pin);
    }

    /// Pins a drawing, `[height, width, channels]` of this shape as the network gets it, and shows its activations.
    pub fn pin_drawing(&mut self, pixels: Vec<u8>, shape: Shape) {
        self.looked.pin = Some(Pin {
            subject: Subject::Drawing { pixels },
            name: "drawing".to_owned(),
            shape,
            class_names: Vec::new(),
        });
        self.show(PaneId::Activations);
    }

    pub fn is_pinned(&self, dataset: &str, split: SplitName, image: usize) -> bool {
        let held = self.looked.pin.as_ref();
        held.is_some_and(|pin| pin.subject == Subject::of_set(dataset, split, image))
    }

    pub fn unpin(&mut self) {
        if let Some(pin) = self.looked.pin.take() {
            self.inform(format!("Unpinned: {}.", pin.name));
        }
    }

    pub(crate) fn look_at_another_network(&mut self) {
        self.looked.changes.networks += 1;
    }

    /// Invalidates what was shown of the inside of the network.
    pub(crate) fn forget_looks(&mut self) {
        self.looked.changes.others += 1;
    }
}

/// A pseudorandom number below `count`, the same for the same seed.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014 (SplitMix64).
fn scramble(seed: u64, count: usize) -> usize {
    let mut bits = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ (bits >> 31)) % count.max(1) as u64) as usize
}
