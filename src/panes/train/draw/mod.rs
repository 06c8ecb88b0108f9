//! How the pane looks.

mod changes;
mod compared;
mod curves;
mod overfitting;
mod progress;

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};

pub(super) use compared::{Axes, Compared, Curves};
pub(super) use curves::draw_run_summary;

use super::TrainPane;
use crate::lab::{Lab, Part};
use crate::ui::theme::Theme;
use curves::draw_curves;
use progress::draw_progress;

pub(super) fn draw(pane: &TrainPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    if lab.zoomed {
        return match lab.part() {
            part @ (Part::Accuracy | Part::Loss) => {
                draw_curves(pane, lab, part, area, buffer, theme);
            }
            _ => draw_progress(lab, area, buffer, theme),
        };
    }
    let [curves, progress] = Layout::vertical([Fill(1), Length(9)]).areas(area);
    let [accuracy, loss] = Layout::horizontal([Fill(1), Fill(1)]).areas(curves);
    draw_curves(pane, lab, Part::Accuracy, accuracy, buffer, theme);
    draw_curves(pane, lab, Part::Loss, loss, buffer, theme);
    draw_progress(lab, progress, buffer, theme);
}
