//! Forward: pixels and kernels to points, a product at each point, points to output positions.

use super::Tiling;
use super::kernel_points::{KernelBlock, kernel_to_points};
use super::transforms::{OutputBlock, WIDTH, input_to_points, points_to_output};
use crate::kernels::conv2d::Parameters;
use crate::kernels::pieces::{Group, SharedOutput, Turns, for_pieces, pieces_wanted};
use crate::kernels::product::{MOST_ROWS, Product, Rows, Segment, Start};
use crate::kernels::scratch::{Scratch, with_scratch};

/// The number of values of the input's points that a thread works on, so that they stay in its L2 cache.
const POINTS_OF_ONE: usize = 160 << 10;

/// The number of values of the input's points if the threads share a group.
const POINTS_OF_ALL: usize = 4 << 20;

/// How threads divide the work, so that the kernels' values at the points are fetched as rarely as possible; the result is the same.
#[derive(Clone, Copy, Debug)]
enum Shared {
    /// Groups of images that stay in a thread's L2 cache.
    Groups,
    /// The points of one large group, where small ones would not fill a tile of the product for each fetched value.
    Points,
    /// The filters, where all images together do not: the thread of a filter computes its values.
    Filters,
}

/// A convolution of groups of images with the same kernels.
pub(in crate::kernels) struct Forward {
    tiling: Tiling,
    shared: Shared,
    /// Images in a group.
    images: usize,
    /// `[filter block][value][channel][WIDTH filters]`, unless filters are shared.
    values: Scratch,
    segments: Vec<Segment>,
    /// For each of the kernels' values, the input's and the output's points that use it.
    rows: Vec<[Rows; 2]>,
}

impl Forward {
    /// A convolution with these kernels, `[3, 3, channels, filters]`.
    pub(in crate::kernels) fn new(tiling: Tiling, kernel: &[f32]) -> Self {
        let (batch, blocks) = (tiling.conv.batch, tiling.channel_blocks());
        let image = blocks * tiling.block();
        let few = (POINTS_OF_ONE / image)
            .min(batch.div_ceil(pieces_wanted()))
            .max(1);
        let many = (POINTS_OF_ALL / image).clamp(1, batch);
        let rows_of_a_value =
            |images| images * tiling.tiles() * tiling.points() / tiling.kernel_values();
        let fills = |images: usize| rows_of_a_value(images) >= MOST_ROWS;
        let (shared, images) = match (fills(few), fills(many)) {
            (true, _) => (Shared::Groups, few),
            (false, true) => (Shared::Points, many),
            (false, false) => (Shared::Filters, many),
        };
        let out_blocks = match shared {
            Shared::Points => tiling.filter_blocks(),
            Shared::Groups | Shared::Filters => 1,
        };
        let rows = (0..tiling.kernel_values())
            .map(|value| tiling.points_taking(value))
            .map(|points| {
                [blocks, out_blocks].map(|blocks| tiling.point_rows(&points, images, blocks))
            });
        let mut forward = Self {
            tiling,
            shared,
            images,
            values: Scratch::new(0),
            segments: segments(tiling.conv.input.channels, tiling.block()),
            rows: rows.collect(),
        };
        if !matches!(shared, Shared::Filters) {
            let length = forward.values_of_a_block();
            let mut values = Scratch::new(tiling.filter_blocks() * length);
            for_pieces(&mut values, length, |block, values| {
                forward.make_values(kernel, block, values)
            });
            forward.values = values;
        }
        forward
    }

    /// The images that are processed together.
    pub(in crate::kernels) fn group(&self) -> Group {
        let turns = match self.shared {
            Shared::Groups => Turns::Alone,
            Shared::Points | Shared::Filters => Turns::Together,
        };
        Group {
            images: self.images,
            turns,
        }
    }

