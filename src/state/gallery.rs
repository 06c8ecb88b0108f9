//! What the Results pane shows beside the table: images by what the network takes them for, and figures over all of them.

use crate::analysis::{Figures, Gallery};
use crate::worker::{JudgedImage, JudgedPage, RunId};

/// The images that are looked at, and what has come.
#[derive(Clone, Debug, Default)]
pub struct GalleryState {
    /// Which images lie over the table; `None` leaves the table in sight.
    pub open: Option<Gallery>,
    /// Position in the selection, from 0, of the first image that is asked for.
    pub from: usize,
    /// Among the images of the page.
    pub cursor: usize,
    /// Whether the image under the cursor fills the pane.
    pub is_enlarged: bool,
    pub page: Option<JudgedPage>,
    /// How many training images are judged, of how many, before a page of them comes.
    pub progress: Option<(usize, usize)>,
    pub(super) asked: Option<(u64, GalleryQuery)>,
    pub figures: Option<TestFigures>,
    /// Run, finished epochs and set of the figures that were asked for.
    pub(super) asked_figures: Option<(RunId, usize, String)>,
}

/// Figures over all test images.
#[derive(Clone, Debug, PartialEq)]
pub struct TestFigures {
    pub run: RunId,
    /// Finished epochs of the weights that judged.
    pub epochs: usize,
    /// Name of the set.
    pub dataset: String,
    pub figures: Figures,
}

/// What decides which images come.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GalleryQuery {
    pub run: RunId,
    pub epochs: usize,
    /// Name of the run's set.
    pub dataset: String,
    pub gallery: Gallery,
    pub from: usize,
    pub count: usize,
}

impl GalleryState {
    /// The image under the cursor.
    pub fn current(&self) -> Option<&JudgedImage> {
        self.page.as_ref()?.images.get(self.cursor)
    }

    pub(super) fn open(&mut self, gallery: Gallery) {
        self.open = Some(gallery);
        self.is_enlarged = false;
        self.turn(0);
        self.page = None;
        self.progress = None;
        self.asked = None;
    }

    /// Goes to the page that begins at this position.
    pub(super) fn turn(&mut self, from: usize) {
        self.from = from;
        self.cursor = 0;
    }
}
