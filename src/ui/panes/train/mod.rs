//! Train: the curves of the run, how far it is, and the recipe.

mod actions;
mod changes;
mod curves;
mod progress;
mod recipe;

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::Pane;
use crate::state::{Lab, Part};
use crate::ui::action::Action;
use crate::ui::theme::Theme;
use curves::draw_curves;
pub use curves::draw_run_summary;
use progress::draw_progress;

pub struct TrainPane;

impl Pane for TrainPane {
    fn title(&self) -> &'static str {
        "Train"
    }

    fn about(&self) -> &'static str {
        "train the network and watch the curves"
    }

    fn actions(&self, lab: &Lab) -> Vec<Action> {
        actions::actions(lab)
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        if lab.zoomed {
            return match lab.part() {
                Part::Accuracy => draw_curves(lab, Part::Accuracy, area, buffer, theme),
                Part::Loss => draw_curves(lab, Part::Loss, area, buffer, theme),
                _ => draw_progress(lab, area, buffer, theme),
            };
        }
        let [curves, progress] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(9)]).areas(area);
        let [accuracy, loss] =
            Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(curves);
        draw_curves(lab, Part::Accuracy, accuracy, buffer, theme);
        draw_curves(lab, Part::Loss, loss, buffer, theme);
        draw_progress(lab, progress, buffer, theme);
    }
}
