//! Fully connected layer.

use super::{Layer, LayerKind, Misfit, ParameterShape, Pass, Start};
use crate::field::{Field, FieldKind, Value};
use crate::ops::{self, Flow, Vector};
use crate::shape::Shape;

pub static KIND: LayerKind = LayerKind {
    name: "dense",
    help: "Every unit weighs all values of a flat input and adds a bias.",
    fields: &[
        Field {
            name: "units",
            help: "number of units, the values that come out",
            kind: FieldKind::Whole {
                least: 1,
                most: 16384,
                steps: &[16, 32, 64, 128, 256, 512, 1024],
            },
            default: Value::Whole(128),
            required: true,
        },
        Field {
            name: "activation",
            help: "what is done to each unit's value",
            kind: FieldKind::Choice(&["linear", "relu"]),
            default: Value::Choice("linear"),
            required: false,
        },
    ],
    build: |values, _classes| {
        Box::new(Dense {
            units: values[0].whole(),
            relu: values[1].choice() == "relu",
        })
    },
};

#[derive(Debug)]
struct Dense {
    units: usize,
    relu: bool,
}

impl Layer for Dense {
    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        flat_output(input, self.units)
    }

    fn parameters(&self, input: Shape) -> Vec<ParameterShape> {
        kernel_and_bias(input, self.units)
    }

    fn multiply_accumulates(&self, input: Shape) -> u64 {
        (input.len() * self.units) as u64
    }

    fn forward(&self, flow: Flow, parameters: &mut [Vector], _pass: &Pass) -> Flow {
        let flow = ops::dense(flow, self.units, &parameters[0], &parameters[1]);
        if self.relu { ops::relu(flow) } else { flow }
    }
}

/// The output of a layer that turns a vector into `units` values.
pub(super) fn flat_output(input: Shape, units: usize) -> Result<Shape, Misfit> {
    if input == Shape::flat(input.len()) {
        Ok(Shape::flat(units))
    } else {
        Err(Misfit::not_flat(input))
    }
}

/// The weights of a layer that turns a vector into `units` values: kernel `[in, out]` and bias `[out]`.
pub(super) fn kernel_and_bias(input: Shape, units: usize) -> Vec<ParameterShape> {
    let start = Start::GlorotUniform {
        fan_in: input.len(),
        fan_out: units,
    };
    vec![
        ParameterShape::trainable("kernel", vec![input.len(), units], start),
        ParameterShape::trainable("bias", vec![units], Start::Zeros),
    ]
}
