//! The gradients of a convolution without transforms: strided products, a few images at a time.

use super::block_gradient::{ConvolutionGradient, Gradients};
use super::conv2d::images_in_a_piece;
use super::conv2d_gradients::{Images, InputGradient, add_kernel_gradient};
use super::pieces::{SharedOutput, for_indices};
use super::product::{Start, share};
use super::scratch::with_scratch;
use super::sums::{add_parts, column_sums};

/// Chunks of the batch, at most.
const CHUNKS: usize = 16;

/// Values of kernel gradients that are added up side by side.
const SUMS_AT_ONCE: usize = 1 << 20;

/// The requested gradients, all values written.
pub(super) fn gradients(
    input: &[f32],
    kernel: &[f32],
    output_gradient: &ConvolutionGradient,
    gradients: Gradients,
) {
    let part = output_gradient.part;
    let work = Work {
        input,
        output_gradient,
    };
    let Some(target) = gradients.input else {
        if let Some((kernel, bias)) = gradients.parameters {
            work.parameters(kernel, bias, None);
        }
        return;
    };
    InputGradient::with(part, kernel, |by_input| {
        let together = gradients.parameters.is_some() && work.cut().parts == 1;
        if !together {
            work.input_gradient(by_input, target);
        }
        if let Some((kernel, bias)) = gradients.parameters {
            let by_input = together.then(|| (by_input, SharedOutput::new(target)));
            work.parameters(kernel, bias, by_input);
        }
    });
}

struct Work<'a> {
    input: &'a [f32],
    output_gradient: &'a ConvolutionGradient<'a>,
}

/// How the kernel's gradient is cut into pieces of work.
struct Cut {
    /// Parts of the batch, with sums of their own that are added in the chunks' order.
    chunks: usize,
    /// Parts of the kernel's rows: several where the kernel is large and chunks are few.
    parts: usize,
}

impl Work<'_> {
    fn cut(&self) -> Cut {
        let conv = &self.output_gradient.part.conv;
        let chunks = (SUMS_AT_ONCE / (conv.taps() * conv.filters)).clamp(1, CHUNKS);
        let chunks = chunks.min(conv.batch);
        // Where rows are cut anyway, two chunks of different length would keep threads waiting.
        let parts = CHUNKS.div_ceil(chunks).min(conv.taps().div_ceil(64));
        Cut { chunks, parts }
    }

    /// The gradients with respect to kernel and bias, and with respect to the input in the same pass, if given.
    fn parameters(
        &self,
        kernel_gradient: &mut [f32],
        bias_gradient: &mut [f32],
        by_input: Option<(&InputGradient, SharedOutput)>,
    ) {
        let part = self.output_gradient.part;
        let conv = &part.conv;
        let (taps, filters, image) = (conv.taps(), conv.filters, conv.input.len());
        let length = taps * filters;
        let Cut { chunks, parts } = self.cut();
        let group = images_in_a_piece(conv);
        with_scratch((chunks - 1) * length + conv.batch * filters, |scratch| {
            let (kernels, biases) = scratch.split_at_mut((chunks - 1) * length);
            let first = SharedOutput::new(kernel_gradient);
            let (others, bias_sums) = (SharedOutput::new(kernels), SharedOutput::new(biases));
            for_indices(chunks * parts, |index| {
                let (chunk, part_index) = (index / parts, index % parts);
                let all = share(conv.batch, chunks, chunk);
                let rows = share(taps, parts, part_index);
                let range = rows.start * filters..rows.end * filters;
                // The first chunk's sums go straight to where the result will be.
                // SAFETY: each chunk has its own sums, and each part its own rows of them.
                let sums = unsafe {
                    match chunk.checked_sub(1) {
                        None => first.range(range),
                        Some(i) => others.range(i * length + range.start..i * length + range.end),
                    }
                };
                for begin in all.clone().step_by(group) {
                    let images = begin..all.end.min(begin + group);
                    let input = &self.input[images.start * image..images.end * image];
                    self.output_gradient
                        .with(images.clone(), |output_gradient| {
                            let few = Images {
                                part,
                                input,
                                output_gradient,
                            };
                            let start = if begin == all.start {
                                Start::Zero
                            } else {
                                Start::Out
                            };
                            add_kernel_gradient(&few, rows.clone(), start, sums);
                            if part_index > 0 {
                                return;
                            }
                            // SAFETY: each image has its own sums, and only its chunk's first part comes here.
                            let sums = unsafe {
                                bias_sums.range(images.start * filters..images.end * filters)
                            };
                            let each = output_gradient.chunks_exact(part.output().len());
                            for (gradient, sums) in each.zip(sums.chunks_exact_mut(filters)) {
                                column_sums(gradient, sums);
                            }
                            if let Some((by_input, target)) = by_input {
                                // SAFETY: as above.
                                let target = unsafe {
                                    target.range(images.start * image..images.end * image)
                                };
                                by_input.run(output_gradient, target);
                            }
                        });
                }
            });
            add_parts(kernel_gradient, kernels);
            let (total, others) = biases.split_at(filters);
            bias_gradient.copy_from_slice(total);
            add_parts(bias_gradient, others);
        });
    }

    /// The gradient with respect to the input alone.
    fn input_gradient(&self, by_input: &InputGradient, target: &mut [f32]) {
        let conv = &self.output_gradient.part.conv;
        let image = conv.input.len();
        let group = by_input.images();
        let target = SharedOutput::new(target);
        for_indices(conv.batch.div_ceil(group), |index| {
            let images = index * group..conv.batch.min((index + 1) * group);
            // SAFETY: each group has its own images.
            let target = unsafe { target.range(images.start * image..images.end * image) };
            self.output_gradient
                .with(images, |gradient| by_input.run(gradient, target));
        });
    }
}
