//! Two-dimensional convolution.

use super::{
    Block, Combination, Layer, LayerKind, Mend, Misfit, ParameterShape, Pass, Place, Start,
    activation, penalty,
};
use crate::field::{Field, FieldKind, Value};
use crate::ops::{self, Activation, Flow, Vector};
use crate::shape::{Padding, Shape, Window};

pub static KIND: LayerKind = LayerKind {
    name: "conv2d",
    keras: "conv2d",
    help: "Slides filters over the image: each output channel is one filter's match at every position.",
    fields: &[
        Field {
            name: "filters",
            help: "number of filters, the channels that come out",
            kind: FieldKind::Whole {
                least: 1,
                most: 4096,
                steps: &[8, 16, 32, 64, 128, 256, 512],
            },
            default: Value::Whole(16),
            required: true,
        },
        Field {
            name: "kernel",
            help: "height and width of a filter, in pixels",
            kind: FieldKind::Whole {
                least: 1,
                most: 11,
                steps: &[1, 2, 3, 4, 5, 6, 7],
            },
            default: Value::Whole(3),
            required: true,
        },
        Field {
            name: "stride",
            help: "pixels from one position to the next",
            kind: FieldKind::Whole {
                least: 1,
                most: 8,
                steps: &[1, 2, 3, 4],
            },
            default: Value::Whole(1),
            required: false,
        },
        Field {
            name: "padding",
            help: "same: zeros around the image; valid: none, the image shrinks",
            kind: FieldKind::Choice(&["same", "valid"]),
            default: Value::Choice("same"),
            required: false,
        },
        activation::FIELD,
        penalty::L2,
    ],
    build: |values, _classes| {
        Box::new(Conv2d {
            filters: values[0].whole(),
            window: Window {
                size: values[1].whole(),
                stride: values[2].whole(),
                padding: match values[3].choice() {
                    "valid" => Padding::Valid,
                    _ => Padding::Same,
                },
            },
            activation: activation::chosen(values[4]),
            l2: values[5].number(),
        })
    },
};

#[derive(Debug)]
struct Conv2d {
    filters: usize,
    window: Window,
    activation: Activation,
    l2: f64,
}

impl Layer for Conv2d {
    fn takes_images(&self) -> bool {
        true
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        let output = self.window.slide(input, self.filters);
        if output.is_empty() {
            let size = self.window.size;
            return Err(Misfit::new(format!(
                "a {size}×{size} kernel does not fit a {}×{} input; use padding same or a smaller kernel",
                input.height, input.width
            ))
            .with_mend(Mend::Set("padding", Value::Choice("same"))));
        }
        Ok(output)
    }

    fn parameters(&self, input: Shape) -> Vec<ParameterShape> {
        let size = self.window.size;
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
        Block::window(self.window, input, place, 0..input.channels)
    }

    fn combination(&self) -> Combination {
        Combination::Products
    }

    fn forward(&self, flow: Flow, parameters: &mut [Vector], _pass: &Pass) -> Flow {
        let [kernel, bias] = [&parameters[0], &parameters[1]];
        let flow = ops::conv2d(flow, self.window, self.filters, kernel, bias);
        ops::activate(flow, self.activation)
    }
}
