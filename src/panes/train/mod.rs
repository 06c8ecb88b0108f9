//! Train: the curves of the run, how far it is, and the recipe; earlier runs to open, to compare with and to start from.

mod actions;
mod curve_view;
mod draw;
mod run_lists;
mod run_state;
mod settings;
mod steering;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use curve_view::CurveView;
pub use run_lists::Runs;
pub use run_state::line as run_state_line;
pub use settings::RecipeDraft;

use crate::lab::{Gloss, Lab, Pane};
use crate::runs::RunSummary;
use crate::ui::theme::Theme;
use crate::worker::Event;

/// How the curves are looked at.
#[derive(Debug, Default)]
pub struct TrainPane {
    pub curves: CurveView,
    /// The run whose curves lie under those of the present one.
    pub compared: Option<Arc<RunSummary>>,
}

const GLOSSES: &[Gloss] = &[
    (
        "learning rate, rate",
        "how far one step moves the weights along the gradient",
    ),
    (
        "loss",
        "the mean over images of what training makes small; lower is better",
    ),
    ("so far", "the mean over the batches of the epoch under way"),
    (
        "left",
        "the time that the epochs still planned will take, pauses not counted",
    ),
];

impl Pane for TrainPane {
    fn hear(&mut self, event: &Event, _lab: &mut Lab) {
        if let Event::RunOpened(_) = event {
            self.curves = CurveView::default();
        }
    }

    fn glosses(&self) -> &'static [Gloss] {
        GLOSSES
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        draw::draw(self, lab, area, buffer, theme);
    }
}
