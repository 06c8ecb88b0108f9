//! The engine: the forward and backward pass of each op, as one entry on dfdx's tape.
//!
//! ```no_run
//! use convscope::ops::{self, Flow, Workspace};
//! use convscope::shape::Shape;
//!
//! let workspace = Workspace::new();
//! let (kernel, bias) = (ops::vector(vec![0.1; 784 * 10]), ops::vector(vec![0.0; 10]));
//! let images = workspace.input(2, Shape::new(28, 28, 1), |pixels| pixels.fill(0.5));
//! let flow = ops::dense(ops::flatten(Flow::training(images)), 10, &kernel, &bias);
//! let loss = ops::softmax_cross_entropy(flow, &[3, 7]);
//! let mut gradients = loss.backward();
//! let kernel_gradient: &mut [f32] = gradients.of(&kernel);
//! ```
//!
//! Everything runs in rayon's current thread pool: `pool.install(|| …)` chooses it. A volume is used once, so an op's
//! backward *writes* its input's gradient instead of adding to it; several paths from one volume are a [`Fork`].

mod activation;
mod average_pool2d;
mod batch_norm;
mod conv2d;
mod dense;
mod depthwise_conv2d;
mod dilated;
mod dropout;
mod flatten;
mod flow;
mod fork;
mod group_norm;
mod grouped_conv2d;
mod max_pool2d;
mod objective;
mod sliding_pool2d;
mod softmax;
mod stopwatch;
mod tape;
mod way_back;
mod workspace;
mod zero_padding2d;

pub use crate::kernels::join::Join;
pub use crate::kernels::tier_name as vector_instructions;
pub use crate::kernels::{Activation, Adadelta, adadelta, for_pieces, optimizers, penalty};
pub use activation::{activate, relu};
pub use average_pool2d::{average_pool2d, global_average_pool2d};
pub use batch_norm::{batch_norm_inference, batch_norm_training};
pub use conv2d::conv2d;
pub use dense::dense;
pub use depthwise_conv2d::depthwise_conv2d;
pub use dilated::dilated;
pub use dropout::{dropout, spatial_dropout2d};
pub use flatten::flatten;
pub use flow::Flow;
pub use fork::Fork;
pub use group_norm::{group_norm, layer_norm};
pub use grouped_conv2d::grouped_conv2d;
pub use max_pool2d::max_pool2d;
pub use objective::Objective;
pub use sliding_pool2d::{sliding_average_pool2d, sliding_max_pool2d};
pub use softmax::{
    Loss, most_probable, smoothed_cross_entropy, softmax, softmax_cross_entropy,
    weighted_cross_entropy,
};
pub use stopwatch::Lap;
pub use tape::{ParameterGradients, Vector, values, values_mut, vector};
pub use way_back::{Tap, backward_from};
pub use workspace::{Input, Workspace};
pub use zero_padding2d::zero_padding2d;

#[cfg(test)]
mod tests;
