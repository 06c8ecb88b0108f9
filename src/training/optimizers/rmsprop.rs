//! RMSprop. Source: Tieleman and Hinton 2012, as in Keras.

use super::{Optimizer, OptimizerKind, Step, epsilon, learning_rate};
use crate::field::{Field, FieldKind, Value};
use crate::ops;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "rmsprop",
    help: "Divides every weight's step by how large its recent gradients were.",
    fields: &[
        learning_rate(0.001, &[0.0003, 0.001, 0.003, 0.01]),
        Field {
            name: "rho",
            help: "how slowly old gradients are forgotten",
            kind: FieldKind::Number {
                least: 0.0,
                below: 1.0,
                steps: &[0.9, 0.95, 0.99],
            },
            default: Value::Number(0.9),
            required: false,
        },
        epsilon("added inside the root so that nothing is divided by 0"),
    ],
    build: |values| {
        Box::new(RmsProp(ops::optimizers::RmsProp {
            learning_rate: values[0].number() as f32,
            rho: values[1].number() as f32,
            epsilon: values[2].number() as f32,
        }))
    },
};

#[derive(Debug)]
struct RmsProp(ops::optimizers::RmsProp);

impl Optimizer for RmsProp {
    fn state_names(&self) -> &'static [&'static str] {
        &["squared_gradients"]
    }

    fn step(&self, step: Step<'_>, state: &mut [Vec<f32>]) {
        let [squares] = state else {
            unreachable!("rmsprop declares one state tensor")
        };
        let settings = ops::optimizers::RmsProp {
            learning_rate: step.learning_rate,
            ..self.0
        };
        ops::optimizers::rmsprop(&settings, step.weights, step.gradient, squares);
    }

    fn learning_rate(&self) -> f32 {
        self.0.learning_rate
    }
}
