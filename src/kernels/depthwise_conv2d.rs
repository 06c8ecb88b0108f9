//! Depthwise convolution: each channel is convolved on its own, with kernels of its own.
//!
//! Kernels are `[window, window, channels, multiplier]`, and so one after the other in the order of the output's channels. With a
//! multiplier, each channel is first repeated that often; all else is for one kernel a channel. Sixteen channels go side by side through a
//! pass over an image, whose sums stay in registers.

use std::ops::Range;

use super::axis::{Axis, Pixels, Positions};
use super::lanes::{LANES, Lanes, unrolled};
use super::pieces::{SharedOutput, for_images, for_indices};
use super::product::share;
use super::scratch::with_scratch;
use super::sums::{add_parts, column_sums};
use super::tier::in_every_tier;
use super::volume::fetch;
use crate::shape::{Shape, Window};

/// A convolution of each channel of `batch` images with `multiplier` kernels of `window.size × window.size`.
#[derive(Clone, Copy, Debug)]
pub struct DepthwiseConv2d {
    /// Images.
    pub batch: usize,
    /// Of each image.
    pub input: Shape,
    /// Size, stride and padding of the window.
    pub window: Window,
    /// Output channels per input channel.
    pub multiplier: usize,
}

impl DepthwiseConv2d {
    /// The shape of one output image.
    pub const fn output(&self) -> Shape {
        self.window
            .slide(self.input, self.input.channels * self.multiplier)
    }

    /// Number of kernel values.
    pub const fn taps(&self) -> usize {
        self.window.size * self.window.size * self.output().channels
    }

    /// The same with as many channels in as out.
    fn repeated(&self) -> Self {
        Self {
            input: Shape {
                channels: self.output().channels,
                ..self.input
            },
            multiplier: 1,
            ..*self
        }
    }

    fn axes(&self) -> [Axis; 2] {
        let output = self.output();
        [
            (self.input.height, output.height),
            (self.input.width, output.width),
        ]
        .map(|(input, positions)| Axis {
            window: self.window,
            input,
            positions,
        })
    }

    fn check(&self, input: usize, kernel: usize, output: usize) {
        let lengths = [self.input, self.output()].map(|shape| self.batch * shape.len());
        let expected = [lengths[0], self.taps(), lengths[1]];
        assert_eq!([input, kernel, output], expected, "lengths of {self:?}");
    }
}

/// Neighbours of a pass along one axis that meet the same taps: from tap to tap, what they meet moves on by one.
struct Run {
    /// The first one, and from there to the next.
    first: usize,
    step: usize,
    count: usize,
    taps: Vec<usize>,
    /// What the first one meets with the first tap, and from there to what the next one meets with it.
    source: usize,
    stride: usize,
}

/// The output positions with the pixels that they meet.
fn forward_runs(axis: &Axis) -> Vec<Run> {
    let run = |class: Positions| Run {
        first: class.positions.start,
        step: 1,
        count: class.positions.len(),
        taps: class.taps.collect(),
        source: class.pixel,
        stride: axis.window.stride,
    };
    axis.classes().into_iter().map(run).collect()
}

/// The pixels with the output positions that they meet.
fn backward_runs(axis: &Axis) -> Vec<Run> {
    let stride = axis.window.stride;
    let of_phase = |phase| {
        let taps = axis.phase_taps(phase);
        let run = move |class: Pixels| Run {
            first: class.first,
            step: stride,
            count: class.count,
            taps: taps[class.taps].to_vec(),
            source: class.position,
            stride: 1,
        };
        axis.pixels(phase).into_iter().map(run)
    };
    (0..stride).flat_map(of_phase).collect()
}

/// A pass over images: `target[y, x, c] = start[c] + Σ source · kernel` over the taps of the runs.
struct Pass {
    rows: Vec<Run>,
    columns: Vec<Run>,
    /// Of the kernel.
    size: usize,
    channels: usize,
    /// Columns of source and target.
    widths: [usize; 2],
}

