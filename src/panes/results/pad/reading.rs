//! What the network takes the drawing for, and how it reads the kept ones.

use super::{Pad, Predict, ReadDrawings, blocked};
use crate::lab::Lab;

/// Nearest training images that are asked for.
const NEIGHBOURS: usize = 6;

impl Pad {
    /// Asks what the network takes the drawing for, while the pad is open.
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

    /// Whether drawings are scaled and moved as MNIST's digits before the network sees them.
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
            true => "Drawings are scaled and moved as MNIST's digits were.",
            false => "The network sees drawings as they are.",
        });
    }

    /// Holds the drawing as the network sees it, and shows what the network makes of it.
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
