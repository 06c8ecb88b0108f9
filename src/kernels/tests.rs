//! The fast kernels against the naive twins: over a grid of shapes, by property, in every tier and with several numbers of
//! threads.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::tier::{NAMES, tier};
use super::*;
use crate::shape::{Padding, Shape, Window};

/// Numbers in (-1, 1) that look random, the same for the same seed.
pub(super) fn noise(seed: u64, length: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        })
        .collect()
}

/// Fails unless both are equal but for rounding, measured against the largest value.
fn assert_close(what: &str, fast: &[f32], twin: &[f32]) {
    assert_eq!(fast.len(), twin.len(), "{what}");
    assert_within(what, fast, twin, 1e-5 * largest(twin));
}

fn largest(values: &[f32]) -> f32 {
    values.iter().fold(1e-3f32, |m, v| m.max(v.abs()))
}

fn assert_within(what: &str, fast: &[f32], twin: &[f32], tolerance: f32) {
    for (i, (fast, twin)) in fast.iter().zip(twin).enumerate() {
        assert!(
            (fast - twin).abs() <= tolerance,
            "{what}[{i}]: {fast}, and {twin} by the twin"
        );
    }
}

/// Not a number everywhere, so that a value that a kernel does not write is found.
fn unwritten(length: usize) -> Vec<f32> {
    vec![f32::NAN; length]
}

/// The block without pooling, and with pooling by 2 and by 3 where that leaves anything, rectified and not.
fn check_conv2d(conv: &Conv2d) {
    let pools = [(1, false), (2, true), (2, false), (3, true)];
    check_block(&ConvBlock {
        conv: *conv,
        pool: None,
    });
    for (size, rectified) in pools {
        let block = ConvBlock {
            conv: *conv,
            pool: Some(Pool { size, rectified }),
        };
        if !block.output().is_empty() {
            check_block(&block);
        }
    }
}

fn check_block(block: &ConvBlock) {
    let conv = &block.conv;
    let (inputs, outputs) = (
        conv.batch * conv.input.len(),
        conv.batch * conv.output().len(),
    );
    let pooled = conv.batch * block.output().len();
    let kernel = noise(1, conv.taps() * conv.filters);
    let (input, bias, gradient) = (noise(2, inputs), noise(3, conv.filters), noise(4, pooled));
    let what = |name: &str| format!("{block:?} {}: {name}", block.algorithm_name());

    let mut twin_convolved = unwritten(outputs);
    reference::conv2d(conv, &input, &kernel, &bias, &mut twin_convolved);
    let tolerance = 1e-5 * largest(&twin_convolved);
    let mut places = vec![0x77; if block.pool.is_some() { pooled } else { 0 }];
    let mut fast = unwritten(pooled);
    conv_block::forward(block, &input, (&kernel, &bias), &mut fast, &mut places);
    let Some(pool) = block.pool else {
        assert_within(&what("forward"), &fast, &twin_convolved, tolerance);
        check_block_gradients(block, &gradient, &gradient, &places);
        return;
    };
    let windows = MaxPool2d {
        batch: conv.batch,
        input: conv.output(),
        size: pool.size,
    };
    let (mut twin, mut twin_places) = (unwritten(pooled), vec![u16::MAX; pooled]);
    reference::max_pool2d(&windows, &twin_convolved, &mut twin, &mut twin_places);
    if pool.rectified {
        reference::relu(&mut twin);
    }
    assert_within(&what("forward"), &fast, &twin, tolerance);
    // Where two values are nearly equal either may be the largest: the places are followed, and have to point at such a value.
    let (mut by_convolution, mut let_through) = (unwritten(outputs), gradient.clone());
    for (index, place) in places.iter().enumerate() {
        if *place == u8::MAX {
            assert!(pool.rectified && fast[index] == 0.0, "{}", what("places"));
            (twin_places[index], let_through[index]) = (0, 0.0);
        } else {
            assert!(!pool.rectified || fast[index] > 0.0, "{}", what("places"));
            twin_places[index] = u16::from(*place);
        }
    }
    reference::max_pool2d_gradient(&windows, &let_through, &twin_places, &mut by_convolution);
    let mut at_places = 0.0f32;
    for (index, from) in by_convolution.iter().enumerate() {
        if *from != 0.0 {
            let pooled = twin_convolved[index];
            let (f, pixel) = (index % conv.filters, index / conv.filters);
            let width = conv.output().width;
            let (x, line) = (pixel % width / pool.size, pixel / width);
            let (y, image) = (
                line % conv.output().height / pool.size,
                line / conv.output().height,
            );
            let out = block.output();
            let place = ((image * out.height + y) * out.width + x) * out.channels + f;
            at_places = at_places.max((pooled - fast[place]).abs());
        }
    }
    assert!(at_places <= tolerance, "{}", what("places"));
    check_block_gradients(block, &gradient, &by_convolution, &places);
}

