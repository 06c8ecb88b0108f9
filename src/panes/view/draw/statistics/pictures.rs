//! The mean image of each class, and how far its pixels spread.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::super::draw_captioned;
use super::split;
use crate::data::SetStatistics;
use crate::data::statistics::SplitStatistics;
use crate::lab::Lab;
use crate::panes::view::layout::inside;
use crate::panes::view::{Face, Measured, ViewPane};
use crate::ui::panel::footnote;
use crate::ui::theme::Theme;
use crate::ui::widgets::{GridLayout, ImageGrid, PixelImage, Tile};

/// Columns and rows of the classes' pictures that find room on the pane.
pub fn grid(pane: &ViewPane, lab: &Lab, body: Rect) -> (usize, usize) {
    let classes = lab.chosen_set().map_or(0, |set| set.class_names.len());
    match pane.statistics.answer() {
        Some(Measured::Done(statistics)) => {
            GridLayout::filling(inside(body), statistics.shape, 1, classes).dimensions()
        }
        _ => (0, 0),
    }
}

/// Draws the pictures of all classes, or the page of them that holds the cursor.
pub fn draw(
    pane: &ViewPane,
    lab: &Lab,
    statistics: &SetStatistics,
    (area, inner): (Rect, Rect),
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let split = split(pane, statistics);
    let classes = split.classes.len();
    let room = GridLayout::filling(inner, statistics.shape, 1, classes).capacity();
    let first = pane.measured_class / room.max(1) * room;
    let deepest = deepest(split);
    let tiles: Vec<Tile> = (first..classes.min(first + room))
        .map(|class| {
            let pixels = match pane.face {
                Face::Spreads => spread(&split.classes[class].deviation, deepest),
                _ => split.classes[class].mean.clone(),
            };
            Tile::new(pixels, lab.class_name(class))
        })
        .collect();
    ImageGrid::new(&tiles, statistics.shape, theme)
        .map(lab.colors)
        .places(room.min(classes))
        .cursor(Some(pane.measured_class - first))
        .render(inner, buffer);
    let what = match pane.face {
        Face::Spreads => format!("standard deviation of each pixel, brightest {deepest:.2}"),
        _ => "mean of each pixel".to_owned(),
    };
    let which = pane.split.word();
    footnote(&format!("{what}, {which} images"), area, buffer, theme.dim);
}

/// The mean image of the class under the cursor above its spread.
pub fn draw_one(
    pane: &ViewPane,
    lab: &Lab,
    statistics: &SetStatistics,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let split = split(pane, statistics);
    let Some(class) = split.classes.get(pane.measured_class) else {
        return;
    };
    let deepest = deepest(split);
    let [mean, spread_area] =
        Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]).areas(area);
    let pictures = [
        (mean, class.mean.clone(), "mean image".to_owned()),
        (
            spread_area,
            spread(&class.deviation, deepest),
            format!("spread, to {deepest:.2}"),
        ),
    ];
    for (area, pixels, caption) in pictures {
        let image = PixelImage::new(&pixels, statistics.shape, theme.paint(lab.colors));
        let caption = Line::styled(caption, theme.dim);
        draw_captioned(image, statistics.shape, caption, area, buffer);
    }
}

/// The largest deviation of any pixel of any class, so that all classes are drawn alike.
fn deepest(split: &SplitStatistics) -> f32 {
    let classes = split.classes.iter();
    let deviations = classes.flat_map(|class| class.deviation.iter().copied());
    deviations.fold(0.0, f32::max)
}

/// Deviations as levels up to 255.
fn spread(deviation: &[f32], deepest: f32) -> Vec<u8> {
    let scale = if deepest > 0.0 { 255.0 / deepest } else { 0.0 };
    let levels = deviation.iter();
    levels.map(|value| (value * scale).round() as u8).collect()
}
