//! Cursor movements in the part that has the focus.

use super::super::lab::{Lab, Notice};
use super::super::message::Motion;
use super::super::pane_id::Part;
use super::pages::step_page;

/// Entries that Page up and Page down skip in a list.
const LIST_PAGE: usize = 10;

pub(super) fn apply(lab: &mut Lab, motion: Motion) {
    match lab.part() {
        Part::Sets => {
            lab.cursors.set = motion.along(lab.cursors.set, lab.sets.len(), LIST_PAGE);
        }
        Part::Classes => {
            let classes = lab.chosen_set().map_or(0, |set| set.class_names.len());
            lab.cursors.class = motion.along(lab.cursors.class, classes, LIST_PAGE);
        }
        Part::Layers | Part::Picture => {
            let layers = lab.summary.layers.len();
            lab.cursors.layer = motion.along(lab.cursors.layer, layers, LIST_PAGE);
        }
        Part::Images => move_in_images(lab, motion),
        Part::Confusion => {
            let classes = classes_of_table(lab);
            let (truth, predicted) = lab.cursors.confusion;
            lab.cursors.confusion = match motion {
                Motion::Left | Motion::Right => (truth, motion.along(predicted, classes, 1)),
                _ => (motion.along(truth, classes, LIST_PAGE), predicted),
            };
        }
        Part::PerClass => {
            let class = motion.along(lab.cursors.confusion.0, classes_of_table(lab), LIST_PAGE);
            lab.cursors.confusion = (class, class);
        }
        Part::Maps | Part::Image => move_in_activations(lab, motion),
        Part::Accuracy | Part::Loss | Part::Progress => {
            let epochs = lab.run.as_ref().map_or(0, |run| run.history.len());
            lab.curves.go(motion, epochs);
        }
    }
}

fn classes_of_table(lab: &Lab) -> usize {
    lab.run
        .as_ref()
        .and_then(|run| run.confusion.as_ref())
        .map_or(0, |(_, table)| table.classes())
}

/// In the grid the arrows go from picture to picture; enlarged, they go through the page one by one.
fn move_in_images(lab: &mut Lab, motion: Motion) {
    let count = lab.view.shown(lab.fits).len();
    let columns = if lab.view.enlarged {
        1
    } else {
        lab.fits.images.0.max(1)
    };
    let cursor = lab.view.cursor;
    lab.view.cursor = match motion {
        Motion::PageDown => return step_page(lab, true),
        Motion::PageUp => return step_page(lab, false),
        Motion::Up if cursor >= columns => cursor - columns,
        Motion::Up => cursor,
        Motion::Down if cursor + columns < count => cursor + columns,
        Motion::Down => cursor,
        other => other.along(cursor, count, count),
    };
}

fn move_in_activations(lab: &mut Lab, motion: Motion) {
    let layers = lab.summary.layers.len();
    let activations = &mut lab.activations;
    let layer = match motion {
        Motion::Left | Motion::Right => motion.along(activations.layer, layers, 1),
        Motion::First => 0,
        Motion::Last => layers.saturating_sub(1),
        Motion::Up | Motion::PageUp | Motion::Down | Motion::PageDown => {
            let page = lab.fits.maps.max(1);
            let maps = activations
                .shown
                .as_ref()
                .map_or(0, |shown| shown.maps.shape.channels);
            let forward = matches!(motion, Motion::Down | Motion::PageDown);
            if forward && activations.first_map + page < maps {
                activations.first_map += page;
            } else if !forward && activations.first_map > 0 {
                activations.first_map = activations.first_map.saturating_sub(page);
            } else {
                let end = if forward { "last" } else { "first" };
                lab.say(Notice::Refusal, format!("These are the {end} maps."));
            }
            return;
        }
    };
    if layer != activations.layer {
        activations.layer = layer;
        activations.first_map = 0;
    }
}
