//! The gradients of a two-dimensional convolution.

use std::ops::Range;

use super::Conv2d;
use super::axis::{Pixels, phase_taps, pixels, positions_of_tap};
use super::conv2d::images_in_a_piece;
use super::padded::padded_group;
use super::pieces::{SharedOutput, for_indices, for_pieces};
use super::product::{Product, Segment, Start, share};
use super::scratch::with_scratch;
use super::sums::{add_parts, column_sums};
use crate::shape::Shape;

/// The gradient by the input, `[batch, height, width, channels]`, written whole.
///
/// Input pixels whose windows meet the same kernel rows and columns (with stride s, every s-th) form a phase. Each phase is a
/// convolution with stride 1 of the output's gradient with the phase's part of the kernel, turned around and with filters and
/// channels exchanged.
pub fn input_gradient(
    conv: &Conv2d,
    output_gradient: &[f32],
    kernel: &[f32],
    input_gradient: &mut [f32],
) {
    let (shape, input, window) = (conv.output(), conv.input, conv.window);
    conv.check(input_gradient, output_gradient);
    assert_eq!(
        kernel.len(),
        conv.taps() * conv.filters,
        "kernel of {conv:?}"
    );
    let group = images_in_a_piece(conv);
    let (mut taps, mut classes) = (Vec::new(), Vec::new());
    for row_phase in 0..window.stride.min(input.height) {
        let row_taps = phase_taps(window, input.height, row_phase);
        for column_phase in 0..window.stride.min(input.width) {
            let column_taps = phase_taps(window, input.width, column_phase);
            let phase = Phase {
                first_tap: taps.len(),
                columns: column_taps.len(),
            };
            for row in &pixels(window, input.height, row_phase) {
                for column in &pixels(window, input.width, column_phase) {
                    classes.push(Class::new(conv, group, &phase, row, column));
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
            transpose(
                &kernel[taps[index] * plane..][..plane],
                conv.filters,
                turned,
            );
        });
        let turned = &*turned;
        for_pieces(
            input_gradient,
            group * input.len(),
            |piece, input_gradient| {
                let images = input_gradient.len() / input.len();
                let gradient =
                    &output_gradient[piece * group * shape.len()..][..images * shape.len()];
                for class in &classes {
                    let rows = class.a_rows.len() / group * images;
                    let product = Product {
                        a: gradient,
                        a_rows: &class.a_rows[..rows],
                        a_step: 1,
                        b: turned,
                        b_step: input.channels,
                        segments: &class.segments,
                        columns: input.channels,
                        start: Start::Zero,
                        out_rows: &class.out_rows[..rows],
                    };
                    product.run(input_gradient);
                }
            },
        );
    });
}

/// Where a phase's taps are in the turned kernel `[taps, filters, channels]`.
struct Phase {
    first_tap: usize,
    /// Taps in a row.
    columns: usize,
}

/// Input pixels of a group of images that meet the same taps: where each reads and writes.
struct Class {
    a_rows: Vec<usize>,
    out_rows: Vec<usize>,
    segments: Vec<Segment>,
}

