//! One image as half-blocks, two pixels per cell.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Color;
use ratatui::widgets::Widget;

use super::{Shape, centred};
use crate::ui::theme::Paint;

/// An image `[height, width, channels]` of 1 or 3 channels (of others the first is shown), as large as fits the area,
/// centred, its aspect kept: each pixel a whole number of times as large, or several pixels averaged into one.
///
/// One channel is coloured by the colour map, three are red, green and blue. Without colours it is drawn with ` ░▒▓█`.
/// An image whose length does not match its shape is not drawn.
#[derive(Clone, Copy, Debug)]
pub struct PixelImage<'a> {
    pixels: &'a [u8],
    shape: Shape,
    paint: Paint,
    /// Row and column of a pixel to mark.
    pub cursor: Option<(usize, usize)>,
    /// Whether it is as large as the area allows, even if some of its pixels are then larger than others.
    pub fills: bool,
}

/// A colour that is in no colour map.
const CURSOR: [u8; 3] = [255, 0, 255];

impl<'a> PixelImage<'a> {
    pub const fn new(pixels: &'a [u8], shape: Shape, paint: Paint) -> Self {
        Self {
            pixels,
            shape,
            paint,
            cursor: None,
            fills: false,
        }
    }

    /// The cells that an image of this shape takes of an area.
    pub fn place(shape: Shape, area: Rect) -> Rect {
        centred(Self::size(shape, area.as_size()), area)
    }

    /// Row and column of the pixel at a position of an area, the upper one if a cell shows two.
    pub fn pixel_at(shape: Shape, area: Rect, at: Position) -> Option<(usize, usize)> {
        let place = Self::place(shape, area);
        let (width, height) = drawn_pixels(shape, area.as_size(), false);
        let (x, y) = (at.x.checked_sub(place.x)?, at.y.checked_sub(place.y)?);
        let of =
            |drawn: u16, all: usize, most: u16| usize::from(drawn) * all / usize::from(most.max(1));
        place
            .contains(at)
            .then(|| (of(2 * y, shape.height, height), of(x, shape.width, width)))
    }

    /// The cells that one pixel, in this row and column, takes of an area.
    pub fn cells_of((row, column): (usize, usize), shape: Shape, area: Rect) -> Rect {
        let place = Self::place(shape, area);
        let (width, height) = drawn_pixels(shape, area.as_size(), false);
        let columns = drawn_range(column, shape.width, width);
        let rows = drawn_range(row, shape.height, height);
        let upper = rows.start / 2;
        let cells = Rect::new(
            place.x + columns.start,
            place.y + upper,
            columns.len() as u16,
            rows.end.div_ceil(2) - upper,
        );
        cells.intersection(place)
    }

    /// Columns and rows that an image of this shape takes of at most `most`; zero if it has no pixels.
    pub fn size(shape: Shape, most: Size) -> Size {
        cells_for(drawn_pixels(shape, most, false))
    }

    /// The same of one that [fills](Self::fills) the area.
    pub fn filling_size(shape: Shape, most: Size) -> Size {
        cells_for(drawn_pixels(shape, most, true))
    }

    /// The size of an image in at most `most` cells, and whether it [fills](Self::fills) them, which it does only if that makes it larger
    /// by a quarter.
    pub fn largest(shape: Shape, most: Size) -> (Size, bool) {
        let (even, filling) = (Self::size(shape, most), Self::filling_size(shape, most));
        match 4 * filling.width >= 5 * even.width {
            true => (filling, true),
            false => (even, false),
        }
    }
}

fn cells_for((width, height): (u16, u16)) -> Size {
    Size::new(width, height.div_ceil(2))
}

