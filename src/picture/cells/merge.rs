//! Fewer rectangles for the same picture.

use super::super::scene::Rectangle;

/// The rectangles with those of one colour joined that touch along a whole side: first in rows, then in columns. They come row by row.
///
/// Overlapping rectangles must have the same colour.
pub(super) fn merged(rectangles: Vec<Rectangle>) -> Vec<Rectangle> {
    let wide = joined(rectangles, 0);
    let mut tall = joined(wide, 1);
    tall.sort_by(|a, b| {
        let key =
            |rectangle: &Rectangle| [rectangle.corner[1], rectangle.size[1], rectangle.corner[0]];
        key(a)
            .partial_cmp(&key(b))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    tall
}

/// Joins along one axis: 0 for rows, 1 for columns.
fn joined(mut rectangles: Vec<Rectangle>, axis: usize) -> Vec<Rectangle> {
    let other = 1 - axis;
    rectangles.sort_by(|a, b| {
        let key = |rectangle: &Rectangle| {
            [
                rectangle.corner[other],
                rectangle.size[other],
                rectangle.corner[axis],
            ]
        };
        key(a)
            .partial_cmp(&key(b))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let mut found: Vec<Rectangle> = Vec::with_capacity(rectangles.len());
    for rectangle in rectangles {
        match found.last_mut() {
            Some(last)
                if last.color == rectangle.color
                    && last.corner[other] == rectangle.corner[other]
                    && last.size[other] == rectangle.size[other]
                    && rectangle.corner[axis] <= last.corner[axis] + last.size[axis] =>
            {
                let end = rectangle.corner[axis] + rectangle.size[axis];
                last.size[axis] = last.size[axis].max(end - last.corner[axis]);
            }
            _ => found.push(rectangle),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(x: f32, y: f32, color: u8) -> Rectangle {
        Rectangle {
            corner: [x, y],
            size: [8.0, 16.0],
            color: [color; 3],
        }
    }

    #[test]
    fn neighbours_of_one_color_become_one() {
        let mut cells = Vec::new();
        for row in 0..3u8 {
            for column in 0..4u8 {
                let color = u8::from(column == 3);
                cells.push(rectangle(
                    8.0 * f32::from(column),
                    16.0 * f32::from(row),
                    color,
                ));
            }
        }
        cells.push(rectangle(100.0, 0.0, 0));
        let found = merged(cells);
        let expected = |x: f32, width: f32, height: f32, color: u8| Rectangle {
            corner: [x, 0.0],
            size: [width, height],
            color: [color; 3],
        };
        assert_eq!(
            found,
            [
                expected(100.0, 8.0, 16.0, 0),
                expected(0.0, 24.0, 48.0, 0),
                expected(24.0, 8.0, 48.0, 1)
            ]
        );
    }
}