/// `gradient` is by the block's output, `by_convolution` the same by the convolution's.
fn check_block_gradients(
    block: &ConvBlock,
    gradient: &[f32],
    by_convolution: &[f32],
    places: &[u8],
) {
    let conv = &block.conv;
    let inputs = conv.batch * conv.input.len();
    let kernel = noise(1, conv.taps() * conv.filters);
    let input = noise(2, inputs);
    let what = |name: &str| format!("{block:?} {}: {name}", block.algorithm_name());

    let (mut twin, mut twin_kernel) = (unwritten(inputs), unwritten(kernel.len()));
    let mut twin_bias = unwritten(conv.filters);
    reference::conv2d_input_gradient(conv, by_convolution, &kernel, &mut twin);
    reference::conv2d_parameter_gradient(
        conv,
        &input,
        by_convolution,
        &mut twin_kernel,
        &mut twin_bias,
    );
    // Everything, the parameters alone, the input alone.
    for (by_parameters, by_input) in [(true, true), (true, false), (false, true)] {
        let mut fast = unwritten(inputs);
        let (mut fast_kernel, mut fast_bias) = (unwritten(kernel.len()), unwritten(conv.filters));
        let by_block = BlockGradient { gradient, places };
        let wanted = Gradients {
            parameters: by_parameters.then_some((&mut fast_kernel[..], &mut fast_bias[..])),
            input: by_input.then_some(&mut fast[..]),
        };
        conv_block::gradients(block, &input, &kernel, by_block, wanted);
        if by_input {
            assert_close(&what("input gradient"), &fast, &twin);
        }
        if by_parameters {
            assert_close(&what("kernel gradient"), &fast_kernel, &twin_kernel);
            assert_close(&what("bias gradient"), &fast_bias, &twin_bias);
        }
    }
}

fn check_dense(shape: &Dense) {
    let Dense {
        batch,
        inputs,
        units,
    } = *shape;
    let (input, kernel) = (noise(1, batch * inputs), noise(2, inputs * units));
    let (bias, gradient) = (noise(3, units), noise(4, batch * units));

    let (mut fast, mut twin) = (unwritten(batch * units), unwritten(batch * units));
    dense::forward(shape, &input, &kernel, &bias, &mut fast);
    reference::dense(shape, &input, &kernel, &bias, &mut twin);
    assert_close(&format!("{shape:?} forward"), &fast, &twin);

    let (mut fast, mut twin) = (unwritten(batch * inputs), unwritten(batch * inputs));
    dense::input_gradient(shape, &gradient, &kernel, &mut fast);
    reference::dense_input_gradient(shape, &gradient, &kernel, &mut twin);
    assert_close(&format!("{shape:?} input gradient"), &fast, &twin);

    let (mut fast, mut twin) = (unwritten(kernel.len()), unwritten(kernel.len()));
    let (mut fast_bias, mut twin_bias) = (unwritten(units), unwritten(units));
    dense::parameter_gradient(shape, &input, &gradient, &mut fast, &mut fast_bias);
    reference::dense_parameter_gradient(shape, &input, &gradient, &mut twin, &mut twin_bias);
    assert_close(&format!("{shape:?} kernel gradient"), &fast, &twin);
    assert_close(&format!("{shape:?} bias gradient"), &fast_bias, &twin_bias);
}

fn check_max_pool2d(pool: &MaxPool2d) {
    let (inputs, outputs) = (
        pool.batch * pool.input.len(),
        pool.batch * pool.output().len(),
    );
    // Few different values, so that windows have equal ones.
    let input: Vec<f32> = noise(1, inputs).iter().map(|v| (v * 4.0).round()).collect();
    let gradient = noise(2, outputs);
    let (mut fast, mut twin) = (unwritten(outputs), unwritten(outputs));
    let (mut fast_places, mut twin_places) = (vec![u16::MAX; outputs], vec![u16::MAX; outputs]);
    max_pool2d::forward(pool, &input, &mut fast, &mut fast_places);
    reference::max_pool2d(pool, &input, &mut twin, &mut twin_places);
    assert_eq!(fast, twin, "{pool:?} forward");
    assert_eq!(fast_places, twin_places, "{pool:?} places");
    let (mut fast, mut twin) = (unwritten(inputs), unwritten(inputs));
    max_pool2d::gradient(pool, &gradient, &fast_places, &mut fast);
    reference::max_pool2d_gradient(pool, &gradient, &twin_places, &mut twin);
    assert_eq!(fast, twin, "{pool:?} gradient");
}

