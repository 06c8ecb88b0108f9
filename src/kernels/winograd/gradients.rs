//! Backward, in adjoint form: the output's gradient is transformed to the points once, and yields the kernel's and the input's there.

use std::ops::Range;

use super::Tiling;
use super::forward::segments;
use super::kernel_points::{KernelBlock, kernel_to_points, points_to_kernel};
use super::transforms::{WIDTH, input_to_points, output_to_points, points_to_input};
use crate::kernels::block_gradient::{ConvolutionGradient, Gradients};
use crate::kernels::conv2d_gradients::transpose;
use crate::kernels::pieces::{SharedOutput, Turns, for_indices, for_pieces};
use crate::kernels::product::{Product, Rows, Segment, Start, share};
use crate::kernels::scratch::with_scratch;
use crate::kernels::sums::{add_parts, column_sums};

/// The number of tiles whose products are summed in one pass: the more, the less often the kernel's gradient is read and written.
const TILES_AT_ONCE: usize = 128;

/// Values of kernel gradients that are added up side by side.
const SUMS_AT_ONCE: usize = 1 << 21;

/// Chunks of the batch, at most.
const CHUNKS: usize = 8;

/// The requested gradients, all values written.
///
/// The batch is cut into chunks of one thread each, with sums of their own that are added in the chunks' order. Where
/// the kernel is too large for that there is one chunk, in which the threads share images and points.
pub(in crate::kernels) fn gradients(
    tiling: &Tiling,
    input: &[f32],
    kernel: &[f32],
    output_gradient: &ConvolutionGradient,
    gradients: Gradients,
) {
    let conv = tiling.conv;
    let (channels, filters) = (conv.input.channels, conv.filters);
    let sums = tiling.filter_blocks() * tiling.points() * Tiling::value_step(channels);
    let turned = tiling.channel_blocks() * tiling.points() * Tiling::value_step(filters);
    let chunks = (SUMS_AT_ONCE / sums).clamp(1, CHUNKS).min(conv.batch);
    // Three chunks keep two threads no shorter than four do.
    let chunks = 1 << chunks.ilog2();
    let turned = usize::from(gradients.input.is_some()) * turned;
    let kernels = usize::from(gradients.parameters.is_some()) * chunks * sums;
    with_scratch(turned + kernels + conv.batch * filters, |scratch| {
        let (turned, rest) = scratch.split_at_mut(turned);
        let (kernels, biases) = rest.split_at_mut(kernels);
        if gradients.input.is_some() {
            turn_kernels(tiling, kernel, turned);
        }
        let work = Work {
            tiling,
            input,
            output_gradient,
            turned,
            sums: gradients
                .parameters
                .is_some()
                .then(|| SharedOutput::new(kernels)),
            biases: SharedOutput::new(biases),
            input_gradient: gradients.input.map(SharedOutput::new),
            turns: if chunks == 1 {
                Turns::Together
            } else {
                Turns::Alone
            },
        };
        for_indices(chunks, |chunk| {
            work.chunk(chunk, share(conv.batch, chunks, chunk))
        });
        if let Some((kernel_gradient, bias_gradient)) = gradients.parameters {
            let (total, others) = kernels.split_at_mut(sums);
            add_parts(total, others);
            kernel_from_points(tiling, total, kernel_gradient);
            let (total, others) = biases.split_at(filters);
            bias_gradient.copy_from_slice(total);
            add_parts(bias_gradient, others);
        }
    });
}

/// The kernels with channels and filters exchanged, at their points: `[channel block][point][filter][WIDTH channels]`.
fn turn_kernels(tiling: &Tiling, kernel: &[f32], turned: &mut [f32]) {
    let (rows, columns) = (tiling.conv.filters, tiling.conv.input.channels);
    let plane = rows * columns;
    with_scratch(kernel.len(), |exchanged| {
        for_pieces(exchanged, plane, |tap, exchanged| {
            transpose(&kernel[tap * plane..][..plane], rows, exchanged);
        });
        let exchanged = &*exchanged;
        for_pieces(
            turned,
            tiling.points() * Tiling::value_step(rows),
            |index, points| {
                let first = index * WIDTH;
                let block = KernelBlock {
                    rows,
                    columns,
                    first,
                };
                kernel_to_points(tiling, block, exchanged, points);
            },
        );
    });
}

