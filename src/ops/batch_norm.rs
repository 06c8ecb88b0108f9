//! Batch normalisation over every pixel of every image, channel by channel, deferred until it is known whether a rectifier follows.

use std::sync::Arc;

use super::stopwatch::Op;
use super::workspace::Buffer;
use super::{Flow, Vector, values, values_mut};
use crate::kernels::{BatchNorm, Finish, batch_norm as kernel_of};

/// Normalises with the mean and the biased variance of this batch, and moves the moving statistics as Keras does:
/// `moving ← moving · momentum + batch · (1 − momentum)`. Any shape; the vectors hold one value per channel.
pub fn batch_norm_training(
    flow: Flow,
    gamma: &Vector,
    beta: &Vector,
    moving_mean: &mut Vector,
    moving_variance: &mut Vector,
    momentum: f32,
    epsilon: f32,
) -> Flow {
    let flow = flow.settled();
    let channels = flow.shape().channels;
    let (mut mean, mut variance) = (vec![0.0; channels], vec![0.0; channels]);
    kernel_of::moments(flow.values(), &mut mean, &mut variance);
    for (moving, batch) in [(moving_mean, &mean), (moving_variance, &variance)] {
        for (moving, batch) in values_mut(moving).iter_mut().zip(batch) {
            *moving = *moving * momentum + batch * (1.0 - momentum);
        }
    }
    let waiting = Normalisation {
        gamma: gamma.clone(),
        beta: beta.clone(),
        mean,
        variance,
        epsilon,
        fixed: false,
        trains: flow.trains_parameters(),
        input_wanted: flow.needs_gradient(),
    };
    flow.normalised_later(waiting)
}

/// Normalises with a fixed mean and variance. Any shape; the vectors hold one value per channel.
pub fn batch_norm_inference(
    flow: Flow,
    gamma: &Vector,
    beta: &Vector,
    mean: &Vector,
    variance: &Vector,
    epsilon: f32,
) -> Flow {
    let records = flow.trains_parameters() || flow.needs_gradient();
    let flow = match flow.has_plain_convolution() && !records {
        true => flow,
        false => flow.settled(),
    };
    let waiting = Normalisation {
        gamma: gamma.clone(),
        beta: beta.clone(),
        mean: values(mean).to_vec(),
        variance: values(variance).to_vec(),
        epsilon,
        fixed: true,
        trains: flow.trains_parameters(),
        input_wanted: flow.needs_gradient(),
    };
    flow.normalised_later(waiting)
}

/// A deferred batch norm.
pub(super) struct Normalisation {
    gamma: Vector,
    beta: Vector,
    mean: Vec<f32>,
    variance: Vec<f32>,
    epsilon: f32,
    /// Whether mean and variance are fixed, rather than those of the input.
    fixed: bool,
    trains: bool,
    input_wanted: bool,
}

impl Normalisation {
    fn kernel(&self, rectified: bool) -> BatchNorm<'_> {
        BatchNorm {
            gamma: values(&self.gamma),
            beta: values(&self.beta),
            mean: &self.mean,
            variance: &self.variance,
            epsilon: self.epsilon,
            rectified,
        }
    }

    /// The output for the batch norm's input, rectified if a rectifier follows.
    pub(super) fn run(&self, input: &Buffer, rectified: bool) -> Arc<Buffer> {
        let mut output = input.workspace().buffer(input.values().len());
        kernel_of::forward(&self.kernel(rectified), input.values(), output.values_mut());
        Arc::new(output)
    }

    /// The same, for the convolution before it.
    pub(super) fn finish(&self, rectified: bool) -> Finish {
        Finish::batch_norm(&self.kernel(rectified))
    }

    /// The flow after it, with the values `output`.
    pub(super) fn next(self, mut flow: Flow, output: Arc<Buffer>, rectified: bool) -> Flow {
        let shape = flow.shape();
        let (trains, input_wanted) = (self.trains, self.input_wanted);
        if !trains && !input_wanted {
            return flow.next(output, shape);
        }
        let input = flow.share();
        let parameters = [self.gamma.clone(), self.beta.clone()];
        let recorded: Vec<&Vector> = parameters.iter().filter(|_| trains).collect();
        let op = Op::from(match rectified {
            true => "batch_norm + relu",
            false => "batch_norm",
        });
        flow.record(op, &recorded, move |backward| {
            let norm = self.kernel(rectified);
            let mut gradient = backward.take();
            let through = &mut gradient[..input.values().len()];
            let input = input.values();
            let mut both = |by_gamma: &mut [f32], by_beta: &mut [f32]| {
                if trains || !self.fixed {
                    kernel_of::parameter_gradient(&norm, input, through, by_gamma, by_beta);
                }
                match (input_wanted, self.fixed) {
                    (false, _) => {}
                    (true, true) => kernel_of::inference_input_gradient(&norm, input, through),
                    (true, false) => {
                        kernel_of::training_input_gradient(&norm, input, by_gamma, by_beta, through)
                    }
                }
            };
            if trains {
                backward.parameters([&self.gamma, &self.beta], both);
            } else {
                let channels = self.mean.len();
                both(&mut vec![0.0; channels], &mut vec![0.0; channels]);
            }
            if input_wanted {
                backward.put(gradient);
            } else {
                backward.workspace.give_back_values(gradient);
            }
        });
        flow.next(output, shape)
    }
}