fn check_batch_norm(rows: usize, channels: usize, offset: f32) {
    let what = format!("batch norm of {rows} × {channels} around {offset}");
    let length = rows * channels;
    let input: Vec<f32> = noise(1, length).iter().map(|v| v + offset).collect();
    let output_gradient = noise(2, length);
    let (gamma, beta) = (noise(3, channels), noise(4, channels));
    let (mut mean, mut variance) = (unwritten(channels), unwritten(channels));
    let (mut twin_mean, mut twin_variance) = (unwritten(channels), unwritten(channels));
    batch_norm::moments(&input, &mut mean, &mut variance);
    reference::moments(channels, &input, &mut twin_mean, &mut twin_variance);
    assert_close(&what, &mean, &twin_mean);
    assert_close(&what, &variance, &twin_variance);
    let norm = BatchNorm {
        gamma: &gamma,
        beta: &beta,
        mean: &mean,
        variance: &variance,
        epsilon: 1e-3,
        rectified: false,
    };
    let (mut fast, mut twin) = (unwritten(length), unwritten(length));
    batch_norm::forward(&norm, &input, &mut fast);
    reference::batch_norm(&norm, &input, &mut twin);
    assert_close(&what, &fast, &twin);

    let (mut by_gamma, mut by_beta) = (unwritten(channels), unwritten(channels));
    let (mut twin_gamma, mut twin_beta) = (unwritten(channels), unwritten(channels));
    batch_norm::parameter_gradient(&norm, &input, &output_gradient, &mut by_gamma, &mut by_beta);
    reference::batch_norm_parameter_gradient(
        &norm,
        &input,
        &output_gradient,
        &mut twin_gamma,
        &mut twin_beta,
    );
    assert_close(&what, &by_gamma, &twin_gamma);
    assert_close(&what, &by_beta, &twin_beta);

    fast.copy_from_slice(&output_gradient);
    batch_norm::inference_input_gradient(&norm, &input, &mut fast);
    reference::batch_norm_inference_input_gradient(&norm, &output_gradient, &mut twin);
    assert_close(&what, &fast, &twin);
    // In training most of that gradient may cancel out, and its rounding errors stay.
    let tolerance = 1e-5 * largest(&twin);
    fast.copy_from_slice(&output_gradient);
    batch_norm::training_input_gradient(&norm, &input, &by_gamma, &by_beta, &mut fast);
    reference::batch_norm_training_input_gradient(&norm, &input, &output_gradient, &mut twin);
    assert_within(&what, &fast, &twin, tolerance);
}

/// A batch norm with a rectifier behind it is, to the bit, the two one after the other.
fn check_rectified_batch_norm(rows: usize, channels: usize) {
    let length = rows * channels;
    let (input, output_gradient) = (noise(1, length), noise(2, length));
    let [gamma, beta, mean] = [3, 4, 5].map(|seed| noise(seed, channels));
    let variance: Vec<f32> = noise(6, channels).iter().map(|v| v * v + 0.1).collect();
    let alone = BatchNorm {
        gamma: &gamma,
        beta: &beta,
        mean: &mean,
        variance: &variance,
        epsilon: 1e-3,
        rectified: false,
    };
    let together = BatchNorm {
        rectified: true,
        ..alone
    };
    let (mut one, mut two) = (unwritten(length), unwritten(length));
    batch_norm::forward(&together, &input, &mut one);
    batch_norm::forward(&alone, &input, &mut two);
    relu::forward(&mut two);
    assert_eq!(one, two, "forward, {rows} × {channels}");

    let mut passed = output_gradient.clone();
    relu::gradient(&two, &mut passed);
    let (mut by_gamma, mut by_beta) = (unwritten(channels), unwritten(channels));
    let (mut twin_gamma, mut twin_beta) = (unwritten(channels), unwritten(channels));
    batch_norm::parameter_gradient(
        &together,
        &input,
        &output_gradient,
        &mut by_gamma,
        &mut by_beta,
    );
    batch_norm::parameter_gradient(&alone, &input, &passed, &mut twin_gamma, &mut twin_beta);
    assert_eq!(
        (&by_gamma, &by_beta),
        (&twin_gamma, &twin_beta),
        "{rows} × {channels}"
    );

    one.copy_from_slice(&output_gradient);
    batch_norm::inference_input_gradient(&together, &input, &mut one);
    two.copy_from_slice(&passed);
    batch_norm::inference_input_gradient(&alone, &input, &mut two);
    assert_eq!(one, two, "fixed statistics, {rows} × {channels}");
    one.copy_from_slice(&output_gradient);
    batch_norm::training_input_gradient(&together, &input, &by_gamma, &by_beta, &mut one);
    two.copy_from_slice(&passed);
    batch_norm::training_input_gradient(&alone, &input, &by_gamma, &by_beta, &mut two);
    assert_eq!(one, two, "the batch's statistics, {rows} × {channels}");
}

