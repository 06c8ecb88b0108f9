//! The fully connected layer.

use super::Conv2d;
use super::conv2d_gradients::transpose;
use super::pieces::{SharedOutput, for_indices, for_pieces};
use super::product::{ALL, Product, Rows, Segment, Start, share};
use super::scratch::with_scratch;
use super::sums::column_sums;
use crate::shape::{Padding, Shape, Window};

/// A matrix product of `[batch, inputs]` with a kernel `[inputs, units]`.
#[derive(Clone, Copy, Debug)]
pub struct Dense {
    /// Rows of the input and the output.
    pub batch: usize,
    /// Columns of the input.
    pub inputs: usize,
    /// Columns of the output.
    pub units: usize,
}

/// Columns in a piece of a forward product.
const COLUMNS: usize = 64;
/// Rows of the kernel in a piece of a gradient, at most.
const ROWS: usize = 48;

impl Dense {
    /// The same as a convolution of images of one pixel with a 1×1 kernel.
    pub const fn as_conv2d(&self) -> Conv2d {
        Conv2d {
            batch: self.batch,
            input: Shape::flat(self.inputs),
            window: Window {
                size: 1,
                stride: 1,
                padding: Padding::Valid,
            },
            filters: self.units,
        }
    }

    /// Rows of the kernel in a piece of a gradient: an even number of pieces of nearly the same length, so that two threads have the
    /// same work.
    fn rows_in_a_piece(&self) -> usize {
        self.inputs.div_ceil(2 * self.inputs.div_ceil(2 * ROWS))
    }
}

/// `output[n, u] = bias[u] + Σ input[n, i] · kernel[i, u]`.
pub fn forward(dense: &Dense, input: &[f32], kernel: &[f32], bias: &[f32], output: &mut [f32]) {
    dense.as_conv2d().check(input, output);
    dense.as_conv2d().check_parameters(kernel, bias);
    if dense.batch == 1 && kernel.len() >= LARGE {
        one_row(dense, input, kernel, bias, output);
    } else {
        product(dense, input, kernel, Start::Bias(bias), output);
    }
}

/// From this many values on, a kernel does not fit into the L2 caches.
const LARGE: usize = 1 << 20;

/// Columns in a piece of a product with one row.
const LONG: usize = 256;
/// Rows of the kernel that are read together for it.
const TOGETHER: usize = 16;

/// The same sums in the same order, a few rows of the kernel at a time: each value of a large kernel is fetched for one product only,
/// so reading them in memory order is faster.
fn one_row(dense: &Dense, input: &[f32], kernel: &[f32], bias: &[f32], output: &mut [f32]) {
    let units = dense.units;
    let row: Rows = [0].into_iter().collect();
    for_pieces(output, LONG, |piece, output| {
        let (begin, columns) = (piece * LONG, output.len());
        let mut sums = [0.0; LONG];
        let sums = &mut sums[..columns];
        sums.copy_from_slice(&bias[begin..begin + columns]);
        let kernels = kernel.chunks(TOGETHER * units);
        for (input, kernel) in input.chunks(TOGETHER).zip(kernels) {
            let product = Product {
                a: input,
                a_rows: row.all(),
                a_step: 1,
                b: &kernel[begin..],
                b_step: units,
                segments: &[Segment {
                    a: 0,
                    b: 0,
                    length: input.len(),
                }],
                at_once: ALL,
                columns,
                start: Start::Bias(sums),
                out_rows: row.all(),
            };
            product.run(output);
            sums.copy_from_slice(output);
        }
    });
}

/// `output = start + input · kernel`, cut into columns and, where these are few, rows.
fn product(dense: &Dense, input: &[f32], kernel: &[f32], start: Start, output: &mut [f32]) {
    let Dense {
        batch,
        inputs,
        units,
    } = *dense;
    let a_rows: Rows = (0..batch).map(|row| row * inputs).collect();
    let out_rows: Rows = (0..batch).map(|row| row * units).collect();
    let segments = [Segment {
        a: 0,
        b: 0,
        length: inputs,
    }];
    let halves = if batch >= 2 * ROWS && units < 8 * COLUMNS {
        2
    } else {
        1
    };
    let output = SharedOutput::new(output);
    for_indices(units.div_ceil(COLUMNS) * halves, |piece| {
        let column = piece / halves * COLUMNS;
        let rows = share(batch, halves, piece % halves);
        let product = Product {
            a: input,
            a_rows: a_rows.some(rows.clone()),
            a_step: 1,
            b: &kernel[column..],
            b_step: units,
            segments: &segments,
            at_once: ALL,
            columns: COLUMNS.min(units - column),
            start: start.from(column),
            out_rows: out_rows.some(rows),
        };
        product.check(output.len() - column);
        // SAFETY: checked for the output behind `column`; each piece has its own rows and columns.
        unsafe { product.run_at(output.start().wrapping_add(column)) }
    });
}

