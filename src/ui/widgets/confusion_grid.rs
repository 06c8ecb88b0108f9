//! The confusion matrix in colour.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;

use super::confusion_layout::ConfusionLayout;
use super::text::{abbreviations, fitted};
use crate::ui::format::width_of;
use crate::ui::theme::{Background, ColorDepth, ColorMap, Theme, readable_on};

/// The text of the cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CellText {
    #[default]
    Counts,
    /// Percentages of the images of the true class.
    RowPercent,
}

/// A confusion matrix of counts `[true class, predicted class]`: true classes down, predicted across, recall at the right and
/// precision below if there is room, each cell coloured by its share of the true class. The diagonal is bold, and in
/// angle brackets without colours.
///
/// Rows and columns are counted as shown, that is in `order`. A matrix whose size does not match its names is not drawn.
#[derive(Clone, Debug)]
pub struct ConfusionGrid<'a> {
    pub counts: &'a [u32],
    pub names: &'a [String],
    pub theme: &'a Theme,
    pub map: ColorMap,
    pub text: CellText,
    /// The classes in the order in which to show them, down and across alike.
    pub order: Vec<usize>,
    /// The row and column under the cursor, which are visible.
    pub cursor: Option<(usize, usize)>,
}

impl<'a> ConfusionGrid<'a> {
    pub fn new(counts: &'a [u32], names: &'a [String], theme: &'a Theme) -> Self {
        Self {
            counts,
            names,
            theme,
            map: ColorMap::Blues,
            text: CellText::Counts,
            order: (0..names.len()).collect(),
            cursor: None,
        }
    }

    /// Each visible class with the first screen line of its row, from the top.
    pub fn row_lines(&self, area: Rect) -> Vec<(usize, u16)> {
        let layout = self.layout(area);
        let lines = (0..layout.rows).map(|row| layout.cell(row, 0).y);
        let classes = self.order.iter().copied().skip(layout.first.0);
        classes.zip(lines).collect()
    }

    /// The visible cells, each with its true and predicted class.
    pub fn cells(&self, area: Rect) -> Vec<((usize, usize), Rect)> {
        let layout = self.layout(area);
        let class = |first: usize, at: u16| self.order.get(first + usize::from(at)).copied();
        let cell = |row, column| {
            let classes = (class(layout.first.0, row)?, class(layout.first.1, column)?);
            Some((classes, layout.cell(row, column)))
        };
        let rows = 0..layout.rows;
        rows.flat_map(|row| (0..layout.columns).filter_map(move |column| cell(row, column)))
            .collect()
    }

    fn layout(&self, area: Rect) -> ConfusionLayout {
        let digits = match self.text {
            CellText::Counts => {
                let digits = width_of(&self.counts.iter().max().unwrap_or(&0).to_string());
                // A precision of 100 may be wider than every count. If some classes are not visible anyway, it has room in any case.
                let fit = (digits + 1) * self.order.len() + 8 <= area.width.into();
                if fit && !self.has_perfect_precision() {
                    digits
                } else {
                    digits.max(3)
                }
            }
            // One decimal if all classes stay visible beside their numbers and the beginnings of their names.
            CellText::RowPercent if 5 * self.order.len() + 8 <= area.width.into() => 4,
            CellText::RowPercent => 3,
        };
        let names = self.names.iter().map(|name| width_of(name)).max();
        // `precision` is below the names, as wide as a number and a name of seven letters.
        let longest = names.unwrap_or(0).max(7);
        let cursor = self.cursor.unwrap_or_default();
        ConfusionLayout::new(area, self.order.len(), (digits, longest), cursor)
    }

    fn count(&self, truth: usize, predicted: usize) -> u32 {
        self.counts[truth * self.names.len() + predicted]
    }

    fn row_total(&self, truth: usize) -> u64 {
        let row = self.counts.chunks(self.names.len()).nth(truth);
        row.map_or(0, |row| row.iter().copied().map(u64::from).sum())
    }

    /// Whether every prediction of some class is right.
    fn has_perfect_precision(&self) -> bool {
        let mut classes = 0..self.names.len();
        classes.any(|class| {
            let right = u64::from(self.count(class, class));
            right > 0 && right == self.column_total(class)
        })
    }