const fn conv(
    batch: usize,
    input: Shape,
    window: (usize, usize, Padding),
    filters: usize,
) -> Conv2d {
    Conv2d {
        batch,
        input,
        window: Window {
            size: window.0,
            stride: window.1,
            padding: window.2,
        },
        filters,
    }
}

#[test]
fn conv2d_agrees_with_its_twin_over_a_grid() {
    for size in [1, 2, 3, 5] {
        for stride in [1, 2, 3] {
            for padding in [Padding::Same, Padding::Valid] {
                for (channels, filters) in [(1, 16), (3, 10), (16, 33), (5, 1)] {
                    for (batch, height, width) in [(1, 5, 5), (3, 8, 7), (9, 6, 9)] {
                        let input = Shape::new(height, width, channels);
                        check_conv2d(&conv(batch, input, (size, stride, padding), filters));
                    }
                }
            }
        }
    }
}

#[test]
fn conv2d_agrees_with_its_twin_on_the_presets_shapes() {
    use Padding::Same;
    for (input, window, filters) in [
        (Shape::new(28, 28, 1), (2, 1, Same), 16),
        (Shape::new(28, 28, 16), (3, 2, Same), 128),
        (Shape::new(14, 14, 16), (2, 1, Same), 16),
        (Shape::new(7, 7, 128), (3, 2, Same), 128),
        (Shape::new(7, 7, 128), (3, 1, Same), 130),
        (Shape::new(14, 14, 32), (3, 1, Same), 64),
        // Filters so far apart that they are packed.
        (Shape::new(9, 9, 3), (3, 1, Same), 1030),
    ] {
        check_conv2d(&conv(3, input, window, filters));
    }
}

#[test]
fn one_channel_agrees_with_the_twin_over_a_grid() {
    for (height, width) in [(4, 4), (5, 8), (28, 7)] {
        for padding in [Padding::Same, Padding::Valid] {
            for (size, filters) in [(2, 16), (3, 16), (2, 48), (3, 32)] {
                for batch in [1, 5, 37] {
                    let input = Shape::new(height, width, 1);
                    check_conv2d(&conv(batch, input, (size, 1, padding), filters));
                }
            }
        }
    }
}

#[test]
fn winograd_agrees_with_the_twin_over_a_grid() {
    for (stride, height, width) in [
        (1, 4, 9),
        (1, 7, 7),
        (1, 14, 5),
        (2, 14, 14),
        (2, 28, 13),
        (2, 15, 16),
    ] {
        for padding in [Padding::Same, Padding::Valid] {
            for (channels, filters) in [(32, 32), (33, 47), (40, 80)] {
                for batch in [1, 9] {
                    let input = Shape::new(height, width, channels);
                    check_conv2d(&conv(batch, input, (3, stride, padding), filters));
                }
            }
        }
    }
}

