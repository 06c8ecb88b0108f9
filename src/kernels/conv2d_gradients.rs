//! The gradients of a two-dimensional convolution.

use super::Conv2d;
use super::conv2d::images_in_a_piece;
use super::padded::{Border, padded_group};
use super::pieces::{SharedOutput, for_indices, for_pieces};
use super::product::{Product, Segment, Start, share};
use super::scratch::with_scratch;
use super::sums::{add_parts, column_sums};
use crate::shape::Shape;

/// The gradient by the input, `[batch, height, width, channels]`, written whole.
///
/// Input pixels whose windows meet the same kernel rows and columns (with stride s, every s-th) form a phase. Each phase is a
/// convolution with stride 1 of the output's gradient, with zeros around it, and the phase's part of the kernel, turned
/// around and with filters and channels exchanged.
pub fn input_gradient(
    conv: &Conv2d,
    output_gradient: &[f32],
    kernel: &[f32],
    input_gradient: &mut [f32],
) {
    let (shape, input, stride) = (conv.output(), conv.input, conv.window.stride);
    let (top, left) = (conv.border().top, conv.border().left);
    let rows = axis_phases(input.height, shape.height, conv.window.size, stride, top);
    let columns = axis_phases(input.width, shape.width, conv.window.size, stride, left);
    let border = Border {
        top: rows.before,
        bottom: rows.after,
        left: columns.before,
        right: columns.after,
    };
    let padded = border.around(shape);
    let group = images_in_a_piece(conv.batch, padded);
    with_scratch(kernel.len(), |turned| {
        let mut phases = Vec::with_capacity(stride * stride);
        let mut begin = 0;
        for row in &rows.phases {
            for column in &columns.phases {
                let taps = row.taps.len() * column.taps.len() * conv.filters * input.channels;
                turn_kernel(conv, kernel, row, column, &mut turned[begin..begin + taps]);
                phases.push(PhaseProduct::new(conv, (row, column), padded, group, begin));
                begin += taps;
            }
        }
        let turned = &*turned;
        for_pieces(
            input_gradient,
            group * input.len(),
            |piece, input_gradient| {
                let images = input_gradient.len() / input.len();
                let gradient =
                    &output_gradient[piece * group * shape.len()..][..images * shape.len()];
                padded_group(gradient, shape, border, |a| {
                    for phase in &phases {
                        let rows = phase.a_rows.len() / group * images;
                        let product = Product {
                            a,
                            a_rows: &phase.a_rows[..rows],
                            a_step: 1,
                            b: turned,
                            b_step: input.channels,
                            segments: &phase.segments,
                            columns: input.channels,
                            start: Start::Zero,
                            out_rows: &phase.out_rows[..rows],
                        };
                        product.run(input_gradient);
                    }
                });
            },
        );
    });
}

/// The phases along one axis, and the zeros that they need around the output's gradient.
struct AxisPhases {
    phases: Vec<AxisPhase>,
    before: usize,
    after: usize,
}

/// Every `stride`-th pixel of an axis: which, and what they meet.
struct AxisPhase {
    pixels: Vec<usize>,
    /// The kernel's rows (or columns), in the order of the output positions that they meet.
    taps: Vec<usize>,
    /// The position, behind the zeros, that the first pixel and the first tap meet; one more for each pixel and each tap.
    first: usize,
}

fn axis_phases(
    input: usize,
    positions: usize,
    size: usize,
    stride: usize,
    zeros: usize,
) -> AxisPhases {
    let taps = |phase: usize| {
        let mut taps: Vec<usize> = ((phase + zeros) % stride..size).step_by(stride).collect();
        taps.reverse();
        taps
    };
    // Pixel y and tap k meet position (y + zeros − k) / stride; here for a phase's first pixel and tap, shifted by `size`
    // to stay positive.
    let meets = |phase: usize, first: usize| (phase + zeros + size * stride - first) / stride;
    let first = |phase: usize| taps(phase).first().map(|first| meets(phase, *first));
    let lowest = (0..stride.min(input))
        .filter_map(first)
        .min()
        .unwrap_or(size);
    let before = size.saturating_sub(lowest);
    let phases: Vec<AxisPhase> = (0..stride.min(input))
        .map(|phase| AxisPhase {
            pixels: (phase..input).step_by(stride).collect(),
            taps: taps(phase),
            first: first(phase).map_or(0, |first| first + before - size),
        })
        .collect();
    let reach = phases
        .iter()
        .filter(|phase| !phase.taps.is_empty())
        .map(|phase| phase.first + phase.pixels.len() + phase.taps.len() - 1)
        .max()
        .unwrap_or(0);
    AxisPhases {
        phases,
        before,
        after: reach.saturating_sub(before + positions),
    }
}

