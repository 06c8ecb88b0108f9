//! Moving between images, pixels and classes, and in and out.

use super::augmentation::take;
use super::{Face, Mode, Order, ViewPane};
use crate::lab::{Lab, Motion};

/// Pixels that Page up and Page down skip, and classes in a list.
const SKIP: usize = 10;

impl ViewPane {
    pub(super) fn open(&mut self, mode: Mode) {
        self.mode = mode;
        match (mode, self.page.answer()) {
            (Mode::Enlarged, Some(page)) => {
                self.pixel = (page.shape.height / 2, page.shape.width / 2);
            }
            (Mode::Preview, _) => self.epoch = 0,
            _ => {}
        }
    }

    /// One step in.
    pub(super) fn enter(&mut self, lab: &mut Lab) {
        match self.mode {
            Mode::Grid if self.current().is_some() => self.open(Mode::Enlarged),
            Mode::Grid => {}
            Mode::Enlarged => lab.refuse("The image is already enlarged."),
            Mode::Statistics => self.show_class(Some(self.measured_class)),
            Mode::Preview => take(self.previewed_augmentation(lab), lab),
        }
    }

    /// Moves to the next or previous image, turning the page at its end.
    pub(super) fn step_image(&mut self, lab: &mut Lab, forward: bool) {
        let count = self.shown().len();
        let is_random = matches!(self.order, Order::Random { .. });
        if forward && self.cursor + 1 < count {
            self.cursor += 1;
        } else if !forward && self.cursor > 0 {
            self.cursor -= 1;
        } else if forward && is_random {
            // A random page is followed by another random page.
            self.random_page(lab);
        } else if is_random {
            lab.refuse("This is the first image of the page.");
        } else {
            let before = self.order;
            self.step_page(lab, forward);
            if !forward && self.order != before {
                self.cursor = self.room().saturating_sub(1);
            }
        }
    }

    pub(super) fn go(&mut self, lab: &mut Lab, motion: Motion) {
        match self.mode {
            Mode::Grid => self.move_in_page(lab, motion),
            Mode::Enlarged => self.move_pixel(motion),
            Mode::Statistics => self.move_class(lab, motion),
            Mode::Preview => {
                let forward = matches!(motion, Motion::Right | Motion::Down | Motion::PageDown);
                self.step_image(lab, forward);
            }
        }
    }

    fn move_in_page(&mut self, lab: &mut Lab, motion: Motion) {
        let count = self.shown().len();
        let columns = self.room.page.0.max(1);
        match motion {
            Motion::PageDown => self.step_page(lab, true),
            Motion::PageUp => self.step_page(lab, false),
            _ => self.cursor = motion.in_grid(self.cursor, columns, count, count),
        }
    }

    fn move_pixel(&mut self, motion: Motion) {
        let Some(page) = self.page.answer() else {
            return;
        };
        let (row, column) = self.pixel;
        let (height, width) = (page.shape.height, page.shape.width);
        self.pixel = match motion {
            Motion::Left | Motion::Right => (row, motion.along(column, width, SKIP)),
            Motion::First => (0, 0),
            Motion::Last => (height.saturating_sub(1), width.saturating_sub(1)),
            _ => (motion.along(row, height, SKIP), column),
        };
    }

    fn move_class(&mut self, lab: &Lab, motion: Motion) {
        let classes = lab.chosen_set().map_or(0, |set| set.class_names.len());
        let columns = match self.face {
            Face::Table => 1,
            Face::Means | Face::Spreads => self.room.classes.0.max(1),
        };
        self.measured_class = motion.in_grid(self.measured_class, columns, classes, SKIP);
    }
}