/// The larger the tile, the fewer the products, and pooling needs no position that fills no window.
#[test]
fn the_algorithm_follows_from_the_shapes_alone() {
    let name = |size: usize, stride, channels, pool: Option<usize>| {
        let window = (3, stride, Padding::Same);
        let conv = conv(1, Shape::new(size, size, channels), window, 64);
        let pool = pool.map(|size| Pool {
            size,
            rectified: true,
        });
        ConvBlock { conv, pool }.algorithm_name()
    };
    assert_eq!(name(28, 1, 32, None), "Winograd F(6×6, 3×3)");
    assert_eq!(name(14, 1, 32, None), "Winograd F(5×5, 3×3)");
    assert_eq!(name(7, 1, 32, None), "Winograd F(4×4, 3×3)");
    assert_eq!(name(7, 1, 32, Some(2)), "Winograd F(6×6, 3×3)");
    assert_eq!(name(3, 1, 32, None), "Winograd F(3×3, 3×3)");
    assert_eq!(name(2, 1, 32, None), "direct");
    assert_eq!(name(14, 1, 31, None), "direct");
    assert_eq!(name(28, 2, 32, None), "Winograd F(7×7, 3×3) by 2");
    assert_eq!(name(14, 2, 32, None), "Winograd F(7×7, 3×3) by 2");
    assert_eq!(name(16, 2, 32, None), "Winograd F(4×4, 3×3) by 2");
    assert_eq!(name(10, 2, 32, None), "direct");
    assert_eq!(name(14, 3, 32, None), "direct");
    assert_eq!(name(28, 1, 1, Some(2)), "one channel, fused");
    assert_eq!(name(28, 1, 1, Some(3)), "direct");
    assert_eq!(name(28, 2, 1, Some(2)), "direct");
}

/// Relative root mean square of the errors, against sums in `f64`.
#[test]
fn winograds_errors_are_small() {
    for (side, stride, pool) in [
        (14, 1, None),
        (7, 1, Some(2)),
        (4, 1, Some(2)),
        (14, 2, None),
        (16, 2, None),
    ] {
        let window = (3, stride, Padding::Same);
        let conv = conv(2, Shape::new(side, side, 256), window, 64);
        let top = conv.window.zeros(side).0;
        let pool = pool.map(|size| Pool {
            size,
            rectified: false,
        });
        let block = ConvBlock { conv, pool };
        assert!(block.algorithm_name().starts_with("Winograd"));
        let (inputs, outputs) = (2 * conv.input.len(), 2 * block.output().len());
        let (input, kernel) = (noise(1, inputs), noise(2, conv.taps() * 64));
        let (mut fast, mut places) = (
            unwritten(outputs),
            vec![0; if pool.is_some() { outputs } else { 0 }],
        );
        conv_block::forward(
            &block,
            &input,
            (&kernel, &[0.0; 64]),
            &mut fast,
            &mut places,
        );
        let (mut errors, mut squares) = (0.0, 0.0);
        let size = pool.map_or(1, |pool| pool.size);
        let out = block.output();
        for (index, value) in fast.iter().enumerate() {
            let (f, pixel) = (index % 64, index / 64);
            let (x, y) = (pixel % out.width, pixel / out.width % out.height);
            let image = &input[pixel / (out.width * out.height) * conv.input.len()..];
            let mut exact = f64::NEG_INFINITY;
            for place in 0..size * size {
                let (cy, cx) = (y * size + place / size, x * size + place % size);
                let mut sum = 0.0;
                for tap in 0..9 {
                    let (py, px) = (
                        (stride * cy + tap / 3).wrapping_sub(top),
                        (stride * cx + tap % 3).wrapping_sub(top),
                    );
                    if py < side && px < side {
                        for c in 0..256 {
                            sum += f64::from(image[(py * side + px) * 256 + c])
                                * f64::from(kernel[(tap * 256 + c) * 64 + f]);
                        }
                    }
                }
                exact = exact.max(sum);
            }
            errors += (f64::from(*value) - exact).powi(2);
            squares += exact * exact;
        }
        let relative = (errors / squares).sqrt();
        assert!(
            relative < 3.5e-6,
            "{}: {relative:e}",
            block.algorithm_name()
        );
    }
}

/// Threads share out images, points or filters as the batch allows, and what an image gives does not depend on that.
#[test]
fn winograd_gives_an_image_the_same_bits_in_batches_of_any_size() {
    let outputs = [1, 5, 30, 128].map(|batch| {
        let window = (3, 1, Padding::Same);
        let block = ConvBlock {
            conv: conv(batch, Shape::new(7, 7, 64), window, 70),
            pool: Some(Pool {
                size: 2,
                rectified: true,
            }),
        };
        assert_eq!(block.algorithm_name(), "Winograd F(6×6, 3×3)");
        let (kernel, bias) = (noise(1, block.conv.taps() * 70), noise(2, 70));
        let input = noise(3, batch * block.conv.input.len());
        let mut output = unwritten(batch * block.output().len());
        let mut places = vec![0; output.len()];
        conv_block::forward(&block, &input, (&kernel, &bias), &mut output, &mut places);
        output.into_iter().map(f32::to_bits).collect::<Vec<_>>()
    });
    let [.., most] = &outputs;
    for fewer in &outputs {
        assert!(fewer[..] == most[..fewer.len()], "{} values", fewer.len());
    }
}

