//! The activations: one list for the field `activation` of other layers, and the layers that are only an activation.

use super::{Block, Build, Combination, Layer, LayerKind, Misfit, Pass, Place};
use crate::field::{Field, Plain, Settings, Value, settings};
use crate::ops::{self, Activation, Flow, Vector};
use crate::shape::Shape;

/// Every activation under its name in files, in the order of forms, with Keras's parameters for that name:
/// `leaky_relu` has the slope 0.2 here, and 0.3 as a layer.
const ACTIVATIONS: [(&str, Activation); 8] = [
    ("linear", Activation::Linear),
    (RELU.name, Activation::Relu),
    (
        LEAKY_RELU.name,
        Activation::LeakyRelu {
            negative_slope: 0.2,
        },
    ),
    (TANH.name, Activation::Tanh),
    (SIGMOID.name, Activation::Sigmoid),
    (GELU.name, Activation::Gelu),
    (ELU.name, Activation::Elu { alpha: 1.0 }),
    (SILU.name, Activation::Silu),
];

static NAMES: [&str; ACTIVATIONS.len()] = {
    let mut names = [""; ACTIVATIONS.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = ACTIVATIONS[index].0;
        index += 1;
    }
    names
};

/// The field `activation` of a layer with weights.
pub(super) const FIELD: Field = Field::choice(&NAMES)
    .meaning("function applied to each output value; leaky_relu has slope 0.2 here, as in Keras");

impl Plain for Activation {
    fn to_value(&self) -> Value {
        let mut known = ACTIVATIONS.iter();
        let named = known.find(|(_, activation)| activation == self);
        Value::Choice(named.unwrap_or(&ACTIVATIONS[0]).0)
    }

    fn of(value: Value) -> Self {
        let mut known = ACTIVATIONS.iter();
        let named = known.find(|(name, _)| *name == value.choice());
        named.unwrap_or(&ACTIVATIONS[0]).1
    }
}

pub static RELU: LayerKind = LayerKind {
    name: "relu",
    keras: "re_lu",
    help: "Sets negative values to 0.",
    fields: &[],
    build: Build::Layer(|_values, _classes| Box::new(Activation::Relu)),
};

pub static LEAKY_RELU: LayerKind = LayerKind {
    name: "leaky_relu",
    keras: "leaky_re_lu",
    help: "Scales negative values down instead of setting them to 0, so that no unit goes dead.",
    fields: LeakyRelu::FIELDS,
    build: Build::Layer(|values, _classes| {
        let LeakyRelu { negative_slope } = LeakyRelu::from_values(values);
        Box::new(Activation::LeakyRelu { negative_slope })
    }),
};

settings! {
    struct LeakyRelu {
        /// slope for negative values
        negative_slope: f32 = Field::number(0.3, 0.0..1.0, &[0.01, 0.05, 0.1, 0.2, 0.3]),
    }
}

pub static TANH: LayerKind = LayerKind {
    name: "tanh",
    keras: "activation",
    help: "Squeezes values between -1 and 1, steepest at 0.",
    fields: &[],
    build: Build::Layer(|_values, _classes| Box::new(Activation::Tanh)),
};

pub static SIGMOID: LayerKind = LayerKind {
    name: "sigmoid",
    keras: "activation",
    help: "Squeezes values between 0 and 1, steepest at 0.",
    fields: &[],
    build: Build::Layer(|_values, _classes| Box::new(Activation::Sigmoid)),
};

pub static GELU: LayerKind = LayerKind {
    name: "gelu",
    keras: "activation",
    help: "Multiplies each value by its standard normal CDF: a smooth relu (the exact form, not the tanh approximation).",
    fields: &[],
    build: Build::Layer(|_values, _classes| Box::new(Activation::Gelu)),
};

pub static ELU: LayerKind = LayerKind {
    name: "elu",
    keras: "elu",
    help: "Bends negative values smoothly towards -alpha instead of setting them to 0, so that their mean is nearer to 0.",
    fields: Elu::FIELDS,
    build: Build::Layer(|values, _classes| {
        let Elu { alpha } = Elu::from_values(values);
        Box::new(Activation::Elu { alpha })
    }),
};

settings! {
    struct Elu {
        /// what large negative values become, with the opposite sign
        alpha: f32 = Field::span(1.0, 0.0..=10.0, &[0.1, 0.5, 1.0, 2.0]),
    }
}

pub static SILU: LayerKind = LayerKind {
    name: "silu",
    keras: "activation",
    help: "Multiplies each value by its sigmoid: a smooth relu, also called swish.",
    fields: &[],
    build: Build::Layer(|_values, _classes| Box::new(Activation::Silu)),
};

/// A layer that is only an activation.
impl Layer for Activation {
    fn changes_in_place(&self) -> bool {
        !self.gradient_wants_input()
    }

    fn activation(&self) -> Activation {
        *self
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

    fn forward(&self, flow: Flow, _parameters: &mut [Vector], _pass: &Pass) -> Flow {
        ops::activate(flow, *self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{Configured, Kind};

    #[test]
    fn every_activation_but_linear_is_a_layer_and_a_choice() {
        for (name, activation) in ACTIVATIONS {
            let value = FIELD.parse(name).unwrap();
            assert_eq!(Activation::of(value), activation);
            assert_eq!(
                LayerKind::named(name).is_some(),
                activation != Activation::Linear,
                "{name}"
            );
        }
    }

    #[test]
    fn leaky_relu_has_keras_two_default_slopes() {
        let layer = Configured::with_defaults(LayerKind::named("leaky_relu").unwrap());
        assert_eq!(layer.values(), [Value::Number(0.3)]);
        assert_eq!(
            Activation::of(Value::Choice("leaky_relu")),
            Activation::LeakyRelu {
                negative_slope: 0.2
            }
        );
    }
}
