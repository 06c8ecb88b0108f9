//! The gradients of a two-dimensional convolution.

use std::ops::Range;

use super::axis::Pixels;
use super::conv2d::{Part, images_in_a_piece};
use super::padded::padded_group;
use super::pieces::for_pieces;
use super::product::{ALL, Product, Rows, Segment, Start};
use super::scratch::with_scratch;
use crate::shape::Shape;

/// The gradient with respect to the input of a few images at a time, `[image, height, width, channels]`.
///
/// Input pixels whose windows meet the same kernel rows and columns (with stride s, every s-th) form a phase. Each phase is a
/// convolution with stride 1 of the output's gradient with the phase's part of the kernel, turned around and with filters and
/// channels exchanged.
pub(super) struct InputGradient<'a> {
    part: &'a Part,
    /// `[taps, filters, channels]`
    turned: &'a [f32],
    classes: &'a [Class],
    images: usize,
}

impl InputGradient<'_> {
    /// Transposes the kernel, and lends the result for computing gradients.
    pub(super) fn with<T>(
        part: &Part,
        kernel: &[f32],
        work: impl FnOnce(&InputGradient) -> T,
    ) -> T {
        let conv = &part.conv;
        let (input, window) = (conv.input, conv.window);
        let images = images_in_a_piece(conv);
        let (mut taps, mut classes) = (Vec::new(), Vec::new());
        for row_phase in 0..window.stride.min(input.height) {
            let row_taps = part.rows().phase_taps(row_phase);
            for column_phase in 0..window.stride.min(input.width) {
                let column_taps = part.columns().phase_taps(column_phase);
                let phase = Phase {
                    first_tap: taps.len(),
                    columns: column_taps.len(),
                };
                for row in &part.rows().pixels(row_phase) {
                    for column in &part.columns().pixels(column_phase) {
                        classes.push(Class::new(part, images, &phase, row, column));
                    }
                }
                let each = row_taps
                    .iter()
                    .flat_map(|row| column_taps.iter().map(move |c| (row, c)));
                taps.extend(each.map(|(row, column)| row * window.size + column));
            }
        }
        let plane = input.channels * conv.filters;
        with_scratch(taps.len() * plane, |turned| {
            for_pieces(turned, plane, |index, turned| {
                let kernel = &kernel[taps[index] * plane..][..plane];
                transpose(kernel, conv.filters, turned);
            });
            work(&InputGradient {
                part,
                turned,
                classes: &classes,
                images,
            })
        })
    }

    /// The maximum number of images at a time.
    pub(super) fn images(&self) -> usize {
        self.images
    }

    /// Writes `input_gradient` whole.
    pub(super) fn run(&self, output_gradient: &[f32], input_gradient: &mut [f32]) {
        let conv = self.part.conv;
        let images = input_gradient.len() / conv.input.len();
        for class in self.classes {
            let rows = class.a_rows.len() / self.images * images;
            let product = Product {
                a: output_gradient,
                a_rows: class.a_rows.some(0..rows),
                a_step: 1,
                b: self.turned,
                b_step: conv.input.channels,
                segments: &class.segments,
                at_once: ALL,
                columns: conv.input.channels,
                start: Start::Zero,
                out_rows: class.out_rows.some(0..rows),
            };
            product.run(input_gradient);
        }
    }
}

/// The position of a phase's taps in the transposed kernel `[taps, filters, channels]`.
struct Phase {
    first_tap: usize,
    /// Taps in a row.
    columns: usize,
}

/// Input pixels of a group of images that meet the same taps: where each reads and writes.
struct Class {
    a_rows: Rows,
    out_rows: Rows,
    segments: Vec<Segment>,
}

impl Class {
    fn new(part: &Part, images: usize, phase: &Phase, row: &Pixels, column: &Pixels) -> Self {
        let (conv, output) = (part.conv, part.output());
        let (input, stride) = (conv.input, conv.window.stride);
        let (mut a_rows, mut out_rows) = (Vec::new(), Vec::new());
        for image in 0..images {
            for i in 0..row.count {
                let line = (image * output.height + row.position + i) * output.width;
                let out_line = (image * input.height + row.first + i * stride) * input.width;
                for j in 0..column.count {
                    a_rows.push((line + column.position + j) * conv.filters);
                    out_rows.push((out_line + column.first + j * stride) * input.channels);
                }
            }
        }
        let segments = row.taps.clone().enumerate().map(|(line, tap)| {
            let tap = phase.first_tap + tap * phase.columns + column.taps.start;
            Segment {
                a: line * output.width * conv.filters,
                b: tap * conv.filters * input.channels,
                length: column.taps.len() * conv.filters,
            }
        });
        Self {
            a_rows: a_rows.into_iter().collect(),
            out_rows: out_rows.into_iter().collect(),
            segments: segments.collect(),
        }
    }
}