/// `[batch, height, width, channels] → [batch, positions, positions, channels · multiplier]`; `bias` has a value for each output channel.
pub fn forward(
    conv: &DepthwiseConv2d,
    input: &[f32],
    kernel: &[f32],
    bias: &[f32],
    output: &mut [f32],
) {
    conv.check(input.len(), kernel.len(), output.len());
    assert_eq!(bias.len(), conv.output().channels, "biases of {conv:?}");
    let (each, length) = (conv.repeated(), conv.output().len());
    let pass = Pass {
        rows: forward_runs(&each.axes()[0]),
        columns: forward_runs(&each.axes()[1]),
        size: conv.window.size,
        channels: each.input.channels,
        widths: [each.input.width, conv.output().width],
    };
    for_images(output, length, |images, output| {
        for (image, output) in images.zip(output.chunks_exact_mut(length)) {
            let values = &input[image * conv.input.len()..][..conv.input.len()];
            with_repeated(conv, values, |values| {
                one_image(&pass, values, kernel, bias, output);
            });
        }
    });
}

/// The gradient with respect to the input, written whole.
pub fn input_gradient(
    conv: &DepthwiseConv2d,
    output_gradient: &[f32],
    kernel: &[f32],
    input_gradient: &mut [f32],
) {
    conv.check(input_gradient.len(), kernel.len(), output_gradient.len());
    let (each, length) = (conv.repeated(), conv.output().len());
    let pass = Pass {
        rows: backward_runs(&each.axes()[0]),
        columns: backward_runs(&each.axes()[1]),
        size: conv.window.size,
        channels: each.input.channels,
        widths: [conv.output().width, each.input.width],
    };
    let zeros = vec![0.0; each.input.channels];
    for_images(input_gradient, conv.input.len(), |images, target| {
        for (image, target) in images.zip(target.chunks_exact_mut(conv.input.len())) {
            let gradient = &output_gradient[image * length..][..length];
            if conv.multiplier == 1 {
                one_image(&pass, gradient, kernel, &zeros, target);
                continue;
            }
            with_scratch(each.input.len(), |repeated| {
                one_image(&pass, gradient, kernel, &zeros, repeated);
                for (sum, parts) in target.iter_mut().zip(repeated.chunks(conv.multiplier)) {
                    *sum = parts.iter().sum();
                }
            });
        }
    });
}

/// Images are added up in at most this many parts.
const CHUNKS: usize = 16;

/// The gradients with respect to kernel and bias, written whole.
pub fn parameter_gradient(
    conv: &DepthwiseConv2d,
    input: &[f32],
    output_gradient: &[f32],
    kernel_gradient: &mut [f32],
    bias_gradient: &mut [f32],
) {
    conv.check(input.len(), kernel_gradient.len(), output_gradient.len());
    let (each, length) = (conv.repeated(), conv.output().len());
    let (taps, channels) = (conv.taps(), each.input.channels);
    let (rows, columns) = (forward_runs(&each.axes()[0]), forward_runs(&each.axes()[1]));
    let pass = Pass {
        rows,
        columns,
        size: conv.window.size,
        channels,
        widths: [each.input.width, conv.output().width],
    };
    let chunks = CHUNKS.min(conv.batch).max(1);
    with_scratch(chunks * (taps + channels), |scratch| {
        let (kernels, biases) = scratch.split_at_mut(chunks * taps);
        let (kernels_out, biases_out) = (SharedOutput::new(kernels), SharedOutput::new(biases));
        for_indices(chunks, |chunk| {
            // SAFETY: each chunk has its own sums.
            let (kernel, bias) = unsafe {
                (
                    kernels_out.range(chunk * taps..(chunk + 1) * taps),
                    biases_out.range(chunk * channels..(chunk + 1) * channels),
                )
            };
            kernel.fill(0.0);
            bias.fill(0.0);
            for image in share(conv.batch, chunks, chunk) {
                let values = &input[image * conv.input.len()..][..conv.input.len()];
                let gradient = &output_gradient[image * length..][..length];
                fetch(values);
                fetch(gradient);
                with_repeated(conv, values, |values| {
                    add_products(&pass, values, gradient, kernel);
                });
                with_scratch(channels, |sums| {
                    column_sums(gradient, sums);
                    add_parts(bias, sums);
                });
            }
        });
        for (target, parts) in [(kernel_gradient, &*kernels), (bias_gradient, &*biases)] {
            let (first, others) = parts.split_at(target.len());
            target.copy_from_slice(first);
            add_parts(target, others);
        }
    });
}