/// The gradient with respect to the input, `[batch, inputs]`, written whole.
pub fn input_gradient(
    dense: &Dense,
    output_gradient: &[f32],
    kernel: &[f32],
    input_gradient: &mut [f32],
) {
    dense.as_conv2d().check(input_gradient, output_gradient);
    assert_eq!(
        kernel.len(),
        dense.inputs * dense.units,
        "kernel of {dense:?}"
    );
    // One of kernel and result has to be turned over: the smaller one.
    if dense.units < dense.batch {
        with_turned_kernel(dense, output_gradient, kernel, input_gradient);
    } else {
        with_turned_result(dense, output_gradient, kernel, input_gradient);
    }
}

fn with_turned_kernel(
    dense: &Dense,
    output_gradient: &[f32],
    kernel: &[f32],
    input_gradient: &mut [f32],
) {
    let Dense {
        batch,
        inputs,
        units,
    } = *dense;
    with_scratch(inputs * units, |turned| {
        transpose(kernel, units, turned);
        let back = Dense {
            batch,
            inputs: units,
            units: inputs,
        };
        product(&back, output_gradient, turned, Start::Zero, input_gradient);
    });
}

/// The kernel's rows serve as rows of a product with the transposed gradient of the output; the result is
/// `[inputs, batch]` and is transposed back, a block at a time.
fn with_turned_result(
    dense: &Dense,
    output_gradient: &[f32],
    kernel: &[f32],
    input_gradient: &mut [f32],
) {
    let Dense {
        batch,
        inputs,
        units,
    } = *dense;
    let most_rows = dense.rows_in_a_piece();
    let a_rows: Rows = (0..most_rows).map(|row| row * units).collect();
    let out_rows: Rows = (0..most_rows).map(|row| row * batch).collect();
    let segments = [Segment {
        a: 0,
        b: 0,
        length: units,
    }];
    with_scratch(batch * units, |turned| {
        transpose(output_gradient, units, turned);
        let turned = &*turned;
        let output = SharedOutput::new(input_gradient);
        for_indices(inputs.div_ceil(most_rows), |piece| {
            let first = piece * most_rows;
            let rows = most_rows.min(inputs - first);
            with_scratch(rows * batch, |block| {
                let product = Product {
                    a: &kernel[first * units..],
                    a_rows: a_rows.some(0..rows),
                    a_step: 1,
                    b: turned,
                    b_step: batch,
                    segments: &segments,
                    at_once: ALL,
                    columns: batch,
                    start: Start::Zero,
                    out_rows: out_rows.some(0..rows),
                };
                product.run(block);
                for image in 0..batch {
                    let begin = image * inputs + first;
                    // SAFETY: each piece has its own columns of the output.
                    let target = unsafe { output.range(begin..begin + rows) };
                    for (row, value) in target.iter_mut().enumerate() {
                        *value = block[row * batch + image];
                    }
                }
            });
        });
    });
}

/// The gradients with respect to kernel and bias, written whole.
pub fn parameter_gradient(
    dense: &Dense,
    input: &[f32],
    output_gradient: &[f32],
    kernel_gradient: &mut [f32],
    bias_gradient: &mut [f32],
) {
    dense.as_conv2d().check(input, output_gradient);
    dense
        .as_conv2d()
        .check_parameters(kernel_gradient, bias_gradient);
    let Dense {
        batch,
        inputs,
        units,
    } = *dense;
    let segments = [Segment {
        a: 0,
        b: 0,
        length: batch,
    }];
    let a_rows: Rows = (0..inputs).collect();
    let most_rows = dense.rows_in_a_piece();
    let out_rows: Rows = (0..most_rows).map(|row| row * units).collect();
    for_pieces(kernel_gradient, most_rows * units, |piece, gradient| {
        let first = piece * most_rows;
        let rows = gradient.len() / units;
        let product = Product {
            a: input,
            a_rows: a_rows.some(first..first + rows),
            a_step: inputs,
            b: output_gradient,
            b_step: units,
            segments: &segments,
            at_once: ALL,
            columns: units,
            start: Start::Zero,
            out_rows: out_rows.some(0..rows),
        };
        product.run(gradient);
    });
    column_sums(output_gradient, bias_gradient);
}
