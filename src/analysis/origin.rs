//! Where any value of a network comes from: the sum of products behind it, and what the layers since then made of it.

use serde::{Deserialize, Serialize};

use super::arithmetic::{Arithmetic, ArithmeticError, Place, arithmetic};
use crate::network::{CheckedLayer, LayerSpec, Model};
use crate::ops::Flow;
use crate::shape::Shape;

/// A value's way from a sum of products to the layer that was asked about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Of the last layer with products at or before the one that was asked about.
    pub arithmetic: Arithmetic,
    /// What each layer from there on gives at this place, in their order; the last is the value that was asked about.
    pub steps: Vec<Step>,
}

/// What one layer gives at one place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Position of the layer in the network, from 0.
    pub layer: usize,
    /// Where it lies in what the layer gives.
    pub place: Place,
    /// What is there.
    pub value: f32,
}

/// Follows the value at `place` of layer `layer`'s output for one image `[height, width, channels]` in [0, 1] back to the products that
/// it comes from: through layers that change each value for itself, through flatten, and through a max-pool to the largest value of its
/// square.
///
/// # Errors
/// Where there is no such layer or place, or the way back leads to no single sum of products.
pub fn origin(
    model: &mut Model,
    image: &[f32],
    layer: usize,
    place: Place,
) -> Result<Origin, ArithmeticError> {
    let network = model.network().clone();
    let layers = network.layers();
    let Some(checked) = layers.get(layer) else {
        let layers = layers.len();
        return Err(ArithmeticError::NoLayer { layer, layers });
    };
    if !is_inside(checked.output, place) {
        return Err(ArithmeticError::NoPlace {
            layer,
            name: checked.name.clone(),
            output: checked.output,
            place,
        });
    }
    let mut outputs = Vec::with_capacity(layer + 1);
    let flow = Flow::inference(model.input(1, |input| input.copy_from_slice(image)));
    model.forward_through(0..layer + 1, flow, None, |_, flow| {
        outputs.push(flow.values().to_vec());
    });
    let value = |layer: usize, place: Place| {
        let shape = layers[layer].output;
        outputs[layer][(place.row * shape.width + place.column) * shape.channels + place.channel]
    };
    let mut at = (layer, place);
    let mut steps = vec![Step {
        layer,
        place,
        value: value(layer, place),
    }];
    while !layers[at.0].parameters.iter().any(|p| p.name == "kernel") {
        let (layer, place) = at;
        let before = (layer > 0)
            .then(|| before(&network.spec().layers[layer], &layers[layer], place))
            .flatten()
            .ok_or_else(|| ArithmeticError::NoProducts {
                layer,
                name: layers[layer].name.clone(),
            })?;
        let largest = before
            .into_iter()
            .max_by(|one, other| value(layer - 1, *one).total_cmp(&value(layer - 1, *other)));
        let Some(place) = largest else { break };
        at = (layer - 1, place);
        steps.push(Step {
            layer: at.0,
            place,
            value: value(at.0, place),
        });
    }
    steps.reverse();
    let arithmetic = arithmetic(model, image, at.0, at.1)?;
    Ok(Origin { arithmetic, steps })
}

/// The places of a layer's input of which the value at `place` is one; nothing where several make it together.
fn before(spec: &LayerSpec, checked: &CheckedLayer, place: Place) -> Option<Vec<Place>> {
    let (input, name) = (checked.input, spec.kind().name);
    if input == checked.output && !name.contains("pool") {
        return Some(vec![place]);
    }
    match name {
        "flatten" => {
            let at = place.channel;
            Some(vec![Place {
                row: at / (input.width * input.channels),
                column: at / input.channels % input.width,
                channel: at % input.channels,
            }])
        }
        "max_pool2d" => {
            let size = checked.layer.window().0;
            let squares = (0..size * size).map(|at| Place {
                row: place.row * size + at / size,
                column: place.column * size + at % size,
                channel: place.channel,
            });
            Some(squares.filter(|place| is_inside(input, *place)).collect())
        }
        _ => None,
    }
}

fn is_inside(shape: Shape, place: Place) -> bool {
    place.row < shape.height && place.column < shape.width && place.channel < shape.channels
}
