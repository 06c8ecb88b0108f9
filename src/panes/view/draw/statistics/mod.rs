//! The statistics of the set: class balance, mean images, duplicates.

mod figures;
mod pictures;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::{Shown, captioned};
use crate::data::statistics::SplitStatistics;
use crate::data::{SetStatistics, SplitName};
use crate::panes::view::{Face, Measured};
use crate::ui::panel::empty;
use crate::ui::widgets::Progress;

pub use pictures::grid;

impl Shown<'_> {
    pub(super) fn draw_statistics(&self, buffer: &mut Buffer) {
        let (asked, inner) = (&self.pane.statistics, self.inner);
        if let Some(problem) = asked.failure() {
            let headline = "Statistics not available";
            return empty(headline, problem, inner, buffer, self.theme);
        }
        match (asked.answer(), self.pane.face) {
            (Some(Measured::Done(statistics)), Face::Table) => {
                self.draw_class_figures(statistics, buffer);
            }
            (Some(Measured::Done(statistics)), Face::Means | Face::Spreads) => {
                self.draw_class_pictures(statistics, buffer);
            }
            (Some(Measured::Under(share)), _) => {
                let row = Rect {
                    x: inner.x + inner.width / 6,
                    y: inner.y + inner.height / 2,
                    width: inner.width * 2 / 3,
                    height: 1,
                };
                let text = format!("measuring the set · {:.0} %", 100.0 * share);
                Progress::new((*share).into(), &text, self.theme).render(row, buffer);
            }
            // Nothing at first, as most sets are measured in a blink.
            (None, _) => {}
        }
    }

    /// The statistics of the chosen split.
    fn split<'a>(&self, statistics: &'a SetStatistics) -> &'a SplitStatistics {
        match (self.pane.split, &statistics.validation) {
            (SplitName::Train, _) => &statistics.train,
            (SplitName::Validation, Some(validation)) => validation,
            (SplitName::Validation, None) | (SplitName::Test, _) => &statistics.test,
        }
    }

    /// The split that is compared with the training images: the chosen one if it is another, else the test images.
    fn beside<'a>(&self, statistics: &'a SetStatistics) -> (&'static str, &'a SplitStatistics) {
        match (self.pane.split, &statistics.validation) {
            (SplitName::Validation, Some(validation)) => ("validation", validation),
            _ => ("test", &statistics.test),
        }
    }
}
