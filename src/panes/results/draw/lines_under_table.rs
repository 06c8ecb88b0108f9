//! The lines under the confusion table: what it says, in sentences.

use std::cmp::Reverse;

use ratatui::text::{Line, Span};

use super::{Shown, fitting};
use crate::analysis::wilson_interval;
use crate::ui::format::{count, wrap};

impl Shown<'_> {
    /// The lines from the first to the last, as far as there is something to say.
    pub(super) fn lines_under_table(&self, width: u16) -> Vec<Line<'static>> {
        let width = usize::from(width);
        let third = self.third_line();
        let room = if third.is_some() { 1 } else { 2 };
        let lines = [self.first_line(), self.second_line(width), third];
        let lines = lines.into_iter().flatten();
        lines.chain(self.last_lines(width, room)).collect()
    }

    /// The cell under the cursor.
    fn first_line(&self) -> Option<Line<'static>> {
        let (table, theme) = (self.table.table, self.theme);
        let (truth, predicted) = self.pane.cell;
        if truth >= table.classes() || predicted >= table.classes() {
            return None;
        }
        let (cell, row) = (table.count(truth, predicted), table.row_total(truth));
        let share = 100.0 * f64::from(cell) / f64::from(row.max(1));
        Some(Line::from(vec![
            Span::styled("true ", theme.dim),
            Span::styled(self.class_name(truth), theme.title),
            Span::styled(", predicted ", theme.dim),
            Span::styled(self.class_name(predicted), theme.title),
            Span::raw(format!(
                ": {} of {} ({share:.1} %)",
                count(cell),
                count(row)
            )),
        ]))
    }

    /// The accuracy with its interval, in how many images, and of what: in as many words as have room.
    fn second_line(&self, width: usize) -> Option<Line<'static>> {
        let (table, theme) = (self.table.table, self.theme);
        let accuracy = table.accuracy()?;
        let right = (accuracy * f64::from(table.total())).round() as u64;
        let (low, high) = wilson_interval(right as usize, table.total() as usize);
        let figure = format!("accuracy {accuracy:.4} [{low:.3}, {high:.3}]");
        let images = self.table.portion.word();
        let counts = format!(
            ": {} of {} {images} images",
            count(right),
            count(table.total())
        );
        let (name, epoch) = (&self.table.run.facts.name, self.table.epoch);
        let room = width.saturating_sub(figure.len() + counts.len());
        let origins = [
            format!(
                " right · {name} after epoch {epoch} on {}",
                self.table.measured_on.dataset
            ),
            format!(" right · {name} after epoch {epoch}"),
            format!(" right · epoch {epoch}"),
            format!(" · epoch {epoch}"),
            String::new(),
        ];
        Some(Line::from(vec![
            Span::styled(figure, theme.accent),
            Span::raw(counts),
            Span::styled(fitting(origins, room), theme.dim),
        ]))
    }

    /// What takes all probabilities to know.
    fn third_line(&self) -> Option<Line<'static>> {
        let results = self.pane.results(self.lab)?;
        let figures = &results.figures;
        // The table may be of another set: that of the latest whole epoch.
        let on = match results.set.dataset == self.table.measured_on.dataset {
            true => String::new(),
            false => format!(" on {}", results.set.dataset),
        };
        Some(Line::styled(
            format!(
                "top-2 {:.4} · calibration error {:.4} · loss {:.4} · epoch {}{on}",
                figures.top2_accuracy, figures.calibration_error, figures.loss, results.epochs
            ),
            self.theme.text,
        ))
    }

    /// The most frequent confusions, each whole, as many as find room in so many lines.
    fn last_lines(&self, width: usize, room: usize) -> Vec<Line<'static>> {
        let mut confusions = self.most_confused();
        while !confusions.is_empty() {
            let sentence = format!("most often confused: {}", confusions.join(" · "));
            let wrapped = wrap(&sentence, width);
            if wrapped.len() <= room || confusions.len() == 1 {
                let shown = wrapped.into_iter().take(room);
                return shown
                    .map(|line| Line::styled(line, self.theme.dim))
                    .collect();
            }
            confusions.pop();
        }
        Vec::new()
    }

    /// The three most frequent errors.
    fn most_confused(&self) -> Vec<String> {
        let table = self.table.table;
        let classes = 0..table.classes();
        let cells = classes.clone().flat_map(|truth| {
            let others = classes.clone().filter(move |predicted| *predicted != truth);
            others.map(move |predicted| (truth, predicted, table.count(truth, predicted)))
        });
        let mut errors: Vec<_> = cells.filter(|(_, _, images)| *images > 0).collect();
        errors.sort_by_key(|(truth, predicted, images)| (Reverse(*images), *truth, *predicted));
        errors.truncate(3);
        let errors = errors.into_iter().map(|(truth, predicted, images)| {
            let (truth, predicted) = (self.class_name(truth), self.class_name(predicted));
            format!("{truth} → {predicted} ({})", count(images))
        });
        errors.collect()
    }
}