    fn column_total(&self, predicted: usize) -> u64 {
        let column = self.counts.iter().skip(predicted).step_by(self.names.len());
        column.copied().map(u64::from).sum()
    }
}

/// A percentage with one decimal if it is below 100; a dash if the whole is 0.
fn percent(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".to_owned(),
        _ if part == whole => "100".to_owned(),
        // 99.96 must not look like all.
        _ => format!("{:.1}", (100.0 * part as f64 / whole as f64).min(99.9)),
    }
}

/// As [`percent`], rounded to a whole number below 100.
fn whole_percent(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".to_owned(),
        _ if part == whole => "100".to_owned(),
        _ => format!("{:.0}", (100.0 * part as f64 / whole as f64).min(99.0)),
    }
}

impl Widget for ConfusionGrid<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        if self.counts.len() != self.names.len() * self.names.len() {
            return;
        }
        let layout = self.layout(area);
        self.draw_header(&layout, buffer);
        self.draw_rows(&layout, buffer);
        self.draw_precision(&layout, buffer);
    }
}

impl ConfusionGrid<'_> {
    /// The style of the labels of a row or column.
    fn heading(&self, is_under_cursor: bool) -> Style {
        match is_under_cursor {
            true => self.theme.accent,
            false => self.theme.text,
        }
    }

    /// Each visible column, counted from the first: its class, and the style of its labels.
    fn columns(&self, layout: &ConfusionLayout) -> impl Iterator<Item = (u16, usize, Style)> {
        let at = self.cursor.map(|(_, column)| column);
        let columns = (0..layout.columns).zip(layout.first.1..);
        columns.map(move |(column, shown)| {
            (column, self.order[shown], self.heading(at == Some(shown)))
        })
    }

    fn draw_header(&self, layout: &ConfusionLayout, buffer: &mut Buffer) {
        let width = usize::from(layout.cell_width) - usize::from(layout.cell_width > 1);
        let short = abbreviations(self.names, width);
        for (column, class, style) in self.columns(layout) {
            let lines = [class.to_string(), short[class].clone()];
            for (line, text) in (0..layout.header_rows).zip(&lines) {
                right_aligned(text, layout.header(column, line), style, buffer);
            }
        }
        if layout.header_rows > 0 {
            let corner = layout.corner();
            let room = usize::from(corner.width);
            let mut texts = ["true ↓  predicted →", "true ↓"].into_iter();
            if let Some(text) = texts.find(|text| width_of(text) < room) {
                buffer.set_string(corner.x, corner.y, text, self.theme.dim);
            }
            if let Some(recall) = layout.recall_header() {
                right_aligned("recall", recall, self.theme.dim, buffer);
            }
        }
    }

    fn draw_rows(&self, layout: &ConfusionLayout, buffer: &mut Buffer) {
        let digits = (self.names.len().saturating_sub(1)).to_string().len();
        let room = usize::from(layout.corner().width).saturating_sub(digits + 2);
        let short = (room < 6).then(|| abbreviations(self.names, room));
        for (row, shown) in (0..layout.rows).zip(layout.first.0..) {
            let truth = self.order[shown];
            let is_here = self.cursor.is_some_and(|(row, _)| row == shown);
            let style = self.heading(is_here);
            let name = &self.names[truth];
            let name = match &short {
                Some(short) if width_of(name) > room => short[truth].clone(),
                _ => fitted(name, room),
            };
            let place = layout.name(row);
            let text = fitted(&format!("{truth:>digits$} {name}"), place.width.into());
            buffer.set_string(place.x, place.y, text, style);
            let total = self.row_total(truth);
            if let Some(recall) = layout.recall(row) {
                let share = percent(self.count(truth, truth).into(), total);
                right_aligned(&share, recall, style, buffer);
            }
            for column in 0..layout.columns {
                let at = (shown, layout.first.1 + usize::from(column));
                self.draw_cell(at, total, layout.cell(row, column), buffer);
            }
        }
    }

    /// Draws a cell of a row with `total` images.
    fn draw_cell(&self, at: (usize, usize), total: u64, area: Rect, buffer: &mut Buffer) {
        let (truth, predicted) = (self.order[at.0], self.order[at.1]);
        let count = self.count(truth, predicted);
        let is_diagonal = truth == predicted;
        let level = self.level(count, total);
        let paint = self.theme.paint(self.map);
        let mixed = paint.mixed(level);
        let color = mixed.map(|(color, ..)| color).or(paint.value(level));
        // Text that reads on it.
        let mut style = color.map_or(Style::new(), |color| {
            Style::new().bg(color).fg(readable_on(color))
        });
        if is_diagonal {
            style = style.add_modifier(Modifier::BOLD);
        } else if count == 0 && style.bg.is_none() {
            style = self.theme.dim;
        }
        let is_selected = self.cursor == Some(at);
        if is_selected {
            style = self.theme.selected;
        }
        buffer.set_style(area, style);
        if let Some((_, other, ink)) = mixed.filter(|_| !is_selected) {
            for position in area.positions() {
                buffer[position].set_symbol(ink).set_fg(other);
            }
        }
        let figures = match self.text {
            CellText::Counts => count.to_string(),
            CellText::RowPercent if area.width < 5 => whole_percent(count.into(), total),
            CellText::RowPercent => percent(count.into(), total),
        };
        // In a wide cell the figures keep clear of the border, on which the neighbour's begin.
        let margin = match area.width {
            ..3 => 0,
            3..7 => 1,
            7.. => 2,
        };
        let width = area.width - margin + margin.min(1);
        let line = Rect::new(area.x, area.y + area.height / 2, width, 1);
        let has_brackets = is_diagonal && self.theme.depth == ColorDepth::None;
        let brackets = match (is_selected, has_brackets) {
            (true, _) => Some(['[', ']']),
            (_, true) => Some(['‹', '›']),
            _ => None,
        };
        let fits = width_of(&figures) + 2 <= usize::from(width);
        let text = match brackets.filter(|_| fits) {
            Some([open, close]) => format!("{open}{figures}{close}"),
            None if width > 1 && width_of(&figures) < usize::from(width) => format!("{figures} "),
            None => figures,
        };
        right_aligned(&text, line, style, buffer);
    }

    /// The level of a cell on the colour map: its share of the row.
    fn level(&self, count: u32, total: u64) -> u8 {
        let share = f64::from(count) / total.max(1) as f64;
        // The root sets a few mistakes in a hundred apart from none.
        let mut level = (255.0 * share.sqrt()).round() as u8;
        if self.theme.depth == ColorDepth::Basic16 && count > 0 {
            // The smallest step that sixteen colours have.
            level = level.max(16);
        }
        // On a dark screen the published order would make the empty cells the brightest.
        let is_turned = self.map == ColorMap::Blues && self.theme.background != Background::Light;
        if is_turned { 255 - level } else { level }
    }

    fn draw_precision(&self, layout: &ConfusionLayout, buffer: &mut Buffer) {
        let Some(title) = layout.precision_title() else {
            return;
        };
        let text = fitted("precision", usize::from(title.width).saturating_sub(1));
        buffer.set_string(title.x, title.y, text, self.theme.dim);
        for (column, class, style) in self.columns(layout) {
            let (right, all) = (self.count(class, class).into(), self.column_total(class));
            let Some(mut place) = layout.precision(column) else {
                continue;
            };
            let mut share = percent(right, all);
            if width_of(&share) >= place.width.into() {
                share = whole_percent(right, all);
            }
            if place.width > 1 {
                place.width -= 1;
            }
            right_aligned(&share, place, style, buffer);
        }
        if let Some(corner) = layout.accuracy() {
            let sum = |counts: &mut dyn Iterator<Item = &u32>| counts.copied().map(u64::from).sum();
            let all = sum(&mut self.counts.iter());
            let right = sum(&mut self.counts.iter().step_by(self.names.len() + 1));
            right_aligned(&percent(right, all), corner, self.theme.title, buffer);
        }
    }
}

