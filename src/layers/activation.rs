//! The activations, one list for the field `activation` of other layers and for the layers that are an activation alone.

use super::{Block, Combination, Layer, Misfit, Pass, Place};
use crate::field::{Field, Plain, Value};
use crate::ops::{self, Activation, Flow, Vector};
use crate::shape::Shape;

/// An activation under the name that files give it.
pub(super) struct Named {
    pub name: &'static str,
    /// As Keras takes it for this name: `leaky_relu` has the slope 0.2 here, and 0.3 as a layer.
    pub activation: Activation,
}

pub(super) const LINEAR: Named = Named {
    name: "linear",
    activation: Activation::Linear,
};
pub(super) const RELU: Named = Named {
    name: "relu",
    activation: Activation::Relu,
};
pub(super) const LEAKY_RELU: Named = Named {
    name: "leaky_relu",
    activation: Activation::LeakyRelu {
        negative_slope: 0.2,
    },
};
pub(super) const TANH: Named = Named {
    name: "tanh",
    activation: Activation::Tanh,
};
pub(super) const SIGMOID: Named = Named {
    name: "sigmoid",
    activation: Activation::Sigmoid,
};
pub(super) const GELU: Named = Named {
    name: "gelu",
    activation: Activation::Gelu,
};

/// Every activation, in the order in which forms show them.
pub(super) const ACTIVATIONS: [Named; 6] = [LINEAR, RELU, LEAKY_RELU, TANH, SIGMOID, GELU];

static NAMES: [&str; ACTIVATIONS.len()] = {
    let mut names = [""; ACTIVATIONS.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = ACTIVATIONS[index].name;
        index += 1;
    }
    names
};

/// The field `activation` of a layer with weights.
pub(super) const FIELD: Field = Field::choice(&NAMES).meaning(
    "what is done to each value that comes out; leaky_relu has slope 0.2 here, as in Keras",
);

impl Plain for Activation {
    fn to_value(&self) -> Value {
        let mut known = ACTIVATIONS.iter();
        let named = known.find(|named| named.activation == *self);
        Value::Choice(named.map_or(LINEAR.name, |named| named.name))
    }

    fn of(value: Value) -> Self {
        let mut known = ACTIVATIONS.iter();
        let named = known.find(|named| named.name == value.choice());
        named.map_or(Self::Linear, |named| named.activation)
    }
}

/// A layer that is an activation and nothing else.
#[derive(Debug)]
pub(super) struct ActivationLayer(pub Activation);

impl Layer for ActivationLayer {
    fn changes_in_place(&self) -> bool {
        !self.0.gradient_wants_input()
    }

    fn activation(&self) -> Activation {
        self.0
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
        ops::activate(flow, self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{Configured, Kind};
    use crate::layers::LayerKind;

    #[test]
    fn every_activation_but_linear_is_a_layer_and_a_choice() {
        for named in &ACTIVATIONS {
            let value = FIELD.parse(named.name).unwrap();
            assert_eq!(Activation::of(value), named.activation);
            assert_eq!(
                LayerKind::named(named.name).is_some(),
                named.activation != Activation::Linear,
                "{}",
                named.name
            );
        }
    }

    #[test]
    fn leaky_relu_has_keras_two_default_slopes() {
        let layer = Configured::with_defaults(LayerKind::named("leaky_relu").unwrap());
        assert_eq!(layer.values(), [Value::Number(0.3)]);
        let Activation::LeakyRelu { negative_slope } = LEAKY_RELU.activation else {
            panic!("leaky_relu is another activation");
        };
        assert_eq!(negative_slope, 0.2);
    }
}