#[test]
fn no_images_give_no_output() {
    let block = ConvBlock {
        conv: conv(0, Shape::new(7, 7, 16), (2, 1, Padding::Same), 16),
        pool: Some(Pool {
            size: 2,
            rectified: true,
        }),
    };
    assert_eq!(block.algorithm_name(), "direct");
    let (kernel, bias) = (noise(1, block.conv.taps() * 16), noise(2, 16));
    conv_block::forward(&block, &[], (&kernel, &bias), &mut [], &mut []);
}

#[test]
fn dense_agrees_with_its_twin_over_a_grid() {
    for batch in [1, 2, 12, 97] {
        for inputs in [1, 7, 49, 100] {
            for units in [1, 10, 32, 65] {
                check_dense(&Dense {
                    batch,
                    inputs,
                    units,
                });
            }
        }
    }
    // Units so far apart that they are packed.
    check_dense(&Dense {
        batch: 97,
        inputs: 7,
        units: 1030,
    });
}

/// A kernel so large that one row goes another way through it, with a rest in both directions.
#[test]
fn a_large_dense_layer_gives_one_row_the_same_bits_as_among_others() {
    let [one, two] = [1, 2].map(|batch| Dense {
        batch,
        inputs: 1045,
        units: 1007,
    });
    check_dense(&one);
    let (input, bias) = (noise(1, 2 * one.inputs), noise(2, one.units));
    let kernel = noise(3, one.inputs * one.units);
    let [alone, both] = [one, two].map(|shape| {
        let mut output = unwritten(shape.batch * shape.units);
        let input = &input[..shape.batch * shape.inputs];
        dense::forward(&shape, input, &kernel, &bias, &mut output);
        output.into_iter().map(f32::to_bits).collect::<Vec<_>>()
    });
    assert!(alone[..] == both[..one.units]);
}

#[test]
#[should_panic(expected = "parameters of Conv2d")]
fn a_kernel_of_the_wrong_length_is_refused() {
    let shape = Dense {
        batch: 1,
        inputs: 2,
        units: 3,
    };
    dense::forward(&shape, &[0.0; 2], &[0.0; 7], &[0.0; 3], &mut [0.0; 3]);
}

#[test]
fn max_pool2d_agrees_with_its_twin_over_a_grid() {
    for size in [1, 2, 3] {
        for (height, width) in [(3, 3), (6, 9), (7, 8)] {
            for channels in [1, 10, 16] {
                for batch in [1, 300] {
                    let input = Shape::new(height, width, channels);
                    check_max_pool2d(&MaxPool2d { batch, input, size });
                }
            }
        }
    }
}

#[test]
fn batch_norm_agrees_with_its_twin_over_a_grid() {
    for rows in [2, 7, 300, 5000] {
        for channels in [1, 3, 16, 33, 128] {
            check_batch_norm(rows, channels, 0.3);
            check_rectified_batch_norm(rows, channels);
        }
    }
}

#[test]
fn moments_far_from_zero_keep_their_digits() {
    let input: Vec<f32> = (0..100_000).map(|i| 1000.0 + (i % 2) as f32).collect();
    let (mut mean, mut variance) = ([0.0], [0.0]);
    batch_norm::moments(&input, &mut mean, &mut variance);
    assert!((mean[0] - 1000.5).abs() < 1e-4 && (variance[0] - 0.25).abs() < 1e-6);
}

#[test]
fn relu_agrees_with_its_twin() {
    let length = 100_001;
    let (mut fast, mut twin) = (noise(1, length), noise(1, length));
    relu::forward(&mut fast);
    reference::relu(&mut twin);
    assert_eq!(fast, twin);
    let (mut fast_gradient, mut twin_gradient) = (noise(2, length), noise(2, length));
    relu::gradient(&fast, &mut fast_gradient);
    reference::relu_gradient(&twin, &mut twin_gradient);
    assert_eq!(fast_gradient, twin_gradient);
}

/// As in Keras; otherwise a diverging run would continue unnoticed.
#[test]
fn what_is_not_a_number_passes_rectifiers_and_poolings() {
    let pool = MaxPool2d {
        batch: 1,
        input: Shape::new(2, 2, 17),
        size: 2,
    };
    for place in 0..4 {
        let mut values = vec![1.0; 4 * 17];
        values[place * 17..][..17].fill(f32::NAN);
        relu::forward(&mut values);
        assert!(
            values[place * 17..][..17]
                .iter()
                .all(|value| value.is_nan())
        );
        let (mut pooled, mut places) = (unwritten(17), vec![0; 17]);
        max_pool2d::forward(&pool, &values, &mut pooled, &mut places);
        assert!(pooled.iter().all(|value| value.is_nan()), "place {place}");
        reference::max_pool2d(&pool, &values, &mut pooled, &mut places);
        assert!(pooled.iter().all(|value| value.is_nan()), "place {place}");
    }
}

