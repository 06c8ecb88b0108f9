//! Convolution of groups of channels, each with filters of its own.

use super::stopwatch::Op;
use super::tape::Bias;
use super::{Flow, Vector, Workspace, values};
use crate::kernels::{
    BlockGradient, Conv2d, ConvBlock, Gradients, conv_block,
    join::{concatenate, part},
};
use crate::shape::{Shape, Window};

/// `[batch, height, width, channels] → [batch, positions, positions, filters]`, where `channels` and `filters` are cut into `groups` equal
/// parts, and each filter sees only the channels of its own group.
///
/// `kernel` holds `[window.size, window.size, channels / groups, filters]`, `bias` one value per filter, or none.
pub fn grouped_conv2d<'a>(
    flow: Flow,
    window: Window,
    (filters, groups): (usize, usize),
    kernel: &Vector,
    bias: impl Into<Option<&'a Vector>>,
) -> Flow {
    let mut flow = flow.settled();
    let bias = Bias::new(bias.into(), filters);
    let input = flow.shape();
    let grouped = Grouped {
        conv: Conv2d {
            batch: flow.batch(),
            input: Shape {
                channels: input.channels / groups,
                ..input
            },
            window,
            filters: filters / groups,
        },
        groups,
    };
    let shape = window.slide(input, filters);
    let workspace = flow.workspace().clone();
    let mut output = workspace.buffer(flow.batch() * shape.len());
    let parameters = (values(kernel), bias.values());
    grouped.forward(&workspace, flow.values(), parameters, output.values_mut());
    let (trains, input_wanted) = (flow.trains_parameters(), flow.needs_gradient());
    if trains || input_wanted {
        let own_bias = bias.clone();
        let recorded = own_bias.with_kernel(kernel, trains);
        let (input, kernel) = (flow.share(), kernel.clone());
        let length = flow.batch() * shape.len();
        let op = Op {
            name: "conv2d",
            details: None,
        };
        flow.record(op, &recorded, move |backward| {
            let gradient = backward.take();
            let workspace = backward.workspace.clone();
            let inputs = usize::from(input_wanted) * input.values().len();
            let mut next = workspace.values(inputs);
            let input_gradient = input_wanted.then(|| &mut next[..inputs]);
            let run = |parameters: Option<(&mut [f32], &mut [f32])>| {
                let wanted = Gradients {
                    parameters,
                    input: input_gradient,
                };
                let (gradient, kernel) = (&gradient[..length], values(&kernel));
                grouped.gradients(&workspace, input.values(), kernel, gradient, wanted);
            };
            if trains {
                backward.kernel_and_bias(&kernel, &bias, |kernel, bias| {
                    run(Some((kernel, bias)));
                });
            } else {
                run(None);
            }
            if input_wanted {
                backward.put(next);
            } else {
                workspace.give_back_values(next);
            }
            workspace.give_back_values(gradient);
        });
    }
    flow.next(output, shape)
}

/// A convolution of one group, and how many there are.
#[derive(Clone, Copy)]
struct Grouped {
    conv: Conv2d,
    groups: usize,
}

/// Some values of a workspace.
struct Lent<'a> {
    workspace: &'a Workspace,
    values: Vec<f32>,
    length: usize,
}

impl<'a> Lent<'a> {
    fn new(workspace: &'a Workspace, length: usize) -> Self {
        Self {
            workspace,
            values: workspace.values(length),
            length,
        }
    }

    /// The columns of group `group` of rows with `own` values for each of `groups`.
    fn part_of(
        workspace: &'a Workspace,
        all: &[f32],
        group: usize,
        groups: usize,
        own: usize,
    ) -> Self {
        let mut lent = Self::new(workspace, all.len() / groups);
        part(all, own * groups, group * own, own, lent.get_mut());
        lent
    }

    fn get(&self) -> &[f32] {
        &self.values[..self.length]
    }

    fn get_mut(&mut self) -> &mut [f32] {
        &mut self.values[..self.length]
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let values = std::mem::take(&mut self.values);
        self.workspace.give_back_values(values);
    }
}

/// Writes the columns of each group beside those of the one before it.
fn join(groups: &[Lent], own: usize, all: &mut [f32]) {
    let groups: Vec<(&[f32], usize)> = groups.iter().map(|group| (group.get(), own)).collect();
    concatenate(&groups, all);
}

impl Grouped {
    fn block(&self) -> ConvBlock {
        ConvBlock {
            conv: self.conv,
            pool: None,
        }
    }

    fn forward(
        &self,
        workspace: &Workspace,
        input: &[f32],
        (kernel, bias): (&[f32], &[f32]),
        output: &mut [f32],
    ) {
        let (conv, groups) = (&self.conv, self.groups);
        let length = conv.batch * conv.output().len();
        let each = |group: usize| {
            let own = group * conv.filters..(group + 1) * conv.filters;
            let images = Lent::part_of(workspace, input, group, groups, conv.input.channels);
            let kernel = Lent::part_of(workspace, kernel, group, groups, conv.filters);
            let mut output = Lent::new(workspace, length);
            let parameters = (kernel.get(), &bias[own]);
            let (images, values) = (images.get(), output.get_mut());
            conv_block::forward(&self.block(), images, parameters, values, &mut []);
            output
        };
        let outputs: Vec<Lent> = (0..groups).map(each).collect();
        join(&outputs, conv.filters, output);
    }

    fn gradients(
        &self,
        workspace: &Workspace,
        input: &[f32],
        kernel: &[f32],
        output_gradient: &[f32],
        mut wanted: Gradients,
    ) {
        let (conv, groups) = (&self.conv, self.groups);
        let (mut kernels, mut inputs) = (Vec::new(), Vec::new());
        for group in 0..groups {
            let own = group * conv.filters..(group + 1) * conv.filters;
            let images = Lent::part_of(workspace, input, group, groups, conv.input.channels);
            let weights = Lent::part_of(workspace, kernel, group, groups, conv.filters);
            let gradient = Lent::part_of(workspace, output_gradient, group, groups, conv.filters);
            let mut by_kernel = Lent::new(workspace, weights.length);
            let mut by_input = Lent::new(workspace, images.length);
            let parameters = wanted
                .parameters
                .as_mut()
                .map(|(_, bias)| (by_kernel.get_mut(), &mut bias[own]));
            let gradients = Gradients {
                parameters,
                input: wanted.input.is_some().then(|| by_input.get_mut()),
            };
            let by_block = BlockGradient {
                gradient: gradient.get(),
                places: &[],
            };
            let (images, weights) = (images.get(), weights.get());
            conv_block::gradients(&self.block(), images, weights, by_block, gradients);
            kernels.push(by_kernel);
            inputs.push(by_input);
        }
        if let Some((kernel, _)) = wanted.parameters {
            join(&kernels, conv.filters, kernel);
        }
        if let Some(input) = wanted.input {
            join(&inputs, conv.input.channels, input);
        }
    }
}
