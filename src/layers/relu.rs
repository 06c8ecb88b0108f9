//! Rectified linear unit.

use super::{Layer, LayerKind, Misfit, Pass};
use crate::ops::{self, Flow, Vector};
use crate::shape::Shape;

pub static KIND: LayerKind = LayerKind {
    name: "relu",
    help: "Sets negative values to 0.",
    fields: &[],
    build: |_values, _classes| Box::new(Relu),
};

#[derive(Debug)]
struct Relu;

impl Layer for Relu {
    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        Ok(input)
    }

    fn forward(&self, flow: Flow, _parameters: &mut [Vector], _pass: &Pass) -> Flow {
        ops::relu(flow)
    }
}
