//! How the pane looks.

mod calibration;
mod gallery;
mod pad;
mod table;

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};

use super::ResultsPane;
use super::table::ShownTable;
use crate::lab::{Lab, Part};
use crate::training::Portion;
use crate::ui::panel::{empty, lines, panel};
use crate::ui::theme::Theme;

pub(super) use gallery::room as gallery_room;

/// Columns of the calibration bars beside the summary.
const BARS_WIDTH: u16 = 66;

pub(super) fn draw(pane: &ResultsPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    if pane.pad.is_open {
        return pad::draw(&pane.pad, lab, area, buffer, theme);
    }
    if pane.gallery.open.is_some() {
        return gallery::draw(pane, lab, area, buffer, theme);
    }
    match pane.table(lab) {
        Some(table) => {
            let shown = Shown {
                pane,
                lab,
                table,
                theme,
            };
            shown.draw(area, buffer);
        }
        None => draw_empty(pane, lab, area, buffer, theme),
    }
}

/// The name of images at the start of a title: `Test images`.
fn images_of(portion: Portion) -> &'static str {
    match portion {
        Portion::Training => "Training images",
        Portion::HeldOut => "Held-out images",
        Portion::Validation => "Validation images",
        Portion::Test => "Test images",
    }
}

fn draw_empty(pane: &ResultsPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let is_of_test = pane.test_after.is_some();
    let title = match is_of_test {
        true => "Confusion matrix · test images",
        false => "Confusion matrix",
    };
    let failure = pane.judging.failure().map(str::to_owned);
    let (headline, advice) = match failure.or_else(|| pane.judging_blocked(lab)) {
        Some(why) if is_of_test => {
            let advice = format!("{why}. t shows the validation images.");
            ("The test set was not measured", advice)
        }
        None if is_of_test => {
            let advice = "Classifying every test image.";
            ("Measuring the test set …", advice.to_owned())
        }
        _ if lab.is_training() => {
            let advice = "The matrix appears after its validation and is updated every epoch.";
            ("The first epoch is in progress", advice.to_owned())
        }
        _ => {
            let advice =
                "Press 4, then Space to train a network. The matrix is updated after every epoch.";
            ("No results yet", advice.to_owned())
        }
    };
    let inner = panel(title, true, area, buffer, theme);
    empty(headline, &advice, inner, buffer, theme);
}

/// A confusion matrix and what is needed to show it.
struct Shown<'a> {
    pane: &'a ResultsPane,
    lab: &'a Lab,
    table: ShownTable<'a>,
    theme: &'a Theme,
}

impl Shown<'_> {
    /// Draws the matrix, the figures of each class beside it, and the summary and calibration bars below it.
    fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let bars = self.pane.results(self.lab);
        let bars = bars.map(|results| &results.figures.calibration);
        let portion = self.table.portion;
        if let Some(bars) = bars.filter(|_| self.lab.zoomed && self.pane.shows_calibration) {
            return calibration::draw(bars, (portion, true), area, buffer, self.theme);
        }
        if self.lab.zoomed && self.lab.has_focus(Part::PerClass) {
            return self.draw_classes(None, area, buffer);
        }
        if self.lab.zoomed {
            self.draw_table(area, buffer);
            return;
        }
        let has_bars_beside = bars.is_some() && area.width >= 140;
        let beside = if has_bars_beside { BARS_WIDTH } else { 0 };
        let words = self.lines_under_table(area.width.saturating_sub(beside + 4));
        let words_height = match self.pane.shows_calibration {
            true if area.height >= 30 => 10,
            _ => words.len() as u16 + 2,
        };
        let words_height = words_height.min(area.height / 2);
        let [upper, lower] = Layout::vertical([Fill(1), Length(words_height)]).areas(area);
        let classes_width = if area.width >= 110 { 47 } else { 24 };
        let [table, classes] = Layout::horizontal([Fill(1), Length(classes_width)]).areas(upper);
        let rows = self.draw_table(table, buffer);
        self.draw_classes(rows, classes, buffer);
        let (words_area, bars_area) = match bars {
            Some(_) if has_bars_beside => {
                let [words, bars] = Layout::horizontal([Fill(1), Length(BARS_WIDTH)]).areas(lower);
                (Some(words), Some(bars))
            }
            Some(_) if self.pane.shows_calibration => (None, Some(lower)),
            _ => (Some(lower), None),
        };
        if let Some(area) = words_area {
            let inner = panel("Summary", false, area, buffer, self.theme);
            lines(words, inner, buffer);
        }
        if let (Some(bars), Some(area)) = (bars, bars_area) {
            calibration::draw(bars, (portion, false), area, buffer, self.theme);
        }
    }

    fn class_name(&self, class: usize) -> String {
        self.table.measured_on.class_name(class)
    }
}
