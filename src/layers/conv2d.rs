//! Two-dimensional convolution.

use super::{
    Block, Build, Combination, Initializer, L2, Layer, LayerKind, Mend, Misfit, ParameterShape,
    Pass, Place, USE_BIAS, activation, built, initializer,
};
use crate::field::{Field, Settings, Value, choices, settings};
use crate::ops::{self, Activation, Flow, Vector};
use crate::shape::{Padding, Shape, Window};

pub static KIND: LayerKind = LayerKind {
    name: "conv2d",
    keras: "conv2d",
    help: "Slides filters over the image: each output channel is one filter's match at every position.",
    fields: Conv2d::FIELDS,
    build: Build::Layer(built::<Conv2d>),
};

settings! {
    struct Conv2d {
        /// number of filters, and of output channels
        filters: usize = Field::whole(16, 1..=4096, &[8, 16, 32, 64, 128, 256, 512]).required(),
        /// height and width of a filter, in pixels
        kernel: usize = Field::whole(3, 1..=11, &[1, 2, 3, 4, 5, 6, 7]).required(),
        /// pixels from one position to the next
        stride: usize = Field::whole(1, 1..=8, &[1, 2, 3, 4]),
        /// same: zeros around the image; valid: none, the image shrinks
        padding: Padding = Field::choice(Padding::NAMES),
        activation: Activation = activation::FIELD,
        l2: f64 = L2,
        /// pixels from one pixel of a filter to the next: filters see more of the image; from 2 on the stride must be 1
        dilation: usize = Field::whole(1, 1..=16, &[1, 2, 3, 4]).added(),
        /// equal groups of the channels; each filter sees only those of its own group
        groups: usize = Field::whole(1, 1..=4096, &[1, 2, 4, 8, 16, 32]).added(),
        use_bias: bool = USE_BIAS,
        kernel_initializer: Initializer = initializer::FIELD,
    }
}

choices! { Padding { Same => "same", Valid => "valid" } }

impl Conv2d {
    fn window(&self) -> Window {
        Window {
            size: self.kernel,
            stride: self.stride,
            padding: self.padding,
        }
    }
}

/// The shape after `window`, with its pixels `dilation` apart, has slid over `input`, with `channels` values at each position; it must
/// fit.
pub(super) fn slid(
    window: Window,
    dilation: usize,
    input: Shape,
    channels: usize,
) -> Result<Shape, Misfit> {
    let output = window.dilated(dilation).slide(input, channels);
    if output.is_empty() {
        let (size, height, width) = (window.size, input.height, input.width);
        let apart = match dilation {
            1 => String::new(),
            dilation => format!(" with dilation {dilation}"),
        };
        let reason = format!("a {size}×{size} kernel{apart} does not fit a {height}×{width} input");
        let mend = Mend::Set("padding", Value::Choice("same"));
        let remedy = "use padding same or a smaller kernel";
        return Err(Misfit::new(reason, remedy, mend));
    }
    Ok(output)
}

impl Layer for Conv2d {
    fn takes_images(&self) -> bool {
        true
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        let (groups, channels) = (self.groups, input.channels);
        if self.dilation > 1 && self.stride > 1 {
            return Err(Misfit::new(
                format!("dilation {} with stride {}", self.dilation, self.stride),
                "use dilation 1 or stride 1",
                Mend::Set("dilation", Value::Whole(1)),
            ));
        }
        for (count, what) in [(channels, "input channels"), (self.filters, "filters")] {
            if count % groups != 0 {
                let fitting = (1..=groups).rev();
                let mut fitting = fitting.filter(|groups| {
                    channels.is_multiple_of(*groups) && self.filters.is_multiple_of(*groups)
                });
                let fitting = fitting.next().unwrap_or(1);
                return Err(Misfit::new(
                    format!("{count} {what} cannot be cut into {groups} equal groups"),
                    format!("set groups to {fitting}"),
                    Mend::Set("groups", Value::Whole(fitting)),
                ));
            }
        }
        slid(self.window(), self.dilation, input, self.filters)
    }

    fn parameters(&self, input: Shape) -> Vec<ParameterShape> {
        let channels = input.channels / self.groups;
        let dimensions = [self.kernel, self.kernel, channels, self.filters];
        let (initializer, l2) = (self.kernel_initializer, self.l2);
        let kernel = ParameterShape::kernel("kernel", &dimensions, initializer, l2);
        let bias = ParameterShape::bias(self.use_bias, self.filters);
        std::iter::once(kernel).chain(bias).collect()
    }

    fn reads(&self, input: Shape, place: Place) -> Block {
        let own = input.channels / self.groups;
        let group = place.channel / (self.filters / self.groups);
        let window = self.window().dilated(self.dilation);
        let channels = group * own..(group + 1) * own;
        Block {
            step: self.dilation,
            ..Block::window(window, input, place, channels)
        }
    }

    fn combination(&self) -> Combination {
        Combination::Products
    }

    fn forward(&self, flow: Flow, parameters: &mut [Vector], _pass: &Pass) -> Flow {
        let (kernel, bias) = (&parameters[0], parameters.get(1));
        let convolve = |flow, window| match self.groups {
            1 => ops::conv2d(flow, window, self.filters, kernel, bias),
            groups => ops::grouped_conv2d(flow, window, (self.filters, groups), kernel, bias),
        };
        let flow = match self.dilation {
            1 => convolve(flow, self.window()),
            dilation => ops::dilated(flow, self.window(), dilation, convolve),
        };
        ops::activate(flow, self.activation)
    }
}
