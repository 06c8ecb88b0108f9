//! Forward: pixels and kernels to points, a product at each point, points to output positions.

use super::Tiling;
use super::kernel_points::{KernelBlock, kernel_to_points};
use super::transforms::{OutputBlock, WIDTH, input_to_points, points_to_output};
use crate::kernels::pieces::for_pieces;
use crate::kernels::product::{Product, Segment, Start};
use crate::kernels::scratch::with_scratch;

/// Values of the input's points that a thread works on, so that they stay in its second cache.
const POINTS_AT_ONCE: usize = 160 << 10;

/// A convolution whose kernels are given by their values at the points: `[filter block][value][channel][WIDTH filters]`.
pub(in crate::kernels) struct Forward<'a> {
    tiling: &'a Tiling,
    kernels: &'a [f32],
    bias: &'a [f32],
    /// Images that are best convolved together.
    images: usize,
    /// For each of the kernels' values the input's and the output's points that take it.
    rows: Vec<[Vec<usize>; 2]>,
}

impl Forward<'_> {
    /// Makes the kernels' values at the points, and lends what convolves with them.
    pub(in crate::kernels) fn with<T>(
        tiling: &Tiling,
        kernel: &[f32],
        bias: &[f32],
        work: impl FnOnce(&Forward) -> T,
    ) -> T {
        let image = tiling.block() * tiling.channel_blocks();
        let images = (POINTS_AT_ONCE / image)
            .min(tiling.conv.batch.div_ceil(8))
            .max(1);
        let rows = (0..tiling.kernel_values())
            .map(|value| tiling.points_taking(value))
            .map(|points| {
                [tiling.channel_blocks(), 1]
                    .map(|blocks| tiling.point_rows(&points, images, blocks))
            });
        with_kernel_values(tiling, kernel, |kernels| {
            work(&Forward {
                tiling,
                kernels,
                bias,
                images,
                rows: rows.collect(),
            })
        })
    }

    /// At most so many images at a time.
    pub(in crate::kernels) fn images(&self) -> usize {
        self.images
    }

    /// `output`, `[image, height, width, filters]`, is written whole.
    pub(in crate::kernels) fn run(&self, input: &[f32], output: &mut [f32]) {
        let tiling = self.tiling;
        let (channels, filters) = (tiling.conv.input.channels, tiling.conv.filters);
        let (input_image, output_image) = (tiling.conv.input.len(), tiling.output_length());
        let images = input.len() / input_image;
        let (block, blocks) = (tiling.block(), tiling.channel_blocks());
        let segments = segments(channels, block);
        with_scratch(images * block * (blocks + 1), |scratch| {
            let (inputs, outputs) = scratch.split_at_mut(images * block * blocks);
            let points = inputs.chunks_exact_mut(block * blocks);
            for (input, points) in input.chunks_exact(input_image).zip(points) {
                input_to_points(tiling, input, points);
            }
            let kernels = self
                .kernels
                .chunks_exact(tiling.kernel_values() * channels * WIDTH);
            for (index, kernels) in kernels.enumerate() {
                let first = index * WIDTH;
                for (kernel, rows) in kernels.chunks_exact(channels * WIDTH).zip(&self.rows) {
                    let [a_rows, out_rows] = rows
                        .each_ref()
                        .map(|rows| &rows[..rows.len() / self.images * images]);
                    let product = Product {
                        a: inputs,
                        a_rows,
                        a_step: 1,
                        b: kernel,
                        b_step: WIDTH,
                        segments: &segments,
                        columns: WIDTH.min(filters - first),
                        start: Start::Zero,
                        out_rows,
                    };
                    product.run(outputs);
                }
                let bias = self.bias;
                let points = outputs.chunks_exact(block);
                for (points, output) in points.zip(output.chunks_exact_mut(output_image)) {
                    points_to_output(
                        tiling,
                        points,
                        &mut OutputBlock {
                            first,
                            bias,
                            output,
                        },
                    );
                }
            }
        });
    }
}

/// Lends the values at the points of the kernels `[3, 3, channels, filters]`, `[filter block][value][channel][WIDTH filters]`.
fn with_kernel_values<T>(tiling: &Tiling, kernel: &[f32], work: impl FnOnce(&[f32]) -> T) -> T {
    let (rows, columns) = (tiling.conv.input.channels, tiling.conv.filters);
    let length = tiling.kernel_values() * rows * WIDTH;
    with_scratch(tiling.filter_blocks() * length, |kernels| {
        for_pieces(kernels, length, |index, values| {
            let first = index * WIDTH;
            let block = KernelBlock {
                rows,
                columns,
                first,
            };
            kernel_to_points(tiling, block, kernel, values);
        });
        work(kernels)
    })
}

/// The reduction over channels that lie in blocks of `block` values, against rows of [`WIDTH`] columns.
pub(super) fn segments(channels: usize, block: usize) -> Vec<Segment> {
    (0..channels)
        .step_by(WIDTH)
        .map(|channel| Segment {
            a: channel / WIDTH * block,
            b: channel * WIDTH,
            length: WIDTH.min(channels - channel),
        })
        .collect()
}
