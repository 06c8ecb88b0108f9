//! The receptive field of a value in a layer.

use std::ops::Range;

use crate::layers::{Layer, Place};
use crate::network::CheckedNetwork;
use crate::shape::Shape;

/// A rectangle of an image: rows and columns from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rectangle {
    /// From the top.
    pub rows: Range<usize>,
    /// From the left.
    pub columns: Range<usize>,
}

/// The pixels of the input image that the value at `row` and `column` of layer `layer`'s output depends on; none where it is a
/// padding zero.
///
/// # Panics
/// If the network has no such layer.
pub fn receptive_field(
    network: &CheckedNetwork,
    layer: usize,
    row: usize,
    column: usize,
) -> Rectangle {
    // What is seen of each layer's output, where that is known.
    let mut seen: Vec<Option<Rectangle>> = vec![None; layer + 1];
    seen[layer] = Some(Rectangle {
        rows: row..row + 1,
        columns: column..column + 1,
    });
    let mut of_image: Option<Rectangle> = None;
    for (index, checked) in network.layers()[..=layer].iter().enumerate().rev() {
        let Some(own) = seen[index].take() else {
            continue;
        };
        for input in &checked.inputs {
            let before = own.before(&*checked.layer, input.shape);
            let known = match input.layer {
                Some(layer) => &mut seen[layer],
                None => &mut of_image,
            };
            *known = Some(match known.take() {
                Some(other) => other.with(before),
                None => before,
            });
        }
    }
    of_image.expect("every layer comes from the image")
}

impl Rectangle {
    fn is_empty(&self) -> bool {
        self.rows.is_empty() || self.columns.is_empty()
    }

    /// What a layer reads of its input for this part of its output.
    fn before(&self, layer: &dyn Layer, input: Shape) -> Self {
        if self.is_empty() {
            return self.clone();
        }
        if layer.gives_vectors() {
            // Each value may depend on any pixel.
            return Self {
                rows: 0..input.height,
                columns: 0..input.width,
            };
        }
        let reads = |row, column| {
            let place = Place {
                row,
                column,
                channel: 0,
            };
            layer.reads(input, place)
        };
        let first = reads(self.rows.start, self.columns.start);
        let last = reads(self.rows.end - 1, self.columns.end - 1);
        Self {
            rows: inside(first.rows.start..last.rows.end, input.height),
            columns: inside(first.columns.start..last.columns.end, input.width),
        }
    }

    /// The smallest rectangle around both.
    fn with(self, other: Self) -> Self {
        match (self.is_empty(), other.is_empty()) {
            (true, _) => other,
            (_, true) => self,
            (false, false) => Self {
                rows: self.rows.start.min(other.rows.start)..self.rows.end.max(other.rows.end),
                columns: self.columns.start.min(other.columns.start)
                    ..self.columns.end.max(other.columns.end),
            },
        }
    }
}

/// The part of an axis inside an image of this many pixels.
fn inside(range: Range<isize>, length: usize) -> Range<usize> {
    let clip = |position: isize| position.clamp(0, length as isize) as usize;
    clip(range.start)..clip(range.end)
}