/// The kernel's gradient from that at the points, `[filter block][point][channel][WIDTH filters]`.
fn kernel_from_points(tiling: &Tiling, points: &[f32], gradient: &mut [f32]) {
    let (rows, columns) = (tiling.conv.input.channels, tiling.conv.filters);
    let length = tiling.points() * Tiling::value_step(rows);
    let target = SharedOutput::new(gradient);
    for_indices(tiling.filter_blocks(), |index| {
        let first = index * WIDTH;
        let block = KernelBlock {
            rows,
            columns,
            first,
        };
        points_to_kernel(tiling, block, &points[index * length..][..length], target);
    });
}

/// What all images share.
struct Work<'a> {
    tiling: &'a Tiling,
    input: &'a [f32],
    output_gradient: &'a ConvolutionGradient<'a>,
    /// The transposed kernels, if the input's gradient is requested.
    turned: &'a [f32],
    /// The kernel's gradient of each chunk, if requested: `[chunk][filter block][point][channel][WIDTH filters]`.
    sums: Option<SharedOutput>,
    /// The bias's gradient of each image, `[image][filter]`.
    biases: SharedOutput,
    input_gradient: Option<SharedOutput>,
    /// The threads that work on a chunk.
    turns: Turns,
}

impl Work<'_> {
    fn chunk(&self, chunk: usize, images: Range<usize>) {
        let tiling = self.tiling;
        let at_once = (TILES_AT_ONCE / tiling.tiles()).max(1);
        for first in images.clone().step_by(at_once) {
            let group = first..images.end.min(first + at_once);
            let [channels, filters] = [tiling.channel_blocks(), tiling.filter_blocks()]
                .map(|blocks| group.len() * blocks * tiling.block());
            with_scratch(channels + filters, |scratch| {
                let (inputs, outputs) = scratch.split_at_mut(channels);
                self.all_to_points(group.clone(), inputs, outputs);
                if let Some(sums) = self.sums {
                    let start = if first == images.start {
                        Start::Zero
                    } else {
                        Start::Out
                    };
                    self.add_products(chunk, start, [inputs, outputs], sums);
                }
                if let Some(target) = self.input_gradient {
                    self.products_back(outputs, inputs);
                    self.back_to_pixels(group, inputs, target);
                }
            });
        }
    }

    /// The images and their output's gradient to points, and the gradient's sums for the bias.
    fn all_to_points(&self, images: Range<usize>, inputs: &mut [f32], outputs: &mut [f32]) {
        let (tiling, conv) = (self.tiling, self.tiling.conv);
        let length = tiling.channel_blocks() * tiling.block();
        let all_inputs = SharedOutput::new(inputs);
        self.turns.for_pieces(
            outputs,
            tiling.filter_blocks() * tiling.block(),
            |index, outputs| {
                let image = images.start + index;
                if self.sums.is_some() {
                    // SAFETY: each image has points of its own.
                    let inputs = unsafe { all_inputs.range(index * length..(index + 1) * length) };
                    input_to_points(
                        tiling,
                        &self.input[image * conv.input.len()..][..conv.input.len()],
                        inputs,
                    );
                }
                self.output_gradient.with(image..image + 1, |gradient| {
                    output_to_points(tiling, gradient, outputs);
                    // SAFETY: each image has sums of its own.
                    let sums = unsafe {
                        self.biases
                            .range(image * conv.filters..(image + 1) * conv.filters)
                    };
                    column_sums(gradient, sums);
                });
            },
        );
    }

    /// Adds to the chunk's kernel gradient: at each point, the images' transposed points times their output's gradient.
    fn add_products(
        &self,
        chunk: usize,
        start: Start,
        [inputs, outputs]: [&[f32]; 2],
        sums: SharedOutput,
    ) {
        let (tiling, conv) = (self.tiling, self.tiling.conv);
        let (channels, block) = (conv.input.channels, tiling.block());
        let [input_image, output_image] =
            [tiling.channel_blocks(), tiling.filter_blocks()].map(|blocks| blocks * block);
        let images = inputs.len() / input_image;
        // A segment is the tiles of an image, or images where each is one tile.
        let (each, a_step, b_step) = match tiling.tiles() {
            1 => (WIDTH, input_image, output_image),
            _ => (1, tiling.tile_step(), tiling.tile_step()),
        };
        let segments: Vec<Segment> = (0..images)
            .step_by(each)
            .map(|image| Segment {
                a: image * input_image,
                b: image * output_image,
                length: each.min(images - image) * tiling.tiles(),
            })
            .collect();
        let a_rows: Rows = (0..channels)
            .map(|c| c / WIDTH * block + c % WIDTH)
            .collect();
        let out_rows: Rows = (0..channels).map(|c| c * WIDTH).collect();
        let (blocks, points) = (tiling.filter_blocks(), tiling.points());
        self.turns.for_indices(blocks * points, |index| {
            let (point, filters) = (index / blocks, index % blocks);
            let product = Product {
                a: &inputs[point * WIDTH..],
                a_rows: a_rows.all(),
                a_step,
                b: &outputs[filters * block + point * WIDTH..],
                b_step,
                segments: &segments,
                at_once: tiling.at_once(each * tiling.tiles()),
                columns: WIDTH.min(conv.filters - filters * WIDTH),
                start,
                out_rows: out_rows.all(),
            };
            let length = Tiling::value_step(channels);
            let begin = ((chunk * blocks + filters) * points + point) * length;
            // SAFETY: each chunk has its own sums, and each point and block of filters its part of them.
            product.run(unsafe { sums.range(begin..begin + length) });
        });
    }

    /// At each point, the output's gradient times the transposed kernels.
    fn products_back(&self, outputs: &[f32], inputs: &mut [f32]) {
        let (tiling, conv) = (self.tiling, self.tiling.conv);
        let (blocks, points, block) = (tiling.channel_blocks(), tiling.points(), tiling.block());
        let images = inputs.len() / (blocks * block);
        let a_rows: Rows = tiling.tile_rows(images, tiling.filter_blocks()).collect();
        let out_rows: Rows = tiling.tile_rows(images, blocks).collect();
        let segments = segments(conv.filters, block);
        let target = SharedOutput::new(inputs);
        self.turns.for_indices(blocks * points, |index| {
            let (point, channels) = (index / blocks, index % blocks);
            let begin = channels * block + point * WIDTH;
            let length = Tiling::value_step(conv.filters);
            let product = Product {
                a: &outputs[point * WIDTH..],
                a_rows: a_rows.all(),
                a_step: 1,
                b: &self.turned[(channels * points + point) * length..][..length],
                b_step: WIDTH,
                segments: &segments,
                at_once: tiling.at_once(WIDTH),
                columns: WIDTH.min(conv.input.channels - channels * WIDTH),
                start: Start::Zero,
                out_rows: out_rows.all(),
            };
            product.check(target.len() - begin);
            // SAFETY: checked for what lies behind `begin`; each point and block of channels has its own places.
            unsafe { product.run_at(target.start().wrapping_add(begin)) }
        });
    }

    fn back_to_pixels(&self, images: Range<usize>, points: &[f32], target: SharedOutput) {
        let (tiling, length) = (self.tiling, self.tiling.conv.input.len());
        let image_points = tiling.channel_blocks() * tiling.block();
        self.turns.for_indices(images.len(), |index| {
            let begin = (images.start + index) * length;
            // SAFETY: each image is one piece's.
            let gradient = unsafe { target.range(begin..begin + length) };
            points_to_input(
                tiling,
                &points[index * image_points..][..image_points],
                gradient,
            );
        });
    }
}
