//! Dropout.

use super::{Block, Build, Combination, Layer, LayerKind, Misfit, Pass, Place, built};
use crate::field::{Field, Settings, settings};
use crate::ops::{self, Flow, Vector};
use crate::shape::Shape;

pub static KIND: LayerKind = LayerKind {
    name: "dropout",
    keras: "dropout",
    help: "During training, sets a random share of the values to 0 and scales up the rest, so that no unit relies on another.",
    fields: Dropout::FIELDS,
    build: Build::Layer(built::<Dropout>),
};

settings! {
    struct Dropout {
        /// share of the values that is dropped
        rate: f32 = Field::number(0.5, 0.0..1.0, &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]).required(),
    }
}

impl Layer for Dropout {
    fn changes_in_place(&self) -> bool {
        true
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        Ok(input)
    }

    fn reads(&self, _input: Shape, place: Place) -> Block {
        Block::one(place, 0)
    }

    fn combination(&self) -> Combination {
        Combination::Same
    }

    fn forward(&self, flow: Flow, _parameters: &mut [Vector], pass: &Pass) -> Flow {
        if pass.training && self.rate > 0.0 {
            ops::dropout(flow, self.rate, pass.key)
        } else {
            flow
        }
    }
}