impl Class {
    fn new(conv: &Conv2d, images: usize, phase: &Phase, row: &Pixels, column: &Pixels) -> Self {
        let (input, output, stride) = (conv.input, conv.output(), conv.window.stride);
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
            a_rows,
            out_rows,
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

/// The gradients by kernel and bias, written whole.
///
/// The images are cut into chunks, each with sums of its own that are added in the chunks' order; where the kernel is
/// large, fewer chunks, and its rows are cut instead.
pub fn parameter_gradient(
    conv: &Conv2d,
    input: &[f32],
    output_gradient: &[f32],
    kernel_gradient: &mut [f32],
    bias_gradient: &mut [f32],
) {
    conv.check(input, output_gradient);
    conv.check_parameters(kernel_gradient, bias_gradient);
    let (taps, filters) = (conv.taps(), conv.filters);
    let length = taps * filters;
    let chunks = ((1 << 20) / length).clamp(1, PIECES).min(conv.batch);
    let parts = PIECES.div_ceil(chunks).min(taps.div_ceil(64));
    with_scratch((chunks - 1) * (length + filters), |scratch| {
        let (kernels, biases) = scratch.split_at_mut((chunks - 1) * length);
        let kernel_outputs = outputs(kernel_gradient, kernels, length);
        let bias_outputs = outputs(bias_gradient, biases, filters);
        for_indices(chunks * parts, |index| {
            let (chunk, part) = (index / parts, index % parts);
            let images = share(conv.batch, chunks, chunk);
            let x = &input[images.start * conv.input.len()..images.end * conv.input.len()];
            let shape = conv.output();
            let dy = &output_gradient[images.start * shape.len()..images.end * shape.len()];
            let rows = share(taps, parts, part);
            // SAFETY: each chunk has its own sums, and each part its own rows of them.
            let sums =
                unsafe { kernel_outputs[chunk].range(rows.start * filters..rows.end * filters) };
            kernel_sums(conv, x, dy, rows, sums);
            if part == 0 {
                // SAFETY: each chunk has its own sums, and only its first part comes here.
                let sums = unsafe { bias_outputs[chunk].range(0..filters) };
                column_sums(dy, sums);
            }
        });
        add_parts(kernel_gradient, kernels);
        add_parts(bias_gradient, biases);
    });
}

/// Pieces of work in a parameter gradient.
const PIECES: usize = 8;

/// The first chunk's sums go straight to where the result will be, the others' to scratch memory.
fn outputs(first: &mut [f32], others: &mut [f32], length: usize) -> Vec<SharedOutput> {
    let others = others.chunks_exact_mut(length).map(SharedOutput::new);
    std::iter::once(SharedOutput::new(first))
        .chain(others)
        .collect()
}

/// The kernel gradient's rows `rows` (of all its taps and channels) from some images, written to `sums`.
fn kernel_sums(
    conv: &Conv2d,
    input: &[f32],
    output_gradient: &[f32],
    rows: Range<usize>,
    sums: &mut [f32],
) {
    let group = images_in_a_piece(conv);
    let inputs = input.chunks(group * conv.input.len());
    let gradients = output_gradient.chunks(group * conv.output().len());
    for (index, (input, gradient)) in inputs.zip(gradients).enumerate() {
        let start = if index == 0 { Start::Zero } else { Start::Out };
        if conv.input.channels < FEW_CHANNELS {
            add_all_taps(conv, input, gradient, rows.clone(), start, sums);
        } else {
            add_each_tap(conv, input, gradient, rows.clone(), start, sums);
        }
    }
}

/// Below this many channels a tap has too few rows to fill a tile.
const FEW_CHANNELS: usize = 8;

/// One product for each tap, over the positions at which it lies inside the image.
fn add_each_tap(
    conv: &Conv2d,
    input: &[f32],
    gradient: &[f32],
    rows: Range<usize>,
    start: Start,
    sums: &mut [f32],
) {
    let (shape, window, filters) = (conv.output(), conv.window, conv.filters);
    let Shape {
        height,
        width,
        channels,
    } = conv.input;
    let images = input.len() / conv.input.len();
    let mut segments = Vec::with_capacity(images * shape.height);
    for tap in rows.start / channels..rows.end.div_ceil(channels) {
        let (lines, top) = positions_of_tap(window, height, tap / window.size);
        let (places, left) = positions_of_tap(window, width, tap % window.size);
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
        let a_rows: Vec<usize> = (first % channels..first % channels + end - first).collect();
        let out_rows: Vec<usize> = (first - rows.start..end - rows.start)
            .map(|row| row * filters)
            .collect();
        let product = Product {
            a: input,
            a_rows: &a_rows,
            a_step: window.stride * channels,
            b: gradient,
            b_step: filters,
            segments: &segments,
            columns: filters,
            start,
            out_rows: &out_rows,
        };
        product.run(sums);
    }
}

/// One product for all taps, over all positions of images with zeros around them.
fn add_all_taps(
    conv: &Conv2d,
    input: &[f32],
    gradient: &[f32],
    rows: Range<usize>,
    start: Start,
    sums: &mut [f32],
) {
    let (shape, border, stride) = (conv.output(), conv.border(), conv.window.stride);
    let (channels, filters) = (conv.input.channels, conv.filters);
    let padded = border.around(conv.input);
    let run = conv.window.size * channels;
    let out_rows: Vec<usize> = (0..rows.len()).map(|row| row * filters).collect();
    let a_rows: Vec<usize> = rows
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
            a_rows: &a_rows,
            a_step: stride * channels,
            b: gradient,
            b_step: filters,
            segments: &segments,
            columns: filters,
            start,
            out_rows: &out_rows,
        };
        product.run(sums);
    });
}
