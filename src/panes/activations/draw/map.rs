//! One map, large, beside the weights of its filter.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect, Size};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::{ActivationsPane, ShownMaps};
use super::maps::{normalisation, weights};
use crate::analysis::{Normalisation, Origin, map_levels};
use crate::lab::Lab;
use crate::shape::Shape;
use crate::ui::format::count;
use crate::ui::panel::{footnote, lines, paragraph};
use crate::ui::theme::Theme;
use crate::ui::widgets::{MapGrid, PixelImage};

/// Rows of the words below the map.
const WORDS: u16 = 4;

pub fn draw(
    pane: &ActivationsPane,
    lab: &Lab,
    (area, inner): (Rect, Rect),
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let Some((_, shown)) = pane.shown() else {
        return;
    };
    let shape = shown.maps.shape;
    let map = pane.map.min(shape.channels.saturating_sub(1));
    let [upper, words] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(WORDS)]).areas(inner);
    let is_flat = shape.height == 1 && shape.width == 1;
    // A single value needs no picture; what made it does.
    let map_width = if is_flat { 0 } else { upper.width * 3 / 5 };
    let one = Shape::new(shape.height, shape.width, 1);
    let size = PixelImage::size(one, Size::new(map_width, upper.height));
    let [picture, _, filter] = Layout::horizontal([
        Constraint::Length(size.width),
        Constraint::Length(u16::from(!is_flat) * 2),
        Constraint::Fill(1),
    ])
    .areas(upper);
    let paint = theme.paint(lab.colors);
    let levels = map_levels(&shown.maps.values, shape, map, normalisation(pane));
    let picture = Rect {
        height: size.height,
        ..picture
    };
    PixelImage::new(&levels, one, paint).render(picture, buffer);
    let place = clamped(pane.place, shape);
    if !is_flat {
        mark(one, place, picture, buffer, theme);
    }
    let origin = pane.origin.answer();
    match origin {
        Some(Ok(origin)) => draw_filter(lab, origin, filter, buffer, theme),
        Some(Err(reason)) => {
            let text = format!("No single filter makes this value: {reason}.");
            paragraph(&text, theme.dim, filter, buffer);
        }
        None => {
            paragraph("Looking …", theme.dim, filter, buffer);
        }
    }
    let origin = origin.and_then(|origin| origin.as_ref().ok());
    lines(words_of(shown, map, place, origin, theme), words, buffer);
    let note = format!(
        "map {} of {} · {}",
        count(map),
        count(shape.channels),
        weights(pane, lab)
    );
    footnote(&note, area, buffer, theme.dim);
}

fn clamped((row, column): (usize, usize), shape: Shape) -> (usize, usize) {
    (
        row.min(shape.height.saturating_sub(1)),
        column.min(shape.width.saturating_sub(1)),
    )
}

/// Marks a pixel of an image as drawn in `area`.
fn mark(
    shape: Shape,
    (row, column): (usize, usize),
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let size = PixelImage::size(shape, area.as_size());
    let across = usize::from(size.width) / shape.width.max(1);
    let times = across.max(1);
    let left = area.x + (area.width - size.width) / 2;
    let top = area.y + (area.height - size.height) / 2;
    // Where an image is drawn smaller than it is, its pixels share cells.
    let x = if across > 0 {
        column * times
    } else {
        column * usize::from(size.width) / shape.width
    };
    let y = if across > 0 {
        row * times / 2
    } else {
        row * usize::from(size.height) / shape.height
    };
    let is_lower = across == 1 && row % 2 == 1;
    let symbol = match (across, is_lower) {
        (0, _) => "▒",
        (1, true) => "▄",
        (1, false) => "▀",
        _ => "▓",
    };
    for dy in 0..(times / 2).max(1) {
        for dx in 0..times {
            let at = (left + (x + dx) as u16, top + (y + dy) as u16);
            if area.contains(at.into()) {
                let cell = &mut buffer[at];
                cell.set_symbol(symbol);
                // Half a cell keeps the other half's pixel in its background.
                if let Some(color) = theme.error.fg {
                    cell.set_fg(color);
                }
                cell.modifier.remove(Modifier::all());
            }
        }
    }
}

/// The weights of the filter, one small image for each channel of its input, all by one range.
fn draw_filter(lab: &Lab, origin: &Origin, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let arithmetic = &origin.arithmetic;
    let window = arithmetic.window;
    let name = lab.summary.layers.get(arithmetic.layer);
    let name = name.map_or("", |layer| layer.name.as_str());
    let title = Line::from(vec![
        Span::styled("weights ", theme.dim),
        Span::styled(name.to_owned(), theme.title),
    ]);
    let size = Line::styled(format!("{window}"), theme.dim);
    let taken = lines([title, size], area, buffer);
    let rest = Rect {
        y: area.y + taken,
        height: area.height.saturating_sub(taken),
        ..area
    };
    let weights: Vec<f32> = arithmetic.terms.iter().map(|term| term.weight).collect();
    MapGrid::new(&weights, window, theme)
        .map(lab.colors)
        .normalisation(Normalisation::LayerRange)
        .render(rest, buffer);
}

fn words_of(
    shown: &ShownMaps,
    map: usize,
    (row, column): (usize, usize),
    origin: Option<&Origin>,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let shape = shown.maps.shape;
    let at = |row: usize, column: usize| {
        let index = (row * shape.width + column) * shape.channels + map;
        shown.maps.values.get(index).copied().unwrap_or(0.0)
    };
    let values = shown
        .maps
        .values
        .iter()
        .skip(map)
        .step_by(shape.channels.max(1));
    let (least, most) = values.fold(
        (f32::INFINITY, f32::NEG_INFINITY),
        |(least, most), value| (least.min(*value), most.max(*value)),
    );
    let value = Line::from(vec![
        Span::styled(format!("row {row}, column {column}: "), theme.dim),
        Span::styled(format!("{:.4}", at(row, column)), theme.accent),
    ]);
    let range = Line::styled(format!("its map: {least:.4} to {most:.4}"), theme.dim);
    let sum = origin.map(|origin| {
        let arithmetic = &origin.arithmetic;
        Line::styled(
            format!(
                "{} products {:.4} + bias {:.4} = {:.4}",
                count(arithmetic.terms.len()),
                arithmetic.sum - arithmetic.bias,
                arithmetic.bias,
                arithmetic.sum
            ),
            theme.text,
        )
    });
    let mut words = vec![Line::default(), value, range];
    words.extend(sum);
    words
}
