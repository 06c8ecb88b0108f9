//! Images with zeros around them.

use super::scratch::with_scratch;
use crate::shape::Shape;

/// Rows and columns of zeros on each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Border {
    pub(super) top: usize,
    pub(super) bottom: usize,
    pub(super) left: usize,
    pub(super) right: usize,
}

impl Border {
    pub(super) const fn around(self, shape: Shape) -> Shape {
        Shape::new(
            self.top + shape.height + self.bottom,
            self.left + shape.width + self.right,
            shape.channels,
        )
    }
}

/// Lends the images with their border, or the images themselves if there is none.
pub(super) fn padded_group<T>(
    images: &[f32],
    shape: Shape,
    border: Border,
    work: impl FnOnce(&[f32]) -> T,
) -> T {
    let padded = border.around(shape);
    if padded == shape {
        return work(images);
    }
    with_scratch(images.len() / shape.len() * padded.len(), |scratch| {
        let targets = scratch.chunks_exact_mut(padded.len());
        for (image, target) in images.chunks_exact(shape.len()).zip(targets) {
            pad(image, shape, border, target);
        }
        work(scratch)
    })
}

fn pad(image: &[f32], shape: Shape, border: Border, target: &mut [f32]) {
    let padded = border.around(shape);
    let (row, line) = (shape.width * shape.channels, padded.width * padded.channels);
    let left = border.left * shape.channels;
    target[..border.top * line].fill(0.0);
    let lines = target[border.top * line..].chunks_exact_mut(line);
    for (values, line) in image.chunks_exact(row).zip(lines) {
        line[..left].fill(0.0);
        line[left..left + row].copy_from_slice(values);
        line[left + row..].fill(0.0);
    }
    target[(border.top + shape.height) * line..].fill(0.0);
}
