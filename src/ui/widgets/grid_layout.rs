//! The layout of many small pictures with labels.

use ratatui::layout::{Position, Rect, Size};

use super::{PixelImage, Shape};

/// How large images are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scale {
    /// This many half pixels in each direction become one pixel: 4 halves the image, 3 reduces it to two thirds.
    Reduced(u16),
    /// Each pixel becomes this many pixels wide and high.
    Enlarged(u16),
}

impl Scale {
    /// One pixel of the image is one on the screen.
    pub const FULL: Self = Self::Enlarged(1);

    /// The largest scale at which `count` images of a shape have room, but no smaller than what can still be recognized.
    pub fn fitting(count: usize, shape: Shape, area: Rect, label_rows: u16) -> Self {
        let room = |scale: Self| scale.room(shape, area, label_rows);
        let count = count.max(1);
        let mut scale = Self::FULL;
        while !shape.is_empty() && room(scale.larger()) >= count {
            scale = scale.larger();
        }
        while !shape.is_empty() && room(scale) < count {
            let smaller = scale.smaller();
            // If not even one fits, one that is too small is better than none.
            if smaller.is_too_small(shape) && (room(scale) > 0 || smaller.cells(shape).width <= 1) {
                break;
            }
            scale = smaller;
        }
        scale
    }

    /// The largest scale at which enough images with labels fit, changed by the user's `image_size` steps.
    pub fn liked(image_size: i8, shape: Shape, area: Rect) -> Self {
        let mut scale = Self::fitting(ENOUGH, shape, area, 1);
        for _ in 0..image_size.abs() {
            let next = match image_size > 0 {
                true => scale.larger(),
                false => scale.smaller(),
            };
            if next.room(shape, area, 1) == 0 || next.is_too_small(shape) {
                break;
            }
            scale = next;
        }
        scale
    }

    /// Columns and rows of images of a shape, with `label_rows` lines of label each, that an area holds: each has an empty column at
    /// either side, shared by neighbours.
    pub fn capacity(self, shape: Shape, area: Rect, label_rows: u16) -> (usize, usize) {
        capacity(self.cells(shape), area, label_rows)
    }

    /// The number of images that an area holds.
    pub fn room(self, shape: Shape, area: Rect, label_rows: u16) -> usize {
        let (columns, rows) = self.capacity(shape, area, label_rows);
        columns * rows
    }

    /// Whether an image of this shape is too small to be recognized.
    pub fn is_too_small(self, shape: Shape) -> bool {
        self.cells(shape).width < NARROWEST
    }

    /// The next larger scale.
    pub const fn larger(self) -> Self {
        match self {
            Self::Reduced(0..=3) => Self::FULL,
            Self::Reduced(halves) => Self::Reduced(halves - 1),
            Self::Enlarged(times) => Self::Enlarged(times.saturating_add(1)),
        }
    }

    /// The next smaller scale.
    pub const fn smaller(self) -> Self {
        match self {
            Self::Enlarged(0..=1) => Self::Reduced(3),
            Self::Enlarged(times) => Self::Enlarged(times - 1),
            Self::Reduced(halves) => Self::Reduced(halves.saturating_add(1)),
        }
    }

    /// Columns and rows of an image of this shape.
    pub fn cells(self, shape: Shape) -> Size {
        let pixels = |side: usize| match self {
            Self::Reduced(halves) => side.saturating_mul(2).div_ceil(usize::from(halves.max(2))),
            Self::Enlarged(times) => side.saturating_mul(usize::from(times.max(1))),
        };
        let saturated = |cells: usize| u16::try_from(cells).unwrap_or(u16::MAX);
        Size::new(
            saturated(pixels(shape.width)),
            saturated(pixels(shape.height).div_ceil(2)),
        )
    }
}

/// Columns and rows of tiles that an area holds.
fn capacity(tile: Size, area: Rect, label_rows: u16) -> (usize, usize) {
    if tile.width == 0 || tile.height == 0 {
        return (0, 0);
    }
    let columns = area.width.saturating_sub(1) / tile.width.saturating_add(1);
    let rows = area.height / tile.height.saturating_add(label_rows);
    (columns.into(), rows.into())
}

/// Minimum width of an image, for its label and its contents.
const NARROWEST: u16 = 6;
/// A page shows at least this many images, if the screen allows.
const ENOUGH: usize = 8;

/// The places of a grid of images of one size, each with rows for its label below it and an empty column at either side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridLayout {
    area: Rect,
    tile: Size,
    label_rows: u16,
    columns: u16,
    rows: u16,
    /// From one tile's left edge to the next one's.
    pitch: Size,
    origin: Position,
    /// Whether the images fill their tiles, even if some of their pixels are then larger than others.
    pub(super) fills: bool,
}

