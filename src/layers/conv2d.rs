//! Two-dimensional convolution.

use super::{
    Block, Build, Combination, L2, Layer, LayerKind, Mend, Misfit, ParameterShape, Pass, Place,
    Start, activation, built,
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

impl Layer for Conv2d {
    fn takes_images(&self) -> bool {
        true
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        let output = self.window().slide(input, self.filters);
        if output.is_empty() {
            let size = self.kernel;
            let reason = format!(
                "a {size}×{size} kernel does not fit a {}×{} input",
                input.height, input.width
            );
            let mend = Mend::Set("padding", Value::Choice("same"));
            let remedy = "use padding same or a smaller kernel";
            return Err(Misfit::new(reason, remedy, mend));
        }
        Ok(output)
    }

    fn parameters(&self, input: Shape) -> Vec<ParameterShape> {
        let size = self.kernel;
        let area = size * size;
        vec![
            ParameterShape::trainable(
                "kernel",
                vec![size, size, input.channels, self.filters],
                Start::GlorotUniform {
                    fan_in: area * input.channels,
                    fan_out: area * self.filters,
                },
            )
            .with_l2(self.l2),
            ParameterShape::trainable("bias", vec![self.filters], Start::Zeros),
        ]
    }

    fn reads(&self, input: Shape, place: Place) -> Block {
        Block::window(self.window(), input, place, 0..input.channels)
    }

    fn combination(&self) -> Combination {
        Combination::Products
    }

    fn forward(&self, flow: Flow, parameters: &mut [Vector], _pass: &Pass) -> Flow {
        let [kernel, bias] = [&parameters[0], &parameters[1]];
        let flow = ops::conv2d(flow, self.window(), self.filters, kernel, bias);
        ops::activate(flow, self.activation)
    }
}
