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
    ] {
        let corner = matches!(activation, Activation::Relu | Activation::LeakyRelu { .. });
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
