//! Two-dimensional convolution, forward. The gradients are in [`super::conv2d_gradients`].

use super::padded::{Border, padded_group};
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
    let (shape, border) = (conv.output(), conv.border());
    let padded = border.around(conv.input);
    let group = images_in_a_piece(conv.batch, padded);
    let a_rows = pixel_offsets(padded, group, shape, conv.window.stride);
    let out_rows: Vec<usize> = (0..a_rows.len()).map(|row| row * conv.filters).collect();
    let run = conv.window.size * conv.input.channels;
    let segments: Vec<Segment> = (0..conv.window.size)
        .map(|ky| Segment {
            a: ky * padded.width * padded.channels,
            b: ky * run * conv.filters,
            length: run,
        })
        .collect();
    for_pieces(output, group * shape.len(), |piece, output| {
        let rows = output.len() / conv.filters;
        let images = rows / (shape.height * shape.width);
        let input = &input[piece * group * conv.input.len()..][..images * conv.input.len()];
        padded_group(input, conv.input, border, |a| {
            let product = Product {
                a,
                a_rows: &a_rows[..rows],
                a_step: 1,
                b: kernel,
                b_step: conv.filters,
                segments: &segments,
                columns: conv.filters,
                start: Start::Bias(bias),
                out_rows: &out_rows[..rows],
            };
            product.run(output);
        });
    });
}

/// How many images go through a kernel together: they and what is made of them should stay in a core's second cache, and
/// there should be pieces for several threads.
pub(super) fn images_in_a_piece(batch: usize, padded: Shape) -> usize {
    let fitting = (1 << 16) / padded.len().max(1);
    fitting.min(batch.div_ceil(8)).max(1)
}

/// Where the window of each position of `positions` begins in a group of padded images.
fn pixel_offsets(padded: Shape, images: usize, positions: Shape, stride: usize) -> Vec<usize> {
    let mut offsets = Vec::with_capacity(images * positions.height * positions.width);
    for image in 0..images {
        for y in 0..positions.height {
            let row = (image * padded.height + y * stride) * padded.width;
            offsets.extend((0..positions.width).map(|x| (row + x * stride) * padded.channels));
        }
    }
    offsets
}
