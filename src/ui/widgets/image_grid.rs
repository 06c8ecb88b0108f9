//! A grid of images with labels.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;

use super::text::fitted;
use super::{GridLayout, PixelImage, Scale, Shape};
use crate::ui::format::width_of;
use crate::ui::theme::{ColorMap, Theme};

/// The mark of an image beside its label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mark {
    #[default]
    None,
    /// Correctly predicted: `✓`.
    Right,
    /// Wrongly predicted: `✗`.
    Wrong,
    /// Of little interest, such as a filter that never fires.
    Faint,
}

/// One image of a grid.
#[derive(Clone, Debug)]
pub struct Tile<'a> {
    /// `[height, width, channels]`, of the grid's shape.
    pub pixels: Cow<'a, [u8]>,
    /// Shown below the image.
    pub label: Cow<'a, str>,
    pub mark: Mark,
}

impl<'a> Tile<'a> {
    /// An image with its label and no mark.
    pub fn new(pixels: impl Into<Cow<'a, [u8]>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self {
            pixels: pixels.into(),
            label: label.into(),
            mark: Mark::None,
        }
    }

    #[must_use]
    pub const fn mark(mut self, mark: Mark) -> Self {
        self.mark = mark;
        self
    }
}

/// Images of one shape in rows, centred, each with its label below it, truncated with `…` if it is too long.
///
/// Images past the last place are not drawn; `layout` has the number and the places of those that are.
#[derive(Clone, Debug)]
pub struct ImageGrid<'a> {
    pub tiles: &'a [Tile<'a>],
    pub shape: Shape,
    pub theme: &'a Theme,
    /// The colour map of images of one channel.
    pub map: ColorMap,
    /// `None` means the largest at which all images have room.
    pub scale: Option<Scale>,
    /// The minimum number of places: the images of the last page lie where those of a full page do.
    pub places: usize,
    /// The image under the cursor.
    pub cursor: Option<usize>,
}

impl<'a> ImageGrid<'a> {
    pub const fn new(tiles: &'a [Tile<'a>], shape: Shape, map: ColorMap, theme: &'a Theme) -> Self {
        Self {
            tiles,
            shape,
            theme,
            map,
            scale: None,
            places: 0,
            cursor: None,
        }
    }

    /// Where each image lies in `area`, with its label.
    pub fn places(&self, area: Rect) -> Vec<(usize, Rect)> {
        self.layout(area).places(self.tiles.len())
    }

    /// Where each image lies in `area`.
    fn layout(&self, area: Rect) -> GridLayout {
        let has_labels = self.tiles.iter().any(|tile| !tile.label.is_empty());
        let label_rows = u16::from(has_labels);
        let places = self.tiles.len().max(self.places);
        match self.scale {
            Some(scale) => GridLayout::new(area, self.shape, scale, label_rows, places),
            None => GridLayout::filling(area, self.shape, label_rows, places),
        }
    }
}

impl Widget for ImageGrid<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        self.draw(&self.layout(area), buffer);
    }
}

impl ImageGrid<'_> {
    /// Draws each image at its place of a layout inside the buffer.
    pub(super) fn draw(&self, layout: &GridLayout, buffer: &mut Buffer) {
        let paint = self.theme.paint(self.map);
        for (index, tile) in self.tiles.iter().enumerate() {
            let (Some(image), Some(label)) = (layout.image(index), layout.label(index)) else {
                break;
            };
            let mut picture = PixelImage::new(&tile.pixels, self.shape, paint);
            picture.fills = layout.fills;
            picture.render(image, buffer);
            let is_selected = self.cursor == Some(index);
            if is_selected {
                self.draw_cursor(image, label.height, buffer);
            }
            self.draw_label(tile, is_selected, label, buffer);
        }
    }

    fn draw_label(&self, tile: &Tile<'_>, is_selected: bool, area: Rect, buffer: &mut Buffer) {
        let (sign, style) = match tile.mark {
            Mark::None => ("", self.theme.text),
            Mark::Right => ("✓ ", self.theme.good),
            Mark::Wrong => ("✗ ", self.theme.error),
            Mark::Faint => ("", self.theme.dim),
        };
        if area.is_empty() {
            return;
        }
        let text = fitted(&format!("{sign}{}", tile.label), area.width.into());
        let style = if is_selected {
            buffer.set_string(
                area.x,
                area.y,
                " ".repeat(area.width.into()),
                Style::reset(),
            );
            buffer.set_style(area, self.theme.selected);
            Style::new()
        } else {
            style
        };
        let left = area.x + (area.width - width_of(&text) as u16) / 2;
        buffer.set_string(left, area.y, text, style);
    }

    /// Bars in the free columns beside the image, joined by the label below it.
    fn draw_cursor(&self, image: Rect, label_rows: u16, buffer: &mut Buffer) {
        let style = self.theme.accent.remove_modifier(Modifier::BOLD);
        let beside = Size::new(1, image.height + label_rows);
        let left = Rect::from(((image.x - 1, image.y).into(), beside));
        let right = Rect::from(((image.right(), image.y).into(), beside));
        for (column, bar) in [(left, "▐"), (right, "▌")] {
            for position in column.positions() {
                buffer[position].set_symbol(bar).set_style(style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{any_area, drawn, snapshot, stays_inside};
    use super::*;
    use crate::ui::theme::{Background, ColorDepth};
    use proptest::prelude::*;

    fn theme(depth: ColorDepth) -> Theme {
        Theme::new(depth, Background::Dark)
    }

    #[test]
    fn marks_and_cursor_look_as_before() {
        let marks = [
            Mark::None,
            Mark::Right,
            Mark::Wrong,
            Mark::None,
            Mark::Faint,
        ];
        let tiles: Vec<Tile> = marks
            .into_iter()
            .enumerate()
            .map(|(index, mark)| {
                Tile::new(vec![60 * index as u8; 64], format!("Ankle boot {index}")).mark(mark)
            })
            .collect();
        for (name, depth) in [
            ("grid", ColorDepth::TrueColor),
            ("grid_16", ColorDepth::Basic16),
            ("grid_without_colour", ColorDepth::None),
        ] {
            let theme = theme(depth);
            let grid = ImageGrid {
                scale: Some(Scale::FULL),
                cursor: Some(1),
                ..ImageGrid::new(&tiles, Shape::new(8, 8, 1), ColorMap::Viridis, &theme)
            };
            insta::assert_snapshot!(name, snapshot(&drawn(grid, 40, 11)));
        }
    }

    proptest! {
        #[test]
        fn any_grid_fits_any_area(
            area in any_area(),
            (height, width, channels) in (0usize..40, 0usize..40, 1usize..4),
            count in 0usize..60,
            cursor in 0usize..60,
            label in "\\PC{0,12}",
            scale in (0u16..5, any::<bool>()),
        ) {
            let shape = Shape::new(height, width, channels);
            let pixels = vec![99; shape.len()];
            let tiles: Vec<Tile> =
                (0..count).map(|_| Tile::new(&pixels, label.as_str()).mark(Mark::Wrong)).collect();
            let theme = theme(ColorDepth::Indexed256);
            let mut grid = ImageGrid::new(&tiles, shape, ColorMap::Viridis, &theme);
            grid.cursor = Some(cursor);
            stays_inside(grid.clone(), area)?;
            let (times, is_reduced) = scale;
            grid.scale = Some(if is_reduced { Scale::Reduced(times) } else { Scale::Enlarged(times) });
            stays_inside(grid, area)?;
        }
    }
}
