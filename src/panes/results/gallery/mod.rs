//! Galleries over the matrix: pages of images by their predictions, an enlarged image, and the marks of training images.

mod actions;
mod marks;

pub(super) use actions::{gallery_actions, open_actions};
pub use marks::MarkImage;

use std::sync::Arc;

use super::ResultsPane;
use super::judge::{Judge, JudgedImage, JudgedPage, Judging};
use crate::analysis::Gallery;
use crate::data::SplitName;
use crate::lab::{Lab, Motion};
use crate::training::Portion;
use crate::worker::Asked;

/// The state of the gallery.
#[derive(Debug, Default)]
pub struct GalleryView {
    /// The open gallery; `None` shows the matrix.
    pub open: Option<Gallery>,
    /// Position of the page's first image in the selection, from 0.
    from: usize,
    /// Position of the cursor on the page.
    pub cursor: usize,
    /// Whether the image under the cursor fills the pane.
    pub is_enlarged: bool,
    pub page: Option<Box<JudgedPage>>,
    /// Classified images, of how many, while a page is being prepared.
    pub progress: Option<(usize, usize)>,
    asked: Asked<Judge>,
    /// Columns and rows of images that fit.
    pub(super) room: (usize, usize),
}

impl GalleryView {
    pub(super) fn open(&mut self, gallery: Gallery) {
        *self = Self {
            open: Some(gallery),
            room: self.room,
            ..Self::default()
        };
    }

    /// Reopens the same gallery for other images.
    pub(super) fn start_over(&mut self) {
        if let Some(gallery) = self.open {
            self.open(gallery);
        }
    }

    /// Closes the enlarged image, then the gallery.
    pub(super) fn back(&mut self) {
        if std::mem::take(&mut self.is_enlarged) {
            return;
        }
        if self.page.is_none() {
            // Nobody waits for the page any more.
            self.asked.cancel();
        }
        self.open = None;
    }

    /// The image under the cursor.
    pub fn current(&self) -> Option<&JudgedImage> {
        self.page.as_ref()?.images.get(self.cursor)
    }

    /// The image under the cursor: its set, split and position.
    fn place(&self) -> Option<(String, SplitName, usize)> {
        let results = &self.page.as_ref()?.results;
        let image = self.current()?.judgement.index;
        Some((results.set.dataset.clone(), results.portion.split(), image))
    }

    pub(super) fn is_of_training(&self) -> bool {
        self.open == Some(Gallery::HighestLoss)
    }

    /// Images that fit on a page.
    pub fn room(&self) -> usize {
        (self.room.0 * self.room.1).max(1)
    }

    /// The finished epochs of the weights to use. Classifying all training images again after each epoch would slow down a run too much:
    /// during a run the first weights stay in use until the gallery is reopened.
    fn epochs(&self, question: &Judge, lab: &Lab) -> usize {
        let is_costly = question.portion == Portion::Training && lab.active_run().is_some();
        let judged = self.page.as_ref().map(|page| page.results.epochs);
        let asked = self.asked.wanted().map(|asked| asked.epochs);
        let first = judged.or(asked).filter(|_| is_costly);
        first.unwrap_or(question.epochs)
    }

    /// Turns to the page that starts at this position.
    fn turn(&mut self, from: usize) {
        self.from = from;
        self.cursor = 0;
    }
}

impl ResultsPane {
    pub(super) fn go_in_gallery(&mut self, lab: &mut Lab, motion: Motion) {
        let gallery = &mut self.gallery;
        let room = gallery.room();
        let page = gallery.page.as_ref();
        let (count, matching) =
            page.map_or((0, 0), |page| (page.images.len().min(room), page.matching));
        let columns = match gallery.is_enlarged {
            true => 1,
            false => gallery.room.0.max(1),
        };
        let from = gallery.from;
        match motion {
            Motion::PageDown if from + room < matching => gallery.turn(from + room),
            Motion::PageUp if from > 0 => gallery.turn(from.saturating_sub(room)),
            Motion::PageDown => lab.refuse("This is the last page."),
            Motion::PageUp => lab.refuse("This is the first page."),
            _ => gallery.cursor = motion.in_grid(gallery.cursor, columns, count, count),
        }
    }

    /// Asks for the page of the open gallery.
    pub(super) fn ask_page(&mut self, lab: &mut Lab) {
        let gallery = self.gallery.open;
        let question = gallery.and_then(|gallery| self.question(lab, gallery));
        let view = &mut self.gallery;
        match question {
            Some(question) => {
                let page = Judge {
                    epochs: view.epochs(&question, lab),
                    from: view.from,
                    count: view.room(),
                    ..question
                };
                view.asked.want(Some(page), &mut lab.out);
            }
            None => drop(view.asked.receive(&mut lab.out)),
        }
        match view.asked.take() {
            None => {}
            Some(Judging::Under { done, images }) => view.progress = Some((done, images)),
            Some(Judging::Done(page)) => {
                let last = page.images.len().saturating_sub(1);
                view.cursor = view.cursor.min(last);
                view.is_enlarged &= !page.images.is_empty();
                let results = Arc::clone(&page.results);
                view.page = Some(page);
                self.take_results(&results);
            }
        }
    }

    /// Pins or unpins the image under the cursor.
    fn pin(&mut self, lab: &mut Lab) {
        let Some((dataset, split, image)) = self.gallery.place() else {
            return;
        };
        match lab.is_pinned(&dataset, split, image) {
            true => lab.unpin(),
            false => lab.pin_image(&dataset, split, image),
        }
    }

    /// Whether the image under the cursor is pinned.
    fn is_pinned(&self, lab: &Lab) -> bool {
        let place = self.gallery.place();
        place.is_some_and(|(dataset, split, image)| lab.is_pinned(&dataset, split, image))
    }

    /// Shows the activations of the image under the cursor.
    fn show_activations(&mut self, lab: &mut Lab) {
        if let Some((dataset, split, image)) = self.gallery.place() {
            lab.look_at(&dataset, split, image);
        }
    }
}
