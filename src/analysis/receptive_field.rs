//! Which pixels a value in a layer can see.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::network::CheckedNetwork;
use crate::shape::Shape;

/// A rectangle of an image: rows and columns from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rectangle {
    /// From the top.
    pub rows: Range<usize>,
    /// From the left.
    pub columns: Range<usize>,
}

/// The pixels of the input image that the value at `row` and `column` of layer `layer`'s output depends on.
///
/// # Panics
/// If the network has no such layer.
pub fn receptive_field(
    network: &CheckedNetwork,
    layer: usize,
    row: usize,
    column: usize,
) -> Rectangle {
    let mut rows = row as isize..row as isize + 1;
    let mut columns = column as isize..column as isize + 1;
    for checked in network.layers()[..=layer].iter().rev() {
        let (input, output) = (checked.input, checked.output);
        if output == Shape::flat(output.len()) && input.height * input.width > 1 {
            // Flattened: each value may be any pixel's.
            rows = 0..input.height as isize;
            columns = 0..input.width as isize;
            continue;
        }
        let (size, stride) = checked.layer.window();
        rows = seen(&rows, size, stride, input.height, output.height);
        columns = seen(&columns, size, stride, input.width, output.width);
    }
    Rectangle {
        rows: rows.start as usize..rows.end as usize,
        columns: columns.start as usize..columns.end as usize,
    }
}

/// The pixels along an axis of `input` that these positions out of `output` see.
fn seen(
    positions: &Range<isize>,
    size: usize,
    stride: usize,
    input: usize,
    output: usize,
) -> Range<isize> {
    let before = zeros_before(size, stride, input, output) as isize;
    let start = positions.start * stride as isize - before;
    let end = (positions.end - 1) * stride as isize - before + size as isize;
    start.max(0)..end.min(input as isize)
}

/// Zeros before an axis of `input` pixels over which a window took `output` positions: half of what the windows reach beyond
/// it, none where they stay inside ([`Window::zeros`](crate::shape::Window::zeros) with the padding told from the shapes).
pub(super) fn zeros_before(size: usize, stride: usize, input: usize, output: usize) -> usize {
    ((output - 1) * stride + size).saturating_sub(input) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Padding, Window};

    #[test]
    fn zeros_are_those_of_the_window() {
        for padding in [Padding::Same, Padding::Valid] {
            for size in 1..=7 {
                for stride in 1..=4 {
                    for input in 1..20 {
                        let window = Window {
                            size,
                            stride,
                            padding,
                        };
                        let output = window.positions(input);
                        if output > 0 {
                            assert_eq!(
                                zeros_before(size, stride, input, output),
                                window.zeros(input).0,
                                "{window:?} {input}"
                            );
                        }
                    }
                }
            }
        }
    }
}