/// Lends an image with each channel as often as it has kernels.
fn with_repeated<T>(conv: &DepthwiseConv2d, image: &[f32], work: impl FnOnce(&[f32]) -> T) -> T {
    if conv.multiplier == 1 {
        return work(image);
    }
    with_scratch(image.len() * conv.multiplier, |repeated| {
        for (copies, value) in repeated.chunks_exact_mut(conv.multiplier).zip(image) {
            copies.fill(*value);
        }
        work(repeated)
    })
}

in_every_tier! {
    fn one_image<V>(pass: &Pass, source: &[f32], kernel: &[f32], start: &[f32], target: &mut [f32]) {
        for row in &pass.rows {
            for i in 0..row.count {
                let source_row = row.source + i * row.stride;
                let target_row = (row.first + i * row.step) * pass.widths[1];
                for column in &pass.columns {
                    let run = InRow { pass, row, column, source_row, target_row };
                    let threes = are_neighbours(&column.taps);
                    let mut done = 0;
                    while done < column.count {
                        let four = column.count - done >= 4;
                        // All channels of a few pixels, which are neighbours in memory, before the next pixels.
                        for channel in (0..pass.channels).step_by(LANES) {
                            let lanes = channel..pass.channels.min(channel + LANES);
                            let start = V::load_part(&start[lanes.clone()]);
                            let whole = threes && lanes.len() == LANES;
                            match column.stride {
                                1 if four && whole => run.sums_of_three::<V, 6>(done, lanes, source, kernel, start, target),
                                2 if four && whole => run.sums_of_three::<V, 9>(done, lanes, source, kernel, start, target),
                                _ if four => run.sums::<V, 4>(done, lanes, source, kernel, start, target),
                                _ => run.sums::<V, 1>(done, lanes, source, kernel, start, target),
                            }
                        }
                        done += if four { 4 } else { 1 };
                    }
                }
            }
        }
    }
}

/// Whether these are three taps one after the other, in either direction.
fn are_neighbours(taps: &[usize]) -> bool {
    matches!(taps, [a, b, c] if b.abs_diff(*a) == 1 && c.abs_diff(*b) == 1)
}

in_every_tier! {
    /// Adds the products of one image's values with the gradients of the outputs that they are in.
    fn add_products<V>(pass: &Pass, source: &[f32], gradient: &[f32], kernel: &mut [f32]) {
        for channel in (0..pass.channels).step_by(LANES) {
            let lanes = channel..pass.channels.min(channel + LANES);
            for row in &pass.rows {
                for column in &pass.columns {
                    let class = Class { pass, row, column, lanes: lanes.clone() };
                    let mut row_tap = 0;
                    while row_tap < row.taps.len() {
                        let many = row.taps.len() - row_tap >= 3;
                        let mut tap = 0;
                        while tap < column.taps.len() {
                            let wide = column.taps.len() - tap >= 3;
                            let at = (row_tap, tap);
                            match (many, wide) {
                                (true, true) => class.add::<V, 3, 3>(at, source, gradient, kernel),
                                (true, false) => class.add::<V, 3, 1>(at, source, gradient, kernel),
                                (false, true) => class.add::<V, 1, 3>(at, source, gradient, kernel),
                                (false, false) => class.add::<V, 1, 1>(at, source, gradient, kernel),
                            }
                            tap += if wide { 3 } else { 1 };
                        }
                        row_tap += if many { 3 } else { 1 };
                    }
                }
            }
        }
    }
}

/// Neighbours in one row of the target.
struct InRow<'a> {
    pass: &'a Pass,
    row: &'a Run,
    column: &'a Run,
    source_row: usize,
    target_row: usize,
}

