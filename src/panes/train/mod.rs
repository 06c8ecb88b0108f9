//! Train: curves and progress of the run, and its settings; earlier runs to open, compare with and start from.

mod actions;
mod curve_view;
mod disagree;
mod draw;
mod run_lists;
mod run_state;
mod runs;
mod settings;
mod steering;
mod sweeps;
#[cfg(test)]
mod tests;
mod vary;

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use curve_view::CurveView;
pub use disagree::{CompareImages, ComparedImages, Disagree};
pub use run_state::line as run_state_line;
pub use runs::{Change, ChangeRuns, Changed, ListRuns, ReadRuns, RunTable};
pub use settings::RecipeDraft;
pub use sweeps::{
    ListSweeps, ListedSweep, SteerSweep, SweepPage, SweepView, SweepWish, WatchSweep,
};
pub use vary::{Base, BaseOfRun, CheckSweep, Planned, Sketch, StartSweep, Vary};
pub(in crate::panes) use vary::{open as vary_setting, path_in_layer};

use crate::lab::{Gloss, Lab, Pane};
use crate::runs::RunSummary;
use crate::ui::theme::Theme;
use crate::worker::{Asked, Event};

/// The view of the curves.
#[derive(Debug, Default)]
pub struct TrainPane {
    pub curves: CurveView,
    /// The earlier run whose curves are overlaid on those of the current one.
    pub compared: Option<Arc<RunSummary>>,
    /// Reads the run to compare with.
    comparing: Asked<ReadRuns>,
}

impl TrainPane {
    /// Overlays the curves of a run, or none.
    fn compare_with(&mut self, folder: Option<PathBuf>, lab: &mut Lab) {
        self.compared = None;
        let question = folder.map(|folder| ReadRuns {
            folders: vec![folder],
        });
        match question {
            Some(question) => self.comparing.ask(question, &mut lab.out),
            None => self.comparing.cancel(),
        }
    }
}

const GLOSSES: &[Gloss] = &[
    (
        "learning rate, rate",
        "how far one step moves the weights along the gradient",
    ),
    (
        "loss",
        "what training minimizes, as the mean over images; lower is better",
    ),
    (
        "so far",
        "the mean over the batches of the current epoch so far",
    ),
    (
        "left",
        "the estimated time for the remaining epochs, without pauses",
    ),
];

impl Pane for TrainPane {
    fn hear(&mut self, event: &Event, _lab: &mut Lab) {
        if let Event::RunOpened(_) = event {
            self.curves = CurveView::default();
        }
    }

    fn follow(&mut self, lab: &mut Lab) {
        if self.comparing.receive(&mut lab.out) {
            let read = self.comparing.take().unwrap_or_default();
            self.compared = read.into_iter().next();
        }
    }

    fn glosses(&self) -> &'static [Gloss] {
        GLOSSES
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        draw::draw(self, lab, area, buffer, theme);
    }
}