/// Width and height in pixels as drawn: at most as many as there are cells across, and twice as many as there are down.
fn drawn_pixels(shape: Shape, most: Size, fills: bool) -> (u16, u16) {
    let (width, height) = (shape.width, shape.height);
    let (most_width, most_height) = (usize::from(most.width), 2 * usize::from(most.height));
    if shape.is_empty() || most_width == 0 || most_height == 0 {
        return (0, 0);
    }
    let times = (most_width / width).min(most_height / height);
    let (width, height) = if times > 0 && !fills {
        (width * times, height * times)
    } else if most_width * height <= most_height * width {
        let scaled = (height * most_width + width / 2) / width;
        (most_width, scaled.clamp(1, most_height))
    } else {
        let scaled = (width * most_height + height / 2) / height;
        (scaled.clamp(1, most_width), most_height)
    };
    // Both are at most twice a u16 of cells; an area so high that its pixels overflow does not exist in memory.
    (width as u16, height.min(usize::from(u16::MAX)) as u16)
}

impl Widget for PixelImage<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        if self.pixels.len() != self.shape.len() {
            return;
        }
        let (width, height) = drawn_pixels(self.shape, area.as_size(), self.fills);
        if width == 0 {
            return;
        }
        let place = centred(cells_for((width, height)), area);
        let channels = if self.shape.channels == 3 { 3 } else { 1 };
        let size = (usize::from(width), usize::from(height));
        let drawn = resampled(self.pixels, self.shape, channels, size);
        let pixel = |x: u16, y: u16| {
            let start = (usize::from(y) * usize::from(width) + usize::from(x)) * channels;
            (y < height).then(|| &drawn[start..start + channels])
        };
        for row in 0..height.div_ceil(2) {
            for column in 0..width {
                let upper = pixel(column, 2 * row).expect("a cell's upper pixel is in the image");
                let lower = pixel(column, 2 * row + 1);
                let cell = &mut buffer[(place.x + column, place.y + row)];
                let Some(color) = self.paint.pixel(upper) else {
                    let lower = lower.unwrap_or(upper);
                    let ink = (u16::from(grey(upper)) + u16::from(grey(lower))) / 2;
                    cell.set_symbol(Paint::shade(ink as u8));
                    continue;
                };
                let below = lower.and_then(|lower| self.paint.pixel(lower));
                // A space costs one byte on the line where a half-block costs three.
                let symbol = if below == Some(color) { " " } else { "▀" };
                let below = below.unwrap_or(Color::Reset);
                cell.set_symbol(symbol).set_fg(color).set_bg(below);
            }
        }
        self.draw_cursor(area, buffer);
    }
}

/// The pixels, of `drawn` in a row or column, in which pixel `index` of `source` is drawn.
fn drawn_range(index: usize, source: usize, drawn: u16) -> std::ops::Range<u16> {
    let drawn = usize::from(drawn);
    let start = index * drawn / source.max(1);
    let end = ((index + 1) * drawn / source.max(1)).max(start + 1);
    start.min(drawn) as u16..end.min(drawn) as u16
}

impl PixelImage<'_> {
    /// Marks the pixel under the cursor: wholly if it is small, else its edge.
    fn draw_cursor(&self, area: Rect, buffer: &mut Buffer) {
        let Some((row, column)) = self.cursor else {
            return;
        };
        let (width, height) = drawn_pixels(self.shape, area.as_size(), self.fills);
        let place = centred(cells_for((width, height)), area);
        let columns = drawn_range(column, self.shape.width, width);
        let rows = drawn_range(row, self.shape.height, height);
        let is_edge = |at: u16, range: &std::ops::Range<u16>| {
            range.len() < 4 || at == range.start || at + 1 == range.end
        };
        for y in rows.clone() {
            for x in columns.clone() {
                if !is_edge(x, &columns) && !is_edge(y, &rows) {
                    continue;
                }
                let cell = &mut buffer[(place.x + x, place.y + y / 2)];
                // A cell of two equal pixels is a space on their colour.
                match self.paint.rgb(CURSOR) {
                    Some(color) if y % 2 == 0 => cell.set_symbol("▀").set_fg(color),
                    Some(color) => cell.set_symbol("▀").set_bg(color),
                    None => cell.set_symbol("×"),
                };
            }
        }
    }
}

/// Luma of a pixel of one or three channels: ITU-R BT.601.
fn grey(pixel: &[u8]) -> u8 {
    match *pixel {
        [red, green, blue] => {
            let [red, green, blue] = [red, green, blue].map(u32::from);
            ((299 * red + 587 * green + 114 * blue + 500) / 1000) as u8
        }
        _ => pixel[0],
    }
}

