//! An image as braille dots, to draw on.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::braille::BRAILLE;
use ratatui::widgets::Widget;

use super::{Shape, centred};
use crate::ui::theme::Paint;

/// Possible widths and heights of a pixel in dots, the largest first.
const SCALES: [usize; 6] = [8, 6, 4, 3, 2, 1];

/// Thresholds of an ordered dither in sixteenths. Source: Bayer 1973.
const DITHER: [[u16; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];

/// An image `[height, width, channels]` of 1 or 3 channels, with a whole number of dots per pixel; one that is too large even for one
/// dot per pixel is shown around the cursor. With colours, a cell has the colour of its brightest pixel on black, and fewer dots for
/// fainter ones; without colours, the dots alone show the level.
#[derive(Clone, Copy, Debug)]
pub struct BrailleImage<'a> {
    pixels: &'a [u8],
    shape: Shape,
    paint: Paint,
    /// Row and column of a pixel to mark, and its mark's style.
    pub cursor: Option<((usize, usize), Style)>,
}

impl<'a> BrailleImage<'a> {
    pub const fn new(pixels: &'a [u8], shape: Shape, paint: Paint) -> Self {
        Self {
            pixels,
            shape,
            paint,
            cursor: None,
        }
    }

    /// Row and column of the pixel at a position of the screen (the first of its cell), for this position of the cursor.
    pub fn pixel_at(
        shape: Shape,
        area: Rect,
        cursor: (usize, usize),
        position: Position,
    ) -> Option<(usize, usize)> {
        if shape.is_empty() || area.is_empty() {
            return None;
        }
        let placed = Placed::of(shape, area, cursor);
        let x = usize::from(position.x.checked_sub(placed.cells.x)?);
        let y = usize::from(position.y.checked_sub(placed.cells.y)?);
        let row = (placed.first.0 + 4 * y) / placed.scale;
        let column = (placed.first.1 + 2 * x) / placed.scale;
        (row < shape.height && column < shape.width).then_some((row, column))
    }

    /// Columns and rows that an image of this shape takes of at most `most`.
    pub fn size(shape: Shape, most: Size) -> Size {
        let scale = scale(shape, most);
        let cells = |dots: usize, each: usize, most: u16| {
            (dots * scale).div_ceil(each).min(usize::from(most)) as u16
        };
        Size::new(
            cells(shape.width, 2, most.width),
            cells(shape.height, 4, most.height),
        )
    }
}

/// The place of an image in an area.
struct Placed {
    scale: usize,
    cells: Rect,
    /// The dots at its upper left: y and x.
    first: (usize, usize),
}

impl Placed {
    fn of(shape: Shape, area: Rect, (row, column): (usize, usize)) -> Self {
        let scale = scale(shape, area.as_size());
        let size = BrailleImage::size(shape, area.as_size());
        let room = (4 * usize::from(size.height), 2 * usize::from(size.width));
        Self {
            scale,
            cells: centred(size, area),
            first: (
                first(row * scale, shape.height * scale, room.0, 4),
                first(column * scale, shape.width * scale, room.1, 2),
            ),
        }
    }
}

/// Dots per pixel: as many as fit, or one.
fn scale(shape: Shape, most: Size) -> usize {
    let fits = |scale: &usize| {
        (shape.width * scale).div_ceil(2) <= usize::from(most.width)
            && (shape.height * scale).div_ceil(4) <= usize::from(most.height)
    };
    SCALES.into_iter().find(fits).unwrap_or(1)
}

/// The first dot to show of `dots`, so that dot `at` is visible; a multiple of `each`.
fn first(at: usize, dots: usize, room: usize, each: usize) -> usize {
    let most = dots.saturating_sub(room).next_multiple_of(each);
    (at.saturating_sub(room / 2) / each * each).min(most)
}