impl GridLayout {
    /// Room for up to `count` images at this scale, in rows of nearly equal length, centred.
    pub fn new(area: Rect, shape: Shape, scale: Scale, label_rows: u16, count: usize) -> Self {
        Self::of_tiles(area, scale.cells(shape), label_rows, count)
    }

    /// A layout of `count` images at the largest possible size: an integer multiple of their own, or any smaller; or any, if that makes them
    /// larger by half. `None` if they would be too small to be recognized.
    pub fn largest(area: Rect, shape: Shape, label_rows: u16, count: usize) -> Option<Self> {
        let count = u16::try_from(count).ok()?;
        let widest = |size: fn(Shape, Size) -> Size| {
            let tiles = (1..=count).filter_map(|columns| {
                let most = Size::new(
                    (area.width.checked_sub(1)? / columns).checked_sub(1)?,
                    (area.height / count.div_ceil(columns)).checked_sub(label_rows)?,
                );
                Some(size(shape, most))
            });
            tiles.max_by_key(|tile| tile.width)
        };
        let (even, filling) = (widest(PixelImage::size)?, widest(PixelImage::filling_size)?);
        let fills = 2 * filling.width >= 3 * even.width;
        let tile = if fills { filling } else { even };
        (tile.width >= NARROWEST).then(|| Self {
            fills,
            ..Self::of_tiles(area, tile, label_rows, count.into())
        })
    }

    fn of_tiles(area: Rect, tile: Size, label_rows: u16, count: usize) -> Self {
        let (mut columns, mut rows) = capacity(tile, area, label_rows);
        if columns > 0 && rows > 0 && count > 0 {
            rows = rows.min(count.div_ceil(columns));
            columns = columns.min(count.div_ceil(rows));
        }
        let (columns, rows) = (columns as u16, rows as u16);
        let high = tile.height.saturating_add(label_rows);
        let wide = tile.width.saturating_add(1);
        // Some of what is left over goes between the tiles, the rest around them; a row first between a label and the image below it.
        let spare = |length: u16, pitch: u16, tiles: u16| {
            length.saturating_sub(pitch.saturating_mul(tiles))
        };
        let between_columns = (spare(area.width, wide, columns) / (columns + 1)).min(3);
        let between_rows = (spare(area.height, high, rows) / rows.saturating_sub(1).max(1)).min(1);
        let pitch = Size::new(
            wide.saturating_add(between_columns),
            high.saturating_add(between_rows),
        );
        // The last tile needs no space after it, but the first and the last a free column beside them.
        let used = |tiles: u16, pitch: u16, last: u16| match tiles {
            0 => 0,
            _ => pitch * (tiles - 1) + last,
        };
        let used_width = used(columns, pitch.width, tile.width);
        let used_height = used(rows, pitch.height, high);
        Self {
            area,
            tile,
            label_rows,
            columns,
            rows,
            pitch,
            origin: Position::new(
                area.x + (area.width.saturating_sub(used_width)).div_ceil(2),
                area.y + (area.height.saturating_sub(used_height)) / 2,
            ),
            fills: false,
        }
    }

    /// A layout at the largest scale at which `count` images have room, or else as many as have room at the smallest
    /// recognizable scale.
    pub fn filling(area: Rect, shape: Shape, label_rows: u16, count: usize) -> Self {
        let scale = Scale::fitting(count, shape, area, label_rows);
        Self::new(area, shape, scale, label_rows, count)
    }

    /// Columns and rows of images.
    pub const fn dimensions(&self) -> (usize, usize) {
        (self.columns as usize, self.rows as usize)
    }

    /// The number of images that have room.
    pub const fn capacity(&self) -> usize {
        self.columns as usize * self.rows as usize
    }

    /// The cells of image `index`, counted along the rows; `None` past the last place.
    pub fn image(&self, index: usize) -> Option<Rect> {
        if index >= self.capacity() {
            return None;
        }
        // Below the capacity, so both are below a u16 of columns and rows.
        let (row, column) = (index / self.dimensions().0, index % self.dimensions().0);
        let image = Rect::new(
            self.origin.x + column as u16 * self.pitch.width,
            self.origin.y + row as u16 * self.pitch.height,
            self.tile.width,
            self.tile.height,
        );
        Some(image.intersection(self.area))
    }

    /// The places of the first `count` images that have room, labels included.
    pub fn places(&self, count: usize) -> Vec<(usize, Rect)> {
        let place = |index| Some((index, self.image(index)?.union(self.label(index)?)));
        (0..count).map_while(place).collect()
    }