/// Writes text right-aligned, truncated to the place.
fn right_aligned(text: &str, place: Rect, style: Style, buffer: &mut Buffer) {
    let text = fitted(text, place.width.into());
    let left = place.right() - width_of(&text) as u16;
    buffer.set_string(left, place.y, text, style);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{any_area, drawn, snapshot, stays_inside};
    use super::*;
    use proptest::prelude::*;

    const FASHION: [&str; 10] = [
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ];

    pub(in crate::ui::widgets) fn names(count: usize) -> Vec<String> {
        (0..count)
            .map(|class| {
                FASHION
                    .get(class)
                    .map_or(format!("class {class}"), |name| (*name).to_owned())
            })
            .collect()
    }

    #[test]
    fn a_precision_of_100_is_written_whole() {
        // 26 classes scroll; ten fit, beside the names of the panel's other part as well.
        for (classes, width) in [(26, 52), (10, 52), (10, 46)] {
            let all_right: Vec<u32> = (0..classes * classes)
                .map(|index| 9 * u32::from(index / classes == index % classes))
                .collect();
            let names = names(classes);
            let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
            let buffer = drawn(ConfusionGrid::new(&all_right, &names, &theme), width, 14);
            let text = snapshot(&buffer);
            let last = text.lines().rfind(|line| line.contains(" 100 100 "));
            let figures = last.map(|line| line.matches(" 100").count());
            assert!(figures >= Some(9), "{text}");
            assert!(last.is_some_and(|line| !line.contains("1…")), "{text}");
        }
    }

    #[test]
    fn percentages_are_rounded_and_only_all_is_100() {
        let shares = [
            (977, 1000),
            (935, 1000),
            (999, 1000),
            (5, 5),
            (0, 3),
            (0, 0),
        ];
        let texts = shares.map(|(part, whole)| whole_percent(part, whole));
        assert_eq!(texts, ["98", "94", "99", "100", "0", "–"]);
        // 39 of 40 predictions of each class are right: 97.5 %.
        let counts: Vec<u32> = (0..100)
            .map(|cell| match (cell / 10, cell % 10) {
                (truth, predicted) if truth == predicted => 39,
                (truth, predicted) => u32::from((truth + 1) % 10 == predicted),
            })
            .collect();
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        let names = names(10);
        let text = snapshot(&drawn(ConfusionGrid::new(&counts, &names, &theme), 50, 13));
        let line = text.lines().find(|line| line.contains("precision"));
        assert!(line.is_some_and(|line| line.contains("98 98")), "{text}");
    }

    /// Mostly right, with some mistakes.
    fn counts(classes: usize) -> Vec<u32> {
        (0..classes * classes)
            .map(|index| match (index / classes, index % classes) {
                (truth, predicted) if truth == predicted => 1000 - 37 * (truth as u32 % 10),
                (truth, predicted) => {
                    ((truth * 7 + predicted * 11) % 13) as u32
                        * u32::from((truth + predicted) % 3 == 0)
                        * 4
                }
            })
            .collect()
    }

    #[test]
    fn ten_classes_look_as_before() {
        let (names, counts) = (names(10), counts(10));
        for (name, depth, map) in [
            ("confusion", ColorDepth::TrueColor, ColorMap::Blues),
            (
                "confusion_16_cividis",
                ColorDepth::Basic16,
                ColorMap::Cividis,
            ),
            (
                "confusion_without_colour",
                ColorDepth::None,
                ColorMap::Blues,
            ),
        ] {
            let theme = Theme::new(depth, Background::Dark);
            let grid = ConfusionGrid {
                map,
                cursor: Some((6, 2)),
                ..ConfusionGrid::new(&counts, &names, &theme)
            };
            let layout = grid.layout(Rect::new(0, 0, 78, 19));
            assert_eq!((layout.rows, layout.columns), (10, 10));
            insta::assert_snapshot!(name, snapshot(&drawn(grid, 78, 19)));
        }
        let theme = Theme::new(ColorDepth::Indexed256, Background::Light);
        let grid = ConfusionGrid {
            text: CellText::RowPercent,
            order: (0..10).rev().collect(),
            ..ConfusionGrid::new(&counts, &names, &theme)
        };
        insta::assert_snapshot!("confusion_narrow", snapshot(&drawn(grid, 50, 11)));
    }

    #[test]
    fn names_give_way_before_a_class_is_scrolled_away() {
        let (names, counts) = (names(10), counts(10));
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        for (height, header_rows) in [(12, 1), (13, 2)] {
            let area = Rect::new(0, 0, 70, height);
            let grid = ConfusionGrid::new(&counts, &names, &theme);
            assert_eq!(grid.row_lines(area).len(), 10, "{height}");
            let layout = grid.layout(area);
            assert_eq!(layout.header_rows, header_rows, "{height}");
            assert!(layout.precision_title().is_some(), "{height}");
        }
    }

    #[test]
    fn many_classes_scroll_with_the_cursor() {
        let (names, counts) = (names(100), counts(100));
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        let area = Rect::new(0, 0, 78, 19);
        let grid = ConfusionGrid {
            cursor: Some((99, 40)),
            ..ConfusionGrid::new(&counts, &names, &theme)
        };
        let layout = grid.layout(area);
        let (rows, columns) = (usize::from(layout.rows), usize::from(layout.columns));
        assert!(rows >= 15 && columns >= 10, "{rows} {columns}");
        assert_eq!(layout.first, (100 - rows, 41 - columns));
        let last = grid.row_lines(area).pop();
        assert_eq!(last, Some((99, layout.cell(layout.rows - 1, 0).y)));
        insta::assert_snapshot!("confusion_scrolled", snapshot(&drawn(grid, 50, 8)));
    }

    #[test]
    fn each_class_in_sight_has_a_line_and_the_others_have_none() {
        let (names, counts) = (names(999), vec![0; 999 * 999]);
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        let area = Rect::new(2, 1, 120, 102);
        let mut grid = ConfusionGrid::new(&counts, &names, &theme);
        let lines = grid.row_lines(area);
        let header = 2;
        let expected: Vec<(usize, u16)> = (0..100).zip(area.y + header - 1..).collect();
        assert_eq!(lines, expected);
        grid.cursor = Some((500, 0));
        let scrolled = grid.row_lines(area);
        assert_eq!(scrolled.len(), 100);
        assert!(
            scrolled
                .iter()
                .all(|(class, _)| (401..=500).contains(class))
        );
        // Rows of several lines begin where their cells do.
        let names = names[..3].to_vec();
        let grid = ConfusionGrid {
            order: vec![2, 0, 1],
            ..ConfusionGrid::new(&[1; 9], &names, &theme)
        };
        let area = Rect::new(0, 0, 60, 14);
        let layout = grid.layout(area);
        let lines: Vec<(usize, u16)> = grid.row_lines(area);
        let tops = (0..3).map(|row| layout.cell(row, 0).top());
        assert_eq!(lines, [2, 0, 1].into_iter().zip(tops).collect::<Vec<_>>());
        assert!(lines[1].1 > lines[0].1 + 1);
    }

    #[test]
    fn shares_are_in_per_cent() {
        assert_eq!(percent(1, 3), "33.3");
        assert_eq!(percent(99_999, 100_000), "99.9");
        assert_eq!(percent(5, 5), "100");
        assert_eq!(percent(0, 0), "–");
    }

    /// Of a hundred images of a class, so many taken for another one: each number looks different, and none is like no image at all.
    #[test]
    fn sixteen_colours_tell_small_counts_apart() {
        let counts = [0, 1, 4, 10, 20, 35, 60, 100];
        for map in [ColorMap::Blues, ColorMap::Viridis, ColorMap::Cividis] {
            let theme = Theme::new(ColorDepth::Basic16, Background::Dark);
            let names: Vec<String> = (0..2).map(|class| format!("class {class}")).collect();
            let looks = counts.map(|count| {
                let table = [100 - count, count, 0, 1];
                let grid = ConfusionGrid {
                    map,
                    ..ConfusionGrid::new(&table, &names, &theme)
                };
                let buffer = drawn(grid.clone(), 60, 10);
                let cell = grid.layout(buffer.area).cell(0, 1);
                // The left end, where no figure stands.
                let cell = &buffer[(cell.x, cell.y)];
                (cell.symbol().to_owned(), cell.fg, cell.bg)
            });
            for (index, look) in looks.iter().enumerate() {
                assert!(!looks[..index].contains(look), "{map}: {looks:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_table_fits_any_area(
            area in any_area(),
            classes in 0usize..30,
            largest in prop::sample::select(vec![0u32, 9, 60_000, u32::MAX]),
            cursor in prop::option::of((0usize..40, 0usize..40)),
            percent: bool,
        ) {
            let theme = Theme::new(ColorDepth::TrueColor, Background::Light);
            let (names, counts) = (names(classes), vec![largest; classes * classes]);
            let text = if percent { CellText::RowPercent } else { CellText::Counts };
            let grid = ConfusionGrid { text, cursor, ..ConfusionGrid::new(&counts, &names, &theme) };
            stays_inside(grid, area)?;
        }
    }
}
