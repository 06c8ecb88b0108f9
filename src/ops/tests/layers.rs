use super::*;
use crate::kernels::Activation;

/// The gradients of an op between a dense layer and another, or between the image and a dense layer.
fn check(shape: Shape, op: &dyn Fn(Flow) -> Flow) {
    let workspace = Workspace::new();
    let input = workspace.input(1, shape, |pixels| pixels.fill(0.0));
    let features = op(Flow::inference(input)).shape().len();
    Check {
        shape,
        parameters: vec![noise(3, features * 3), noise(4, 3)],
        forward: &|flow, p| dense(flatten(op(flow)), 3, &p[0], &p[1]),
    }
    .run();
}

#[test]
fn activation_gradients() {
    for activation in [
        Activation::Linear,
        Activation::Relu,
        Activation::LeakyRelu {
            negative_slope: 0.3,
        },
        Activation::Tanh,
        Activation::Sigmoid,
        Activation::Gelu,
        Activation::Elu { alpha: 1.0 },
        Activation::Elu { alpha: 0.4 },
        Activation::Silu,
    ] {
        let corner = matches!(activation, Activation::Relu | Activation::LeakyRelu { .. });
        let corner = corner || activation == Activation::Elu { alpha: 0.4 };
        if !corner {
            check(Shape::new(3, 2, 2), &|flow| activate(flow, activation));
        }
        Check {
            shape: Shape::flat(7),
            parameters: vec![noise(1, 7 * 5), noise(2, 5), noise(3, 5 * 3), noise(4, 3)],
            forward: &|flow, p| {
                let flow = activate(dense(flow, 5, &p[0], &p[1]), activation);
                dense(flow, 3, &p[2], &p[3])
            },
        }
        .run();
    }
}

/// Where two activations follow each other, the second must not spoil what the first one keeps.
#[test]
fn gradients_of_activations_in_a_row() {
    check(Shape::flat(9), &|flow| {
        let flow = activate(flow, Activation::Gelu);
        let flow = activate(flow, Activation::Tanh);
        activate(activate(flow, Activation::Sigmoid), Activation::Gelu)
    });
}

#[test]
fn average_pool2d_gradients() {
    for size in [1, 2, 3] {
        check(Shape::new(5, 7, 2), &|flow| average_pool2d(flow, size));
    }
    check(Shape::new(4, 5, 3), &global_average_pool2d);
}

#[test]
fn zero_padding2d_gradients() {
    check(Shape::new(2, 3, 2), &|flow| zero_padding2d(flow, 2));
}

#[test]
fn sliding_pool2d_gradients() {
    for (size, stride, padding) in [
        (3, 1, Padding::Same),
        (3, 2, Padding::Same),
        (2, 3, Padding::Same),
        (3, 2, Padding::Valid),
    ] {
        let window = window(size, stride, padding);
        // Few values, so that no two of a window are so near that a small step exchanges them.
        check(Shape::new(4, 5, 1), &|flow| {
            sliding_max_pool2d(flow, window)
        });
        check(Shape::new(5, 7, 2), &|flow| {
            sliding_average_pool2d(flow, window)
        });
    }
}

#[test]
fn ops_without_a_bias_have_gradients_of_their_kernels_alone() {
    Check {
        shape: Shape::new(5, 4, 2),
        parameters: vec![noise(1, 9 * 2 * 3), noise(3, 60 * 3)],
        forward: &|flow, p| {
            let flow = conv2d(flow, window(3, 1, Padding::Same), 3, &p[0], None::<&Vector>);
            dense(flatten(flow), 3, &p[1], None::<&Vector>)
        },
    }
    .run();
}

#[test]
fn depthwise_conv2d_gradients() {
    for (window, multiplier) in [
        (window(3, 1, Padding::Same), 1),
        (window(3, 2, Padding::Same), 2),
        (window(2, 1, Padding::Valid), 3),
        (window(2, 3, Padding::Same), 1),
    ] {
        let shape = Shape::new(5, 4, 2);
        let channels = 2 * multiplier;
        let features = window.slide(shape, channels).len();
        Check {
            shape,
            parameters: vec![
                noise(1, window.size * window.size * channels),
                noise(2, channels),
                noise(3, features * 3),
                noise(4, 3),
            ],
            forward: &|flow, p| {
                let flow = depthwise_conv2d(flow, window, multiplier, &p[0], &p[1]);
                dense(flatten(flow), 3, &p[2], &p[3])
            },
        }
        .run();
    }
}

#[test]
fn normalisations_by_an_images_own_statistics_have_gradients() {
    let shape = Shape::new(2, 3, 4);
    for trainable in [true, false] {
        for groups in [None, Some(1), Some(2), Some(4)] {
            Check {
                shape,
                parameters: vec![noise(1, 4), noise(2, 4), noise(3, 24 * 3), noise(4, 3)],
                forward: &|flow, p| {
                    let flow = flow.with_trainable(trainable);
                    let flow = match groups {
                        None => layer_norm(flow, &p[0], &p[1], 0.1),
                        Some(groups) => group_norm(flow, groups, &p[0], &p[1], 0.1),
                    };
                    dense(flatten(flow.with_trainable(true)), 3, &p[2], &p[3])
                },
            }
            .run();
        }
    }
}

#[test]
fn grouped_and_dilated_conv2d_gradients() {
    for (padding, dilation, groups) in [
        (Padding::Same, 1, 2),
        (Padding::Same, 2, 1),
        (Padding::Valid, 2, 2),
        (Padding::Same, 3, 4),
    ] {
        let (shape, window) = (Shape::new(6, 5, 4), window(2, 1, padding));
        let features = window.dilated(dilation).slide(shape, 8).len();
        Check {
            shape,
            parameters: vec![
                noise(1, 4 * 4 / groups * 8),
                noise(2, 8),
                noise(3, features * 3),
                noise(4, 3),
            ],
            forward: &|flow, p| {
                let flow = dilated(flow, window, dilation, |flow, window| {
                    grouped_conv2d(flow, window, (8, groups), &p[0], &p[1])
                });
                dense(flatten(flow), 3, &p[2], &p[3])
            },
        }
        .run();
    }
}
