//! Every op's gradients against central differences of its own forward.

mod layers;

use super::*;
use crate::shape::{Padding, Shape, Window};

/// Numbers in (-1, 1) that look random, the same for the same seed.
fn noise(seed: u64, length: usize) -> Vec<f32> {
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

const LABELS: [u16; 4] = [1, 0, 2, 1];

/// A network for a gradient check: its input's shape, its parameters, and what it does with them.
struct Check<'a> {
    shape: Shape,
    parameters: Vec<Vec<f32>>,
    forward: &'a dyn Fn(Flow, &[Vector]) -> Flow,
}

impl Check<'_> {
    fn loss(&self, images: &[f32], parameters: &[Vec<f32>], workspace: &Workspace) -> f64 {
        let vectors: Vec<Vector> = parameters.iter().cloned().map(vector).collect();
        let input = workspace.input(4, self.shape, |pixels| pixels.copy_from_slice(images));
        let flow = (self.forward)(Flow::inference(input), &vectors);
        let loss = softmax_cross_entropy(flow, &LABELS);
        loss.images.iter().map(|l| f64::from(*l)).sum::<f64>() / 4.0
    }

    /// Compares the gradients with respect to each parameter and by the input with central differences.
    fn run(&self) {
        let workspace = Workspace::new();
        let images = noise(99, 4 * self.shape.len());
        let vectors: Vec<Vector> = self.parameters.iter().cloned().map(vector).collect();
        let input = workspace.input(4, self.shape, |pixels| pixels.copy_from_slice(&images));
        let flow = (self.forward)(Flow::training_with_input_gradient(input), &vectors);
        let mut gradients = softmax_cross_entropy(flow, &LABELS).backward();

        for (p, parameter) in vectors.iter().enumerate() {
            if !gradients.has(parameter) {
                continue;
            }
            let analytic = gradients.of(parameter).to_vec();
            self.compare(&format!("parameter {p}"), &analytic, |i, step| {
                let mut moved = self.parameters.clone();
                moved[p][i] += step;
                self.loss(&images, &moved, &workspace)
            });
        }
        let analytic = gradients.input().to_vec();
        self.compare("input", &analytic, |i, step| {
            let mut moved = images.clone();
            moved[i] += step;
            self.loss(&moved, &self.parameters, &workspace)
        });
    }

    fn compare(&self, what: &str, analytic: &[f32], loss: impl Fn(usize, f32) -> f64) {
        let largest = analytic.iter().fold(0.0f32, |m, g| m.max(g.abs()));
        assert!(largest > 1e-4, "{what}: the gradient is zero everywhere");
        for (i, gradient) in analytic.iter().enumerate() {
            let step = 1.0 / 256.0;
            let numeric = (loss(i, step) - loss(i, -step)) / (2.0 * f64::from(step));
            let error = (numeric - f64::from(*gradient)).abs();
            assert!(
                error <= 2e-3 * f64::from(largest) + 1e-4,
                "{what}[{i}]: {gradient} by the tape, {numeric} by difference"
            );
        }
    }
}

fn window(size: usize, stride: usize, padding: Padding) -> Window {
    Window {
        size,
        stride,
        padding,
    }
}

#[test]
fn conv2d_gradients() {
    for window in [
        window(1, 1, Padding::Valid),
        window(2, 1, Padding::Same),
        window(3, 2, Padding::Same),
        window(3, 1, Padding::Valid),
        window(2, 3, Padding::Same),
    ] {
        let shape = Shape::new(5, 4, 2);
        let features = window.slide(shape, 3).len();
        Check {
            shape,
            parameters: vec![
                noise(1, window.size * window.size * 2 * 3),
                noise(2, 3),
                noise(3, features * 3),
                noise(4, 3),
            ],
            forward: &|flow, p| {
                let flow = conv2d(flow, window, 3, &p[0], &p[1]);
                dense(flatten(flow), 3, &p[2], &p[3])
            },
        }
        .run();
    }
}

