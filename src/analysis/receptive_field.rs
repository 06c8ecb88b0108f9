//! The receptive field of a value in a layer.

use std::ops::Range;

use crate::layers::Place;
use crate::network::CheckedNetwork;

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
    let mut seen = Rectangle {
        rows: row..row + 1,
        columns: column..column + 1,
    };
    for checked in network.layers()[..=layer].iter().rev() {
        let input = checked.input;
        let reads = |row, column| {
            let place = Place {
                row,
                column,
                channel: 0,
            };
            checked.layer.reads(input, place)
        };
        seen = if seen.rows.is_empty() || seen.columns.is_empty() {
            break;
        } else if checked.layer.gives_vectors() {
            // Each value may depend on any pixel.
            Rectangle {
                rows: 0..input.height,
                columns: 0..input.width,
            }
        } else {
            let first = reads(seen.rows.start, seen.columns.start);
            let last = reads(seen.rows.end - 1, seen.columns.end - 1);
            Rectangle {
                rows: inside(first.rows.start..last.rows.end, input.height),
                columns: inside(first.columns.start..last.columns.end, input.width),
            }
        };
    }
    seen
}

/// The part of an axis inside an image of this many pixels.
fn inside(range: Range<isize>, length: usize) -> Range<usize> {
    let clip = |position: isize| position.clamp(0, length as isize) as usize;
    clip(range.start)..clip(range.end)
}
