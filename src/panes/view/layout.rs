//! How large the images are and how many of them fit.

use ratatui::layout::Rect;

use super::ViewPane;
use crate::lab::Lab;
use crate::shape::Shape;
use crate::ui::panel::inside;
use crate::ui::widgets::{GridLayout, Scale};

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
    /// For this number of images of a shape; `None` for as many as fit at the chosen size.
    pub fn new(number: Option<usize>, image_size: i8, shape: Shape, inner: Rect) -> Self {
        let Some(number) = number else {
            let scale = Scale::liked(image_size, shape, inner);
            return Self {
                scale,
                label_rows: 1,
                grid: scale.capacity(shape, inner, 1),
            };
        };
        // With labels while all images fit, then without labels, then on several pages.
        let fitting = |label_rows| Scale::fitting(number, shape, inner, label_rows);
        let label_rows = u16::from(fitting(1).room(shape, inner, 1) >= number);
        let scale = fitting(label_rows);
        let shown = number.min(scale.room(shape, inner, label_rows));
        Self {
            scale,
            label_rows,
            grid: GridLayout::new(inner, shape, scale, label_rows, shown).dimensions(),
        }
    }

    /// Images on a page.
    pub fn room(&self) -> usize {
        self.grid.0 * self.grid.1
    }
}

/// The room for images on the screen.
pub fn room(lab: &Lab) -> Rect {
    inside(Rect::new(0, 1, lab.columns, lab.rows.saturating_sub(3)))
}

/// Why images cannot get larger, and why not smaller.
pub fn size_limits(pane: &ViewPane, lab: &Lab) -> (Option<String>, Option<String>) {
    let Some(set) = lab.chosen_set() else {
        return (lab.no_set(), lab.no_set());
    };
    let limit = |is_reached: bool, why: &str| is_reached.then(|| why.to_owned());
    if let Some(number) = pane.number {
        return (
            limit(number <= 1, "one image is the minimum"),
            limit(number >= 400, "400 images is the maximum"),
        );
    }
    let scale = Scale::liked(lab.image_size, set.shape, room(lab));
    let no_larger = scale.larger().room(set.shape, room(lab), 1) == 0;
    let why = "no larger images fit; Enter enlarges a single one";
    let no_smaller = scale.smaller().is_too_small(set.shape);
    (
        limit(no_larger, why),
        limit(no_smaller, "the images cannot be drawn smaller"),
    )
}