/// With what is behind it, and one after the other (average pooling by 1 changes nothing and waits for nothing).
#[test]
fn convolutions_compute_the_same_together_with_what_follows() {
    for (rectified, size) in [(true, 2), (false, 2), (true, 16), (true, 1)] {
        let shape = Shape::new(17, 19, 2);
        let window = window(3, 1, Padding::Same);
        let features = 3 * (shape.height / size) * (shape.width / size);
        let lengths = [9 * 2 * 3, 3, features * 3, 3];
        let parameters = lengths.map(|length| vector(noise(length as u64, length)));
        let [kernel, bias, weights, last_bias] = &parameters;
        let workspace = Workspace::new();
        let run = |together: bool| {
            let input = workspace.input(4, shape, |pixels| {
                pixels.copy_from_slice(&noise(5, 4 * shape.len()));
            });
            let flow = Flow::training_with_input_gradient(input);
            let mut flow = conv2d(flow, window, 3, kernel, bias);
            if !together {
                flow = average_pool2d(flow, 1);
            }
            if rectified {
                flow = relu(flow);
            }
            let flow = dense(flatten(max_pool2d(flow, size)), 3, weights, last_bias);
            let mut gradients = softmax_cross_entropy(flow, &LABELS).backward();
            let mut all = gradients.input().to_vec();
            parameters
                .iter()
                .for_each(|parameter| all.extend_from_slice(gradients.of(parameter)));
            all
        };
        for (together, apart) in run(true).into_iter().zip(run(false)) {
            assert!(
                (together - apart).abs() <= 1e-5 * apart.abs().max(1.0),
                "pooling by {size}: {together} together, {apart} apart"
            );
        }
    }
}

#[test]
fn looking_at_a_convolution_that_waits_changes_nothing() {
    let workspace = Workspace::new();
    let (kernel, bias) = (vector(noise(1, 9 * 2 * 3)), vector(noise(2, 3)));
    let (weights, last_bias) = (vector(noise(3, 18 * 3)), vector(noise(4, 3)));
    let run = |look: bool, pooled: bool| {
        let input = workspace.input(4, Shape::new(3, 2, 2), |pixels| {
            pixels.copy_from_slice(&noise(3, 48));
        });
        let flow = Flow::training_with_input_gradient(input);
        let flow = conv2d(flow, window(3, 1, Padding::Same), 3, &kernel, &bias);
        assert_eq!(flow.shape(), Shape::new(3, 2, 3));
        let before = look.then(|| flow.values().to_vec());
        let mut flow = relu(flow);
        if let Some(before) = before {
            let rectified: Vec<f32> = before.iter().map(|v| v.max(0.0)).collect();
            assert!(before != rectified && flow.values() == rectified);
        }
        if pooled {
            flow = average_pool2d(max_pool2d(flow, 1), 1);
        }
        let flow = dense(flatten(flow), 3, &weights, &last_bias);
        let loss = softmax_cross_entropy(flow, &LABELS);
        let mean = loss.mean;
        let mut gradients = loss.backward();
        (
            mean,
            gradients.input().to_vec(),
            gradients.of(&kernel).to_vec(),
        )
    };
    let plain = run(false, false);
    assert_eq!(run(true, false), plain);
    assert_eq!(run(false, true), plain);
    assert_eq!(run(true, true), plain);
}

#[test]
fn dense_and_relu_gradients() {
    Check {
        shape: Shape::flat(7),
        parameters: vec![noise(1, 7 * 5), noise(2, 5), noise(3, 5 * 3), noise(4, 3)],
        forward: &|flow, p| dense(relu(dense(flow, 5, &p[0], &p[1])), 3, &p[2], &p[3]),
    }
    .run();
}

#[test]
fn max_pool2d_gradients() {
    Check {
        shape: Shape::new(5, 7, 2),
        parameters: vec![noise(1, 2 * 3 * 2 * 3), noise(2, 3)],
        forward: &|flow, p| dense(flatten(max_pool2d(flow, 2)), 3, &p[0], &p[1]),
    }
    .run();
}

#[test]
fn relu_before_max_pool2d_gradients() {
    // Half the values are negative, and so are whole windows.
    Check {
        shape: Shape::new(6, 8, 2),
        parameters: vec![noise(1, 3 * 4 * 2 * 3), noise(2, 3)],
        forward: &|flow, p| dense(flatten(max_pool2d(relu(flow), 2)), 3, &p[0], &p[1]),
    }
    .run();
}

#[test]
fn looking_at_a_rectified_flow_changes_nothing() {
    let workspace = Workspace::new();
    let kernel = vector(noise(1, 4 * 3));
    let bias = vector(noise(2, 3));
    let run = |look: bool| {
        let input = workspace.input(4, Shape::new(2, 4, 2), |pixels| {
            pixels.copy_from_slice(&noise(3, 64));
        });
        let flow = relu(Flow::training_with_input_gradient(input));
        if look {
            let rectified: Vec<f32> = noise(3, 64).iter().map(|v| v.max(0.0)).collect();
            assert_eq!(flow.values(), rectified);
        }
        let flow = relu(max_pool2d(flow, 2));
        if look {
            assert!(flow.values().iter().all(|v| *v >= 0.0));
        }
        let flow = dense(flatten(flow), 3, &kernel, &bias);
        let loss = softmax_cross_entropy(flow, &LABELS);
        let mean = loss.mean;
        (mean, loss.backward().input().to_vec())
    };
    assert_eq!(run(true), run(false));
}

