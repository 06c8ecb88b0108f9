//! Adadelta. Source: Zeiler 2012, with Keras's learning rate.

use super::{Optimizer, OptimizerKind, Step};
use crate::field::{Field, FieldKind, Value};
use crate::kernels;

pub static KIND: OptimizerKind = OptimizerKind {
    name: "adadelta",
    help: "Scales every weight's step by how large its recent steps and gradients were; needs no tuning.",
    fields: &[
        Field {
            name: "learning_rate",
            help: "factor on every step",
            kind: FieldKind::Number {
                least: 0.0,
                below: 1e6,
                steps: &[0.1, 0.3, 1.0],
            },
            default: Value::Number(1.0),
            required: false,
        },
        Field {
            name: "rho",
            help: "how slowly old gradients are forgotten",
            kind: FieldKind::Number {
                least: 0.0,
                below: 1.0,
                steps: &[0.9, 0.95, 0.99],
            },
            default: Value::Number(0.95),
            required: false,
        },
        Field {
            name: "epsilon",
            help: "added inside both roots so that nothing is divided by 0",
            kind: FieldKind::Number {
                least: 1e-12,
                below: 1.0,
                steps: &[1e-8, 1e-7, 1e-6],
            },
            default: Value::Number(1e-7),
            required: false,
        },
    ],
    build: |values| {
        Box::new(Adadelta {
            learning_rate: values[0].number() as f32,
            rho: values[1].number() as f32,
            epsilon: values[2].number() as f32,
        })
    },
};

#[derive(Debug)]
struct Adadelta {
    learning_rate: f32,
    rho: f32,
    epsilon: f32,
}

impl Optimizer for Adadelta {
    fn state_names(&self) -> &'static [&'static str] {
        &["accumulated_gradient", "accumulated_step"]
    }

    fn step(&self, step: Step<'_>, state: &mut [Vec<f32>]) {
        let [gradients, steps] = state else {
            unreachable!("adadelta declares two state tensors")
        };
        kernels::adadelta(
            step.weights,
            step.gradient,
            gradients,
            steps,
            kernels::AdadeltaSettings {
                learning_rate: step.learning_rate,
                rho: self.rho,
                epsilon: self.epsilon,
            },
        );
    }

    fn learning_rate(&self) -> f32 {
        self.learning_rate
    }
}
