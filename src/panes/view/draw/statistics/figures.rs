//! A row for each class with its share of the images, and what there is to say of images that are there twice.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::pictures;
use super::split;
use crate::data::statistics::Duplicates;
use crate::data::{DatasetSummary, SetStatistics};
use crate::lab::Lab;
use crate::panes::view::ViewPane;
use crate::ui::format::{count, fit, line_bar, wrap};
use crate::ui::panel::{footnote, lines, window};
use crate::ui::theme::Theme;

/// Columns of a count, and of a count with its share.
const COUNT: usize = 8;
const COUNT_AND_SHARE: usize = 17;
/// Columns of brightness.
const BRIGHTNESS: usize = 12;

pub fn draw(
    pane: &ViewPane,
    lab: &Lab,
    statistics: &SetStatistics,
    (area, inner): (Rect, Rect),
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let Some(set) = lab.chosen_set() else { return };
    let pictures_width = if inner.width >= 110 { 30 } else { 16 };
    let [left, _, right] = Layout::horizontal([
        Constraint::Fill(1),
        Constraint::Length(2),
        Constraint::Length(pictures_width),
    ])
    .areas(inner);
    let said = said(set, statistics, left.width.into(), theme);
    let [header, rows, _, notes] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Max(set.class_names.len() as u16),
        Constraint::Length(1),
        Constraint::Length(said.len() as u16),
    ])
    .areas(left);
    let columns = Columns::of(left.width.into());
    buffer.set_line(header.x, header.y, &columns.header(theme), header.width);
    let cursor = pane.measured_class;
    let shown = window(cursor, set.class_names.len(), rows.height.into());
    for (class, y) in shown.clone().zip(rows.y..) {
        let row = Rect::new(rows.x, y, rows.width, 1);
        let line = columns.row(pane, lab, statistics, class, theme);
        buffer.set_line(row.x, row.y, &line, row.width);
        if class == cursor {
            let name = Rect {
                width: columns.name as u16 + 4,
                ..row
            };
            buffer.set_style(name, theme.selected);
        }
    }
    lines(said, notes, buffer);
    pictures::draw_one(pane, lab, statistics, right, buffer, theme);
    let all = set.class_names.len();
    let hint = if shown.len() < all {
        format!("classes {} to {} of {all}", shown.start, shown.end - 1)
    } else {
        "brightness: mean pixel of an image ± deviation over the class".to_owned()
    };
    footnote(&hint, area, buffer, theme.dim);
}

/// How the width is shared out.
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

    fn header(&self, theme: &Theme) -> Line<'static> {
        let split = |name: &str| format!(" {name:<width$}", width = self.bar + self.figure + 1);
        Line::from(vec![
            Span::styled(format!("{:<1$}", "class", self.name + 4), theme.dim),
            Span::styled(split("training"), theme.train),
            Span::styled(split("test"), theme.validation),
            Span::styled(format!("{:>BRIGHTNESS$}", "brightness"), theme.dim),
        ])
    }

    fn row(
        &self,
        pane: &ViewPane,
        lab: &Lab,
        statistics: &SetStatistics,
        class: usize,
        theme: &Theme,
    ) -> Line<'static> {
        let name = lab.class_name(class);
        // Digits are called what they are numbered.
        let name = if name == class.to_string() { "" } else { &name };
        let name = format!("{class:>3} {:<1$}", fit(name, self.name), self.name);
        let mut spans = vec![Span::styled(name, theme.text)];
        let splits = [
            (&statistics.train, theme.train),
            (&statistics.test, theme.validation),
        ];
        for (split, style) in splits {
            let images = split.classes[class].images;
            let classes = split.classes.iter().map(|class| class.images);
            let most = classes.max().unwrap_or(0).max(1);
            let drawn = line_bar(images as f64 / most as f64, self.bar);
            let share = 100.0 * images as f64 / split.images.max(1) as f64;
            let figure = match self.figure {
                COUNT => count(images),
                _ => format!("{} {share:>5.1} %", count(images)),
            };
            spans.extend([
                Span::raw(" "),
                Span::styled(format!("{drawn:<width$}", width = self.bar), style),
                Span::styled(
                    format!("{figure:>width$} ", width = self.figure),
                    theme.text,
                ),
            ]);
        }
        let brightness = split(pane, statistics).classes[class].brightness;
        let figures = format!("{:.2} ±{:.2}", brightness.mean, brightness.deviation);
        spans.push(Span::styled(format!("{figures:>BRIGHTNESS$}"), theme.dim));
        Line::from(spans)
    }
}

/// What is to be said of the set as a whole.
fn said(
    set: &DatasetSummary,
    statistics: &SetStatistics,
    width: usize,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let found = &statistics.duplicates;
    let style = if found.contradicting > 0 {
        theme.warning
    } else if found.test_in_train > 0 {
        theme.text
    } else {
        theme.dim
    };
    let mut text: Vec<Line> = wrap(&duplicates(set, found), width)
        .into_iter()
        .map(|line| Line::styled(line, style))
        .collect();
    let (train, test) = (statistics.train.brightness, statistics.test.brightness);
    let brightness = format!(
        "Brightness of all: training {:.3} ±{:.3}, test {:.3} ±{:.3}.",
        train.mean, train.deviation, test.mean, test.deviation
    );
    text.extend(
        wrap(&brightness, width)
            .into_iter()
            .map(|line| Line::styled(line, theme.dim)),
    );
    text
}

fn duplicates(set: &DatasetSummary, found: &Duplicates) -> String {
    let within = match (found.within_train, found.within_test) {
        (0, 0) => "No image is in a split twice.".to_owned(),
        (train, test) => format!(
            "{} training and {} test images repeat one before them.",
            count(train),
            count(test)
        ),
    };
    if found.test_in_train == 0 {
        return format!("No test image is among the training images. {within}");
    }
    let example = found.examples.first().map_or(String::new(), |pair| {
        format!(
            " Test image {} ({}) is training image {} ({}).",
            count(pair.test),
            set.class_names[usize::from(pair.test_label)],
            count(pair.train),
            set.class_names[usize::from(pair.train_label)]
        )
    });
    format!(
        "{} of {} test images are among the training images, {} of them with another label.{example} {within}",
        count(found.test_in_train),
        count(set.test_len()),
        count(found.contradicting)
    )
}
