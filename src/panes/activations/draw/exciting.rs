//! What excites a filter most: an image made for it, and images of the set.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Shown;
use crate::analysis::{Ascent, Rectangle};
use crate::shape::Shape;
use crate::ui::format::count;
use crate::ui::panel::{below, empty, lines};
use crate::ui::widgets::{ImageGrid, PixelImage, Tile};
use crate::wording::decimals;

impl Shown<'_> {
    /// Draws them; gives what stands on the frame.
    pub(super) fn draw_exciting(&self, inner: Rect, buffer: &mut Buffer) -> String {
        let (lab, theme) = (self.lab, self.theme);
        let Some(excited) = self.pane.excited.current() else {
            let advice = "An image is made by gradient ascent, then the set is searched.";
            empty("Looking …", advice, inner, buffer, theme);
            return String::new();
        };
        let input = lab.preset.input;
        let columns = Layout::horizontal([Length(inner.width / 3), Length(2), Fill(1)]);
        let [made, _, found] = columns.areas(inner);
        self.draw_made(&excited.ascent, made, buffer);
        let heading = Line::from(vec![
            Span::styled("most exciting ", theme.title),
            Span::styled(format!("{} images", lab.looked.split.word()), theme.dim),
        ]);
        let taken = lines([heading], found, buffer);
        let tiles = excited.images.iter().map(|one| {
            let name = lab.class_name(usize::from(one.image.label));
            // Two numbers side by side would read as one.
            let is_number = name.starts_with(|first: char| first.is_ascii_digit());
            let gap = if is_number { " · " } else { " " };
            let label = format!("{}{gap}{name}", decimals(one.activation, 2));
            Tile::new(lit(&one.image.pixels, &one.sees, input), label)
        });
        let tiles: Vec<Tile> = tiles.collect();
        ImageGrid::new(&tiles, input, lab.colors.images, theme).render(below(found, taken), buffer);
        let (done, total) = (count(excited.done), count(excited.total));
        match excited.done < excited.total {
            true => format!("searched {done} of {total} images"),
            false => format!("{total} searched · bright is what it sees"),
        }
    }

    /// The image that was made for the filter.
    fn draw_made(&self, ascent: &Ascent, area: Rect, buffer: &mut Buffer) {
        let theme = self.theme;
        let start = ascent.activations.first().copied().unwrap_or(0.0);
        let heading = match ascent.activation > 0.0 || ascent.activations.len() > 1 {
            true => [
                Line::styled("made for it", theme.title),
                Line::styled(
                    format!(
                        "{} → {}",
                        decimals(start, 2),
                        decimals(ascent.activation, 2)
                    ),
                    theme.dim,
                ),
            ],
            false => [
                Line::styled("none can be made", theme.warning),
                Line::styled("it answers to no pixel", theme.dim),
            ],
        };
        let taken = lines(heading, area, buffer);
        let levels = ascent.image.iter();
        let pixels: Vec<u8> = levels.map(|value| (value * 255.0).round() as u8).collect();
        let paint = theme.paint(self.lab.colors.images);
        PixelImage::new(&pixels, self.lab.preset.input, paint).render(below(area, taken), buffer);
    }
}

/// An image, less than half as bright where a value does not see it.
pub(super) fn lit(pixels: &[u8], sees: &Rectangle, shape: Shape) -> Vec<u8> {
    let Rectangle { rows, columns } = sees;
    let is_seen = |pixel: usize| {
        let (row, column) = (pixel / shape.width, pixel % shape.width);
        rows.contains(&row) && columns.contains(&column)
    };
    let values = pixels.iter().enumerate();
    let lit = values.map(|(at, value)| match is_seen(at / shape.channels.max(1)) {
        true => *value,
        false => value / 5 * 2,
    });
    lit.collect()
}
