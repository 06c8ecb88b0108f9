//! Batch normalization.

use super::{
    Block, Build, Combination, Layer, LayerKind, Misfit, Moving, ParameterShape, Pass, Place,
    Start, built,
};
use crate::field::{Field, Settings, settings};
use crate::ops::{self, Flow, Vector};
use crate::shape::Shape;

pub static KIND: LayerKind = LayerKind {
    name: "batch_norm",
    keras: "batch_normalization",
    help: "Normalises every channel to mean 0 and std 1 over the batch, then scales and shifts it by two trained weights.",
    fields: BatchNorm::FIELDS,
    build: Build::Layer(built::<BatchNorm>),
};

settings! {
    /// Keras's `BatchNormalization` with its defaults.
    struct BatchNorm {
        /// share of the moving mean and variance that each step keeps; prediction uses these two
        momentum: f32 = Field::number(0.99, 0.0..1.0, &[0.9, 0.95, 0.99, 0.999]),
        /// added to the variance to avoid division by zero
        epsilon: f32 = Field::span(1e-3, 1e-9..=1.0, &[1e-5, 1e-4, 1e-3, 1e-2]),
        /// whether the moving mean and variance are corrected for their initial 0 and 1, as Adam corrects its moments, so that they are
        /// right from the first step on; not in Keras
        corrected: bool = Field::flag().proposed(),
    }
}

impl Layer for BatchNorm {
    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        Ok(input)
    }

    fn parameters(&self, input: Shape) -> Vec<ParameterShape> {
        let channels = input.channels;
        vec![
            ParameterShape::trainable("gamma", vec![channels], Start::Ones),
            ParameterShape::trainable("beta", vec![channels], Start::Zeros),
            ParameterShape::statistic("moving_mean", channels, Start::Zeros),
            ParameterShape::statistic("moving_variance", channels, Start::Ones),
        ]
    }

    fn moving(&self) -> Option<Moving> {
        Some(Moving {
            momentum: self.momentum,
            is_corrected: self.corrected,
        })
    }

    fn reads(&self, _input: Shape, place: Place) -> Block {
        Block::one(place, 0)
    }

    /// With the moving statistics.
    fn combination(&self) -> Combination {
        Combination::Normalised {
            epsilon: self.epsilon,
        }
    }

    fn forward(&self, flow: Flow, parameters: &mut [Vector], pass: &Pass) -> Flow {
        let [gamma, beta, mean, variance] = parameters else {
            unreachable!("batch norm declares four parameters")
        };
        match pass.momentum {
            Some(momentum) => {
                ops::batch_norm_training(flow, gamma, beta, mean, variance, momentum, self.epsilon)
            }
            None => ops::batch_norm_inference(flow, gamma, beta, mean, variance, self.epsilon),
        }
    }
}
