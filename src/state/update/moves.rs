//! Cursor movements in the part that has the focus.

use super::super::lab::Lab;
use super::super::pane_id::Part;
use crate::ui::Motion;

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
        // Their panes move by themselves.
        _ => {}
    }
}
