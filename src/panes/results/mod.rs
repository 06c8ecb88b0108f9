//! Results: which classes the network confuses, the images behind every cell, and the drawing pad.

mod actions;
mod draw;
mod gallery;
mod judge;
mod pad;
mod table;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use gallery::{GalleryView, MarkImage};
pub use judge::{Judge, JudgedImage, JudgedPage, Judging, Results};
pub use pad::{
    JudgedDrawings, KeepDrawing, Kept, Pad, Predict, Prediction, ReadDrawings, SaveDrawing,
};

use crate::lab::{Gloss, Lab, Pane, PaneId};
use crate::training::Portion;
use crate::ui::theme::Theme;
use crate::worker::{Asked, RunId};

/// The state of the Results pane.
#[derive(Debug, Default)]
pub struct ResultsPane {
    /// True and predicted class under the cursor of the matrix.
    pub cell: (usize, usize),
    /// Whether the matrix shows shares of its rows instead of counts.
    pub is_percent: bool,
    /// Whether the classes with the most errors come first.
    pub by_errors: bool,
    /// Whether calibration bars replace the summary.
    pub shows_calibration: bool,
    /// If the test images replace the validation images: the finished epochs of the weights.
    pub test_after: Option<usize>,
    /// The latest figures over all images.
    results: Option<Arc<Results>>,
    judging: Asked<Judge>,
    /// The gallery over the matrix.
    pub gallery: GalleryView,
    marking: Asked<MarkImage>,
    pub pad: Pad,
    /// The run that the pane shows.
    run: Option<RunId>,
}

impl ResultsPane {
    /// The portion of the images that the pane shows.
    pub fn portion(&self, lab: &Lab) -> Portion {
        let run = lab.run.as_ref().map(|run| run.portion);
        match (run, self.test_after) {
            (Some(portion), None) => portion,
            (None, _) | (_, Some(_)) => Portion::Test,
        }
    }

    /// The latest figures, if they are of the images that the pane shows.
    pub fn results(&self, lab: &Lab) -> Option<&Results> {
        let portion = self.portion(lab);
        let results = self.results.as_deref();
        results.filter(|results| Some(results.run) == self.run && results.portion == portion)
    }

    /// Stores the figures over all images of a portion.
    fn take_results(&mut self, results: &Arc<Results>) {
        if results.portion == Portion::Training {
            return;
        }
        if results.portion == Portion::Test && self.test_after.is_some() {
            // An epoch may have ended before they were measured.
            self.test_after = Some(results.epochs);
        }
        self.results = Some(Arc::clone(results));
    }

    /// Whether a gallery is open over the matrix.
    pub fn is_in_gallery(&self) -> bool {
        !self.pad.is_open && self.gallery.open.is_some()
    }

    /// Follows another run and forgets the results of the previous one.
    fn follow_run(&mut self, lab: &Lab) {
        let run = lab.run.as_ref().map(|run| run.facts.run);
        if self.run != run {
            self.run = run;
            self.cell = (0, 0);
            self.test_after = None;
            self.results = None;
            self.judging.forget();
            self.gallery = GalleryView::default();
        }
    }
}

const GLOSSES: &[Gloss] = &[
    (
        "[0.104, 0.132]",
        "the 95 % confidence interval of the accuracy before it (Wilson): another sample of as many images would mostly have an accuracy within it",
    ),
    (
        "prec, precision",
        "of the images predicted as a class, the share that belongs to it",
    ),
    (
        "rec, recall",
        "of the images of a class, the share that is predicted as it",
    ),
    ("F1", "the harmonic mean of precision and recall"),
    (
        "top-2",
        "the share of images whose class is among the two most probable ones",
    ),
    (
        "calibration error",
        "the mean gap between confidence and accuracy, weighted by images",
    ),
];

impl Pane for ResultsPane {
    fn parts(&self, lab: &Lab) -> usize {
        match self.pad.is_open || self.gallery.open.is_some() {
            true => 1,
            false => lab.pane.parts().len(),
        }
    }

    fn follow(&mut self, lab: &mut Lab) {
        self.follow_run(lab);
        self.hear_marks(lab);
        self.pad.follow(lab);
    }

    fn lay_out(&mut self, lab: &mut Lab, area: Rect) {
        self.gallery.room = draw::gallery_room(self, lab, area);
    }

    fn ask(&mut self, lab: &mut Lab) {
        if lab.pane != PaneId::Results {
            return;
        }
        self.ask_results(lab);
        self.ask_page(lab);
        self.pad.ask(lab);
    }

    fn glosses(&self) -> &'static [Gloss] {
        GLOSSES
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        draw::draw(self, lab, area, buffer, theme);
    }
}