impl Widget for BrailleImage<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        if self.pixels.len() != self.shape.len() || self.shape.is_empty() || area.is_empty() {
            return;
        }
        let cursor = self.cursor.map_or((0, 0), |(cursor, _)| cursor);
        let placed = Placed::of(self.shape, area, cursor);
        let (cells, first, scale) = (placed.cells, placed.first, placed.scale);
        for position in cells.positions() {
            let (x, y) = (position.x - cells.x, position.y - cells.y);
            let from = (first.0 + 4 * usize::from(y), first.1 + 2 * usize::from(x));
            let cell = &mut buffer[position];
            let (symbol, style) = self.cell(from, scale);
            cell.set_char(symbol).set_style(style);
            if let Some((pixel, mark)) = self.cursor
                && let Some(symbol) = self.mark(pixel, from, scale)
            {
                // Half a cell keeps the colour of the pixel in its other half.
                let beside = match symbol {
                    "▀" => self.color_at(from.0 + 3, from.1, scale),
                    "▄" => self.color_at(from.0, from.1, scale),
                    _ => None,
                };
                let below = beside
                    .or(style.bg)
                    .map_or(Style::new(), |color| Style::new().bg(color));
                cell.set_symbol(symbol)
                    .set_style(below.patch(mark).remove_modifier(Modifier::DIM));
            }
        }
    }
}

