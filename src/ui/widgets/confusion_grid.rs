//! How often each class was taken for each other, in colour.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;

use super::confusion_layout::ConfusionLayout;
use super::text::{abbreviations, cells, fitted};
use crate::ui::theme::{Background, ColorDepth, ColorMap, Theme, readable_on};

/// What stands in the cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CellText {
    #[default]
    Counts,
    /// Of the images of the true class, in per cent.
    RowPercent,
}

/// A table of counts `[true class, predicted class]`: true classes down, predicted across, recall at the right and
/// precision below where there is room, each cell coloured by its share of the true class. The diagonal is bold, and in
/// angle brackets where there are no colours.
///
/// Rows and columns are counted as shown, that is in `order`. A table whose counts do not belong to its names is not drawn.
#[derive(Clone, Debug)]
pub struct ConfusionGrid<'a> {
    counts: &'a [u32],
    names: &'a [String],
    theme: &'a Theme,
    map: ColorMap,
    text: CellText,
    order: Vec<usize>,
    cursor: Option<(usize, usize)>,
    scroll: (usize, usize),
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
            scroll: (0, 0),
        }
    }

    #[must_use]
    pub const fn map(mut self, map: ColorMap) -> Self {
        self.map = map;
        self
    }

    #[must_use]
    pub const fn text(mut self, text: CellText) -> Self {
        self.text = text;
        self
    }

    /// The classes in the order in which to show them, down and across alike; numbers that are no class are left out.
    #[must_use]
    pub fn order(mut self, classes: impl IntoIterator<Item = usize>) -> Self {
        let known = self.names.len();
        self.order = classes.into_iter().filter(|class| *class < known).collect();
        self
    }

    /// The row and column under the cursor, which stays in sight whatever `scroll` says.
    #[must_use]
    pub const fn cursor(mut self, cell: Option<(usize, usize)>) -> Self {
        self.cursor = cell;
        self
    }

    /// The first row and column shown.
    #[must_use]
    pub const fn scroll(mut self, first: (usize, usize)) -> Self {
        self.scroll = first;
        self
    }

    /// Rows and columns of cells that find room in `area`.
    pub fn visible(&self, area: Rect) -> (usize, usize) {
        let layout = self.layout(area);
        (layout.rows.into(), layout.columns.into())
    }

    /// The row and column of the cell at a position of the screen.
    pub fn cell_at(&self, area: Rect, position: Position) -> Option<(usize, usize)> {
        let layout = self.layout(area);
        let (row, column) = layout.index_at(position)?;
        Some((layout.first.0 + row, layout.first.1 + column))
    }

    fn layout(&self, area: Rect) -> ConfusionLayout {
        let digits = match self.text {
            CellText::Counts => {
                let digits = cells(&self.counts.iter().max().unwrap_or(&0).to_string());
                // Where some classes are out of sight anyway, a precision of 100 finds room too.
                let fit = (digits + 1) * self.order.len() + 8 <= area.width.into();
                if fit { digits } else { digits.max(3) }
            }
            // One decimal where that leaves all classes in sight beside their numbers and a little of their names.
            CellText::RowPercent if 5 * self.order.len() + 8 <= area.width.into() => 4,
            CellText::RowPercent => 3,
        };
        let names = self.names.iter().map(|name| cells(name)).max();
        // Below the names stands `precision`, with as many letters as a number and a name of seven.
        let longest = names.unwrap_or(0).max(7);
        ConfusionLayout::new(area, self.order.len(), digits, longest)
            .scrolled(self.scroll, self.cursor)
    }

    fn count(&self, truth: usize, predicted: usize) -> u32 {
        self.counts[truth * self.names.len() + predicted]
    }

    fn row_total(&self, truth: usize) -> u64 {
        (0..self.names.len())
            .map(|predicted| u64::from(self.count(truth, predicted)))
            .sum()
    }

    fn column_total(&self, predicted: usize) -> u64 {
        (0..self.names.len())
            .map(|truth| u64::from(self.count(truth, predicted)))
            .sum()
    }
}

/// A share in per cent with one decimal where it is below 100; a dash where there is nothing to share.
fn percent(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".to_owned(),
        _ if part == whole => "100".to_owned(),
        // 99.96 must not look like all.
        _ => format!("{:.1}", (100.0 * part as f64 / whole as f64).min(99.9)),
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
        for row in 0..layout.rows {
            self.draw_row_ends(&layout, row, buffer);
            for column in 0..layout.columns {
                self.draw_cell(&layout, row, column, buffer);
            }
        }
        self.draw_precision(&layout, buffer);
    }
}

