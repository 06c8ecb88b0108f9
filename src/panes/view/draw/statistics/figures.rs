//! A row for each class with its share of the images, and a summary of duplicate images.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length, Max};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};

use super::Shown;
use super::pictures::picture_height;
use crate::data::statistics::{Duplicates, SplitStatistics};
use crate::data::{DatasetSummary, SetStatistics};
use crate::panes::view::ViewPane;
use crate::ui::format::{count, left, line_bar};
use crate::ui::panel::{lines, sentences, window};
use crate::ui::theme::Theme;

/// Columns of a count, and of a count with its share.
const COUNT: usize = 8;
const COUNT_AND_SHARE: usize = 17;
/// Columns of brightness.
const BRIGHTNESS: usize = 12;

impl Shown<'_> {
    pub(super) fn draw_class_figures(&self, statistics: &SetStatistics, buffer: &mut Buffer) {
        let (theme, inner) = (self.theme, self.inner);
        let Some(set) = self.lab.chosen_set() else {
            return;
        };
        let all = set.class_names.len();
        let (beside, other) = self.beside(statistics);
        let said = |width: u16| said(set, statistics, (beside, other), width.into(), theme);
        let pictures_width = if inner.width >= 110 { 30 } else { 16 };
        let columns = Layout::horizontal([Fill(1), Length(2), Length(pictures_width)]);
        let [left, _, right] = columns.areas(inner);
        // Few classes leave more room for their pictures below than beside.
        let figures_height =
            2 + all.min(inner.height.into()) as u16 + said(inner.width).len() as u16;
        let rows = Layout::vertical([Length(figures_height), Length(1), Fill(1)]);
        let [upper, _, lower] = rows.areas(inner);
        let shape = statistics.shape;
        let (left, right) = match picture_height(shape, lower) > picture_height(shape, right) {
            true => (upper, lower),
            false => (left, right),
        };
        let said = said(left.width);
        let rows = [
            Length(1),
            Max(all as u16),
            Length(1),
            Length(said.len() as u16),
        ];
        let [header, rows, _, notes] = Layout::vertical(rows).areas(left);
        let columns = Columns::of(left.width.into());
        buffer.set_line(
            header.x,
            header.y,
            &columns.header(beside, theme),
            header.width,
        );
        let cursor = self.pane.measured_class;
        let shown = window(cursor, all, rows.height.into());
        let places: Vec<_> = shown.clone().zip(rows.rows()).collect();
        self.lab
            .spots
            .cursor(places.clone(), |pane: &mut ViewPane, _, class| {
                pane.measured_class = class;
            });
        for (class, row) in places {
            let line = self.class_line(&columns, statistics, class);
            buffer.set_line(row.x, row.y, &line, row.width);
            if class == cursor {
                let width = columns.name as u16 + 4;
                buffer.set_style(Rect { width, ..row }, theme.selected);
            }
        }
        lines(said, notes, buffer);
        self.draw_class(statistics, right, buffer);
        let hint = match shown.len() < all {
            true => format!("classes {} to {} of {all}", shown.start, shown.end - 1),
            false => "brightness: mean pixel of an image ± std over the class".to_owned(),
        };
        self.note(&hint, buffer);
    }

    fn class_line(
        &self,
        columns: &Columns,
        statistics: &SetStatistics,
        class: usize,
    ) -> Line<'static> {
        let theme = self.theme;
        let name = self.lab.class_name(class);
        // Digits are named by their number.
        let name = if name == class.to_string() { "" } else { &name };
        let name = format!("{class:>3} {}", left(name, columns.name));
        let mut spans = vec![Span::styled(name, theme.text)];
        let splits = [
            (&statistics.train, theme.train),
            (self.beside(statistics).1, theme.validation),
        ];
        for (split, style) in splits {
            let images = split.classes[class].images;
            let classes = split.classes.iter().map(|class| class.images);
            let most = classes.max().unwrap_or(0).max(1);
            let drawn = line_bar(images as f64 / most as f64, columns.bar);
            let share = 100.0 * images as f64 / split.images.max(1) as f64;
            let figure = match columns.figure {
                COUNT => count(images),
                _ => format!("{} {share:>5.1} %", count(images)),
            };
            let (bar, width) = (columns.bar, columns.figure);
            spans.extend([
                Span::raw(" "),
                Span::styled(format!("{drawn:<bar$}"), style),
                Span::styled(format!("{figure:>width$} "), theme.text),
            ]);
        }
        let brightness = self.split(statistics).classes[class].brightness;
        let figures = format!("{:.2} ±{:.2}", brightness.mean, brightness.deviation);
        spans.push(Span::styled(format!("{figures:>BRIGHTNESS$}"), theme.dim));
        Line::from(spans)
    }
}

/// How the width is divided.
struct Columns {
    name: usize,
    bar: usize,
    figure: usize,
}

impl Columns {
    fn of(width: usize) -> Self {
        let (name, figure) = match width {
            80.. => (20, COUNT_AND_SHARE),
            _ => (12, COUNT),
        };
        // Class number, both figures, brightness, and what is free between them.
        let fixed = 4 + name + 2 * (figure + 2) + BRIGHTNESS;
        Self {
            name,
            figure,
            bar: width.saturating_sub(fixed) / 2,
        }
    }

    fn header(&self, beside: &str, theme: &Theme) -> Line<'static> {
        let split = |name: &str| format!(" {name:<width$}", width = self.bar + self.figure + 1);
        Line::from(vec![
            Span::styled(format!("{:<1$}", "class", self.name + 4), theme.dim),
            Span::styled(split("training"), theme.train),
            Span::styled(split(beside), theme.validation),
            Span::styled(format!("{:>BRIGHTNESS$}", "brightness"), theme.dim),
        ])
    }
}

/// Sentences about the set as a whole.
fn said(
    set: &DatasetSummary,
    statistics: &SetStatistics,
    (beside, other): (&str, &SplitStatistics),
    width: usize,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let found = &statistics.duplicates;
    let style = match (found.contradicting, found.test_in_train) {
        (1.., _) => theme.warning,
        (0, 1..) => theme.text,
        (0, 0) => theme.dim,
    };
    let (train, test) = (statistics.train.brightness, other.brightness);
    let brightness = format!(
        "Overall brightness: training {:.3} ±{:.3}, {beside} {:.3} ±{:.3}.",
        train.mean, train.deviation, test.mean, test.deviation
    );
    let said = [(duplicates(set, found), style), (brightness, theme.dim)];
    sentences(said, width)
}

fn duplicates(set: &DatasetSummary, found: &Duplicates) -> String {
    let within = match (found.within_train, found.within_test) {
        (0, 0) => "No duplicate images within a split.".to_owned(),
        (train, test) => format!(
            "Duplicates within a split: {} training, {} test images.",
            count(train),
            count(test)
        ),
    };
    let within = match found.validation_in_train {
        None => within,
        Some(validation) => format!(
            "{} validation images are also training images. {within}",
            count(validation)
        ),
    };
    if found.test_in_train == 0 {
        return format!("No test image is also a training image. {within}");
    }
    let example = found.examples.first().map_or(String::new(), |pair| {
        format!(
            " Test image {} ({}) equals training image {} ({}).",
            count(pair.test),
            set.class_names[usize::from(pair.test_label)],
            count(pair.train),
            set.class_names[usize::from(pair.train_label)]
        )
    });
    format!(
        "{} of {} test images are also training images, {} of them with another label.{example} {within}",
        count(found.test_in_train),
        count(set.test_len()),
        count(found.contradicting)
    )
}
