//! The confusion table in sentences.

use ratatui::text::{Line, Span};

use super::Shown;
use crate::state::facts::{ConfusionTable, wilson_interval};
use crate::ui::format::{count, width_of, wrap};

impl Shown<'_> {
    /// The cell under the cursor, the accuracy, and the most frequent confusions, in sentences.
    pub(super) fn words(&self, width: u16) -> Vec<Line<'static>> {
        let (table, theme) = (self.table, self.theme);
        let (truth, predicted) = self.lab.cursors.confusion;
        let width = usize::from(width);
        let mut text = Vec::new();
        if truth < table.classes() && predicted < table.classes() {
            let (cell, row) = (table.count(truth, predicted), table.row_total(truth));
            let share = 100.0 * f64::from(cell) / f64::from(row.max(1));
            text.push(Line::from(vec![
                Span::styled("true ", theme.dim),
                Span::styled(self.class_name(truth), theme.title),
                Span::styled(", predicted ", theme.dim),
                Span::styled(self.class_name(predicted), theme.title),
                Span::raw(format!(
                    ": {} of {} ({share:.1} %)",
                    count(cell),
                    count(row)
                )),
            ]));
        }
        if let Some(accuracy) = table.accuracy() {
            let right = (accuracy * f64::from(table.total())).round() as u64;
            let (low, high) = wilson_interval(right as usize, table.total() as usize);
            let figure = format!("accuracy {accuracy:.4} [{low:.3}, {high:.3}]");
            let counts = format!(": {} of {} right", count(right), count(table.total()));
            let facts = &self.run.facts;
            let room = width.saturating_sub(figure.len() + counts.len());
            let origin = [
                format!(
                    " · {} after epoch {} on {}",
                    facts.name, self.epoch, self.run.measured_on.dataset
                ),
                format!(" · {} after epoch {}", facts.name, self.epoch),
                format!(" · epoch {}", self.epoch),
            ]
            .into_iter()
            .find(|origin| width_of(origin) <= room)
            .unwrap_or_default();
            text.push(Line::from(vec![
                Span::styled(figure, theme.accent),
                Span::raw(counts),
                Span::styled(origin, theme.dim),
            ]));
        }
        let figures = self
            .lab
            .gallery
            .figures
            .as_ref()
            .filter(|shown| shown.run == self.run.facts.run);
        if let Some(shown) = figures {
            let figures = &shown.figures;
            // The table may be of another set: that of the latest whole epoch.
            let on = match shown.dataset == self.run.measured_on.dataset {
                true => String::new(),
                false => format!(" on {}", shown.dataset),
            };
            text.push(Line::styled(
                format!(
                    "top-2 {:.4} · calibration error {:.4} · loss {:.4} · epoch {}{on}",
                    figures.top2_accuracy, figures.calibration_error, figures.loss, shown.epochs
                ),
                theme.text,
            ));
        }
        let room = if figures.is_some() { 1 } else { 2 };
        let mut confusions: Vec<String> = most_confused(table)
            .into_iter()
            .map(|(truth, predicted, images)| {
                format!(
                    "{} → {} ({})",
                    self.class_name(truth),
                    self.class_name(predicted),
                    count(images)
                )
            })
            .collect();
        // Those that find room, each whole.
        while !confusions.is_empty() {
            let sentence = format!("most often confused: {}", confusions.join(" · "));
            let wrapped = wrap(&sentence, width);
            if wrapped.len() <= room || confusions.len() == 1 {
                let shown = wrapped.into_iter().take(room);
                text.extend(shown.map(|line| Line::styled(line, theme.dim)));
                break;
            }
            confusions.pop();
        }
        text
    }
}

/// The three most frequent errors: true class, predicted class, images.
fn most_confused(table: &ConfusionTable) -> Vec<(usize, usize, u32)> {
    let mut errors: Vec<_> = (0..table.classes())
        .flat_map(|truth| (0..table.classes()).map(move |predicted| (truth, predicted)))
        .filter(|(truth, predicted)| truth != predicted)
        .map(|(truth, predicted)| (truth, predicted, table.count(truth, predicted)))
        .filter(|(_, _, images)| *images > 0)
        .collect();
    errors
        .sort_by_key(|(truth, predicted, images)| (std::cmp::Reverse(*images), *truth, *predicted));
    errors.truncate(3);
    errors
}