impl BrailleImage<'_> {
    /// The pixel under a dot, if there is one.
    fn pixel(&self, y: usize, x: usize, scale: usize) -> Option<&[u8]> {
        let (row, column) = (y / scale, x / scale);
        let (width, channels) = (self.shape.width, self.shape.channels);
        let is_there = row < self.shape.height && column < width;
        is_there.then(|| &self.pixels[(row * width + column) * channels..][..channels])
    }

    /// The colour of the pixel under a dot, if the terminal has colours.
    fn color_at(&self, y: usize, x: usize, scale: usize) -> Option<Color> {
        self.paint.pixel(self.pixel(y, x, scale)?)
    }

    /// The contents of a cell whose first dot is `from`, without the cursor.
    fn cell(&self, from: (usize, usize), scale: usize) -> (char, Style) {
        let level = |pixel: &[u8]| pixel.iter().copied().max().unwrap_or(0);
        let dots = || (0..4).flat_map(|dy| (0..2).map(move |dx| (dy, dx)));
        let brightest = dots()
            .filter_map(|(dy, dx)| self.pixel(from.0 + dy, from.1 + dx, scale))
            .max_by_key(|pixel| level(pixel));
        let color = brightest.and_then(|pixel| self.paint.pixel(pixel));
        let full = match (color, brightest) {
            (Some(_), Some(pixel)) => level(pixel),
            _ => 255,
        };
        let mut bits = 0;
        for (dy, dx) in dots() {
            let (y, x) = (from.0 + dy, from.1 + dx);
            let ink = self.pixel(y, x, scale).map_or(0, level);
            // At full ink every dot is set, at none not one.
            let threshold = (2 * DITHER[y % 4][x % 4] + 1) * u16::from(full);
            if 32 * u16::from(ink) > threshold && ink > 0 {
                bits |= 1 << (2 * dy + dx);
            }
        }
        let symbol = if bits > 0 { BRAILLE[bits] } else { ' ' };
        let paper = self.paint.pixel(&[0; 3][..self.shape.channels.min(3)]);
        let style = Style {
            fg: color,
            bg: paper,
            ..Style::new()
        };
        (symbol, style)
    }

    /// The cursor's mark in a cell whose first dot is `from`; `None` in all other cells.
    fn mark(
        &self,
        (row, column): (usize, usize),
        from: (usize, usize),
        scale: usize,
    ) -> Option<&'static str> {
        let rows = row * scale..(row + 1) * scale;
        let columns = column * scale..(column + 1) * scale;
        let is_in = |dy: usize, dx: usize| {
            rows.contains(&(from.0 + dy)) && columns.contains(&(from.1 + dx))
        };
        let corners = [is_in(0, 0), is_in(3, 0), is_in(0, 1), is_in(3, 1)];
        let any = (0..4).any(|dy| (0..2).any(|dx| is_in(dy, dx)));
        if scale == 3 {
            // Its edges are within cells: the cell of its middle dot is marked.
            let (y, x) = (rows.start + 1, columns.start + 1);
            let is_middle = (from.0..from.0 + 4).contains(&y) && (from.1..from.1 + 2).contains(&x);
            return is_middle.then_some("┼");
        }
        any.then(|| match corners {
            // Wider than a cell: the pixel's outline, so that its dots stay visible.
            [true, true, true, true] if from.1 == columns.start => "[",
            [true, true, true, true] if from.1 + 2 == columns.end => "]",
            [true, true, true, true] => "·",
            [true, _, true, _] => "▀",
            [_, true, _, true] => "▄",
            _ => "┼",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{any_area, drawn, stays_inside};
    use super::*;
    use crate::ui::theme::{ColorDepth, ColorMap};
    use proptest::prelude::*;

    const GREY: Paint = Paint::new(ColorMap::Grey, ColorDepth::TrueColor);
    const NONE: Paint = Paint::new(ColorMap::Grey, ColorDepth::None);

    #[test]
    fn as_many_dots_a_pixel_as_fit() {
        let size = |side, width, height| {
            let size = BrailleImage::size(Shape::new(side, side, 1), Size::new(width, height));
            (size.width, size.height)
        };
        assert_eq!(size(28, 28, 14), (28, 14));
        assert_eq!(size(28, 60, 30), (56, 28));
        assert_eq!(size(28, 56, 22), (42, 21));
        assert_eq!(size(28, 116, 42), (84, 42));
        assert_eq!(size(28, 20, 10), (14, 7));
        assert_eq!(size(6, 50, 50), (24, 12));
        assert_eq!(size(512, 40, 20), (40, 20));
    }

    #[test]
    fn dots_and_colours_tell_the_level() {
        let symbol = |level: u8, paint| {
            let pixels = [level; 8];
            let buffer = drawn(BrailleImage::new(&pixels, Shape::new(4, 2, 1), paint), 1, 1);
            // A dot a pixel.
            (
                buffer[(0, 0)].symbol().chars().next().unwrap(),
                buffer[(0, 0)].fg,
            )
        };
        assert_eq!(symbol(0, GREY).0, ' ');
        assert_eq!(symbol(255, GREY).0, '⣿');
        assert_eq!(symbol(90, GREY).0, '⣿');
        assert_ne!(symbol(90, GREY).1, symbol(255, GREY).1);
        let dots = |level| (symbol(level, NONE).0 as u32 - 0x2800).count_ones();
        assert_eq!((dots(60), dots(128), dots(255)), (2, 4, 8));
    }

    #[test]
    fn the_cursor_leaves_the_ink_beside_it_in_sight() {
        // Two dots a pixel: a cell holds two pixels, one above the other.
        let shape = Shape::new(2, 1, 1);
        for (row, symbol) in [(0, "▀"), (1, "▄")] {
            let mut pixels = [0; 2];
            pixels[1 - row] = 255;
            let mark = Style::new().fg(Color::Red);
            let mut image = BrailleImage::new(&pixels, shape, GREY);
            image.cursor = Some(((row, 0), mark));
            let buffer = drawn(image, 1, 1);
            let cell = &buffer[(0, 0)];
            assert_eq!((cell.symbol(), cell.fg), (symbol, Color::Red));
            assert_eq!(Some(cell.bg), GREY.value(255));
        }
    }

    #[test]
    fn one_cell_marks_the_cursor_where_pixels_end_within_cells() {
        let pixels = vec![0; 28 * 28];
        for at in 0..28 {
            let mut image = BrailleImage::new(&pixels, Shape::new(28, 28, 1), NONE);
            image.cursor = Some(((at, 27 - at), Style::new()));
            let buffer = drawn(image, 42, 21);
            let marks = buffer.content.iter().filter(|cell| cell.symbol() == "┼");
            assert_eq!(marks.count(), 1, "{at}");
        }
    }

    #[test]
    fn the_cursor_stays_in_sight() {
        let pixels = vec![0; 100 * 100];
        for at in [0, 3, 50, 99] {
            let mut image = BrailleImage::new(&pixels, Shape::new(100, 100, 1), NONE);
            image.cursor = Some(((at, at), Style::new()));
            let buffer = drawn(image, 20, 10);
            let marks = buffer.content.iter().filter(|cell| cell.symbol() == "┼");
            assert_eq!(marks.count(), 1, "{at}");
        }
    }

    proptest! {
        #[test]
        fn any_image_fits_any_area(area in any_area(), height in 0usize..70, width in 0usize..70, colour in any::<bool>()) {
            let shape = Shape::new(height, width, if colour { 3 } else { 1 });
            let pixels = vec![130; shape.len()];
            let mut image = BrailleImage::new(&pixels, shape, GREY);
            image.cursor = Some(((height.saturating_sub(1), width / 2), Style::new()));
            stays_inside(image, area)?;
        }
    }
}