impl ConfusionGrid<'_> {
    fn is_under_cursor(&self, row: Option<usize>, column: Option<usize>) -> bool {
        self.cursor.is_some_and(|(at_row, at_column)| {
            row.is_none_or(|row| row == at_row) && column.is_none_or(|column| column == at_column)
        })
    }

    fn draw_header(&self, layout: &ConfusionLayout, buffer: &mut Buffer) {
        let width = usize::from(layout.cell_width) - usize::from(layout.cell_width > 1);
        let short = abbreviations(self.names, width);
        for column in 0..layout.columns {
            let shown = layout.first.1 + usize::from(column);
            let class = self.order[shown];
            let style = if self.is_under_cursor(None, Some(shown)) {
                self.theme.accent
            } else {
                self.theme.text
            };
            let lines = [class.to_string(), short[class].clone()];
            for (line, text) in lines.iter().take(layout.header_rows.into()).enumerate() {
                let place = layout.header(column, line as u16);
                right_aligned(&fitted(text, width), place, style, buffer);
            }
        }
        if layout.header_rows > 0 {
            let corner = layout.corner();
            let text = "true ↓  predicted →";
            let text = if cells(text) <= corner.width.into() {
                text
            } else {
                "true ↓"
            };
            if cells(text) < corner.width.into() {
                buffer.set_string(corner.x, corner.y, text, self.theme.dim);
            }
            if let Some(recall) = layout.recall_header() {
                right_aligned("recall", recall, self.theme.dim, buffer);
            }
        }
    }

    fn draw_row_ends(&self, layout: &ConfusionLayout, row: u16, buffer: &mut Buffer) {
        let shown = layout.first.0 + usize::from(row);
        let truth = self.order[shown];
        let style = if self.is_under_cursor(Some(shown), None) {
            self.theme.accent
        } else {
            self.theme.text
        };
        let place = layout.name(row);
        let digits = (self.names.len() - 1).to_string().len();
        let number = format!("{truth:>digits$} ");
        let room = usize::from(place.width).saturating_sub(cells(&number) + 1);
        let name = if cells(&self.names[truth]) > room && room < 6 {
            abbreviations(self.names, room)[truth].clone()
        } else {
            fitted(&self.names[truth], room)
        };
        let text = fitted(&format!("{number}{name}"), place.width.into());
        buffer.set_string(place.x, place.y, text, style);
        if let Some(recall) = layout.recall(row) {
            let share = percent(self.count(truth, truth).into(), self.row_total(truth));
            right_aligned(&share, recall, style, buffer);
        }
    }

    fn draw_cell(&self, layout: &ConfusionLayout, row: u16, column: u16, buffer: &mut Buffer) {
        let (shown_row, shown_column) = (
            layout.first.0 + usize::from(row),
            layout.first.1 + usize::from(column),
        );
        let (truth, predicted) = (self.order[shown_row], self.order[shown_column]);
        let (count, total) = (self.count(truth, predicted), self.row_total(truth));
        let area = layout.cell(row, column);
        let is_diagonal = truth == predicted;
        let mut style = self.shade(count, total);
        if is_diagonal {
            style = style.add_modifier(Modifier::BOLD);
        } else if count == 0 && style.bg.is_none() {
            style = self.theme.dim;
        }
        let is_selected = self.is_under_cursor(Some(shown_row), Some(shown_column));
        if is_selected {
            style = self.theme.selected;
        }
        buffer.set_style(area, style);
        let figures = match self.text {
            CellText::Counts => count.to_string(),
            CellText::RowPercent if area.width < 5 && total > 0 => {
                format!("{:.0}", 100.0 * f64::from(count) / total as f64)
            }
            CellText::RowPercent => percent(count.into(), total),
        };
        // In a wide cell the figures keep clear of the border, on which the neighbour's begin.
        let margin = u16::from(area.width >= 7) * 2 + u16::from(area.width >= 3 && area.width < 7);
        let line = Rect {
            y: area.y + area.height / 2,
            height: 1,
            width: area.width.saturating_sub(margin.min(area.width)) + margin.min(1),
            ..area
        };
        let brackets = match (
            is_selected,
            is_diagonal && self.theme.depth == ColorDepth::None,
        ) {
            (true, _) => Some(['[', ']']),
            (_, true) => Some(['‹', '›']),
            _ => None,
        };
        let fits = cells(&figures) + 2 <= usize::from(line.width);
        let text = match brackets.filter(|_| fits) {
            Some([open, close]) => format!("{open}{figures}{close}"),
            None if line.width > 1 && cells(&figures) < usize::from(line.width) => {
                format!("{figures} ")
            }
            None => figures,
        };
        right_aligned(&text, line, Style::new(), buffer);
    }

    /// Background by the share of the row, and text that reads on it.
    fn shade(&self, count: u32, total: u64) -> Style {
        let share = if total > 0 {
            f64::from(count) / total as f64
        } else {
            0.0
        };
        // The root sets a few mistakes in a hundred apart from none.
        let level = (255.0 * share.sqrt()).round() as u8;
        // On a dark screen the published order would make the empty cells the brightest.
        let is_turned = self.map == ColorMap::Blues && self.theme.background != Background::Light;
        let level = if is_turned { 255 - level } else { level };
        match self.theme.paint(self.map).value(level) {
            Some(color) => Style::new().bg(color).fg(readable_on(color)),
            None => Style::new(),
        }
    }

    fn draw_precision(&self, layout: &ConfusionLayout, buffer: &mut Buffer) {
        let Some(title) = layout.precision_title() else {
            return;
        };
        let text = fitted("precision", usize::from(title.width).saturating_sub(1));
        buffer.set_string(title.x, title.y, text, self.theme.dim);
        for column in 0..layout.columns {
            let shown = layout.first.1 + usize::from(column);
            let class = self.order[shown];
            let style = if self.is_under_cursor(None, Some(shown)) {
                self.theme.accent
            } else {
                self.theme.text
            };
            let mut share = percent(self.count(class, class).into(), self.column_total(class));
            let Some(mut place) = layout.precision(column) else {
                continue;
            };
            if cells(&share) >= place.width.into() {
                share.truncate(share.find('.').unwrap_or(share.len()));
            }
            if place.width > 1 {
                place.width -= 1;
            }
            right_aligned(&fitted(&share, place.width.into()), place, style, buffer);
        }
        if let Some(corner) = layout.accuracy() {
            let all: u64 = (0..self.names.len())
                .map(|class| self.row_total(class))
                .sum();
            let right = (0..self.names.len())
                .map(|class| u64::from(self.count(class, class)))
                .sum();
            right_aligned(&percent(right, all), corner, self.theme.title, buffer);
        }
    }
}