/// Writes a phase's part of the kernel as `[taps, taps, filters, channels]`.
fn turn_kernel(
    conv: &Conv2d,
    kernel: &[f32],
    row: &AxisPhase,
    column: &AxisPhase,
    turned: &mut [f32],
) {
    let (channels, filters) = (conv.input.channels, conv.filters);
    let taps = row
        .taps
        .iter()
        .flat_map(|ky| column.taps.iter().map(move |kx| (ky, kx)));
    for ((ky, kx), turned) in taps.zip(turned.chunks_exact_mut(filters * channels)) {
        let begin = (ky * conv.window.size + kx) * channels * filters;
        transpose(&kernel[begin..begin + channels * filters], filters, turned);
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

/// The kernel gradient's rows `rows` (of all its taps) from some images, written to `sums`.
fn kernel_sums(
    conv: &Conv2d,
    input: &[f32],
    output_gradient: &[f32],
    rows: std::ops::Range<usize>,
    sums: &mut [f32],
) {
    let (shape, border, stride) = (conv.output(), conv.border(), conv.window.stride);
    let (channels, filters) = (conv.input.channels, conv.filters);
    let padded = border.around(conv.input);
    let run = conv.window.size * channels;
    let a_rows: Vec<usize> = rows
        .clone()
        .map(|tap| tap / run * padded.width * channels + tap % run)
        .collect();
    let out_rows: Vec<usize> = (0..rows.len()).map(|row| row * filters).collect();
    let images = input.len() / conv.input.len();
    let group = images_in_a_piece(images * 8, padded);
    let segments: Vec<Segment> = (0..group * shape.height)
        .map(|line| {
            let (image, y) = (line / shape.height, line % shape.height);
            Segment {
                a: (image * padded.height + y * stride) * padded.width * channels,
                b: line * shape.width * filters,
                length: shape.width,
            }
        })
        .collect();
    let inputs = input.chunks(group * conv.input.len());
    let gradients = output_gradient.chunks(group * shape.len());
    for (index, (input, gradient)) in inputs.zip(gradients).enumerate() {
        padded_group(input, conv.input, border, |a| {
            let product = Product {
                a,
                a_rows: &a_rows,
                a_step: stride * channels,
                b: gradient,
                b_step: filters,
                segments: &segments[..gradient.len() / (shape.width * filters)],
                columns: filters,
                start: if index == 0 { Start::Zero } else { Start::Out },
                out_rows: &out_rows,
            };
            product.run(sums);
        });
    }
}

/// Where a phase reads and writes, for a group of images.
struct PhaseProduct {
    a_rows: Vec<usize>,
    out_rows: Vec<usize>,
    segments: Vec<Segment>,
}

impl PhaseProduct {
    fn new(
        conv: &Conv2d,
        (row, column): (&AxisPhase, &AxisPhase),
        padded: Shape,
        images: usize,
        kernel_begin: usize,
    ) -> Self {
        let (channels, filters) = (conv.input.channels, conv.filters);
        let (mut a_rows, mut out_rows) = (Vec::new(), Vec::new());
        for image in 0..images {
            for (i, y) in row.pixels.iter().enumerate() {
                let line = (image * padded.height + row.first + i) * padded.width + column.first;
                let out_line = (image * conv.input.height + y) * conv.input.width;
                for (j, x) in column.pixels.iter().enumerate() {
                    a_rows.push((line + j) * filters);
                    out_rows.push((out_line + x) * channels);
                }
            }
        }
        let run = column.taps.len() * filters;
        let segments = (0..row.taps.len())
            .map(|tap| Segment {
                a: tap * padded.width * filters,
                b: kernel_begin + tap * run * channels,
                length: run,
            })
            .collect();
        Self {
            a_rows,
            out_rows,
            segments,
        }
    }
}
