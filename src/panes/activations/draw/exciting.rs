//! What excites a filter most: an image made for it, and images of the set.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::{ActivationsPane, ExcitingImage};
use crate::analysis::{Ascent, Rectangle};
use crate::lab::Lab;
use crate::shape::Shape;
use crate::ui::format::count;
use crate::ui::panel::{empty, footnote, lines};
use crate::ui::theme::Theme;
use crate::ui::widgets::{ImageGrid, PixelImage, Tile};

pub fn draw(
    pane: &ActivationsPane,
    lab: &Lab,
    (area, inner): (Rect, Rect),
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let Some(excited) = pane.excited.current() else {
        let advice = "An image is made by gradient ascent, then the set is searched.";
        return empty("Looking …", advice, inner, buffer, theme);
    };
    let input = lab.preset.input;
    let half = inner.width / 3;
    let [made, _, found] = Layout::horizontal([
        Constraint::Length(half),
        Constraint::Length(2),
        Constraint::Fill(1),
    ])
    .areas(inner);
    draw_made(&excited.ascent, lab, made, buffer, theme);
    let heading = Line::from(vec![
        Span::styled("most exciting ", theme.title),
        Span::styled(format!("{} images", lab.looked.split.word()), theme.dim),
    ]);
    let taken = lines([heading], found, buffer);
    let tiles: Vec<Tile> = excited
        .images
        .iter()
        .map(|one| {
            let name = lab.class_name(usize::from(one.image.label));
            // Two numbers side by side would read as one.
            let gap = match name.starts_with(|first: char| first.is_ascii_digit()) {
                true => " · ",
                false => " ",
            };
            let label = format!("{:.2}{gap}{name}", one.activation);
            Tile::new(lit(one, input), label)
        })
        .collect();
    ImageGrid::new(&tiles, input, theme)
        .map(lab.colors)
        .render(below(found, taken), buffer);
    let note = if excited.done < excited.total {
        format!(
            "searched {} of {} images",
            count(excited.done),
            count(excited.total)
        )
    } else {
        format!("{} searched · bright is what it sees", count(excited.total))
    };
    footnote(&note, area, buffer, theme.dim);
}

/// The image that was made for the filter.
fn draw_made(ascent: &Ascent, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let start = ascent.activations.first().copied().unwrap_or(0.0);
    let heading = match ascent.activation > 0.0 || ascent.activations.len() > 1 {
        true => [
            Line::styled("made for it", theme.title),
            Line::styled(format!("{start:.2} → {:.2}", ascent.activation), theme.dim),
        ],
        false => [
            Line::styled("none can be made", theme.warning),
            Line::styled("it answers to no pixel", theme.dim),
        ],
    };
    let taken = lines(heading, area, buffer);
    let levels = ascent.image.iter();
    let pixels: Vec<u8> = levels.map(|value| (value * 255.0).round() as u8).collect();
    PixelImage::new(&pixels, lab.preset.input, theme.paint(lab.colors))
        .render(below(area, taken), buffer);
}

fn below(area: Rect, taken: u16) -> Rect {
    Rect {
        y: area.y + taken,
        height: area.height.saturating_sub(taken),
        ..area
    }
}

/// The image, a less than half as bright where the filter does not see it.
fn lit(one: &ExcitingImage, shape: Shape) -> Vec<u8> {
    let Rectangle { rows, columns } = &one.sees;
    let is_seen = |pixel: usize| {
        let (row, column) = (pixel / shape.width, pixel % shape.width);
        rows.contains(&row) && columns.contains(&column)
    };
    one.image
        .pixels
        .iter()
        .enumerate()
        .map(|(at, value)| match is_seen(at / shape.channels.max(1)) {
            true => *value,
            false => value / 5 * 2,
        })
        .collect()
}