/// Writes text so that it ends where the place ends; it must fit.
fn right_aligned(text: &str, place: Rect, style: Style, buffer: &mut Buffer) {
    let text = fitted(text, place.width.into());
    let left = place.right() - cells(&text) as u16;
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
    fn a_precision_of_100_is_written_whole_where_the_table_scrolls() {
        let classes = 26;
        let all_right: Vec<u32> = (0..classes * classes)
            .map(|index| 9 * u32::from(index / classes == index % classes))
            .collect();
        let names = names(classes);
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        let buffer = drawn(ConfusionGrid::new(&all_right, &names, &theme), 52, 14);
        let text = snapshot(&buffer);
        let line = text
            .lines()
            .find(|line| line.contains("precision"))
            .unwrap();
        assert!(line.contains(" 100 100 ") && !line.contains('…'), "{text}");
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
            let grid = ConfusionGrid::new(&counts, &names, &theme)
                .map(map)
                .cursor(Some((6, 2)));
            assert_eq!(grid.visible(Rect::new(0, 0, 78, 19)), (10, 10));
            insta::assert_snapshot!(name, snapshot(&drawn(grid, 78, 19)));
        }
        let theme = Theme::new(ColorDepth::Indexed256, Background::Light);
        let grid = ConfusionGrid::new(&counts, &names, &theme)
            .text(CellText::RowPercent)
            .order((0..10).rev());
        insta::assert_snapshot!("confusion_narrow", snapshot(&drawn(grid, 50, 11)));
    }

    #[test]
    fn many_classes_scroll_with_the_cursor() {
        let (names, counts) = (names(100), counts(100));
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        let area = Rect::new(0, 0, 78, 19);
        let grid = ConfusionGrid::new(&counts, &names, &theme).cursor(Some((99, 40)));
        let (rows, columns) = grid.visible(area);
        assert!(rows >= 15 && columns >= 10, "{rows} {columns}");
        let layout = grid.layout(area);
        assert_eq!(layout.first, (100 - rows, 41 - columns));
        let place = layout.cell(rows as u16 - 1, 0).as_position();
        assert_eq!(grid.cell_at(area, place), Some((99, 41 - columns)));
        insta::assert_snapshot!("confusion_scrolled", snapshot(&drawn(grid, 50, 8)));
    }

    #[test]
    fn shares_are_in_per_cent() {
        assert_eq!(percent(1, 3), "33.3");
        assert_eq!(percent(99_999, 100_000), "99.9");
        assert_eq!(percent(5, 5), "100");
        assert_eq!(percent(0, 0), "–");
    }

    proptest! {
        #[test]
        fn any_table_fits_any_area(
            area in any_area(),
            classes in 0usize..30,
            largest in prop::sample::select(vec![0u32, 9, 60_000, u32::MAX]),
            cursor in prop::option::of((0usize..40, 0usize..40)),
            scroll in (0usize..40, 0usize..40),
            percent: bool,
        ) {
            let theme = Theme::new(ColorDepth::TrueColor, Background::Light);
            let (names, counts) = (names(classes), vec![largest; classes * classes]);
            let text = if percent { CellText::RowPercent } else { CellText::Counts };
            let grid = ConfusionGrid::new(&counts, &names, &theme)
                .text(text)
                .cursor(cursor)
                .scroll(scroll);
            stays_inside(grid, area)?;
        }
    }
}
