//! Batch normalization.

use super::{Block, Combination, Layer, LayerKind, Misfit, ParameterShape, Pass, Place, Start};
use crate::ops::{self, Flow, Vector};
use crate::shape::Shape;

pub static KIND: LayerKind = LayerKind {
    name: "batch_norm",
    keras: "batch_normalization",
    help: "Brings every channel to mean 0 and deviation 1 over the batch, then scales and shifts it by two learned weights.",
    fields: &[],
    build: |_values, _classes| Box::new(BatchNorm),
};

/// Keras's `BatchNormalization` defaults.
const MOMENTUM: f32 = 0.99;
const EPSILON: f32 = 1e-3;

#[derive(Debug)]
struct BatchNorm;

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

    fn reads(&self, _input: Shape, place: Place) -> Block {
        Block::one(place, 0)
    }

    /// By the moving statistics.
    fn combination(&self) -> Combination {
        Combination::Scaled(|parameters, channel| {
            let [gamma, beta, mean, variance] =
                [0, 1, 2, 3].map(|index| parameters[index][channel]);
            let factor = gamma / (variance + EPSILON).sqrt();
            [factor, beta - factor * mean]
        })
    }

    fn forward(&self, flow: Flow, parameters: &mut [Vector], pass: &Pass) -> Flow {
        let [gamma, beta, mean, variance] = parameters else {
            unreachable!("batch norm declares four parameters")
        };
        if pass.training {
            ops::batch_norm_training(flow, gamma, beta, mean, variance, MOMENTUM, EPSILON)
        } else {
            ops::batch_norm_inference(flow, gamma, beta, mean, variance, EPSILON)
        }
    }
}
