//! A vector of values as a table of coloured cells.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;

use super::text::fitted;
use super::{MapGrid, centred};
use crate::analysis::{level_in, value_range};
use crate::ui::format::width_of;
use crate::ui::theme::{Paint, readable_on};
use crate::wording::decimals;

/// One cell per value of a vector, in rows of a round number of values, each row numbered at its left.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeatTableLayout {
    origin: Position,
    /// Columns for the number of a row's first value.
    numbers: u16,
    columns: u16,
    rows: u16,
    cell_width: u16,
}

/// Maximum width of a cell.
const WIDEST: u16 = 7;
/// Columns of a value, with an empty one at either side.
const VALUE: u16 = 6;

impl HeatTableLayout {
    /// The layout for `length` values with the widest cells that leave room for all, or else for as many as possible.
    pub(super) fn new(area: Rect, length: usize) -> Self {
        let digits = length.saturating_sub(1).to_string().len() as u16;
        let has_numbers = area.width > digits + 10;
        let numbers = if has_numbers { digits + 1 } else { 0 };
        let width = area.width - numbers;
        let height = usize::from(area.height);
        let round = (1..)
            .map(|tens| 10 * tens)
            .take_while(|columns| *columns <= width);
        let columns = round
            .clone()
            .find(|columns| length.div_ceil(usize::from(*columns)) <= height)
            .or(round.last())
            .unwrap_or(width)
            .min(u16::try_from(length).unwrap_or(u16::MAX))
            .max(u16::from(width > 0));
        let needed = length.div_ceil(usize::from(columns).max(1)).min(height);
        let rows = needed as u16;
        let cell_width = (width / columns.max(1)).min(WIDEST);
        let size = Size::new(numbers + columns * cell_width, rows);
        Self {
            origin: centred(size, area).as_position(),
            numbers,
            columns,
            rows,
            cell_width,
        }
    }

    pub(super) const fn capacity(&self) -> usize {
        self.columns as usize * self.rows as usize
    }

    pub(super) const fn columns(&self) -> usize {
        self.columns as usize
    }

    /// The places of the first `count` values that have room.
    pub(super) fn places(&self, count: usize) -> Vec<(usize, Rect)> {
        let count = count.min(self.capacity());
        (0..count).map(|index| (index, self.place(index))).collect()
    }

    /// The cells of value `index` of the page.
    fn place(&self, index: usize) -> Rect {
        let (row, column) = (index / self.columns(), index % self.columns());
        Rect::new(
            self.origin.x + self.numbers + column as u16 * self.cell_width,
            self.origin.y + row as u16,
            self.cell_width,
            1,
        )
    }
}

impl MapGrid<'_> {
    /// Draws the page of a vector that begins with this value; the layout lies inside the buffer.
    pub(super) fn draw_table(&self, first: usize, layout: &HeatTableLayout, buffer: &mut Buffer) {
        let range = value_range(self.values);
        let page = self.values.iter().enumerate().skip(first);
        for (place, (index, &value)) in page.take(layout.capacity()).enumerate() {
            let area = layout.place(place);
            if layout.numbers > 0 && place % layout.columns() == 0 {
                let digits = usize::from(layout.numbers) - 1;
                let number = format!("{index:>digits$}");
                buffer.set_string(layout.origin.x, area.y, number, self.theme.dim);
            }
            self.draw_value(value, level_in(range, value), area, buffer);
            if self.cursor == Some(index) {
                buffer.set_style(area, self.theme.selected);
                if area.width >= 3 {
                    buffer[(area.x, area.y)].set_symbol("[");
                    buffer[(area.right() - 1, area.y)].set_symbol("]");
                }
            }
        }
    }

    fn draw_value(&self, value: f32, level: u8, area: Rect, buffer: &mut Buffer) {
        let background = self.theme.paint(self.map).value(level);
        let has_value = area.width >= VALUE;
        for position in area.positions() {
            match background {
                Some(color) => buffer[position].set_symbol(" ").set_bg(color).set_fg(color),
                // With figures, one block beside them is enough; behind them it would make them hard to read.
                None if has_value && position.x > area.x => buffer[position].set_symbol(" "),
                None => buffer[position].set_symbol(Paint::shade(level)),
            };
        }
        if !has_value {
            return;
        }
        let text = fitted(&figure(value), usize::from(area.width) - 2);
        let style = match background {
            Some(color) => Style::new().fg(readable_on(color)),
            None => Style::new(),
        };
        buffer.set_string(
            area.right() - 1 - width_of(&text) as u16,
            area.y,
            text,
            style,
        );
    }
}

/// A value in about four characters.
fn figure(value: f32) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size < 9.995 => decimals(value, 2),
        size if size < 99.95 => decimals(value, 1),
        size if size < 9999.5 => decimals(value, 0),
        _ => format!("{value:.0e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_hold_round_numbers_of_values() {
        let layout = |length, width, height| {
            let layout = HeatTableLayout::new(Rect::new(0, 0, width, height), length);
            (layout.columns, layout.rows, layout.cell_width)
        };
        assert_eq!(layout(10, 78, 19), (10, 1, 7));
        assert_eq!(layout(128, 78, 19), (10, 13, 7));
        assert_eq!(layout(512, 78, 19), (30, 18, 2));
        assert_eq!(layout(1024, 78, 19), (60, 18, 1));
        assert_eq!(layout(5000, 78, 19), (70, 19, 1));
        assert_eq!(layout(3, 2, 5), (2, 2, 1));
        assert_eq!(layout(3, 0, 5), (0, 3, 0));
    }

    #[test]
    fn figures_are_short() {
        let figures = [0.0, 0.004, -0.5, 9.999, 99.99, 1234.0, 1e9].map(figure);
        assert_eq!(
            figures,
            ["0", "0.00", "-0.50", "10.0", "100", "1234", "1e9"]
        );
    }
}