/// `[rows, columns] → [columns, rows]`.
pub(super) fn transpose(from: &[f32], columns: usize, to: &mut [f32]) {
    let rows = from.len() / columns;
    // Square blocks, so that both sides stay in the first cache.
    for first_row in (0..rows).step_by(16) {
        for first_column in (0..columns).step_by(16) {
            for row in first_row..rows.min(first_row + 16) {
                for column in first_column..columns.min(first_column + 16) {
                    to[column * rows + row] = from[row * columns + column];
                }
            }
        }
    }
}

/// The kernel gradient's rows `rows` (of all its taps and channels) from a few images, added to `start`, into `sums`.
pub(super) fn add_kernel_gradient(
    images: &Images,
    rows: Range<usize>,
    start: Start,
    sums: &mut [f32],
) {
    if images.part.conv.input.channels < FEW_CHANNELS {
        add_all_taps(images, rows, start, sums);
    } else {
        add_each_tap(images, rows, start, sums);
    }
}

/// A few images with the gradient of their output.
pub(super) struct Images<'a> {
    pub(super) part: &'a Part,
    pub(super) input: &'a [f32],
    pub(super) output_gradient: &'a [f32],
}

/// Below this many channels a tap has too few rows to fill a tile.
const FEW_CHANNELS: usize = 8;

/// One product for each tap, over the positions at which it lies inside the image.
fn add_each_tap(images: &Images, rows: Range<usize>, start: Start, sums: &mut [f32]) {
    let &Images {
        part,
        input,
        output_gradient,
    } = images;
    let conv = &part.conv;
    let (shape, window, filters) = (part.output(), conv.window, conv.filters);
    let Shape {
        height,
        width,
        channels,
    } = conv.input;
    let images = input.len() / conv.input.len();
    let mut segments = Vec::with_capacity(images * shape.height);
    for tap in rows.start / channels..rows.end.div_ceil(channels) {
        let (lines, top) = part.rows().positions_of_tap(tap / window.size);
        let (places, left) = part.columns().positions_of_tap(tap % window.size);
        segments.clear();
        for image in 0..images {
            for (i, line) in lines.clone().enumerate() {
                let y = image * height + top + i * window.stride;
                let place = (image * shape.height + line) * shape.width + places.start;
                segments.push(Segment {
                    a: (y * width + left) * channels,
                    b: place * filters,
                    length: places.len(),
                });
            }
        }
        let first = rows.start.max(tap * channels);
        let end = rows.end.min((tap + 1) * channels);
        let a_rows: Rows = (first % channels..first % channels + end - first).collect();
        let out_rows: Rows = (first - rows.start..end - rows.start)
            .map(|row| row * filters)
            .collect();
        let product = Product {
            a: input,
            a_rows: a_rows.all(),
            a_step: window.stride * channels,
            b: output_gradient,
            b_step: filters,
            segments: &segments,
            at_once: ALL,
            columns: filters,
            start,
            out_rows: out_rows.all(),
        };
        product.run(sums);
    }
}

/// One product for all taps, over all positions of images with zeros around them.
fn add_all_taps(images: &Images, rows: Range<usize>, start: Start, sums: &mut [f32]) {
    let &Images {
        part,
        input,
        output_gradient,
    } = images;
    let conv = &part.conv;
    let (shape, border, stride) = (part.output(), conv.border(), conv.window.stride);
    let (channels, filters) = (conv.input.channels, conv.filters);
    let padded = border.around(conv.input);
    let run = conv.window.size * channels;
    let out_rows: Rows = (0..rows.len()).map(|row| row * filters).collect();
    let a_rows: Rows = rows
        .map(|tap| tap / run * padded.width * channels + tap % run)
        .collect();
    let images = input.len() / conv.input.len();
    let segments: Vec<Segment> = (0..images * shape.height)
        .map(|line| {
            let (image, y) = (line / shape.height, line % shape.height);
            Segment {
                a: (image * padded.height + y * stride) * padded.width * channels,
                b: line * shape.width * filters,
                length: shape.width,
            }
        })
        .collect();
    padded_group(input, conv.input, border, |a| {
        let product = Product {
            a,
            a_rows: a_rows.all(),
            a_step: stride * channels,
            b: output_gradient,
            b_step: filters,
            segments: &segments,
            at_once: ALL,
            columns: filters,
            start,
            out_rows: out_rows.all(),
        };
        product.run(sums);
    });
}
