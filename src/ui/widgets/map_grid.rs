//! The feature maps of a layer for one image.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::heat_table::HeatTableLayout;
use super::{GridLayout, ImageGrid, Mark, Scale, Shape, Tile};
use crate::analysis::{Normalisation, map_levels};
use crate::ui::theme::{ColorMap, Theme};

/// The maps `[height, width, channels]` of a layer as small numbered images, from `first` on as many as have room; a
/// vector `[1, 1, n]` as a table of coloured values.
#[derive(Clone, Copy, Debug)]
pub struct MapGrid<'a> {
    pub values: &'a [f32],
    pub shape: Shape,
    pub theme: &'a Theme,
    pub map: ColorMap,
    /// How the values of maps become levels; vectors are always shown by the layer's range.
    pub normalisation: Normalisation,
    /// The first channel shown: on each page a multiple of what one holds.
    pub first: usize,
    /// The channel under the cursor.
    pub cursor: Option<usize>,
}

/// The places of one page of maps.
enum Layout {
    Images(GridLayout),
    Vector(HeatTableLayout),
}

impl<'a> MapGrid<'a> {
    pub const fn new(values: &'a [f32], shape: Shape, map: ColorMap, theme: &'a Theme) -> Self {
        Self {
            values,
            shape,
            theme,
            map,
            normalisation: Normalisation::PerMap,
            first: 0,
            cursor: None,
        }
    }

    /// How many channels of a layer of this shape have room in an area, all of them if they stay recognizable, and how many per
    /// row, which is the step of up and down.
    pub fn page(area: Rect, shape: Shape) -> (usize, usize) {
        match layout(area, shape) {
            Layout::Images(layout) => (layout.capacity(), layout.dimensions().0),
            Layout::Vector(layout) => (layout.capacity(), layout.columns()),
        }
    }

    /// Where each channel lies in `area`.
    pub fn places(&self, area: Rect) -> Vec<(usize, Rect)> {
        let count = self.shape.channels.saturating_sub(self.first);
        let places = match layout(area, self.shape) {
            Layout::Images(images) => images.places(count),
            Layout::Vector(table) => table.places(count),
        };
        let places = places.into_iter();
        places
            .map(|(index, place)| (self.first + index, place))
            .collect()
    }
}

fn layout(area: Rect, shape: Shape) -> Layout {
    if shape.is_flat() {
        return Layout::Vector(HeatTableLayout::new(area, shape.channels));
    }
    let one = Shape::new(shape.height, shape.width, 1);
    if let Some(all) = GridLayout::largest(area, one, 1, shape.channels) {
        return Layout::Images(all);
    }
    let mut scale = Scale::fitting(shape.channels, one, area, 1);
    // Maps of a few pixels need room for their numbers.
    let digits = shape.channels.saturating_sub(1).to_string().len() as u16;
    while scale.cells(one).width < digits && !one.is_empty() {
        scale = scale.larger();
    }
    Layout::Images(GridLayout::new(area, one, scale, 1, shape.channels))
}

impl Widget for MapGrid<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        if self.values.len() != self.shape.len() || self.shape.is_empty() {
            return;
        }
        let last = self.shape.channels - 1;
        let first = self.first.min(last);
        let images = match layout(area, self.shape) {
            Layout::Images(images) => images,
            Layout::Vector(layout) => return self.draw_table(first, &layout, buffer),
        };
        let end = (first + images.capacity()).min(self.shape.channels);
        let tiles: Vec<Tile> = (first..end)
            .map(|channel| {
                let levels = map_levels(self.values, self.shape, channel, self.normalisation);
                let is_flat = levels.iter().all(|level| *level == levels[0]);
                let mark = if is_flat { Mark::Faint } else { Mark::None };
                Tile::new(levels, channel.to_string()).mark(mark)
            })
            .collect();
        let one = Shape::new(self.shape.height, self.shape.width, 1);
        let grid = ImageGrid {
            cursor: self.cursor.and_then(|channel| channel.checked_sub(first)),
            ..ImageGrid::new(&tiles, one, self.map, self.theme)
        };
        grid.draw(&images, buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{any_area, drawn, snapshot, stays_inside};
    use super::*;
    use crate::ui::theme::{Background, ColorDepth};
    use proptest::prelude::*;

    #[test]
    fn every_filter_of_a_first_layer_is_on_the_page() {
        let area = Rect::new(0, 0, 78, 19);
        for channels in [8, 16, 32] {
            assert!(MapGrid::page(area, Shape::new(28, 28, channels)).0 >= channels);
        }
        assert!(MapGrid::page(area, Shape::new(4, 4, 128)).0 >= 60);
        assert!(MapGrid::page(area, Shape::flat(1024)).0 >= 1024);
    }

    #[test]
    fn maps_and_vectors_look_as_before() {
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        let shape = Shape::new(2, 2, 6);
        let values: Vec<f32> = (0..24u8).map(|index| f32::from(index % 7)).collect();
        let mut grid = MapGrid::new(&values, shape, ColorMap::Viridis, &theme);
        grid.cursor = Some(2);
        insta::assert_snapshot!("maps", snapshot(&drawn(grid, 14, 4)));
        let mut grid = MapGrid::new(&values, Shape::flat(24), ColorMap::Viridis, &theme);
        grid.cursor = Some(13);
        insta::assert_snapshot!("vector", snapshot(&drawn(grid, 60, 4)));
        let theme = Theme::new(ColorDepth::None, Background::Dark);
        let mut grid = MapGrid::new(&values, Shape::flat(24), ColorMap::Viridis, &theme);
        grid.cursor = Some(13);
        insta::assert_snapshot!("vector_without_colour", snapshot(&drawn(grid, 40, 4)));
    }

    proptest! {
        #[test]
        fn any_layer_fits_any_area(
            area in any_area(),
            (height, width, channels) in (0usize..20, 0usize..20, 0usize..200),
            first in 0usize..300,
            cursor in 0usize..300,
        ) {
            let theme = Theme::new(ColorDepth::Basic16, Background::Light);
            for shape in [Shape::new(height, width, channels), Shape::flat(channels)] {
                let values = vec![0.3; shape.len()];
                let cursor = Some(cursor);
                let grid = MapGrid { first, cursor, ..MapGrid::new(&values, shape, ColorMap::Viridis, &theme) };
                stays_inside(grid, area)?;
            }
        }
    }
}
