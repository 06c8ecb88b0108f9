//! Dropout, of single values and of whole channels.

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

pub static SPATIAL: LayerKind = LayerKind {
    name: "spatial_dropout2d",
    keras: "spatial_dropout2d",
    help: "Dropout of whole channels: better than dropout between convolutions, where neighbouring values tell nearly the same.",
    fields: Dropout::FIELDS,
    build: Build::Layer(|values, _classes| {
        Box::new(Dropout {
            drops_channels: true,
            ..Dropout::from_values(values)
        })
    }),
};

settings! {
    struct Dropout {
        /// share of the values that is dropped
        rate: f32 = Field::number(0.5, 0.0..1.0, &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]).required(),
    } and {
        /// Whether it drops whole channels.
        drops_channels: bool,
    }
}

impl Layer for Dropout {
    fn changes_in_place(&self) -> bool {
        true
    }

    fn takes_images(&self) -> bool {
        self.drops_channels
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
        match pass.training && self.rate > 0.0 {
            false => flow,
            true if self.drops_channels => ops::spatial_dropout2d(flow, self.rate, pass.key),
            true => ops::dropout(flow, self.rate, pass.key),
        }
    }
}
