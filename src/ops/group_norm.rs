//! Normalisation of each image by its own statistics.

use super::{Flow, Vector, values};
use crate::kernels::{GroupNorm, group_norm as kernel_of};

/// Normalises each of `groups` equal groups of the channels of each image by its own mean and biased variance, over all pixels.
/// `gamma` and `beta` hold one value per channel.
pub fn group_norm(flow: Flow, groups: usize, gamma: &Vector, beta: &Vector, epsilon: f32) -> Flow {
    let pixels = flow.shape().height * flow.shape().width;
    let sets = Sets {
        pixels,
        groups,
        epsilon,
    };
    normalise(flow, sets, gamma, beta)
}

/// Normalises the channels of each pixel by their own mean and biased variance. `gamma` and `beta` hold one value per channel.
pub fn layer_norm(flow: Flow, gamma: &Vector, beta: &Vector, epsilon: f32) -> Flow {
    let sets = Sets {
        pixels: 1,
        groups: 1,
        epsilon,
    };
    normalise(flow, sets, gamma, beta)
}

#[derive(Clone, Copy)]
struct Sets {
    pixels: usize,
    groups: usize,
    epsilon: f32,
}

impl Sets {
    fn with<'a>(&self, gamma: &'a Vector, beta: &'a Vector) -> GroupNorm<'a> {
        GroupNorm {
            pixels: self.pixels,
            groups: self.groups,
            gamma: values(gamma),
            beta: values(beta),
            epsilon: self.epsilon,
        }
    }
}

fn normalise(flow: Flow, sets: Sets, gamma: &Vector, beta: &Vector) -> Flow {
    let mut flow = flow.settled();
    let (shape, length) = (flow.shape(), flow.values().len());
    let mut output = flow.workspace().buffer(length);
    kernel_of::forward(&sets.with(gamma, beta), flow.values(), output.values_mut());
    let (trains, input_wanted) = (flow.trains_parameters(), flow.needs_gradient());
    if trains || input_wanted {
        let recorded: &[&Vector] = if trains { &[gamma, beta] } else { &[] };
        let (input, gamma, beta) = (flow.share(), gamma.clone(), beta.clone());
        flow.record("group_norm", recorded, move |backward| {
            let mut gradient = backward.take();
            let norm = sets.with(&gamma, &beta);
            let mut both = |by_gamma: &mut [f32], by_beta: &mut [f32]| {
                let through = &mut gradient[..length];
                kernel_of::gradients(&norm, input.values(), through, by_gamma, by_beta);
            };
            if trains {
                backward.parameters([&gamma, &beta], both);
            } else {
                let channels = shape.channels;
                let mut unused = (vec![0.0; channels], vec![0.0; channels]);
                both(&mut unused.0, &mut unused.1);
            }
            if input_wanted {
                backward.put(gradient);
            } else {
                backward.workspace.give_back_values(gradient);
            }
        });
    }
    flow.next(output, shape)
}