#[test]
fn softmax_and_its_cross_entropy_agree_with_their_twins() {
    let logits: Vec<f32> = noise(1, 70).iter().map(|v| v * 60.0).collect();
    let labels = [0, 1, 2, 3, 4, 5, 6, 6, 6, 6];
    let (mut fast, mut twin) = (logits.clone(), logits.clone());
    softmax::softmax(7, &mut fast);
    reference::softmax(7, &mut twin);
    assert_close("softmax", &fast, &twin);
    let (mut fast_losses, mut twin_losses) = (unwritten(10), unwritten(10));
    let correct = softmax::softmax_cross_entropy(7, &logits, &labels, &mut fast_losses, &mut fast);
    let expected =
        reference::softmax_cross_entropy(7, &logits, &labels, &mut twin_losses, &mut twin);
    assert_eq!(correct, expected);
    assert_close("losses", &fast_losses, &twin_losses);
    assert_close("gradient", &fast, &twin);
}

#[test]
fn adadelta_agrees_with_its_twin_over_steps() {
    let length = 50_000;
    let settings = Adadelta::default();
    let mut fast = [noise(1, length), vec![0.0; length], vec![0.0; length]];
    let mut twin = fast.clone();
    for step in 0..5 {
        let gradient = noise(2 + step, length);
        let [parameters, squares, updates] = &mut fast;
        adadelta::step(&settings, parameters, &gradient, squares, updates);
        let [parameters, squares, updates] = &mut twin;
        reference::adadelta(&settings, parameters, &gradient, squares, updates);
    }
    for (fast, twin) in fast.iter().zip(&twin) {
        assert_close("adadelta", fast, twin);
    }
}

#[test]
fn dropout_drops_its_share_by_key_and_keeps_the_mean() {
    let ones = vec![1.0; 200_000];
    let dropped = |key: u64| {
        let mut values = ones.clone();
        dropout::apply(key, 0.3, &mut values);
        values
    };
    for key in [0, 1, 2, 1 << 32, u64::MAX] {
        let values = dropped(key);
        let zeros = values.iter().filter(|v| **v == 0.0).count() as f64 / 200_000.0;
        assert!((zeros - 0.3).abs() < 0.005, "key {key}: {zeros} dropped");
        assert!(values.iter().all(|v| *v == 0.0 || *v == 1.0 / 0.7));
        assert_eq!(values, dropped(key));
    }
    // Two keys agree where both keep or both drop: 0.7² + 0.3² of all places.
    let both = dropped(1)
        .iter()
        .zip(dropped(2))
        .filter(|(a, b)| **a == *b)
        .count();
    assert!((both as f64 / 200_000.0 - 0.58).abs() < 0.01);
}

proptest! {
    // The same cases in every run: a test that fails by chance tells of nothing that changed.
    #![proptest_config(ProptestConfig {
        cases: 48,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn conv2d_agrees_with_its_twin(
        batch in 1usize..6,
        (height, width) in (1usize..13, 1usize..13),
        (channels, filters) in (1usize..20, 1usize..70),
        (size, stride) in (1usize..6, 1usize..5),
        same in any::<bool>(),
    ) {
        let padding = if same { Padding::Same } else { Padding::Valid };
        prop_assume!(same || size <= height.min(width));
        let input = Shape::new(height, width, channels);
        check_conv2d(&conv(batch, input, (size, stride, padding), filters));
    }

    #[test]
    fn winograd_agrees_with_the_twin(
        batch in 1usize..6,
        (height, width) in (3usize..13, 3usize..13),
        (channels, filters) in (32usize..70, 32usize..70),
        stride in 1usize..3,
        same in any::<bool>(),
    ) {
        let padding = if same { Padding::Same } else { Padding::Valid };
        let input = Shape::new(stride * height, stride * width, channels);
        check_conv2d(&conv(batch, input, (3, stride, padding), filters));
    }

    #[test]
    fn dense_agrees_with_its_twin(batch in 1usize..130, inputs in 1usize..150, units in 1usize..150) {
        check_dense(&Dense { batch, inputs, units });
    }
}

