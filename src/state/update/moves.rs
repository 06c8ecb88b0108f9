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
        Part::Confusion => {
            let order = lab.class_order();
            let along = |class: usize, page: usize| {
                let at = order.iter().position(|one| *one == class).unwrap_or(0);
                let to = motion.along(at, order.len(), page);
                order.get(to).copied().unwrap_or(class)
            };
            let (truth, predicted) = lab.cursors.confusion;
            lab.cursors.confusion = match motion {
                Motion::Left | Motion::Right => (truth, along(predicted, 1)),
                _ => (along(truth, LIST_PAGE), predicted),
            };
        }
        Part::PerClass => {
            let order = lab.class_order();
            let now = lab.cursors.confusion.0;
            let at = order.iter().position(|one| *one == now).unwrap_or(0);
            let to = motion.along(at, order.len(), LIST_PAGE);
            let class = order.get(to).copied().unwrap_or(now);
            lab.cursors.confusion = (class, class);
        }
        // Their panes move by themselves.
        Part::Images
        | Part::Layers
        | Part::Picture
        | Part::Maps
        | Part::Image
        | Part::Accuracy
        | Part::Loss
        | Part::Progress => {}
    }
}

impl Lab {
    /// The classes of the confusion table in the order in which it shows them.
    pub fn class_order(&self) -> Vec<usize> {
        let table = self.run.as_ref().and_then(|run| run.confusion.as_ref());
        let Some((_, table)) = table else {
            return Vec::new();
        };
        let mut order: Vec<usize> = (0..table.classes()).collect();
        if self.by_errors {
            let errors = |class: &usize| table.row_total(*class) - table.count(*class, *class);
            order.sort_by_key(|class| std::cmp::Reverse(errors(class)));
        }
        order
    }
}