#[test]
fn dropout_gradients() {
    Check {
        shape: Shape::flat(20),
        parameters: vec![noise(1, 20 * 3), noise(2, 3)],
        forward: &|flow, p| dense(dropout(flow, 0.4, 7), 3, &p[0], &p[1]),
    }
    .run();
}

#[test]
fn spatial_dropout2d_gradients() {
    Check {
        shape: Shape::new(2, 3, 4),
        parameters: vec![noise(1, 24 * 3), noise(2, 3)],
        forward: &|flow, p| dense(flatten(spatial_dropout2d(flow, 0.4, 7)), 3, &p[0], &p[1]),
    }
    .run();
}

fn batch_norm_network(training: bool, trainable: bool) {
    let mean = vector(vec![0.1, -0.2]);
    let variance = vector(vec![0.4, 0.3]);
    Check {
        shape: Shape::new(3, 3, 2),
        parameters: vec![noise(1, 2), noise(2, 2), noise(3, 18 * 3), noise(4, 3)],
        forward: &|flow, p| {
            let flow = flow.with_trainable(trainable);
            let flow = if training {
                let (mut mean, mut variance) = (mean.clone(), variance.clone());
                batch_norm_training(flow, &p[0], &p[1], &mut mean, &mut variance, 0.99, 1e-3)
            } else {
                batch_norm_inference(flow, &p[0], &p[1], &mean, &variance, 1e-3)
            };
            dense(flatten(flow.with_trainable(true)), 3, &p[2], &p[3])
        },
    }
    .run();
}

#[test]
fn batch_norm_gradients() {
    for training in [true, false] {
        for trainable in [true, false] {
            batch_norm_network(training, trainable);
        }
    }
}

/// With the convolution before it in one pass, one after the other (average pooling by 1 changes nothing and waits for nothing),
/// looked at in between, and recorded for gradients.
#[test]
fn a_batch_norm_computes_the_same_together_with_the_convolution_before_it() {
    let workspace = Workspace::new();
    let shape = Shape::new(9, 8, 3);
    let (kernel, bias) = (vector(noise(1, 9 * 3 * 5)), vector(noise(2, 5)));
    let [gamma, beta, mean, variance] = [3, 4, 5, 6].map(|seed| noise(seed, 5));
    let positive = variance.iter().map(|value| value.abs() + 0.1).collect();
    let [gamma, beta, mean, variance] = [gamma, beta, mean, positive].map(vector);
    #[derive(Clone, Copy, Debug)]
    enum How {
        Together,
        Apart,
        LookedAt,
        Recorded,
    }
    let run = |how: How, rectified: bool, pool: usize| {
        let input = workspace.input(4, shape, |pixels| {
            pixels.copy_from_slice(&noise(7, 4 * shape.len()));
        });
        let flow = match how {
            How::Recorded => Flow::training(input),
            _ => Flow::inference(input),
        };
        let mut flow = conv2d(flow, window(3, 2, Padding::Same), 5, &kernel, &bias);
        match how {
            How::Apart => flow = average_pool2d(flow, 1),
            How::LookedAt => assert_eq!(flow.values().len(), 4 * 5 * 4 * 5),
            How::Together | How::Recorded => {}
        }
        flow = batch_norm_inference(flow, &gamma, &beta, &mean, &variance, 1e-3);
        if rectified {
            if let How::LookedAt = how {
                assert!(flow.values().iter().any(|value| *value < 0.0));
            }
            flow = relu(flow);
        }
        if pool > 0 {
            flow = max_pool2d(flow, pool);
        }
        flow.values().to_vec()
    };
    for (rectified, pool) in [(false, 0), (true, 0), (false, 2), (true, 2)] {
        let apart = run(How::Apart, rectified, pool);
        assert_eq!(apart.iter().all(|value| *value >= 0.0), rectified);
        for how in [How::Together, How::LookedAt, How::Recorded] {
            assert_eq!(run(how, rectified, pool), apart, "{how:?}, pool {pool}");
        }
    }
}

