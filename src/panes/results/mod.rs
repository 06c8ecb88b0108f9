//! Results: which classes the network takes for which, the images behind that, and the drawing pad.

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

/// What is looked at and what has come.
#[derive(Debug, Default)]
pub struct ResultsPane {
    /// True and predicted class under the cursor of the table.
    pub cell: (usize, usize),
    /// Whether the table shows shares of the rows instead of counts.
    pub is_percent: bool,
    /// Whether the classes with the most errors come first.
    pub by_errors: bool,
    /// Whether the bars of calibration take the place of the words.
    pub shows_calibration: bool,
    /// The test images are shown in place of those that validate: by the weights of so many epochs.
    pub test_after: Option<usize>,
    /// Over all images, as last judged.
    results: Option<Arc<Results>>,
    judging: Asked<Judge>,
    /// What lies over the table.
    pub gallery: GalleryView,
    marking: Asked<MarkImage>,
    pub pad: Pad,
    /// The run that all this is about.
    run: Option<RunId>,
}

impl ResultsPane {
    /// The images that the pane is about.
    pub fn portion(&self, lab: &Lab) -> Portion {
        let run = lab.run.as_ref().map(|run| run.portion);
        match (run, self.test_after) {
            (Some(portion), None) => portion,
            (None, _) | (_, Some(_)) => Portion::Test,
        }
    }

    /// What was judged last, where it is of the images that the pane is about.
    pub fn results(&self, lab: &Lab) -> Option<&Results> {
        let portion = self.portion(lab);
        let results = self.results.as_deref();
        results.filter(|results| Some(results.run) == self.run && results.portion == portion)
    }

    /// Takes in what is over all images of a portion.
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

    /// Whether images lie over the table.
    pub fn is_in_gallery(&self) -> bool {
        !self.pad.is_open && self.gallery.open.is_some()
    }

    /// Follows another run: what was known of the one before says nothing of it.
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
        "the 95 % confidence interval of the accuracy before it (Wilson): as many images drawn anew would mostly give an accuracy in it",
    ),
    (
        "prec, precision",
        "of the images that the network takes for a class, the share that is of it",
    ),
    (
        "rec, recall",
        "of the images of a class, the share that the network takes for it",
    ),
    ("F1", "the harmonic mean of precision and recall"),
    (
        "top-2",
        "the share of images whose class is among the two most probable ones",
    ),
    (
        "calibration error",
        "how far confidence and accuracy lie apart, on average over the images",
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