    /// The cells below image `index` that its label may take: all but one of the columns up to the next label.
    pub fn label(&self, index: usize) -> Option<Rect> {
        let image = self.image(index)?;
        let more = self.pitch.width - self.tile.width - 1;
        let label = Rect::new(
            image.x - more / 2,
            image.bottom(),
            image.width + more,
            self.label_rows,
        );
        Some(label.intersection(self.area))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::any_area;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scales_step_up_and_down() {
        let steps = [
            Scale::Reduced(4),
            Scale::Reduced(3),
            Scale::Enlarged(1),
            Scale::Enlarged(2),
        ];
        for pair in steps.windows(2) {
            assert_eq!(pair[0].larger(), pair[1]);
            assert_eq!(pair[1].smaller(), pair[0]);
        }
        let shape = Shape::new(28, 28, 1);
        assert_eq!(Scale::FULL.cells(shape), Size::new(28, 14));
        assert_eq!(Scale::Reduced(6).cells(shape), Size::new(10, 5));
        assert_eq!(
            Scale::Enlarged(2).cells(Shape::new(7, 7, 1)),
            Size::new(14, 7)
        );
    }

    #[test]
    fn rows_are_of_nearly_equal_length() {
        let area = Rect::new(0, 0, 80, 20);
        let layout = GridLayout::new(area, Shape::new(28, 28, 1), Scale::Reduced(8), 1, 12);
        assert_eq!(layout.dimensions(), (6, 2));
        let shape = Shape::new(28, 28, 1);
        assert_eq!(Scale::fitting(10, shape, area, 1), Scale::Reduced(4));
        assert_eq!(GridLayout::filling(area, shape, 1, 10).dimensions(), (5, 2));
    }

    #[test]
    fn too_many_images_leave_them_recognisable() {
        let area = Rect::new(0, 0, 80, 20);
        let shape = Shape::new(28, 28, 1);
        assert_eq!(Scale::fitting(400, shape, area, 1), Scale::Reduced(11));
        let layout = GridLayout::filling(area, shape, 1, 400);
        assert_eq!(layout.dimensions(), (11, 5));
        // An area too small for a recognisable image still shows one.
        let layout = GridLayout::filling(Rect::new(0, 0, 5, 3), Shape::new(28, 28, 1), 0, 1);
        assert_eq!(layout.capacity(), 1);
    }

    #[test]
    fn the_largest_tiles_fill_what_whole_fractions_leave_free() {
        let area = Rect::new(0, 0, 136, 53);
        let shape = Shape::new(28, 28, 1);
        // Two thirds of an image would leave a third of the area.
        let layout = GridLayout::largest(area, shape, 1, 16).unwrap();
        assert_eq!(layout.tile, Size::new(24, 12));
        assert_eq!(layout.dimensions(), (4, 4));
        let large = GridLayout::largest(area, shape, 1, 1).unwrap();
        assert_eq!(large.tile, Size::new(84, 42));
        assert_eq!(GridLayout::largest(area, shape, 1, 4000), None);
    }

    #[test]
    fn a_free_row_lies_between_a_label_and_the_image_below() {
        // Two rows of 7 + 1 lines, and one line left.
        let area = Rect::new(0, 0, 80, 17);
        let layout = GridLayout::new(area, Shape::new(28, 28, 1), Scale::Reduced(4), 1, 10);
        assert_eq!(layout.dimensions(), (5, 2));
        let (label, below) = (layout.label(0).unwrap(), layout.image(5).unwrap());
        assert_eq!(below.y, label.bottom() + 1);
    }

    #[test]
    fn capacity_counts_the_free_columns() {
        let area = Rect::new(0, 0, 80, 21);
        let capacity = Scale::Reduced(4).capacity(Shape::new(28, 28, 1), area, 1);
        assert_eq!(capacity, (5, 2));
    }

    proptest! {
        #[test]
        fn places_lie_inside_and_apart(
            area in any_area(),
            (height, width) in (0usize..60, 0usize..60),
            label_rows in 0u16..3,
            count in 0usize..500,
        ) {
            let layout = GridLayout::filling(area, Shape::new(height, width, 1), label_rows, count);
            let mut taken = std::collections::HashSet::new();
            for index in 0..layout.capacity() {
                let (image, label) = (layout.image(index).unwrap(), layout.label(index).unwrap());
                prop_assert_eq!(image.as_size(), layout.tile);
                prop_assert_eq!(label.height, label_rows);
                prop_assert!(label.x <= image.x && label.right() >= image.right());
                // The cursor has a free column at either side.
                prop_assert!(image.x > area.x && image.right() < area.right());
                for position in image.positions().chain(label.positions()) {
                    prop_assert!(area.contains(position));
                    prop_assert!(taken.insert(position));
                }
            }
            prop_assert_eq!(layout.image(layout.capacity()), None);
        }
    }
}
