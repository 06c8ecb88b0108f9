//! How large images are drawn so that enough of them find room.

use ratatui::layout::Rect;

use super::{ImageGrid, Scale};
use crate::shape::Shape;

/// A page should show at least as many images as this, where the screen allows.
const ENOUGH: usize = 8;
/// Columns below which nothing can be seen on an image.
pub const NARROWEST: u16 = 6;

/// The largest scale at which so many images find room and show something.
pub fn largest(number: usize, shape: Shape, inner: Rect, label_rows: u16) -> Option<Scale> {
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
pub fn smallest(shape: Shape) -> Scale {
    let mut scale = Scale::FULL;
    while scale.smaller().cells(shape).width >= NARROWEST {
        scale = scale.smaller();
    }
    scale
}

/// The largest scale at which enough images fit, then as many steps from there as were asked for.
pub fn scale(image_size: i8, shape: Shape, inner: Rect) -> Scale {
    let mut scale = fitting(ENOUGH, shape, inner, 1);
    for _ in 0..image_size.abs() {
        let next = if image_size > 0 {
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
