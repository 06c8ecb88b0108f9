//! The confusion matrix, the figures of each class beside it, and the summary below it.

use std::cmp::Reverse;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::{Shown, images_of};
use crate::lab::Part;
use crate::panes::results::ResultsPane;
use crate::statistics::wilson_interval;
use crate::ui::format::{count, fit, fitting, left, line_bar, wrap};
use crate::ui::panel::{footnote, panel, window};
use crate::ui::widgets::{CellText, ConfusionGrid};

/// Lines of a class if there is room: its figures, then bars of the first two.
const CLASS_LINES: usize = 3;
/// Columns of a bar's name.
const BAR_NAME: usize = 10;

impl Shown<'_> {
    /// Draws the matrix; returns the row of the screen of each class if all are shown.
    pub(super) fn draw_table(&self, area: Rect, buffer: &mut Buffer) -> Option<Vec<(usize, u16)>> {
        let title = self.table_title(usize::from(area.width.saturating_sub(6)));
        let focused = self.lab.has_focus(Part::Confusion);
        let inner = panel(&title, focused, area, buffer, self.theme);
        let table = self.table.table;
        let classes = table.classes();
        let counts: Vec<u32> = (0..classes)
            .flat_map(|truth| (0..classes).map(move |predicted| table.count(truth, predicted)))
            .collect();
        let mut names: Vec<String> = (0..classes).map(|class| self.class_name(class)).collect();
        // Names that equal the numbers are redundant.
        let mut numbered = names.iter().enumerate();
        if numbered.all(|(class, name)| *name == class.to_string()) {
            names.iter_mut().for_each(String::clear);
        }
        let order = self.pane.class_order(self.lab);
        let position = |class: usize| order.iter().position(|one| *one == class).unwrap_or(0);
        let (truth, predicted) = self.pane.cell;
        let grid = ConfusionGrid {
            text: match self.pane.is_percent {
                true => CellText::RowPercent,
                false => CellText::Counts,
            },
            cursor: Some((position(truth), position(predicted))),
            order,
            ..ConfusionGrid::new(&counts, &names, self.theme)
        };
        let rows = grid.row_lines(inner);
        self.lab.spots.focus(area, Part::Confusion);
        let cells = grid.cells(inner).into_iter();
        let cells = cells.map(|((truth, predicted), cell)| (truth * classes + predicted, cell));
        self.lab
            .spots
            .cursor(cells, move |pane: &mut ResultsPane, _, cell| {
                pane.cell = (cell / classes, cell % classes);
            });
        grid.render(inner, buffer);
        let dataset = &self.table.measured_on.dataset;
        let chosen = self.lab.chosen_set().map(|set| &set.name);
        if chosen.is_some_and(|chosen| chosen != dataset) {
            // The status line names the chosen set.
            let note = format!("measured on {dataset}");
            footnote(&note, area, buffer, self.theme.accent);
        }
        (rows.len() == classes).then_some(rows)
    }

    /// The meaning of the cells and the images counted, in as many words as fit.
    fn table_title(&self, room: usize) -> String {
        let images = images_of(self.table.portion);
        let portion = self.table.portion.word();
        let counted = format!("{portion} images");
        let (long, short) = match self.pane.is_percent {
            true => (
                format!("% of true class · {counted}"),
                format!("{portion}, % of true class"),
            ),
            false => (counted.clone(), counted),
        };
        let candidates = [
            format!("Confusion · true ↓ predicted → · {long}"),
            format!("true ↓ predicted → · {short}"),
            images.to_owned(),
        ];
        fitting(candidates, room)
    }

    /// Draws the figures of each class, on the given rows of the screen if any.
    pub(super) fn draw_classes(
        &self,
        rows: Option<Vec<(usize, u16)>>,
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let (table, theme) = (self.table.table, self.theme);
        let focused = self.lab.has_focus(Part::PerClass);
        self.lab.spots.focus(area, Part::PerClass);
        let inner = panel("Per class", focused, area, buffer, theme);
        if inner.height < 2 {
            return;
        }
        let width = usize::from(inner.width);
        let (name_width, heading, [first, second, third]) = match width >= 38 {
            true => (width - 25, ["precision", "recall", "F1"], [10, 8, 7]),
            false => (2, ["prec", "rec", "F1"], [6, 6, 6]),
        };
        let line = |name: &str, [precision, recall, f1]: [&str; 3]| {
            let name = left(name, name_width);
            format!("{name}{precision:>first$}{recall:>second$}{f1:>third$}")
        };
        let cursor = self.pane.cell.0;
        let places = rows.unwrap_or_else(|| {
            let order = self.pane.class_order(self.lab);
            let at = order.iter().position(|class| *class == cursor).unwrap_or(0);
            let shown = window(at, order.len(), usize::from(inner.height) - 1);
            let room = usize::from(inner.height) - 1;
            let pitch = (room / shown.len().max(1)).clamp(1, CLASS_LINES);
            let lines = (inner.y + 1..).step_by(pitch);
            order[shown].iter().copied().zip(lines).collect()
        });
        let row = |y| Rect::new(inner.x, y, inner.width, 1);
        let rows = places.iter().map(|(class, y)| (*class, row(*y)));
        self.lab
            .spots
            .cursor(rows, |pane: &mut ResultsPane, _, class| {
                pane.cell = (class, class);
            });
        let Some(top) = places.first().map(|(_, y)| y.saturating_sub(1)) else {
            return;
        };
        let first_line = Line::styled(line("", heading), theme.dim);
        buffer.set_line(inner.x, top.max(inner.y), &first_line, inner.width);
        // If the rows of the matrix are high, bars of the figures are drawn between them.
        let pitch = places.get(1).map_or(1, |(_, next)| next - places[0].1);
        for (class, y) in places {
            let bars = [table.precision(class), table.recall(class)];
            let below = y + 1..(y + pitch.min(CLASS_LINES as u16)).min(inner.bottom());
            for ((name, share), y) in heading.into_iter().zip(bars).zip(below) {
                let room = width.saturating_sub(BAR_NAME);
                let bar = line_bar(share.unwrap_or(0.0), room);
                let bar = [
                    Span::styled(format!("{name:<BAR_NAME$}"), theme.dim),
                    Span::styled(bar, theme.train),
                ];
                buffer.set_line(inner.x, y, &Line::from_iter(bar), inner.width);
            }
            let figures = [table.precision(class), table.recall(class), table.f1(class)]
                .map(|value| value.map_or("–".to_owned(), |value| format!("{value:.2}")));
            let number = class.to_string();
            let name = match self.class_name(class) {
                _ if name_width <= 2 => number,
                // A name that equals the number is redundant.
                name if name == number => format!("{class} "),
                name => fit(&format!("{class} {name}"), name_width),
            };
            let style = match table.f1(class) {
                Some(f1) if f1 < 0.5 => theme.error,
                _ => theme.text,
            };
            let text = line(&name, figures.each_ref().map(String::as_str));
            buffer.set_line(inner.x, y, &Line::styled(text, style), inner.width);
            if class == cursor {
                let mark = match focused {
                    true => theme.selected,
                    false => theme.accent,
                };
                buffer.set_style(Rect::new(inner.x, y, inner.width, 1), mark);
            }
        }
    }
}

