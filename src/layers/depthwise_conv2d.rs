//! Convolutions of each channel on its own, and those followed by a 1×1 convolution.

use super::conv2d::slid;
use super::{
    Block, Build, Combination, Initializer, L2, Layer, LayerKind, Misfit, ParameterShape, Pass,
    Place, USE_BIAS, activation, built, initializer,
};
use crate::field::{Field, Settings, settings};
use crate::ops::{self, Activation, Flow, Vector};
use crate::shape::{Padding, Shape, Window};

pub static DEPTHWISE: LayerKind = LayerKind {
    name: "depthwise_conv2d",
    keras: "depthwise_conv2d",
    help: "Convolves each channel on its own, with far fewer products than conv2d; a 1×1 conv2d behind it mixes the channels.",
    fields: DepthwiseConv2d::FIELDS,
    build: Build::Layer(built::<DepthwiseConv2d>),
};

pub static SEPARABLE: LayerKind = LayerKind {
    name: "separable_conv2d",
    keras: "separable_conv2d",
    help: "A depthwise convolution and a 1×1 convolution in one: nearly what conv2d does, with far fewer products.",
    fields: SeparableConv2d::FIELDS,
    build: Build::Layer(built::<SeparableConv2d>),
};

/// The field `depth_multiplier`.
const MULTIPLIER: Field = Field::whole(1, 1..=64, &[1, 2, 3, 4])
    .labelled("multiplier")
    .meaning("kernels for each channel, and so output channels per input channel");

settings! {
    struct DepthwiseConv2d {
        /// height and width of a filter, in pixels
        kernel: usize = Field::whole(3, 1..=11, &[1, 2, 3, 4, 5, 6, 7]).required(),
        /// pixels from one position to the next
        stride: usize = Field::whole(1, 1..=8, &[1, 2, 3, 4]),
        /// same: zeros around the image; valid: none, the image shrinks
        padding: Padding = Field::choice(Padding::NAMES),
        depth_multiplier: usize = MULTIPLIER,
        activation: Activation = activation::FIELD,
        l2: f64 = L2,
        use_bias: bool = USE_BIAS,
        kernel_initializer: Initializer = initializer::FIELD,
    }
}

settings! {
    struct SeparableConv2d {
        /// number of filters, and of output channels
        filters: usize = Field::whole(16, 1..=4096, &[8, 16, 32, 64, 128, 256, 512]).required(),
        /// height and width of a filter, in pixels
        kernel: usize = Field::whole(3, 1..=11, &[1, 2, 3, 4, 5, 6, 7]).required(),
        /// pixels from one position to the next
        stride: usize = Field::whole(1, 1..=8, &[1, 2, 3, 4]),
        /// same: zeros around the image; valid: none, the image shrinks
        padding: Padding = Field::choice(Padding::NAMES),
        /// kernels for each channel in the depthwise part
        depth_multiplier: usize = MULTIPLIER,
        activation: Activation = activation::FIELD,
        l2: f64 = L2,
        use_bias: bool = USE_BIAS,
        kernel_initializer: Initializer = initializer::FIELD,
    }
}

impl DepthwiseConv2d {
    fn window(&self) -> Window {
        Window {
            size: self.kernel,
            stride: self.stride,
            padding: self.padding,
        }
    }
}

impl Layer for DepthwiseConv2d {
    fn takes_images(&self) -> bool {
        true
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        slid(
            self.window(),
            1,
            input,
            input.channels * self.depth_multiplier,
        )
    }

    fn parameters(&self, input: Shape) -> Vec<ParameterShape> {
        let dimensions = [
            self.kernel,
            self.kernel,
            input.channels,
            self.depth_multiplier,
        ];
        let (initializer, l2) = (self.kernel_initializer, self.l2);
        let kernel = ParameterShape::kernel("kernel", &dimensions, initializer, l2);
        let bias = ParameterShape::bias(self.use_bias, input.channels * self.depth_multiplier);
        std::iter::once(kernel).chain(bias).collect()
    }

    fn reads(&self, input: Shape, place: Place) -> Block {
        let channel = place.channel / self.depth_multiplier;
        Block::window(self.window(), input, place, channel..channel + 1)
    }

    fn combination(&self) -> Combination {
        Combination::Products
    }

    fn forward(&self, flow: Flow, parameters: &mut [Vector], _pass: &Pass) -> Flow {
        let (kernel, bias) = (&parameters[0], parameters.get(1));
        let (window, multiplier) = (self.window(), self.depth_multiplier);
        let flow = ops::depthwise_conv2d(flow, window, multiplier, kernel, bias);
        ops::activate(flow, self.activation)
    }
}

impl SeparableConv2d {
    fn window(&self) -> Window {
        Window {
            size: self.kernel,
            stride: self.stride,
            padding: self.padding,
        }
    }
}

impl Layer for SeparableConv2d {
    fn takes_images(&self) -> bool {
        true
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        slid(self.window(), 1, input, self.filters)
    }

    fn parameters(&self, input: Shape) -> Vec<ParameterShape> {
        let (channels, multiplier) = (input.channels, self.depth_multiplier);
        let depthwise = [self.kernel, self.kernel, channels, multiplier];
        let pointwise = [1, 1, channels * multiplier, self.filters];
        let kernel = |name, dimensions: &[usize]| {
            ParameterShape::kernel(name, dimensions, self.kernel_initializer, self.l2)
        };
        let kernels = [
            kernel("depthwise_kernel", &depthwise),
            kernel("pointwise_kernel", &pointwise),
        ];
        let bias = ParameterShape::bias(self.use_bias, self.filters);
        kernels.into_iter().chain(bias).collect()
    }

    fn reads(&self, input: Shape, place: Place) -> Block {
        Block::window(self.window(), input, place, 0..input.channels)
    }

    fn combination(&self) -> Combination {
        Combination::ProductsOfProducts
    }

    fn multiply_accumulates(&self, input: Shape) -> u64 {
        let places = self
            .output(input)
            .map_or(0, |output| output.height * output.width);
        let between = input.channels * self.depth_multiplier;
        (places * between * (self.kernel * self.kernel + self.filters)) as u64
    }

    fn forward(&self, flow: Flow, parameters: &mut [Vector], _pass: &Pass) -> Flow {
        const POINT: Window = Window {
            size: 1,
            stride: 1,
            padding: Padding::Valid,
        };
        let (depthwise, pointwise) = (&parameters[0], &parameters[1]);
        let multiplier = self.depth_multiplier;
        let flow =
            ops::depthwise_conv2d(flow, self.window(), multiplier, depthwise, None::<&Vector>);
        let flow = ops::conv2d(flow, POINT, self.filters, pointwise, parameters.get(2));
        ops::activate(flow, self.activation)
    }
}
