//! Lines of braille dots, two across and four down per cell.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::braille::BRAILLE;

use super::super::text::over;

/// Which dots of a line are drawn, so that curves differ without colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stroke {
    /// `──`
    #[default]
    Solid,
    /// `╌╌`
    Dashed,
    /// `┈┈`
    Dotted,
}

impl Stroke {
    /// Its sample in a legend.
    pub const fn sample(self) -> &'static str {
        match self {
            Self::Solid => "──",
            Self::Dashed => "╌╌",
            Self::Dotted => "┈┈",
        }
    }

    const fn is_drawn(self, step: usize) -> bool {
        match self {
            Self::Solid => true,
            Self::Dashed => step % 6 < 4,
            Self::Dotted => step.is_multiple_of(3),
        }
    }
}

/// A place in the area: `(0, 0)` is the lower left corner, `(1, 1)` the upper right.
pub(in crate::ui::widgets) type Place = (f64, f64);

/// Dots over an area; each cell takes the style of what was drawn in it last.
pub(in crate::ui::widgets) struct Canvas {
    area: Rect,
    /// Dots above the highest place and below the lowest one.
    margin: u16,
    /// For each cell its dots, one bit each, row by row, and its style.
    cells: Vec<(u8, Style)>,
}

impl Canvas {
    pub(in crate::ui::widgets) fn new(area: Rect) -> Self {
        Self {
            area,
            margin: 0,
            cells: vec![(0, Style::new()); usize::from(area.width) * usize::from(area.height)],
        }
    }

    /// A canvas with the lowest and the highest place in the middle of their rows, as the labels of an axis are: values below 1 are
    /// not drawn above the line of 1.
    pub(in crate::ui::widgets) fn between_ticks(area: Rect) -> Self {
        Self {
            margin: if area.height > 1 { 2 } else { 0 },
            ..Self::new(area)
        }
    }

    /// The dot nearest to a place, from the upper left.
    fn dot(&self, (x, y): Place) -> (i64, i64) {
        let columns = f64::from(2 * self.area.width) - 1.0;
        let rows = f64::from(4 * self.area.height) - 1.0 - 2.0 * f64::from(self.margin);
        (
            (x * columns).round() as i64,
            ((1.0 - y) * rows).round() as i64 + i64::from(self.margin),
        )
    }

    /// The cell of a place; `None` outside the area.
    pub(in crate::ui::widgets) fn cell(&self, place: Place) -> Option<(u16, u16)> {
        let (x, y) = self.dot(place);
        let column = u16::try_from(x.div_euclid(2)).ok()?;
        let row = u16::try_from(y.div_euclid(4)).ok()?;
        (column < self.area.width && row < self.area.height)
            .then_some((self.area.x + column, self.area.y + row))
    }

    fn set(&mut self, x: i64, y: i64, style: Style) {
        let (width, height) = (i64::from(self.area.width), i64::from(self.area.height));
        if (0..2 * width).contains(&x) && (0..4 * height).contains(&y) {
            let cell = &mut self.cells[(y / 4 * width + x / 2) as usize];
            cell.0 |= 1 << (2 * (y % 4) + x % 2);
            cell.1 = style;
        }
    }

    /// Draws a line between two places, clipped to the area; `step` counts the dots along a curve of several lines.
    pub(in crate::ui::widgets) fn line(
        &mut self,
        from: Place,
        to: Place,
        style: Style,
        (stroke, step): (Stroke, &mut usize),
    ) {
        let Some((from, to)) = clipped(from, to) else {
            return;
        };
        let ((mut x, mut y), (end_x, end_y)) = (self.dot(from), self.dot(to));
        let (across, down) = ((end_x - x).abs(), -(end_y - y).abs());
        let mut error = across + down;
        loop {
            if stroke.is_drawn(*step) {
                self.set(x, y, style);
            }
            if (x, y) == (end_x, end_y) {
                return;
            }
            *step += 1;
            let twice = 2 * error;
            if twice >= down {
                error += down;
                x += (end_x - x).signum();
            }
            if twice <= across {
                error += across;
                y += (end_y - y).signum();
            }
        }
    }

    /// Puts all cells that have dots into the buffer.
    pub(in crate::ui::widgets) fn draw(&self, buffer: &mut Buffer) {
        for (position, (dots, style)) in self.area.positions().zip(&self.cells) {
            if *dots != 0 {
                let symbol = BRAILLE[usize::from(*dots)];
                buffer[position].set_char(symbol).set_style(over(*style));
            }
        }
    }
}

/// The part of a line inside the unit square: Liang and Barsky, ACM Transactions on Graphics 3(1), 1984.
fn clipped(from: Place, to: Place) -> Option<(Place, Place)> {
    let (across, up) = (to.0 - from.0, to.1 - from.1);
    let (mut start, mut end) = (0.0f64, 1.0f64);
    let borders = [
        (-across, from.0),
        (across, 1.0 - from.0),
        (-up, from.1),
        (up, 1.0 - from.1),
    ];
    for (speed, room) in borders {
        if speed == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if speed < 0.0 {
            start = start.max(room / speed);
        } else {
            end = end.min(room / speed);
        }
    }
    let at = |share: f64| (from.0 + share * across, from.1 + share * up);
    (start <= end).then(|| (at(start), at(end)))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::any_area;
    use super::*;
    use proptest::prelude::*;

    fn drawn(lines: &[(Place, Place)], stroke: Stroke) -> Vec<String> {
        let area = Rect::new(0, 0, 4, 2);
        let mut canvas = Canvas::new(area);
        for &(from, to) in lines {
            canvas.line(from, to, Style::new(), (stroke, &mut 0));
        }
        let mut buffer = Buffer::empty(area);
        canvas.draw(&mut buffer);
        area.rows()
            .map(|row| {
                row.positions()
                    .map(|position| buffer[position].symbol())
                    .collect()
            })
            .collect()
    }

    #[test]
    fn lines_run_from_corner_to_corner() {
        assert_eq!(
            drawn(&[((0.0, 0.0), (1.0, 1.0))], Stroke::Solid),
            ["  ⡠⠊", "⡠⠊  "]
        );
        assert_eq!(
            drawn(&[((0.0, 1.0), (1.0, 1.0))], Stroke::Dashed),
            ["⠉⠉ ⠉", "    "]
        );
        // What lies outside is cut, not bent.
        assert_eq!(
            drawn(&[((-1.0, -1.0), (2.0, 2.0))], Stroke::Solid),
            ["  ⡠⠊", "⡠⠊  "]
        );
        assert_eq!(
            drawn(&[((-1.0, 2.0), (2.0, 2.0))], Stroke::Solid),
            ["    ", "    "]
        );
    }

    proptest! {
        #[test]
        fn any_line_ends(
            area in any_area(),
            from in (-1e9f64..1e9, -1e9f64..1e9),
            to in (-1e9f64..1e9, -1e9f64..1e9),
        ) {
            let mut canvas = Canvas::new(area);
            if !area.is_empty() {
                canvas.line(from, to, Style::new(), (Stroke::Solid, &mut 0));
            }
        }
    }
}
