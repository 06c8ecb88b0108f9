//! One image pixel by pixel: the values under the cursor, the histogram, the index.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Shown;
use crate::panes::view::ViewPane;
use crate::shape::Shape;
use crate::ui::format::count;
use crate::ui::panel::{below, lines};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Histogram, PixelImage};
use crate::worker::LabelledImage;

/// Ranges of values that the histogram counts.
const BINS: usize = 32;

/// Columns for the figures beside the image.
const FIGURES: u16 = 34;

/// The values of an image in [0, 1], a channel at a time.
struct Channels {
    channels: usize,
    values: Vec<f32>,
}

impl Channels {
    /// How many values of a channel fall into each range.
    fn counts(&self, channel: usize) -> [u64; BINS] {
        let mut counts = [0; BINS];
        let values = self.values.iter().skip(channel);
        for value in values.step_by(self.channels) {
            let bin = (value * BINS as f32) as usize;
            counts[bin.min(BINS - 1)] += 1;
        }
        counts
    }

    /// Mean, standard deviation, and the share of values that are 0, over all channels.
    fn moments(&self) -> (f64, f64, f64) {
        let count = self.values.len().max(1) as f64;
        let values = || self.values.iter().map(|value| f64::from(*value));
        let mean = values().sum::<f64>() / count;
        let variance = values().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        let zeros = values().filter(|value| *value == 0.0).count() as f64;
        (mean, variance.sqrt(), zeros / count)
    }
}

/// Names and styles of the channels.
fn channels(count: usize, theme: &Theme) -> Vec<(&'static str, Style)> {
    match count {
        3 => vec![
            ("red", theme.error),
            ("green", theme.good),
            ("blue", theme.train),
        ],
        _ => vec![("value", theme.accent)],
    }
}

