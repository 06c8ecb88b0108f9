//! What happens on the Activations pane, and what it asks the worker for.

mod asking;
mod health;

use super::super::activations::{ActivationState, Depth, Pin};
use super::super::inside::InsideMessage;
use super::super::lab::{Lab, Notice};
use super::super::pane_id::PaneId;
use crate::data::SplitName;
use crate::runs::kept_epochs;
use crate::shape::Shape;
use crate::ui::Motion;
use crate::worker::{Subject, Weights};

pub(super) use asking::{ask, excited_came, maps_came, origin_came};
pub(super) use health::came as health_came;

pub(super) fn apply(lab: &mut Lab, message: InsideMessage) {
    match message {
        InsideMessage::PinOrUnpin => pin_or_unpin(lab),
        InsideMessage::NextMap => step_map(lab, true),
        InsideMessage::PreviousMap => step_map(lab, false),
        InsideMessage::ToggleRange => {
            let by_layer = !lab.activations.by_layer_range;
            lab.activations.by_layer_range = by_layer;
            let text = if by_layer {
                "All maps of the layer by one range: they can be compared."
            } else {
                "Each map by its own mean and deviation: faint ones show too."
            };
            lab.say(Notice::Information, text);
        }
        InsideMessage::EarlierEpoch => step_epoch(lab, false),
        InsideMessage::LaterEpoch => step_epoch(lab, true),
        InsideMessage::Excite => lab.activations.depth = Depth::Exciting,
        InsideMessage::Health => {
            lab.health.is_open = !lab.health.is_open;
            lab.health.layer = lab.activations.layer;
            lab.zoomed = false;
        }
    }
}

fn pin_or_unpin(lab: &mut Lab) {
    if lab.activations.pin.is_some() {
        return unpin(lab);
    }
    let (Some(subject), Some(set)) = (lab.subject(), lab.chosen_set()) else {
        return;
    };
    if let Subject::OfSet { split, index, .. } = &subject {
        let (name, split, index) = (set.name.clone(), *split, *index);
        pin_of_set(lab, &name, split, index);
    }
}

/// Lets the held image go.
pub(in crate::state) fn unpin(lab: &mut Lab) {
    if let Some(pin) = lab.activations.pin.take() {
        let text = format!("Let go: {}.", pin.name);
        lab.say(Notice::Information, text);
    }
}

/// Whether this image is the held one.
pub(in crate::state) fn is_pinned(
    lab: &Lab,
    dataset: &str,
    split: SplitName,
    index: usize,
) -> bool {
    let held = lab.activations.pin.as_ref().map(|pin| &pin.subject);
    let asked = Subject::OfSet {
        dataset: dataset.to_owned(),
        split,
        index,
    };
    held == Some(&asked)
}

/// Shows what the network makes of an image of a loaded set; another held one is let go.
pub(super) fn look_at(lab: &mut Lab, dataset: &str, split: SplitName, index: usize) {
    if !is_pinned(lab, dataset, split, index) {
        lab.activations.pin = None;
    }
    if lab.chosen_set().is_some_and(|set| set.name == dataset) {
        lab.activations.split = split;
        lab.activations.image = index;
    } else if lab.activations.pin.is_none() {
        // Of another set than the chosen one it can only be held.
        pin_of_set(lab, dataset, split, index);
    }
    super::show(lab, PaneId::Activations);
}

/// Holds an image of a loaded set.
pub(super) fn pin_of_set(lab: &mut Lab, dataset: &str, split: SplitName, index: usize) {
    let Some(set) = lab.sets.iter().find(|set| set.name == dataset) else {
        return;
    };
    let split_name = split.word();
    let pin = Pin {
        subject: Subject::OfSet {
            dataset: dataset.to_owned(),
            split,
            index,
        },
        name: format!("{dataset} {split_name} image {index}"),
        shape: set.shape,
        class_names: set.class_names.clone(),
    };
    let text = format!("Pinned: {}. It stays until p lets it go.", pin.name);
    lab.activations.pin = Some(pin);
    lab.say(Notice::Information, text);
}

