//! What was measured of the set: how its classes are balanced, how they look on average, which images are there twice.

mod figures;
mod pictures;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::data::statistics::SplitStatistics;
use crate::data::{SetStatistics, SplitName};
use crate::lab::Lab;
use crate::panes::view::{Face, Measured, ViewPane};
use crate::ui::panel::empty;
use crate::ui::theme::Theme;
use crate::ui::widgets::Progress;

pub use pictures::grid;

/// Draws it in the room inside the pane's frame; `area` is the pane with its frame.
pub fn draw(
    pane: &ViewPane,
    lab: &Lab,
    (area, inner): (Rect, Rect),
    buffer: &mut Buffer,
    theme: &Theme,
) {
    if let Some(problem) = pane.statistics.failure() {
        return empty("The set was not measured", problem, inner, buffer, theme);
    }
    let statistics = match pane.statistics.answer() {
        Some(Measured::Done(statistics)) => statistics,
        Some(Measured::Under(share)) => return draw_waiting(*share, inner, buffer, theme),
        // Nothing at first, as most sets are measured in a blink.
        None => return,
    };
    match pane.face {
        Face::Table => figures::draw(pane, lab, statistics, (area, inner), buffer, theme),
        Face::Means | Face::Spreads => {
            pictures::draw(pane, lab, statistics, (area, inner), buffer, theme)
        }
    }
}

/// The statistics of the split that is looked at.
fn split<'a>(pane: &ViewPane, statistics: &'a SetStatistics) -> &'a SplitStatistics {
    match pane.split {
        SplitName::Train => &statistics.train,
        SplitName::Test => &statistics.test,
    }
}

fn draw_waiting(share: f32, inner: Rect, buffer: &mut Buffer, theme: &Theme) {
    let row = Rect {
        x: inner.x + inner.width / 6,
        y: inner.y + inner.height / 2,
        width: inner.width * 2 / 3,
        height: 1,
    };
    let text = format!("measuring the set · {:.0} %", 100.0 * share);
    Progress::new(share.into(), &text, theme).render(row, buffer);
}