/// Everything that a convolution computes.
fn block_fingerprint(block: &ConvBlock) -> Vec<Vec<f32>> {
    let conv = &block.conv;
    let (inputs, outputs) = (
        conv.batch * conv.input.len(),
        conv.batch * block.output().len(),
    );
    let (kernel, bias) = (noise(1, conv.taps() * conv.filters), noise(2, conv.filters));
    let (input, gradient) = (noise(3, inputs), noise(4, outputs));
    let mut all = [outputs, inputs, kernel.len(), conv.filters].map(unwritten);
    let [output, input_gradient, by_kernel, by_bias] = &mut all;
    let mut places = vec![0; if block.pool.is_some() { outputs } else { 0 }];
    conv_block::forward(block, &input, (&kernel, &bias), output, &mut places);
    let by_block = BlockGradient {
        gradient: &gradient,
        places: &places,
    };
    let wanted = Gradients {
        parameters: Some((by_kernel, by_bias)),
        input: Some(input_gradient),
    };
    conv_block::gradients(block, &input, &kernel, by_block, wanted);
    all.into()
}

/// Everything that a network computes, once, as bits.
fn fingerprint() -> Vec<u32> {
    let same = |size, stride| (size, stride, Padding::Same);
    let pool = Some(Pool {
        size: 2,
        rectified: true,
    });
    let blocks = [
        (conv(21, Shape::new(9, 9, 17), same(3, 2), 40), None),
        (conv(21, Shape::new(9, 9, 1), same(2, 1), 16), pool),
        (conv(21, Shape::new(9, 9, 17), same(5, 1), 40), pool),
        // Winograd with sums for each chunk of the batch, and with one for all.
        (conv(21, Shape::new(7, 7, 33), same(3, 1), 40), pool),
        (conv(21, Shape::new(5, 7, 160), same(3, 1), 300), None),
        (conv(21, Shape::new(14, 15, 33), same(3, 2), 40), None),
    ];
    let mut all: Vec<Vec<f32>> = blocks
        .map(|(conv, pool)| block_fingerprint(&ConvBlock { conv, pool }))
        .into_iter()
        .flatten()
        .collect();
    let [mut mean, mut variance] = [40, 40].map(unwritten);
    batch_norm::moments(&noise(5, 40 * 9000), &mut mean, &mut variance);
    all.extend([mean, variance]);
    let shape = Dense {
        batch: 100,
        inputs: 130,
        units: 70,
    };
    let [x, w, dy] = [100 * 130, 130 * 70, 100 * 70].map(|n| noise(n as u64, n));
    let mut dense_all = [100 * 70, 100 * 130, 130 * 70, 70].map(unwritten);
    let [y, dx, dw, db] = &mut dense_all;
    dense::forward(&shape, &x, &w, &w[..70], y);
    dense::input_gradient(&shape, &dy, &w, dx);
    dense::parameter_gradient(&shape, &x, &dy, dw, db);
    dropout::apply(5, 0.5, &mut all[1]);
    let values = all.iter().chain(&dense_all).flatten();
    values.map(|v| v.to_bits()).collect()
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let with_threads = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("threads start").install(fingerprint)
    };
    let one = with_threads(1);
    assert!(
        !one.contains(&f32::NAN.to_bits()),
        "a value was not written"
    );
    for threads in [2, 3, 7] {
        assert!(with_threads(threads) == one, "{threads} threads");
    }
}

/// The lesser tiers of this machine, each in a process of its own, because a process has one tier.
#[test]
fn every_tier_agrees_with_the_twins() {
    let program = std::env::current_exe().expect("the test program is a file");
    for (name, _) in NAMES.iter().filter(|(_, other)| *other < tier()) {
        let output = std::process::Command::new(&program)
            .args(["kernels::tests::", "--skip", "every_tier"])
            .env("CONVSCOPE_SIMD", name)
            .output()
            .expect("the test program runs");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{name}: {text}");
        assert!(
            text.contains("conv2d_agrees_with_its_twin_over_a_grid ... ok"),
            "{text}"
        );
    }
}

#[test]
fn the_tier_is_the_one_asked_for_or_a_lesser_one() {
    let asked = std::env::var("CONVSCOPE_SIMD").ok();
    let place = |wanted: &str| NAMES.iter().position(|(name, _)| *name == wanted);
    if let Some(asked) = asked.as_deref().and_then(place) {
        assert!(place(tier_name()) <= Some(asked));
    }
}