impl Shown<'_> {
    pub(super) fn draw_enlarged(&self, image: &LabelledImage, shape: Shape, buffer: &mut Buffer) {
        let columns = Layout::horizontal([Fill(1), Length(2), Length(FIGURES)]);
        let [left, _, right] = columns.areas(self.inner);
        self.draw_picture(image, shape, left, buffer);
        self.draw_figures(image, shape, right, buffer);
        let (number, all) = (self.pane.cursor + 1, self.pane.shown().len());
        self.note(&format!("{number} of {all} on this page"), buffer);
    }

    /// The image with its cursor, and marks at its edge that show the cursor's row and column.
    fn draw_picture(&self, image: &LabelledImage, shape: Shape, area: Rect, buffer: &mut Buffer) {
        let room = Rect {
            x: area.x + 1,
            width: area.width.saturating_sub(1),
            height: area.height.saturating_sub(1),
            ..area
        };
        let pixel = self.pane.pixel;
        let mut picture = self.picture(&image.pixels, shape);
        picture.cursor = Some(pixel);
        picture.render(room, buffer);
        let place = PixelImage::place(shape, room);
        self.lab
            .spots
            .place(place, move |pane: &mut ViewPane, _, at| {
                pane.pixel = PixelImage::pixel_at(shape, room, at).unwrap_or(pane.pixel);
            });
        let cells = PixelImage::cells_of(pixel, shape, room);
        if place.is_empty() || cells.is_empty() {
            return;
        }
        for y in cells.top()..cells.bottom() {
            buffer.set_string(place.x - 1, y, "▸", self.theme.accent);
        }
        for x in cells.left()..cells.right() {
            buffer.set_string(x, place.bottom(), "▴", self.theme.accent);
        }
    }

    /// The exact values once the worker has sent them, else those that are drawn.
    fn values(&self, image: &LabelledImage, shape: Shape) -> Channels {
        let exact = self.pane.pixels.current();
        let drawn = image.pixels.iter().map(|pixel| f32::from(*pixel) / 255.0);
        Channels {
            channels: shape.channels.max(1),
            values: match exact.filter(|values| values.len() == image.pixels.len()) {
                Some(values) => values.clone(),
                None => drawn.collect(),
            },
        }
    }

    fn draw_figures(&self, image: &LabelledImage, shape: Shape, area: Rect, buffer: &mut Buffer) {
        let theme = self.theme;
        let dim = |text: String| Line::styled(text, theme.dim);
        let values = self.values(image, shape);
        let channels = channels(values.channels, theme);
        let (row, column) = self.pane.pixel;
        let mut text = vec![
            Line::styled(self.class_name(image.label), theme.title),
            dim(format!(
                "class {} · {} image {}",
                image.label,
                self.pane.page_split().word(),
                count(image.index)
            )),
            Line::default(),
            Line::from(vec![
                Span::styled("row ", theme.dim),
                Span::styled(row.to_string(), theme.text),
                Span::styled(", column ", theme.dim),
                Span::styled(column.to_string(), theme.text),
                Span::styled(format!(" of {}", shape), theme.dim),
            ]),
        ];
        for (channel, (name, style)) in channels.iter().enumerate() {
            let place = (row * shape.width + column) * values.channels + channel;
            let Some(value) = values.values.get(place) else {
                continue;
            };
            text.push(Line::from(vec![
                Span::styled(format!("{name:<6}"), *style),
                Span::styled(format!("{:>5}", level(*value)), theme.text),
                Span::styled(" of 255", theme.dim),
                Span::styled(format!("{value:>10.4}"), theme.text),
            ]));
        }
        let (mean, deviation, zeros) = values.moments();
        text.extend([
            Line::default(),
            dim(format!("mean {mean:.3}  std {deviation:.3}")),
            dim(format!("zeros: {:.1} % of the values", 100.0 * zeros)),
            dim(match self.pane.is_logarithmic {
                true => format!("{BINS} bins, logarithmic counts"),
                false => format!("{BINS} bins; y: log scale"),
            }),
        ]);
        let taken = lines(text, area, buffer);
        self.draw_histograms(&values, &channels, below(area, taken), buffer);
    }

    /// A histogram for each channel, one above the other, with one axis.
    fn draw_histograms(
        &self,
        values: &Channels,
        channels: &[(&str, Style)],
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let height = area.height.saturating_sub(1) / channels.len() as u16;
        let height = height.min(if channels.len() > 1 { 5 } else { 10 });
        if height == 0 {
            return;
        }
        let mut rest = area;
        for (channel, (_, style)) in channels.iter().enumerate() {
            let counts = values.counts(channel);
            let histogram = Histogram {
                is_logarithmic: self.pane.is_logarithmic,
                ..Histogram::new(&counts, *style)
            };
            histogram.render(Rect { height, ..rest }, buffer);
            rest = below(rest, height);
        }
        let width = Histogram::width(BINS, area.width);
        let dim = self.theme.dim;
        buffer.set_string(area.x, rest.y, "0", dim);
        buffer.set_string(area.x + width / 2 - 1, rest.y, "128", dim);
        buffer.set_string(area.x + width - 3, rest.y, "255", dim);
    }
}

/// A value in [0, 1] as 0 to 255, with a decimal where it is not whole.
fn level(value: f32) -> String {
    let level = 255.0 * f64::from(value);
    let is_whole = (level - level.round()).abs() < 1e-3;
    format!("{level:.0$}", usize::from(!is_whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fall_into_the_bins_that_hold_them() {
        let values = Channels {
            channels: 3,
            values: vec![0.0, 1.0, 0.5, 0.03, 1.0, 0.499],
        };
        let counts = values.counts(0);
        assert_eq!((counts[0], counts.iter().sum::<u64>()), (2, 2));
        assert_eq!(values.counts(1)[BINS - 1], 2);
        assert_eq!((values.counts(2)[15], values.counts(2)[16]), (1, 1));
        let (mean, _, zeros) = values.moments();
        assert!((mean - 3.029 / 6.0).abs() < 1e-6);
        assert!((zeros - 1.0 / 6.0).abs() < 1e-9);
    }

    #[test]
    fn levels_are_whole_where_they_came_so() {
        assert_eq!(level(213.0 / 255.0), "213");
        assert_eq!(level(0.5), "127.5");
        assert_eq!(level(1.0), "255");
    }
}