#[test]
fn moving_statistics_move_as_keras_moves_them() {
    let workspace = Workspace::new();
    let input = workspace.input(2, Shape::flat(1), |pixels| {
        pixels.copy_from_slice(&[1.0, 5.0])
    });
    let (gamma, beta) = (vector(vec![1.0]), vector(vec![0.0]));
    let (mut mean, mut variance) = (vector(vec![10.0]), vector(vec![2.0]));
    batch_norm_training(
        Flow::inference(input),
        &gamma,
        &beta,
        &mut mean,
        &mut variance,
        0.75,
        1e-3,
    );
    assert_eq!(values(&mean), [10.0 * 0.75 + 3.0 * 0.25]);
    assert_eq!(values(&variance), [2.0 * 0.75 + 4.0 * 0.25]);
}

#[test]
fn frozen_parameters_get_no_gradient_and_first_layers_no_input_gradient() {
    let workspace = Workspace::new();
    let kernels: Vec<Vector> = (0..3).map(|i| vector(noise(i, 9))).collect();
    let bias = vector(vec![0.0; 3]);
    let input = workspace.input(4, Shape::flat(3), |pixels| pixels.fill(0.5));
    let mut flow = Flow::training(input).with_trainable(false);
    flow = dense(flow, 3, &kernels[0], &bias);
    assert!(!flow.needs_gradient());
    flow = dense(flow.with_trainable(true), 3, &kernels[1], &bias);
    flow = dense(flow.with_trainable(false), 3, &kernels[2], &bias);
    let mut gradients = softmax_cross_entropy(flow, &LABELS).backward();
    let has: Vec<bool> = kernels.iter().map(|k| gradients.has(k)).collect();
    assert_eq!(has, [false, true, false]);
    assert!(gradients.input().is_empty());
}

#[test]
fn buffers_and_gradients_are_reused_without_a_trace_of_the_last_step() {
    let workspace = Workspace::new();
    let parameters = [noise(1, 18), noise(2, 2), noise(3, 2 * 9 * 3), noise(4, 3)].map(vector);
    let step = || {
        let input = workspace.input(4, Shape::new(6, 6, 1), |pixels| {
            pixels.copy_from_slice(&noise(5, 144));
        });
        let flow = Flow::training(input);
        let flow = relu(conv2d(
            flow,
            window(3, 1, Padding::Same),
            2,
            &parameters[0],
            &parameters[1],
        ));
        let flow = dense(
            flatten(max_pool2d(flow, 2)),
            3,
            &parameters[2],
            &parameters[3],
        );
        let loss = softmax_cross_entropy(flow, &LABELS);
        let mean = loss.mean;
        let mut gradients = loss.backward();
        let all: Vec<Vec<f32>> = parameters
            .iter()
            .map(|p| gradients.of(p).to_vec())
            .collect();
        (mean, all)
    };
    let first = step();
    assert_eq!(first, step());
    assert_eq!(first, step());
}

#[test]
fn values_are_borrowed_in_place_and_copied_only_when_shared() {
    let mut parameter = vector(vec![1.0, 2.0, 3.0]);
    let address = values(&parameter).as_ptr();
    values_mut(&mut parameter)[1] = 5.0;
    assert_eq!(values(&parameter), [1.0, 5.0, 3.0]);
    assert_eq!(values(&parameter).as_ptr(), address);
    let snapshot = parameter.clone();
    values_mut(&mut parameter)[1] = 7.0;
    assert_eq!(values(&snapshot), [1.0, 5.0, 3.0]);
    assert!(values(&vector(Vec::new())).is_empty());
}

#[test]
fn the_way_back_starts_from_any_weighing_of_the_values() {
    let workspace = Workspace::new();
    let (kernel, bias) = (vector(noise(1, 5 * 3)), vector(noise(2, 3)));
    let images = noise(3, 2 * 5);
    let input = workspace.input(2, Shape::flat(5), |pixels| pixels.copy_from_slice(&images));
    let flow = Flow::training_with_input_gradient(input).with_trainable(false);
    // The second score of the first image, twice the third of the second image: the gradients are columns of the kernel.
    let mut gradients = backward_from(
        dense(flow, 3, &kernel, &bias),
        &[0.0, 1.0, 0.0, 0.0, 0.0, 2.0],
    );
    let column = |class: usize, times: f32| {
        values(&kernel)
            .chunks_exact(3)
            .map(move |row| times * row[class])
    };
    let expected: Vec<f32> = column(1, 1.0).chain(column(2, 2.0)).collect();
    assert_eq!(gradients.input()[..10], expected);
    assert!(!gradients.has(&kernel));
}
