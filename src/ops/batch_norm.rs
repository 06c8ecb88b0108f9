//! Batch normalisation over every pixel of every image, channel by channel.

use super::{Flow, Vector, values, values_mut};
use crate::kernels::{BatchNorm, batch_norm as kernel_of};

/// Normalises with the mean and the biased variance of this batch, and moves the moving statistics as Keras does:
/// `moving ← moving · momentum + batch · (1 − momentum)`. Any shape; the vectors hold one value a channel.
pub fn batch_norm_training(
    flow: Flow,
    gamma: &Vector,
    beta: &Vector,
    moving_mean: &mut Vector,
    moving_variance: &mut Vector,
    momentum: f32,
    epsilon: f32,
) -> Flow {
    let mut flow = flow.settled();
    let channels = flow.shape().channels;
    let (mut mean, mut variance) = (vec![0.0; channels], vec![0.0; channels]);
    kernel_of::moments(flow.values(), &mut mean, &mut variance);
    for (moving, batch) in [(moving_mean, &mean), (moving_variance, &variance)] {
        for (moving, batch) in values_mut(moving).iter_mut().zip(batch) {
            *moving = *moving * momentum + batch * (1.0 - momentum);
        }
    }
    let norm = BatchNorm {
        gamma: values(gamma),
        beta: values(beta),
        mean: &mean,
        variance: &variance,
        epsilon,
    };
    let mut output = flow.workspace().buffer(flow.values().len());
    kernel_of::forward(&norm, flow.values(), output.values_mut());

    let (trains, input_wanted) = (flow.trains_parameters(), flow.needs_gradient());
    let input = flow.share();
    let trained: &[&Vector] = if trains { &[gamma, beta] } else { &[] };
    let (gamma, beta) = (gamma.clone(), beta.clone());
    flow.record("batch_norm", trained, move |backward| {
        let norm = BatchNorm {
            gamma: values(&gamma),
            beta: values(&beta),
            mean: &mean,
            variance: &variance,
            epsilon,
        };
        let mut gradient = backward.take();
        let length = input.values().len();
        let through = &mut gradient[..length];
        let mut both = |by_gamma: &mut [f32], by_beta: &mut [f32]| {
            kernel_of::parameter_gradient(&norm, input.values(), through, by_gamma, by_beta);
            if input_wanted {
                kernel_of::training_input_gradient(
                    &norm,
                    input.values(),
                    by_gamma,
                    by_beta,
                    through,
                );
            }
        };
        if trains {
            backward.parameters([&gamma, &beta], both);
        } else {
            both(&mut vec![0.0; channels], &mut vec![0.0; channels]);
        }
        hand_on(backward, gradient, input_wanted);
    });
    let shape = flow.shape();
    flow.next(output, shape)
}

/// Normalises with a fixed mean and variance. Any shape; the vectors hold one value a channel.
pub fn batch_norm_inference(
    flow: Flow,
    gamma: &Vector,
    beta: &Vector,
    mean: &Vector,
    variance: &Vector,
    epsilon: f32,
) -> Flow {
    let mut flow = flow.settled();
    let mut output = flow.workspace().buffer(flow.values().len());
    let norm = BatchNorm {
        gamma: values(gamma),
        beta: values(beta),
        mean: values(mean),
        variance: values(variance),
        epsilon,
    };
    kernel_of::forward(&norm, flow.values(), output.values_mut());

    let (trains, input_wanted) = (flow.trains_parameters(), flow.needs_gradient());
    if trains || input_wanted {
        let input = trains.then(|| flow.share());
        let length = flow.values().len();
        let vectors = [gamma, beta, mean, variance].map(Vector::clone);
        let trained: &[&Vector] = if trains { &[gamma, beta] } else { &[] };
        flow.record("batch_norm", trained, move |backward| {
            let [gamma, beta, mean, variance] = &vectors;
            let norm = BatchNorm {
                gamma: values(gamma),
                beta: values(beta),
                mean: values(mean),
                variance: values(variance),
                epsilon,
            };
            let mut gradient = backward.take();
            let through = &mut gradient[..length];
            if let Some(input) = &input {
                backward.parameters([gamma, beta], |by_gamma, by_beta| {
                    kernel_of::parameter_gradient(
                        &norm,
                        input.values(),
                        through,
                        by_gamma,
                        by_beta,
                    );
                });
            }
            if input_wanted {
                kernel_of::inference_input_gradient(&norm, through);
            }
            hand_on(backward, gradient, input_wanted);
        });
    }
    let shape = flow.shape();
    flow.next(output, shape)
}

fn hand_on(backward: &mut super::tape::Backward, gradient: Vec<f32>, wanted: bool) {
    if wanted {
        backward.put(gradient);
    } else {
        backward.workspace.give_back_values(gradient);
    }
}
