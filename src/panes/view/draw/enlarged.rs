//! One image pixel by pixel: the values under the cursor, its histogram, its index.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::class_name;
use crate::lab::Lab;
use crate::panes::view::{ImagePage, ViewPane};
use crate::ui::format::count;
use crate::ui::panel::{footnote, lines};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Histogram, PixelImage};
use crate::worker::LabelledImage;

/// Ranges of values that the histogram counts.
const BINS: usize = 32;

/// Columns for the figures beside the image.
const FIGURES: u16 = 34;

/// Draws the image in the room inside the pane's frame; `area` is the pane with its frame.
pub fn draw(
    pane: &ViewPane,
    lab: &Lab,
    page: &ImagePage,
    (area, inner): (Rect, Rect),
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let Some(image) = pane.current() else {
        return;
    };
    let [left, _, right] = Layout::horizontal([
        Constraint::Fill(1),
        Constraint::Length(2),
        Constraint::Length(FIGURES),
    ])
    .areas(inner);
    draw_picture(pane, lab, page, image, left, buffer, theme);
    draw_figures(pane, lab, page, image, right, buffer, theme);
    let hint = format!("{} of {} on this page", pane.cursor + 1, pane.shown().len());
    footnote(&hint, area, buffer, theme.dim);
}

/// The image with its cursor, and marks at its edge that show the cursor's row and column.
fn draw_picture(
    pane: &ViewPane,
    lab: &Lab,
    page: &ImagePage,
    image: &LabelledImage,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let room = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(1),
        height: area.height.saturating_sub(1),
        ..area
    };
    let paint = theme.paint(lab.colors);
    PixelImage::new(&image.pixels, page.shape, paint)
        .cursor(Some(pane.pixel))
        .render(room, buffer);
    let place = PixelImage::place(page.shape, room);
    let cells = PixelImage::cells_of(pane.pixel, page.shape, room);
    if place.is_empty() || cells.is_empty() {
        return;
    }
    for y in cells.top()..cells.bottom() {
        buffer.set_string(place.x - 1, y, "▸", theme.accent);
    }
    for x in cells.left()..cells.right() {
        buffer.set_string(x, place.bottom(), "▴", theme.accent);
    }
}

/// The values of an image in [0, 1], a channel at a time.
struct Channels {
    channels: usize,
    values: Vec<f32>,
}

impl Channels {
    /// Exact, once the worker has sent them, else those that are drawn.
    fn of(pane: &ViewPane, page: &ImagePage, image: &LabelledImage) -> Self {
        let exact = pane.pixels.current();
        let values = match exact.filter(|values| values.len() == image.pixels.len()) {
            Some(values) => values.clone(),
            None => image
                .pixels
                .iter()
                .map(|pixel| f32::from(*pixel) / 255.0)
                .collect(),
        };
        Self {
            channels: page.shape.channels.max(1),
            values,
        }
    }

    fn channel(&self, channel: usize) -> impl Iterator<Item = f32> {
        let values = self.values.iter().skip(channel);
        values.step_by(self.channels).copied()
    }

    /// How many values of a channel fall into each range.
    fn counts(&self, channel: usize) -> [u64; BINS] {
        let mut counts = [0; BINS];
        for value in self.channel(channel) {
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

fn draw_figures(
    pane: &ViewPane,
    lab: &Lab,
    page: &ImagePage,
    image: &LabelledImage,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let values = Channels::of(pane, page, image);
    let channels = channels(values.channels, theme);
    let (row, column) = pane.pixel;
    let mut text = vec![
        Line::styled(class_name(pane, lab, image.label), theme.title),
        Line::styled(
            format!(
                "class {} · {} image {}",
                image.label,
                pane.page_split().word(),
                count(image.index)
            ),
            theme.dim,
        ),
        Line::default(),
        Line::from(vec![
            Span::styled("row ", theme.dim),
            Span::styled(row.to_string(), theme.text),
            Span::styled(", column ", theme.dim),
            Span::styled(column.to_string(), theme.text),
            Span::styled(format!(" of {}", page.shape), theme.dim),
        ]),
    ];
    for (channel, (name, style)) in channels.iter().enumerate() {
        let place = (row * page.shape.width + column) * values.channels + channel;
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
        Line::styled(
            format!("mean {mean:.3}  deviation {deviation:.3}"),
            theme.dim,
        ),
        Line::styled(
            format!("0 in {:.1} % of the values", 100.0 * zeros),
            theme.dim,
        ),
        Line::styled(
            match pane.is_logarithmic {
                true => format!("{BINS} bins, logarithms of the counts"),
                false => format!("{BINS} bins; y takes logarithms"),
            },
            theme.dim,
        ),
    ]);
    let taken = lines(text, area, buffer);
    let below = Rect {
        y: area.y + taken,
        height: area.height - taken,
        ..area
    };
    draw_histograms(pane, &values, &channels, below, buffer, theme);
}

/// A histogram for each channel, one above the other, with one axis.
fn draw_histograms(
    pane: &ViewPane,
    values: &Channels,
    channels: &[(&str, Style)],
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let height = area.height.saturating_sub(1) / channels.len() as u16;
    let height = height.min(if channels.len() > 1 { 5 } else { 10 });
    if height == 0 {
        return;
    }
    for (channel, (_, style)) in channels.iter().enumerate() {
        let counts = values.counts(channel);
        let rows = Rect {
            y: area.y + channel as u16 * height,
            height,
            ..area
        };
        Histogram::new(&counts, *style)
            .logarithmic(pane.is_logarithmic)
            .render(rows, buffer);
    }
    let width = Histogram::width(BINS, area.width);
    let axis = area.y + channels.len() as u16 * height;
    buffer.set_string(area.x, axis, "0", theme.dim);
    buffer.set_string(area.x + width / 2 - 1, axis, "128", theme.dim);
    buffer.set_string(area.x + width - 3, axis, "255", theme.dim);
}

/// A value in [0, 1] as 0 to 255, with a decimal where it is none of these.
fn level(value: f32) -> String {
    let level = 255.0 * f64::from(value);
    if (level - level.round()).abs() < 1e-3 {
        format!("{level:.0}")
    } else {
        format!("{level:.1}")
    }
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
