//! Two-dimensional convolution as one strided product, forward. The gradients are in [`super::conv2d_gradients`].

use super::axis::{Axis, Positions};
use super::padded::Border;
use super::pieces::pieces_wanted;
use super::product::{ALL, Product, Rows, Segment, Start};
use crate::shape::{Shape, Window};

/// A convolution of `batch` images with `filters` kernels of `window.size × window.size × input.channels`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conv2d {
    /// Images.
    pub batch: usize,
    /// Of each image.
    pub input: Shape,
    /// Size, stride and padding of the window.
    pub window: Window,
    /// Channels of the output.
    pub filters: usize,
}

impl Conv2d {
    /// The shape of one output image.
    pub const fn output(&self) -> Shape {
        self.window.slide(self.input, self.filters)
    }

    /// Number of products per output value.
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

/// A convolution's kernels `[window, window, channels, filters]` and one bias per filter.
pub(super) type Parameters<'a> = (&'a [f32], &'a [f32]);

/// A convolution of which only the first `height × width` positions are used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) conv: Conv2d,
    pub(super) height: usize,
    pub(super) width: usize,
}

impl Part {
    /// The shape of one output image.
    pub(super) const fn output(&self) -> Shape {
        Shape::new(self.height, self.width, self.conv.filters)
    }

    pub(super) const fn rows(&self) -> Axis {
        Axis {
            window: self.conv.window,
            input: self.conv.input.height,
            positions: self.height,
        }
    }

    pub(super) const fn columns(&self) -> Axis {
        Axis {
            window: self.conv.window,
            input: self.conv.input.width,
            positions: self.width,
        }
    }

    /// Products per image, channel and filter.
    pub(super) fn products(&self) -> usize {
        self.rows().products() * self.columns().products()
    }
}

/// `output[n, y, x, f] = bias[f] + Σ input · kernel`, for a few images at a time.
pub(super) struct Forward {
    part: Part,
    classes: Vec<Class>,
    images: usize,
}

impl Forward {
    pub(super) fn new(part: &Part) -> Self {
        let images = images_at_once(&part.conv);
        let (rows, columns) = (part.rows().classes(), part.columns().classes());
        let each = rows
            .iter()
            .flat_map(|row| columns.iter().map(move |column| (row, column)));
        Self {
            part: *part,
            classes: each
                .map(|(row, column)| Class::new(part, images, row, column))
                .collect(),
            images,
        }
    }

    /// The maximum number of images at a time.
    pub(super) fn images(&self) -> usize {
        self.images
    }

    /// `[image, height, width, channels] → [image, positions, positions, filters]`.
    pub(super) fn run(&self, input: &[f32], (kernel, bias): Parameters, output: &mut [f32]) {
        let conv = self.part.conv;
        let images = input.len() / conv.input.len();
        for class in &self.classes {
            let rows = class.a_rows.len() / self.images * images;
            let product = Product {
                a: input,
                a_rows: class.a_rows.some(0..rows),
                a_step: 1,
                b: kernel,
                b_step: conv.filters,
                segments: &class.segments,
                at_once: ALL,
                columns: conv.filters,
                start: Start::Bias(bias),
                out_rows: class.out_rows.some(0..rows),
            };
            product.run(output);
        }
    }
}

/// Output pixels of a group of images whose windows have the same taps inside the image: where each one reads and writes.
struct Class {
    a_rows: Rows,
    out_rows: Rows,
    segments: Vec<Segment>,
}

impl Class {
    fn new(part: &Part, images: usize, row: &Positions, column: &Positions) -> Self {
        let (conv, output) = (part.conv, part.output());
        let (input, window) = (conv.input, conv.window);
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
            a_rows: a_rows.into_iter().collect(),
            out_rows: out_rows.into_iter().collect(),
            segments: segments.collect(),
        }
    }
}

/// The number of images that a kernel processes together: few enough for a core's L2 cache and for pieces for several threads, many
/// enough to fill tiles with the pixels at the border.
pub(super) fn images_in_a_piece(conv: &Conv2d) -> usize {
    images_in_one_of(8, conv)
}

/// The same for a forward pass, whose sums do not depend on it: the number of pieces is a multiple of the number of threads.
fn images_at_once(conv: &Conv2d) -> usize {
    let (wanted, batch) = (pieces_wanted(), conv.batch.max(1));
    let fewest = batch.div_ceil(images_in_one_of(wanted, conv));
    batch.div_ceil(fewest.next_multiple_of(wanted))
}

fn images_in_one_of(pieces: usize, conv: &Conv2d) -> usize {
    let image = conv.input.len() + conv.output().len();
    ((1 << 17) / image.max(1))
        .min(conv.batch.div_ceil(pieces))
        .max(1)
}