impl InRow<'_> {
    /// What the neighbour with this number meets with the first column tap in this row of taps.
    #[inline(always)]
    fn line(&self, row_tap: usize, number: usize) -> usize {
        let line = (self.source_row + row_tap) * self.pass.widths[0];
        line + self.column.source + number * self.column.stride
    }

    #[inline(always)]
    fn store<V: Lanes>(&self, number: usize, lanes: &Range<usize>, sum: V, target: &mut [f32]) {
        let place = self.target_row + self.column.first + number * self.column.step;
        let place = place * self.pass.channels;
        sum.store_part(&mut target[place + lanes.start..place + lanes.end]);
    }

    /// The sums of `N` neighbours from the one with this number on.
    #[inline(always)]
    fn sums<V: Lanes, const N: usize>(
        &self,
        first: usize,
        lanes: Range<usize>,
        source: &[f32],
        kernel: &[f32],
        start: V,
        target: &mut [f32],
    ) {
        let (pass, column) = (self.pass, self.column);
        let mut sums = [start; N];
        for (j, row_tap) in self.row.taps.iter().enumerate() {
            let line = self.line(j, first);
            for (k, tap) in column.taps.iter().enumerate() {
                let weight = (row_tap * pass.size + tap) * pass.channels;
                let weight = load::<V>(kernel, weight, &lanes);
                unrolled!(N, |n| {
                    let place = (line + n * column.stride + k) * pass.channels;
                    sums[n] = load::<V>(source, place, &lanes).multiply_add(weight, sums[n]);
                });
            }
        }
        unrolled!(N, |n| {
            self.store(first + n, &lanes, sums[n], target);
        });
    }

    /// The same for four neighbours with three column taps, of whole lanes: they share the `M` values of a row that they meet.
    #[inline(always)]
    fn sums_of_three<V: Lanes, const M: usize>(
        &self,
        first: usize,
        lanes: Range<usize>,
        source: &[f32],
        kernel: &[f32],
        start: V,
        target: &mut [f32],
    ) {
        let (pass, taps) = (self.pass, &self.column.taps);
        let stride = (M - 3) / 3;
        let mut sums = [start; 4];
        for (j, row_tap) in self.row.taps.iter().enumerate() {
            let weight = |k: usize| {
                let tap = row_tap * pass.size + taps[k];
                load::<V>(kernel, tap * pass.channels, &lanes)
            };
            let weights = [weight(0), weight(1), weight(2)];
            let begin = self.line(j, first) * pass.channels + lanes.start;
            let line = &source[begin..begin + (M - 1) * pass.channels + LANES];
            let mut values = [V::splat(0.0); M];
            unrolled!(M, |m| {
                // SAFETY: the line holds the lanes of M pixels.
                values[m] = unsafe { load_lanes(line, m * pass.channels) };
            });
            unrolled!(4, |n| {
                unrolled!(3, |k| {
                    sums[n] = values[n * stride + k].multiply_add(weights[k], sums[n]);
                });
            });
        }
        unrolled!(4, |n| {
            self.store(first + n, &lanes, sums[n], target);
        });
    }
}

/// Lanes of the values from `begin` on.
///
/// # Safety
/// There are as many.
#[inline(always)]
unsafe fn load_lanes<V: Lanes>(values: &[f32], begin: usize) -> V {
    debug_assert!(begin + LANES <= values.len());
    // SAFETY: as promised by the caller; an array of values is aligned as they are.
    V::load(unsafe { &*values.as_ptr().add(begin).cast() })
}

/// Positions with the same taps.
struct Class<'a> {
    pass: &'a Pass,
    row: &'a Run,
    column: &'a Run,
    lanes: Range<usize>,
}

impl Class<'_> {
    /// Adds the sums over these positions for `R` neighbouring rows of `N` neighbouring taps.
    #[inline(always)]
    fn add<V: Lanes, const R: usize, const N: usize>(
        &self,
        (row_tap, tap): (usize, usize),
        source: &[f32],
        gradient: &[f32],
        kernel: &mut [f32],
    ) {
        let (pass, row, column) = (self.pass, self.row, self.column);
        let mut sums = [[V::splat(0.0); N]; R];
        for i in 0..row.count {
            let line =
                (row.source + i * row.stride + row_tap) * pass.widths[0] + column.source + tap;
            let out_line = (row.first + i) * pass.widths[1] + column.first;
            for j in 0..column.count {
                let place = (out_line + j) * pass.channels;
                let by_output = load::<V>(gradient, place, &self.lanes);
                unrolled!(R, |r| {
                    unrolled!(N, |n| {
                        let place = line + r * pass.widths[0] + j * column.stride + n;
                        let value = load::<V>(source, place * pass.channels, &self.lanes);
                        sums[r][n] = value.multiply_add(by_output, sums[r][n]);
                    });
                });
            }
        }
        unrolled!(R, |r| {
            unrolled!(N, |n| {
                let tap = row.taps[row_tap + r] * pass.size + column.taps[tap + n];
                let place = tap * pass.channels;
                let place = &mut kernel[place + self.lanes.start..place + self.lanes.end];
                V::load_part(place).add(sums[r][n]).store_part(place);
            });
        });
    }
}