impl Shown<'_> {
    /// The lines of the summary.
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

    /// The accuracy with its interval, its counts and its origin, in as many words as fit.
    fn second_line(&self, width: usize) -> Option<Line<'static>> {
        let (table, theme) = (self.table.table, self.theme);
        let accuracy = table.accuracy()?;
        let right = (accuracy * f64::from(table.total())).round() as u64;
        let (low, high) = wilson_interval(right as usize, table.total() as usize);
        let figure = format!("accuracy {accuracy:.4} [{low:.3}, {high:.3}]");
        let images = self.table.portion.word();
        let (right, all) = (count(right), count(table.total()));
        let counts = format!(": {right} of {all} {images} images");
        let (name, epoch) = (&self.table.run.facts.name, self.table.epoch);
        let room = width.saturating_sub(figure.len() + counts.len());
        let set = &self.table.measured_on.dataset;
        let origins = [
            format!(" right · {name} after epoch {epoch} on {set}"),
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

    /// The figures that need all probabilities.
    fn third_line(&self) -> Option<Line<'static>> {
        let results = self.pane.results(self.lab)?;
        let figures = &results.figures;
        // The matrix may be of another set: that of the latest finished epoch.
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

    /// The most frequent confusions, as many as fit into `room` lines.
    fn last_lines(&self, width: usize, room: usize) -> Vec<Line<'static>> {
        let mut confusions = self.most_confused();
        while !confusions.is_empty() {
            let sentence = format!("most often confused: {}", confusions.join(" · "));
            let wrapped = wrap(&sentence, width);
            if wrapped.len() <= room || confusions.len() == 1 {
                let shown = wrapped.into_iter().take(room);
                let styled = shown.map(|line| Line::styled(line, self.theme.dim));
                return styled.collect();
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
