//! What was measured of the set: how its classes are balanced, how they look on average, which images are there twice.

mod figures;
mod pictures;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::state::facts::{SetStatistics, SplitName, SplitStatistics};
use crate::state::{Face, Lab};
use crate::ui::panel::empty;
use crate::ui::theme::Theme;
use crate::ui::widgets::Progress;

pub use pictures::grid;

/// Draws it in the room inside the pane's frame; `area` is the pane with its frame.
pub fn draw(lab: &Lab, (area, inner): (Rect, Rect), buffer: &mut Buffer, theme: &Theme) {
    let measures = &lab.view.measures;
    if let Some(problem) = &measures.problem {
        return empty("The set was not measured", problem, inner, buffer, theme);
    }
    let Some(statistics) = &measures.statistics else {
        return draw_waiting(measures.share, inner, buffer, theme);
    };
    match measures.face {
        Face::Table => figures::draw(lab, statistics, (area, inner), buffer, theme),
        Face::Means | Face::Spreads => {
            pictures::draw(lab, statistics, (area, inner), buffer, theme)
        }
    }
}

/// The statistics of the split that is looked at.
fn split<'a>(lab: &Lab, statistics: &'a SetStatistics) -> &'a SplitStatistics {
    match lab.view.split {
        SplitName::Train => &statistics.train,
        SplitName::Test => &statistics.test,
    }
}

/// Nothing at first, as most sets are measured in a blink.
fn draw_waiting(share: Option<f32>, inner: Rect, buffer: &mut Buffer, theme: &Theme) {
    let Some(share) = share else { return };
    let row = Rect {
        x: inner.x + inner.width / 6,
        y: inner.y + inner.height / 2,
        width: inner.width * 2 / 3,
        height: 1,
    };
    let text = format!("measuring the set · {:.0} %", 100.0 * share);
    Progress::new(share.into(), &text, theme).render(row, buffer);
}
