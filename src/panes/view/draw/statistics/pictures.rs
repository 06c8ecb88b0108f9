//! The mean image of each class, and the standard deviation of its pixels.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::Fill;
use ratatui::layout::{Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::{Shown, captioned};
use crate::data::SetStatistics;
use crate::data::statistics::SplitStatistics;
use crate::lab::Lab;
use crate::panes::view::{Face, Measured, ViewPane};
use crate::shape::Shape;
use crate::ui::panel::inside;
use crate::ui::widgets::{GridLayout, ImageGrid, PixelImage, Tile};

/// Columns and rows of the classes' pictures that fit on the pane.
pub fn grid(pane: &ViewPane, lab: &Lab, body: Rect) -> (usize, usize) {
    let classes = lab.chosen_set().map_or(0, |set| set.class_names.len());
    match pane.statistics.answer() {
        Some(Measured::Done(statistics)) => {
            GridLayout::filling(inside(body), statistics.shape, 1, classes).dimensions()
        }
        _ => (0, 0),
    }
}

impl Shown<'_> {
    /// Draws the pictures of all classes, or the page of them that holds the cursor.
    pub(super) fn draw_class_pictures(&self, statistics: &SetStatistics, buffer: &mut Buffer) {
        let (pane, shape) = (self.pane, statistics.shape);
        let split = self.split(statistics);
        let classes = split.classes.len();
        let room = GridLayout::filling(self.inner, shape, 1, classes).capacity();
        let first = pane.measured_class / room.max(1) * room;
        let deepest = deepest(split);
        let tiles = (first..classes.min(first + room)).map(|class| {
            let pixels = match pane.face {
                Face::Spreads => spread(&split.classes[class].deviation, deepest),
                _ => split.classes[class].mean.clone(),
            };
            Tile::new(pixels, self.lab.class_name(class))
        });
        let tiles: Vec<Tile> = tiles.collect();
        let grid = ImageGrid {
            places: room.min(classes),
            cursor: Some(pane.measured_class - first),
            ..ImageGrid::new(&tiles, shape, self.lab.colors.images, self.theme)
        };
        let places = grid.places(self.inner);
        self.lab
            .spots
            .cursor(places, move |pane: &mut ViewPane, _, class| {
                pane.measured_class = first + class;
            });
        grid.render(self.inner, buffer);
        let what = match pane.face {
            Face::Spreads => format!("standard deviation of each pixel, white is {deepest:.2}"),
            _ => "mean of each pixel".to_owned(),
        };
        let which = pane.split.word();
        self.note(&format!("{what}, {which} images"), buffer);
    }

    /// The mean image of the class under the cursor with its spread.
    pub(super) fn draw_class(&self, statistics: &SetStatistics, area: Rect, buffer: &mut Buffer) {
        let split = self.split(statistics);
        let Some(class) = split.classes.get(self.pane.measured_class) else {
            return;
        };
        let deepest = deepest(split);
        let spread = spread(&class.deviation, deepest);
        let pictures = [
            (&class.mean, "mean image".to_owned()),
            (&spread, format!("spread, max {deepest:.2}")),
        ];
        for (area, (pixels, caption)) in halves(area).into_iter().zip(pictures) {
            let caption = Line::styled(caption, self.theme.dim);
            self.draw_captioned((pixels, statistics.shape), caption, area, buffer);
        }
    }
}

/// The places of two pictures: beside each other in a wide area, else below each other. A cell is about twice as high as it is wide.
fn halves(area: Rect) -> [Rect; 2] {
    match area.width > 2 * area.height {
        true => Layout::horizontal([Fill(1), Fill(1)]).areas(area),
        false => Layout::vertical([Fill(1), Fill(1)]).areas(area),
    }
}

/// Rows of a picture of [`Shown::draw_class`] in this area.
pub(super) fn picture_height(shape: Shape, area: Rect) -> u16 {
    let [half, _] = halves(area);
    PixelImage::largest(shape, captioned(half)).0.height
}

/// The largest standard deviation of any pixel of any class, so that all classes share one scale.
fn deepest(split: &SplitStatistics) -> f32 {
    let classes = split.classes.iter();
    let deviations = classes.flat_map(|class| class.deviation.iter().copied());
    deviations.fold(0.0, f32::max)
}

/// Standard deviations as levels up to 255.
fn spread(deviation: &[f32], deepest: f32) -> Vec<u8> {
    let scale = if deepest > 0.0 { 255.0 / deepest } else { 0.0 };
    let levels = deviation.iter();
    levels.map(|value| (value * scale).round() as u8).collect()
}