/// The values of these channels of the pixel that begins at `pixel`.
#[inline(always)]
fn load<V: Lanes>(values: &[f32], pixel: usize, lanes: &Range<usize>) -> V {
    V::load_part(&values[pixel + lanes.start..pixel + lanes.end])
}

#[cfg(test)]
mod tests {
    use super::super::reference_layers;
    use super::super::tests::noise;
    use super::*;
    use crate::shape::Padding;

    fn check(conv: &DepthwiseConv2d) {
        let lengths = [conv.input, conv.output()].map(|shape| conv.batch * shape.len());
        let (input, gradient) = (noise(1, lengths[0]), noise(2, lengths[1]));
        let (kernel, bias) = (noise(3, conv.taps()), noise(4, conv.output().channels));
        let unwritten = |values: &[f32]| vec![f32::NAN; values.len()];
        let agree = |what: &str, fast: &[f32], naive: &[f32]| {
            let largest = naive
                .iter()
                .fold(1e-3f32, |most, value| most.max(value.abs()));
            for (index, (fast, naive)) in fast.iter().zip(naive).enumerate() {
                let near = (fast - naive).abs() <= 1e-5 * largest;
                assert!(near, "{conv:?} {what}[{index}]: {fast}, {naive}");
            }
        };
        let (mut fast, mut naive) = (unwritten(&gradient), unwritten(&gradient));
        forward(conv, &input, &kernel, &bias, &mut fast);
        reference_layers::depthwise_conv2d(conv, &input, &kernel, &bias, &mut naive);
        agree("forward", &fast, &naive);
        let (mut fast, mut naive) = (unwritten(&input), unwritten(&input));
        input_gradient(conv, &gradient, &kernel, &mut fast);
        reference_layers::depthwise_conv2d_input_gradient(conv, &gradient, &kernel, &mut naive);
        agree("input", &fast, &naive);
        let (mut fast, mut fast_bias) = (unwritten(&kernel), unwritten(&bias));
        let (mut naive, mut naive_bias) = (unwritten(&kernel), unwritten(&bias));
        parameter_gradient(conv, &input, &gradient, &mut fast, &mut fast_bias);
        reference_layers::depthwise_conv2d_parameter_gradient(
            conv,
            &input,
            &gradient,
            &mut naive,
            &mut naive_bias,
        );
        agree("kernel", &fast, &naive);
        agree("bias", &fast_bias, &naive_bias);
    }

    #[test]
    fn values_and_gradients_are_those_of_the_naive_twin() {
        let shapes = [
            Shape::new(7, 5, 3),
            Shape::new(4, 9, 16),
            Shape::new(3, 21, 32),
            Shape::new(6, 6, 37),
            Shape::new(1, 2, 1),
        ];
        for (size, stride) in (1..6).flat_map(|size| (1..4).map(move |stride| (size, stride))) {
            for padding in [Padding::Same, Padding::Valid] {
                for (input, multiplier) in shapes.into_iter().flat_map(|s| [(s, 1), (s, 3)]) {
                    let conv = DepthwiseConv2d {
                        batch: 3,
                        input,
                        window: Window {
                            size,
                            stride,
                            padding,
                        },
                        multiplier,
                    };
                    if !conv.output().is_empty() {
                        check(&conv);
                    }
                }
            }
        }
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        let conv = DepthwiseConv2d {
            batch: 33,
            input: Shape::new(9, 8, 20),
            window: Window {
                size: 3,
                stride: 1,
                padding: Padding::Same,
            },
            multiplier: 1,
        };
        let length = conv.batch * conv.input.len();
        let (input, gradient) = (noise(1, length), noise(2, length));
        let with_threads = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap().install(|| {
                let (mut kernel, mut bias) = (vec![0.0; conv.taps()], vec![0.0; 20]);
                parameter_gradient(&conv, &input, &gradient, &mut kernel, &mut bias);
                (kernel, bias)
            })
        };
        assert!(with_threads(1) == with_threads(3));
    }
}