/// The first `channels` channels of an image in another size: `[height, width, channels]`. Enlarged, each pixel is
/// repeated; reduced, each is the mean of the area that it covers, parts of pixels counted as parts.
fn resampled(
    pixels: &[u8],
    shape: Shape,
    channels: usize,
    (width, height): (usize, usize),
) -> Vec<u8> {
    let mut drawn = Vec::with_capacity(width * height * channels);
    if width >= shape.width && height >= shape.height {
        for y in 0..height {
            for x in 0..width {
                let (from_y, from_x) = (y * shape.height / height, x * shape.width / width);
                let start = (from_y * shape.width + from_x) * shape.channels;
                drawn.extend_from_slice(&pixels[start..start + channels]);
            }
        }
        return drawn;
    }
    let (across, down) = (covers(shape.width, width), covers(shape.height, height));
    // Each source pixel is `width × height` units of area; each drawn one is the whole source's share.
    let area = (shape.width * shape.height) as u64;
    for (first_y, weights_y) in &down {
        for (first_x, weights_x) in &across {
            for channel in 0..channels {
                let mut sum = area / 2;
                for (y, weight_y) in (*first_y..).zip(weights_y) {
                    for (x, weight_x) in (*first_x..).zip(weights_x) {
                        let value = pixels[(y * shape.width + x) * shape.channels + channel];
                        sum += weight_y * weight_x * u64::from(value);
                    }
                }
                drawn.push((sum / area) as u8);
            }
        }
    }
    drawn
}

