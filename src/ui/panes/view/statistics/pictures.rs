//! The mean image of each class, and how far its pixels spread.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::super::super::super::widgets::{GridLayout, ImageGrid, PixelImage, Tile};
use super::super::layout::inside;
use super::super::{color_map, draw_captioned, split_name};
use super::split;
use crate::state::facts::{SetStatistics, SplitStatistics};
use crate::state::{Face, Lab};
use crate::ui::panel::footnote;
use crate::ui::theme::Theme;

/// Columns and rows of the classes' pictures that find room on the pane.
pub fn grid(lab: &Lab, body: Rect) -> (usize, usize) {
    let classes = lab.chosen_set().map_or(0, |set| set.class_names.len());
    match &lab.view.measures.statistics {
        Some(statistics) => {
            GridLayout::filling(inside(body), statistics.shape, 1, classes).dimensions()
        }
        None => (0, 0),
    }
}

/// Draws the pictures of all classes, or the page of them that holds the cursor.
pub fn draw(
    lab: &Lab,
    statistics: &SetStatistics,
    (area, inner): (Rect, Rect),
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let measures = &lab.view.measures;
    let split = split(lab, statistics);
    let classes = split.classes.len();
    let room = GridLayout::filling(inner, statistics.shape, 1, classes).capacity();
    let first = measures.class / room.max(1) * room;
    let deepest = deepest(split);
    let tiles: Vec<Tile> = (first..classes.min(first + room))
        .map(|class| {
            let pixels = match measures.face {
                Face::Spreads => spread(&split.classes[class].deviation, deepest),
                _ => split.classes[class].mean.clone(),
            };
            Tile::new(pixels, lab.class_name(class))
        })
        .collect();
    ImageGrid::new(&tiles, statistics.shape, theme)
        .map(color_map(lab.colors))
        .places(room.min(classes))
        .cursor(Some(measures.class - first))
        .render(inner, buffer);
    let what = match measures.face {
        Face::Spreads => format!("standard deviation of each pixel, brightest {deepest:.2}"),
        _ => "mean of each pixel".to_owned(),
    };
    let which = split_name(lab.view.split);
    footnote(&format!("{what}, {which} images"), area, buffer, theme.dim);
}

/// The mean image of the class under the cursor above its spread.
pub fn draw_one(
    lab: &Lab,
    statistics: &SetStatistics,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let split = split(lab, statistics);
    let Some(class) = split.classes.get(lab.view.measures.class) else {
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
        let image = PixelImage::new(
            &pixels,
            statistics.shape,
            theme.paint(color_map(lab.colors)),
        );
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
