//! How large the images are and how many of them find room.

use ratatui::layout::Rect;

use crate::shape::Shape;
use crate::state::Lab;
use crate::ui::widgets::{GridLayout, ImageGrid, Scale};

/// A page should show at least as many images as this, where the screen allows.
const ENOUGH: usize = 8;
/// Columns below which nothing can be seen on an image.
const NARROWEST: u16 = 6;

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
    pub fn new(number: Option<usize>, lab: &Lab, shape: Shape, inner: Rect) -> Self {
        let Some(number) = number else {
            let scale = scale(lab, shape, inner);
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

/// The largest scale at which so many images find room and show something.
fn largest(number: usize, shape: Shape, inner: Rect, label_rows: u16) -> Option<Scale> {
    let is_roomy = |scale: Scale| {
        let (columns, rows) = ImageGrid::capacity(inner, shape, scale, label_rows);
        columns * rows >= number
    };
    let mut scale = smallest(shape);
    if shape.is_empty() || !is_roomy(scale) {
        return None;
    }
    while is_roomy(scale.larger()) {
        scale = scale.larger();
    }
    Some(scale)
}

/// The smallest scale that still shows something.
fn smallest(shape: Shape) -> Scale {
    let mut scale = Scale::FULL;
    while scale.smaller().cells(shape).width >= NARROWEST {
        scale = scale.smaller();
    }
    scale
}

/// The largest scale at which enough images fit, then as many steps from there as were asked for.
pub fn scale(lab: &Lab, shape: Shape, inner: Rect) -> Scale {
    let mut scale = fitting(ENOUGH, shape, inner, 1);
    for _ in 0..lab.view.size_step.abs() {
        let next = if lab.view.size_step > 0 {
            scale.larger()
        } else {
            scale.smaller()
        };
        let (columns, rows) = ImageGrid::capacity(inner, shape, next, 1);
        if columns * rows == 0 || next.cells(shape).width < NARROWEST {
            break;
        }
        scale = next;
    }
    scale
}

/// The largest scale at which so many images fit; where that is too small, the smallest that shows something.
pub fn fitting(enough: usize, shape: Shape, inner: Rect, label_rows: u16) -> Scale {
    let room = |scale: Scale| {
        let (columns, rows) = ImageGrid::capacity(inner, shape, scale, label_rows);
        columns * rows
    };
    let mut scale = Scale::FULL;
    while !shape.is_empty() && room(scale.larger()) >= enough {
        scale = scale.larger();
    }
    while room(scale) < enough && scale.smaller().cells(shape).width >= NARROWEST {
        scale = scale.smaller();
    }
    scale
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
pub fn size_limits(lab: &Lab) -> (Option<String>, Option<String>) {
    let Some(set) = lab.chosen_set() else {
        let reason = Some("no data is loaded".to_owned());
        return (reason.clone(), reason);
    };
    if let Some(number) = lab.view.number {
        return (
            (number <= 1).then(|| "one image is as few as it gets".to_owned()),
            (number >= 400).then(|| "400 images are as many as it gets".to_owned()),
        );
    }
    let inner = inside(Rect::new(0, 1, lab.columns, lab.rows.saturating_sub(3)));
    let scale = scale(lab, set.shape, inner);
    let (columns, rows) = ImageGrid::capacity(inner, set.shape, scale.larger(), 1);
    let larger = (columns * rows == 0)
        .then(|| "no larger image fits; Enter enlarges one as far as it goes".to_owned());
    let smaller = (scale.smaller().cells(set.shape).width < NARROWEST)
        .then(|| "smaller images would show nothing".to_owned());
    (larger, smaller)
}