/// For each of `drawn` positions the first of `source` pixels under it, and how much it covers of that and the next, in
/// units of 1/`drawn` pixel; each position's weights add up to `source`.
fn covers(source: usize, drawn: usize) -> Vec<(usize, Vec<u64>)> {
    (0..drawn)
        .map(|position| {
            let (start, end) = (position * source, (position + 1) * source);
            let pixels = start / drawn..end.div_ceil(drawn);
            let weights = pixels
                .clone()
                .map(|pixel| (end.min((pixel + 1) * drawn) - start.max(pixel * drawn)) as u64)
                .collect();
            (pixels.start, weights)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{any_area, drawn, snapshot, stays_inside};
    use super::*;
    use crate::ui::theme::{ColorDepth, ColorMap};
    use proptest::prelude::*;

    const TRUE_COLOR: Paint = Paint::new(ColorMap::Viridis, ColorDepth::TrueColor);
    const NO_COLOR: Paint = Paint::new(ColorMap::Viridis, ColorDepth::None);

    #[test]
    fn sizes_keep_the_aspect() {
        let size = |height, width, columns, rows| {
            let size = PixelImage::size(Shape::new(height, width, 1), Size::new(columns, rows));
            (size.width, size.height)
        };
        assert_eq!(size(28, 28, 28, 14), (28, 14));
        assert_eq!(size(28, 28, 80, 24), (28, 14));
        assert_eq!(size(28, 28, 80, 28), (56, 28));
        assert_eq!(size(28, 28, 80, 7), (14, 7));
        assert_eq!(size(28, 28, 10, 30), (10, 5));
        assert_eq!(size(7, 7, 7, 4), (7, 4));
        assert_eq!(size(512, 256, 100, 20), (20, 20));
        assert_eq!(size(1, 512, 4, 4), (4, 1));
        assert_eq!(size(0, 3, 4, 4), (0, 0));
        assert_eq!(size(28, 28, 0, 4), (0, 0));
        let fills = |columns, rows| {
            let size = PixelImage::filling_size(Shape::new(14, 14, 1), Size::new(columns, rows));
            (size.width, size.height)
        };
        assert_eq!(fills(80, 12), (24, 12));
        assert_eq!(fills(5, 12), (5, 3));
    }

    #[test]
    fn reducing_is_a_mean_over_the_area() {
        let pixels = [10, 30, 50, 70];
        assert_eq!(resampled(&pixels, Shape::new(2, 2, 1), 1, (1, 1)), [40]);
        // Three pixels into two: each covers one and a half.
        let line = [0, 60, 120];
        assert_eq!(resampled(&line, Shape::new(1, 3, 1), 1, (2, 1)), [20, 100]);
        let colors = [0, 100, 200, 100, 200, 0];
        assert_eq!(
            resampled(&colors, Shape::new(1, 2, 3), 3, (1, 1)),
            [50, 150, 100]
        );
    }

    #[test]
    fn pictures_look_as_before() {
        let ramp: Vec<u8> = (0..6 * 5).map(|index| (index * 255 / 29) as u8).collect();
        let shape = Shape::new(5, 6, 1);
        insta::assert_snapshot!(
            "ramp",
            snapshot(&drawn(PixelImage::new(&ramp, shape, TRUE_COLOR), 8, 4))
        );
        insta::assert_snapshot!(
            "ramp_enlarged_without_colour",
            snapshot(&drawn(PixelImage::new(&ramp, shape, NO_COLOR), 14, 6))
        );
        let primaries = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
        let shape = Shape::new(2, 2, 3);
        for (name, depth) in [
            ("primaries", ColorDepth::TrueColor),
            ("primaries_256", ColorDepth::Indexed256),
            ("primaries_16", ColorDepth::Basic16),
        ] {
            let paint = Paint::new(ColorMap::Grey, depth);
            let image = PixelImage::new(&primaries, shape, paint);
            insta::assert_snapshot!(name, snapshot(&drawn(image, 2, 1)));
        }
    }

    #[test]
    fn the_cursor_marks_its_pixel_alone() {
        let pixels = [0, 50, 100, 150, 200, 250, 30, 60, 90];
        let shape = Shape::new(3, 3, 1);
        for (name, width, height) in [("small", 3, 2), ("large", 15, 8)] {
            let mut image = PixelImage::new(&pixels, shape, TRUE_COLOR);
            image.cursor = Some((1, 2));
            insta::assert_snapshot!(
                format!("pixel_cursor_{name}"),
                snapshot(&drawn(image, width, height))
            );
        }
        let area = Rect::new(10, 20, 6, 3);
        let cells = |row, column| PixelImage::cells_of((row, column), shape, area);
        assert_eq!(cells(0, 0), Rect::new(10, 20, 2, 1));
        assert_eq!(cells(2, 1), Rect::new(12, 22, 2, 1));
        let large = Shape::new(100, 100, 1);
        let cells = PixelImage::cells_of((99, 99), large, area);
        assert_eq!(cells, Rect::new(15, 22, 1, 1));
    }

    proptest! {
        #[test]
        fn any_image_fits_any_area(
            area in any_area(),
            height in 0usize..70,
            width in 0usize..70,
            channels in 1usize..4,
            colors in any::<bool>(),
        ) {
            let shape = Shape::new(height, width, channels);
            let pixels = vec![200; shape.len()];
            let paint = if colors { TRUE_COLOR } else { NO_COLOR };
            let mut image = PixelImage::new(&pixels, shape, paint);
            image.cursor = Some((height / 2, width.saturating_sub(1)));
            stays_inside(image, area)?;
        }

        /// A flat image stays flat, whatever the size.
        #[test]
        fn means_keep_the_level(
            level in any::<u8>(),
            (height, width) in (1usize..40, 1usize..40),
            (to_height, to_width) in (1usize..40, 1usize..40),
        ) {
            let shape = Shape::new(height, width, 1);
            let drawn = resampled(&vec![level; shape.len()], shape, 1, (to_width, to_height));
            prop_assert!(drawn.iter().all(|&value| value == level));
        }
    }

    #[test]
    fn an_image_of_the_wrong_length_is_not_drawn() {
        let image = PixelImage::new(&[1, 2, 3], Shape::new(2, 2, 1), TRUE_COLOR);
        assert_eq!(
            drawn(image, 4, 4),
            drawn(PixelImage::new(&[], Shape::new(0, 0, 1), TRUE_COLOR), 4, 4)
        );
    }
}