/// Holds a drawing as the network sees it, and shows what the network makes of it.
pub(super) fn pin_drawing(lab: &mut Lab, shape: Shape, seen: Vec<u8>) {
    lab.activations.pin = Some(Pin {
        subject: Subject::Drawing { pixels: seen },
        name: "drawing".to_owned(),
        shape,
        class_names: Vec::new(),
    });
    super::show(lab, PaneId::Activations);
}

fn step_map(lab: &mut Lab, forward: bool) {
    let maps = lab.activations.shape().map_or(0, |shape| shape.channels);
    let at = lab.activations.map;
    let to = if forward { at + 1 } else { at.wrapping_sub(1) };
    if to >= maps {
        let end = if forward { "last" } else { "first" };
        return lab.say(Notice::Refusal, format!("This is the {end} map."));
    }
    put_map(lab, to);
}

/// Puts the cursor on a map, and its page in sight.
fn put_map(lab: &mut Lab, map: usize) {
    let page = lab.fits.maps.max(1);
    lab.activations.map = map;
    lab.activations.first_map = map / page * page;
    lab.activations.product = 0;
}

/// The epochs of the run whose weights can be looked at.
fn epochs(lab: &Lab) -> Vec<usize> {
    lab.run_of_network()
        .filter(|run| run.facts.folder.is_some())
        .map_or(Vec::new(), |run| kept_epochs(run.history.len()))
}

fn step_epoch(lab: &mut Lab, forward: bool) {
    let epochs = epochs(lab);
    let Some(latest) = epochs.last().copied() else {
        let text = "The network on the screen has no run folder with the weights of its epochs.";
        return lab.say(Notice::Refusal, text);
    };
    let now = lab.activations.epoch.unwrap_or(latest);
    let next = if forward {
        epochs.iter().find(|epoch| **epoch > now).copied()
    } else {
        epochs.iter().rev().find(|epoch| **epoch < now).copied()
    };
    match next {
        Some(epoch) if epoch == latest => lab.activations.epoch = None,
        Some(epoch) => lab.activations.epoch = Some(epoch),
        None if forward => {
            lab.activations.epoch = None;
            lab.say(Notice::Refusal, "These are the latest weights.");
        }
        None => lab.say(Notice::Refusal, "These are the weights of the start."),
    }
}

/// Moves what the arrows move at the present depth.
pub(super) fn go(lab: &mut Lab, motion: Motion) {
    if lab.health.is_open {
        return health::go(lab, motion);
    }
    let shape = lab.activations.shape();
    match lab.activations.depth {
        Depth::Maps => go_in_maps(lab, motion),
        Depth::Map => {
            let Some(shape) = shape else { return };
            match motion {
                Motion::PageDown => return step_map(lab, true),
                Motion::PageUp => return step_map(lab, false),
                _ => {}
            }
            let (row, column) = lab.activations.place;
            lab.activations.place = match motion {
                Motion::Left | Motion::Right | Motion::First | Motion::Last => {
                    (row, motion.along(column, shape.width, 1))
                }
                _ => (motion.along(row, shape.height, 1), column),
            };
        }
        Depth::Exciting => match motion {
            Motion::Right | Motion::Down | Motion::PageDown => step_map(lab, true),
            Motion::Left | Motion::Up | Motion::PageUp => step_map(lab, false),
            Motion::First => put_map(lab, 0),
            Motion::Last => put_map(lab, shape.map_or(0, |shape| shape.channels.max(1) - 1)),
        },
        Depth::Products => {
            let origin = lab.activations.origin.as_ref();
            let lines = origin
                .and_then(|found| found.origin.as_ref().ok())
                .map_or(0, |origin| product_lines(origin.arithmetic.window));
            lab.activations.product = motion.along(lab.activations.product, lines, 10);
        }
    }
}

/// Lines in which the products of a window are listed: one a channel, or one a product where the window is flat.
pub(super) fn product_lines(window: Shape) -> usize {
    window.channels
}

