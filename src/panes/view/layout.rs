//! How large the images are and how many of them find room.

use ratatui::layout::Rect;

use super::ViewPane;
use crate::lab::Lab;
use crate::shape::Shape;
use crate::ui::widgets::{GridLayout, ImageGrid, NARROWEST, Scale, largest, scale, smallest};

/// How a page of images is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLayout {
    pub scale: Scale,
    /// Rows of label below each image: 1 or 0.
    pub label_rows: u16,
    /// Columns and rows of images.
    pub grid: (usize, usize),
}

impl PageLayout {
    /// For so many images of a shape; `None` for as many as find room at the size that the person likes.
    pub fn new(number: Option<usize>, image_size: i8, shape: Shape, inner: Rect) -> Self {
        let Some(number) = number else {
            let scale = scale(image_size, shape, inner);
            let grid = ImageGrid::capacity(inner, shape, scale, 1);
            return Self {
                scale,
                label_rows: 1,
                grid,
            };
        };
        // Labelled as long as all find room, then without labels, then on several pages.
        let (scale, label_rows) = [1, 0]
            .into_iter()
            .find_map(|rows| Some((largest(number, shape, inner, rows)?, rows)))
            .unwrap_or((smallest(shape), 0));
        let (columns, rows) = ImageGrid::capacity(inner, shape, scale, label_rows);
        let shown = number.min(columns * rows);
        let layout = GridLayout::new(inner, shape, scale, label_rows, shown);
        Self {
            scale,
            label_rows,
            grid: layout.dimensions(),
        }
    }

    /// Images on a page.
    pub fn room(&self) -> usize {
        self.grid.0 * self.grid.1
    }
}

/// The room inside the pane's frame.
pub fn inside(body: Rect) -> Rect {
    Rect {
        x: body.x + 2,
        y: body.y + 1,
        width: body.width.saturating_sub(4),
        height: body.height.saturating_sub(2),
    }
}

/// Why images cannot get larger, and why not smaller.
pub fn size_limits(pane: &ViewPane, lab: &Lab) -> (Option<String>, Option<String>) {
    let Some(set) = lab.chosen_set() else {
        let reason = Some("no data is loaded".to_owned());
        return (reason.clone(), reason);
    };
    if let Some(number) = pane.number {
        return (
            (number <= 1).then(|| "one image is as few as it gets".to_owned()),
            (number >= 400).then(|| "400 images are as many as it gets".to_owned()),
        );
    }
    let inner = inside(Rect::new(0, 1, lab.columns, lab.rows.saturating_sub(3)));
    let scale = scale(lab.image_size, set.shape, inner);
    let (columns, rows) = ImageGrid::capacity(inner, set.shape, scale.larger(), 1);
    let larger = (columns * rows == 0)
        .then(|| "no larger image fits; Enter enlarges one as far as it goes".to_owned());
    let smaller = (scale.smaller().cells(set.shape).width < NARROWEST)
        .then(|| "smaller images would show nothing".to_owned());
    (larger, smaller)
}
