//! The fast kernels against the naive twins: over a grid of shapes, by property, in every tier and with several numbers of
//! threads.

use proptest::prelude::*;

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

fn check_conv2d(conv: &Conv2d) {
    let (inputs, outputs) = (
        conv.batch * conv.input.len(),
        conv.batch * conv.output().len(),
    );
    let kernel = noise(1, conv.taps() * conv.filters);
    let (input, bias, gradient) = (noise(2, inputs), noise(3, conv.filters), noise(4, outputs));

    let (mut fast, mut twin) = (unwritten(outputs), unwritten(outputs));
    conv2d::forward(conv, &input, &kernel, &bias, &mut fast);
    reference::conv2d(conv, &input, &kernel, &bias, &mut twin);
    assert_close(&format!("{conv:?} forward"), &fast, &twin);

    let (mut fast, mut twin) = (unwritten(inputs), unwritten(inputs));
    conv2d_gradients::input_gradient(conv, &gradient, &kernel, &mut fast);
    reference::conv2d_input_gradient(conv, &gradient, &kernel, &mut twin);
    assert_close(&format!("{conv:?} input gradient"), &fast, &twin);

    let (mut fast, mut twin) = (unwritten(kernel.len()), unwritten(kernel.len()));
    let (mut fast_bias, mut twin_bias) = (unwritten(conv.filters), unwritten(conv.filters));
    conv2d_gradients::parameter_gradient(conv, &input, &gradient, &mut fast, &mut fast_bias);
    reference::conv2d_parameter_gradient(conv, &input, &gradient, &mut twin, &mut twin_bias);
    assert_close(&format!("{conv:?} kernel gradient"), &fast, &twin);
    assert_close(&format!("{conv:?} bias gradient"), &fast_bias, &twin_bias);
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
    batch_norm::inference_input_gradient(&norm, &mut fast);
    reference::batch_norm_inference_input_gradient(&norm, &output_gradient, &mut twin);
    assert_close(&what, &fast, &twin);
    // In training most of that gradient may cancel out, and its rounding errors stay.
    let tolerance = 1e-5 * largest(&twin);
    fast.copy_from_slice(&output_gradient);
    batch_norm::training_input_gradient(&norm, &input, &by_gamma, &by_beta, &mut fast);
    reference::batch_norm_training_input_gradient(&norm, &input, &output_gradient, &mut twin);
    assert_within(&what, &fast, &twin, tolerance);
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
        // Filters so far apart that they are packed.
        (Shape::new(9, 9, 3), (3, 1, Same), 1030),
    ] {
        check_conv2d(&conv(3, input, window, filters));
    }
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

/// As in Keras; a training gone wrong would go on unnoticed otherwise.
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
    #![proptest_config(ProptestConfig::with_cases(48))]

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
    fn dense_agrees_with_its_twin(batch in 1usize..130, inputs in 1usize..150, units in 1usize..150) {
        check_dense(&Dense { batch, inputs, units });
    }
}

/// Everything that a network computes, once, as bits.
fn fingerprint() -> Vec<u32> {
    let conv = conv(21, Shape::new(9, 9, 17), (3, 2, Padding::Same), 40);
    let (inputs, outputs) = (
        conv.batch * conv.input.len(),
        conv.batch * conv.output().len(),
    );
    let (kernel, bias) = (noise(1, conv.taps() * 40), noise(2, 40));
    let (input, gradient) = (noise(3, inputs), noise(4, outputs));
    let mut all = [outputs, inputs, kernel.len(), 40, 40, 40].map(unwritten);
    let [output, input_gradient, by_kernel, by_bias, mean, variance] = &mut all;
    conv2d::forward(&conv, &input, &kernel, &bias, output);
    conv2d_gradients::input_gradient(&conv, &gradient, &kernel, input_gradient);
    conv2d_gradients::parameter_gradient(&conv, &input, &gradient, by_kernel, by_bias);
    batch_norm::moments(&noise(5, 40 * 9000), mean, variance);
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

/// The other tiers of this machine, each in a process of its own, because a process has one tier.
#[test]
fn every_tier_agrees_with_the_twins() {
    let program = std::env::current_exe().expect("the test program is a file");
    for name in ["avx2", "portable"] {
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
    let asked = std::env::var("CONVSCOPE_SIMD").unwrap_or_else(|_| "avx512".into());
    let order = ["portable", "avx2", "avx512"];
    let place = |name: &str| order.iter().position(|n| *n == name);
    assert!(place(tier_name()) <= place(&asked));
}