    /// `output`, `[image, height, width, filters]`, is fully written; the kernels must be those that it was created for.
    pub(in crate::kernels) fn run(
        &self,
        input: &[f32],
        (kernel, bias): Parameters,
        output: &mut [f32],
    ) {
        let (tiling, turns) = (&self.tiling, self.group().turns);
        let (image, points) = (
            tiling.conv.input.len(),
            tiling.channel_blocks() * tiling.block(),
        );
        let (images, blocks) = (input.len() / image, tiling.filter_blocks());
        let output = SharedOutput::new(output);
        with_scratch(images * points, |inputs| {
            turns.for_pieces(inputs, points, |index, points| {
                input_to_points(tiling, &input[index * image..][..image], points);
            });
            let inputs = &*inputs;
            match self.shared {
                Shared::Groups | Shared::Filters => turns.for_indices(blocks, |block| {
                    self.with_values(kernel, block, |values| {
                        with_scratch(images * tiling.block(), |outputs| {
                            for value in 0..tiling.kernel_values() {
                                self.product((block, value), values, inputs).run(outputs);
                            }
                            for (image, points) in outputs.chunks_exact(tiling.block()).enumerate()
                            {
                                self.to_output(block, image, (points, bias), output);
                            }
                        });
                    });
                }),
                Shared::Points => with_scratch(images * blocks * tiling.block(), |outputs| {
                    let target = SharedOutput::new(outputs);
                    turns.for_indices(tiling.kernel_values() * blocks, |index| {
                        let (value, block) = (index / blocks, index % blocks);
                        let begin = block * tiling.block();
                        self.with_values(kernel, block, |values| {
                            let product = self.product((block, value), values, inputs);
                            product.check(target.len() - begin);
                            // SAFETY: checked for what lies behind `begin`; each value and block of filters has its own places.
                            unsafe { product.run_at(target.start().wrapping_add(begin)) }
                        });
                    });
                    turns.for_pieces(outputs, blocks * tiling.block(), |image, points| {
                        for (block, points) in points.chunks_exact(tiling.block()).enumerate() {
                            self.to_output(block, image, (points, bias), output);
                        }
                    });
                }),
            }
        });
    }

    fn values_of_a_block(&self) -> usize {
        self.tiling.kernel_values() * Tiling::value_step(self.tiling.conv.input.channels)
    }

    /// The kernels' values at the points for a block of filters.
    fn make_values(&self, kernel: &[f32], block: usize, values: &mut [f32]) {
        let conv = self.tiling.conv;
        let block = KernelBlock {
            rows: conv.input.channels,
            columns: conv.filters,
            first: block * WIDTH,
        };
        kernel_to_points(&self.tiling, block, kernel, values);
    }

    /// Lends the kernels' values at the points for a block of filters.
    fn with_values(&self, kernel: &[f32], block: usize, work: impl FnOnce(&[f32])) {
        let length = self.values_of_a_block();
        match self.shared {
            Shared::Groups | Shared::Points => work(&self.values[block * length..][..length]),
            Shared::Filters => with_scratch(length, |values| {
                self.make_values(kernel, block, values);
                work(values);
            }),
        }
    }

    /// The points of some images that take a value of the kernels, times that of a block of filters.
    fn product<'a>(
        &'a self,
        (block, value): (usize, usize),
        values: &'a [f32],
        inputs: &'a [f32],
    ) -> Product<'a> {
        let conv = self.tiling.conv;
        let images = inputs.len() / (self.tiling.channel_blocks() * self.tiling.block());
        let length = Tiling::value_step(conv.input.channels);
        let [a_rows, out_rows] = self.rows[value]
            .each_ref()
            .map(|rows| rows.some(0..rows.len() / self.images * images));
        Product {
            a: inputs,
            a_rows,
            a_step: 1,
            b: &values[value * length..][..length],
            b_step: WIDTH,
            segments: &self.segments,
            at_once: self.tiling.at_once(WIDTH),
            columns: WIDTH.min(conv.filters - block * WIDTH),
            start: Start::Zero,
            out_rows,
        }
    }

    fn to_output(
        &self,
        block: usize,
        image: usize,
        (points, bias): (&[f32], &[f32]),
        output: SharedOutput,
    ) {
        let target = OutputBlock {
            first: block * WIDTH,
            bias,
            output,
            image,
        };
        points_to_output(&self.tiling, points, &target);
    }
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
