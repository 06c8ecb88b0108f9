//! The image that the network looks at: one of the chosen set, or one that is held. View, Results and the pad choose it, too.

use super::{Lab, PaneId};
use crate::data::SplitName;
use crate::shape::Shape;
use crate::worker::{Subject, Weights};

/// Which image, and what the Activations pane is to follow.
#[derive(Clone, Debug)]
pub struct Looked {
    pub split: SplitName,
    /// Position in the split of the chosen set, from 0; a pinned image goes before it.
    pub image: usize,
    pub pin: Option<Pin>,
    /// A layer that is to be looked at on the Activations pane.
    pub layer_wish: Option<usize>,
    pub changes: LookedChanges,
}

/// An image that is held until it is let go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    pub subject: Subject,
    /// In words: `MNIST test image 153`.
    pub name: String,
    pub shape: Shape,
    /// Names of its set's classes; empty for a drawing.
    pub class_names: Vec<String>,
}

/// How often what was seen became worthless.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LookedChanges {
    /// Another network came onto the screen.
    pub networks: u64,
    /// Another set was chosen, or the weights start afresh.
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

    /// The network on the screen with the weights that it had after this epoch of its run; `None` takes those in memory.
    pub fn weights(&self, epoch: Option<usize>) -> Weights {
        Weights {
            network: self.titled_network(),
            seed: self.preset.seed,
            keep_weights: self.weights_version().is_some(),
            epoch,
        }
    }

    /// Why the network cannot look at this image.
    pub fn look_blocked(&self) -> Option<String> {
        let Some(pin) = &self.looked.pin else {
            return self.no_set().or_else(|| self.misfit());
        };
        if let Some(problem) = &self.summary.problem {
            return Some(problem.clone());
        }
        (pin.shape != self.preset.input).then(|| {
            format!(
                "{} takes images of {}, and the pinned image is {}: p lets it go",
                self.title(),
                self.preset.input,
                pin.shape
            )
        })
    }

    /// Shows what the network makes of an image of a loaded set; another held one is let go.
    pub fn look_at(&mut self, dataset: &str, split: SplitName, image: usize) {
        if !self.is_pinned(dataset, split, image) {
            self.looked.pin = None;
        }
        if self.chosen_set().is_some_and(|set| set.name == dataset) {
            (self.looked.split, self.looked.image) = (split, image);
        } else if self.looked.pin.is_none() {
            // Of another set than the chosen one it can only be held.
            self.pin_image(dataset, split, image);
        }
        self.show(PaneId::Activations);
    }

    pub fn look_at_random(&mut self) {
        let seed = self.next_seed();
        let images = self.chosen_set().map_or(0, |set| match self.looked.split {
            SplitName::Train => set.train_len(),
            SplitName::Test => set.test_len(),
        });
        self.looked.pin = None;
        self.looked.image = scramble(seed, images);
    }

    /// Looks at the first image of the other split.
    pub fn look_at_other_split(&mut self) {
        self.looked.split = self.looked.split.other();
        self.looked.image = 0;
        self.looked.pin = None;
    }

    /// Shows what this layer makes of the image.
    pub fn look_at_layer(&mut self, layer: usize) {
        self.looked.layer_wish = Some(layer);
        self.show(PaneId::Activations);
    }

    /// Holds the image of the chosen set that is looked at, or lets the held one go.
    pub fn pin_or_unpin(&mut self) {
        if self.looked.pin.is_some() {
            self.unpin();
        } else if let Some(set) = self.chosen_set() {
            let name = set.name.clone();
            self.pin_image(&name, self.looked.split, self.looked.image);
        }
    }

    /// Holds an image of a loaded set.
    pub fn pin_image(&mut self, dataset: &str, split: SplitName, image: usize) {
        let Some(set) = self.set(dataset) else { return };
        let pin = Pin {
            subject: Subject::of_set(dataset, split, image),
            name: format!("{dataset} {} image {image}", split.word()),
            shape: set.shape,
            class_names: set.class_names.clone(),
        };
        self.inform(format!(
            "Pinned: {}. It stays until p lets it go.",
            pin.name
        ));
        self.looked.pin = Some(pin);
    }

    /// Holds a drawing, `[height, width, channels]` of this shape as the network sees it, and shows what the network makes of it.
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
            self.inform(format!("Let go: {}.", pin.name));
        }
    }

    pub(crate) fn look_at_another_network(&mut self) {
        self.looked.changes.networks += 1;
    }

    /// What was seen inside the network is no longer so.
    pub(crate) fn forget_looks(&mut self) {
        self.looked.changes.others += 1;
    }
}

/// A number below `count` that looks random and is the same for the same seed.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014 (SplitMix64).
fn scramble(seed: u64, count: usize) -> usize {
    let mut bits = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ (bits >> 31)) % count.max(1) as u64) as usize
}
