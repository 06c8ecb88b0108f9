//! Two-dimensional convolution, forward. The gradients are in [`super::conv2d_gradients`].

use super::axis::{Positions, positions};
use super::padded::Border;
use super::pieces::for_pieces;
use super::product::{Product, Segment, Start};
use crate::shape::{Shape, Window};

/// A convolution of `batch` images with `filters` kernels of `window.size × window.size × input.channels`.
#[derive(Clone, Copy, Debug)]
pub struct Conv2d {
    pub batch: usize,
    pub input: Shape,
    pub window: Window,
    pub filters: usize,
}

impl Conv2d {
    /// The shape of one output image.
    pub const fn output(&self) -> Shape {
        self.window.slide(self.input, self.filters)
    }

    /// Number of products that make one output value.
    pub const fn taps(&self) -> usize {
        self.window.size * self.window.size * self.input.channels
    }

    /// Panics unless both hold the batch.
    pub(super) fn check(&self, input: &[f32], output: &[f32]) {
        let lengths = [self.input, self.output()].map(|shape| self.batch * shape.len());
        assert_eq!([input.len(), output.len()], lengths, "volumes of {self:?}");
    }

    /// Panics unless kernel and bias are as long as this convolution's.
    pub(super) fn check_parameters(&self, kernel: &[f32], bias: &[f32]) {
        let lengths = [self.taps() * self.filters, self.filters];
        assert_eq!(
            [kernel.len(), bias.len()],
            lengths,
            "parameters of {self:?}"
        );
    }

    pub(super) const fn border(&self) -> Border {
        let (top, bottom) = self.window.zeros(self.input.height);
        let (left, right) = self.window.zeros(self.input.width);
        Border {
            top,
            bottom,
            left,
            right,
        }
    }
}

/// `output[n, y, x, f] = bias[f] + Σ input · kernel`: `[batch, height, width, channels] → [batch, positions, positions, filters]`.
pub fn forward(conv: &Conv2d, input: &[f32], kernel: &[f32], bias: &[f32], output: &mut [f32]) {
    let shape = conv.output();
    conv.check(input, output);
    conv.check_parameters(kernel, bias);
    let group = images_in_a_piece(conv);
    let rows = positions(conv.window, conv.input.height);
    let columns = positions(conv.window, conv.input.width);
    let classes: Vec<Class> = rows
        .iter()
        .flat_map(|row| columns.iter().map(move |column| (row, column)))
        .map(|(row, column)| Class::new(conv, group, row, column))
        .collect();
    for_pieces(output, group * shape.len(), |piece, output| {
        let images = output.len() / shape.len();
        let input = &input[piece * group * conv.input.len()..][..images * conv.input.len()];
        for class in &classes {
            let rows = class.a_rows.len() / group * images;
            let product = Product {
                a: input,
                a_rows: &class.a_rows[..rows],
                a_step: 1,
                b: kernel,
                b_step: conv.filters,
                segments: &class.segments,
                columns: conv.filters,
                start: Start::Bias(bias),
                out_rows: &class.out_rows[..rows],
            };
            product.run(output);
        }
    });
}

/// Output pixels of a group of images whose windows have the same taps inside the image: where each reads and writes.
struct Class {
    a_rows: Vec<usize>,
    out_rows: Vec<usize>,
    segments: Vec<Segment>,
}

impl Class {
    fn new(conv: &Conv2d, images: usize, row: &Positions, column: &Positions) -> Self {
        let (input, output, window) = (conv.input, conv.output(), conv.window);
        let (mut a_rows, mut out_rows) = (Vec::new(), Vec::new());
        for image in 0..images {
            for (i, y) in row.positions.clone().enumerate() {
                let line = (image * input.height + row.pixel + i * window.stride) * input.width;
                let out_line = (image * output.height + y) * output.width;
                for (j, x) in column.positions.clone().enumerate() {
                    let pixel = line + column.pixel + j * window.stride;
                    a_rows.push(pixel * input.channels);
                    out_rows.push((out_line + x) * conv.filters);
                }
            }
        }
        let segments = row.taps.clone().enumerate().map(|(line, tap)| Segment {
            a: line * input.width * input.channels,
            b: (tap * window.size + column.taps.start) * input.channels * conv.filters,
            length: column.taps.len() * input.channels,
        });
        Self {
            a_rows,
            out_rows,
            segments: segments.collect(),
        }
    }
}

/// How many images go through a kernel together: few enough for a core's second cache and for pieces for several threads, many
/// enough to fill tiles with the pixels at the border.
pub(super) fn images_in_a_piece(conv: &Conv2d) -> usize {
    let image = conv.input.len() + conv.output().len();
    ((1 << 17) / image.max(1))
        .min(conv.batch.div_ceil(8))
        .max(1)
}