fn go_in_maps(lab: &mut Lab, motion: Motion) {
    let layers = lab.summary.layers.len();
    let columns = lab.fits.map_columns.max(1);
    let page = lab.fits.maps.max(1);
    let maps = lab.activations.shape().map_or(0, |shape| shape.channels);
    let at = lab.activations.map;
    let layer = lab.activations.layer;
    let end = |lab: &mut Lab, end: &str| {
        lab.say(Notice::Refusal, format!("These are the {end} maps."));
    };
    match motion {
        Motion::Left | Motion::Right => {
            let next = motion.along(layer, layers, 1);
            lab.activations.go_to_layer(next);
        }
        Motion::First => lab.activations.go_to_layer(0),
        Motion::Last => lab.activations.go_to_layer(layers.saturating_sub(1)),
        Motion::Down if at + columns < maps => put_map(lab, at + columns),
        Motion::Up if at >= columns => put_map(lab, at - columns),
        Motion::PageDown if lab.activations.first_map + page < maps => {
            put_map(lab, lab.activations.first_map + page);
        }
        Motion::PageUp if lab.activations.first_map > 0 => {
            put_map(lab, lab.activations.first_map.saturating_sub(page));
        }
        Motion::Down | Motion::PageDown => end(lab, "last"),
        Motion::Up | Motion::PageUp => end(lab, "first"),
    }
}

/// One step in.
pub(super) fn enter(lab: &mut Lab) {
    if lab.health.is_open {
        let layer = lab.health.layer;
        lab.health.is_open = false;
        return lab.activations.go_to_layer(layer);
    }
    let Some(shape) = lab.activations.shape() else {
        return;
    };
    let activations = &mut lab.activations;
    match activations.depth {
        Depth::Maps => {
            activations.depth = Depth::Map;
            activations.place = strongest(activations, shape);
        }
        Depth::Map => {
            activations.depth = Depth::Products;
            activations.product = 0;
        }
        // This is as deep as it goes.
        Depth::Exciting | Depth::Products => {}
    }
}

/// Row and column of the largest value of the map under the cursor.
fn strongest(activations: &ActivationState, shape: Shape) -> (usize, usize) {
    let Some(shown) = &activations.shown else {
        return (0, 0);
    };
    let map = shown.maps.values.iter().skip(activations.map);
    let values = map.step_by(shape.channels.max(1)).enumerate();
    let largest = values.rev().max_by(|one, other| one.1.total_cmp(other.1));
    let place = largest.map_or(0, |(place, _)| place);
    (place / shape.width.max(1), place % shape.width.max(1))
}

/// One step out; says whether there was one.
pub(super) fn back(lab: &mut Lab) -> bool {
    if lab.health.is_open {
        lab.health.is_open = false;
        return true;
    }
    let activations = &mut lab.activations;
    activations.depth = match activations.depth {
        Depth::Maps => return false,
        Depth::Map => Depth::Maps,
        Depth::Exciting | Depth::Products => Depth::Map,
    };
    true
}

impl Lab {
    /// The image that the Activations pane is about: the pinned one, or one of the chosen set.
    pub fn subject(&self) -> Option<Subject> {
        if let Some(pin) = &self.activations.pin {
            return Some(pin.subject.clone());
        }
        Some(Subject::OfSet {
            dataset: self.chosen_set()?.name.clone(),
            split: self.activations.split,
            index: self.activations.image,
        })
    }

    /// Why the network cannot look at this image.
    pub fn look_blocked(&self) -> Option<String> {
        let Some(pin) = &self.activations.pin else {
            return match self.chosen_set() {
                None => Some("no data is loaded".to_owned()),
                Some(_) => self.misfit(),
            };
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

    /// The network on the screen with the weights that the Activations pane looks at.
    pub(in crate::state) fn looked_weights(&self) -> Weights {
        Weights {
            network: self.titled_network(),
            seed: self.preset.seed,
            keep_weights: self.weights_version().is_some(),
            epoch: self.activations.epoch,
        }
    }

    /// The epochs whose weights can be looked at, and the one that is.
    pub fn looked_epochs(&self) -> (Vec<usize>, Option<usize>) {
        (epochs(self), self.activations.epoch)
    }

    /// The name of a class in the set of the image that the Activations pane is about.
    pub fn looked_class_name(&self, class: usize) -> String {
        let of_pin = self.activations.pin.as_ref().map(|pin| &pin.class_names);
        let of_set = self.chosen_set().map(|set| &set.class_names);
        of_pin
            .or(of_set)
            .and_then(|names| names.get(class).cloned())
            .unwrap_or_else(|| class.to_string())
    }
}
