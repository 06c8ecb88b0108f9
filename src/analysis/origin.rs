//! The origin of any value of a network: the sum of products behind it, and the layers after that.

use serde::Serialize;

use super::arithmetic::{Arithmetic, ArithmeticError, arithmetic_of, outputs};
use crate::layers::{Combination, Place};
use crate::network::Model;

/// A value's path from a sum of products to the requested layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Origin {
    /// The arithmetic of the last layer with products at or before the requested layer.
    pub arithmetic: Arithmetic,
    /// The output of each layer from there on at this place, in order; the last is the requested value.
    pub steps: Vec<Step>,
}

/// The output of one layer at one place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Step {
    /// Position of the layer in the network, from 0.
    pub layer: usize,
    /// Position in the layer's output.
    pub place: Place,
    /// The value there.
    pub value: f32,
}

/// Traces the value at `place` of layer `layer`'s output for one image `[height, width, channels]` in [0, 1] back to its products:
/// through layers that compute it from one value, and through a max-pool to the largest value of its square.
///
/// # Errors
/// Where there is no such layer or place, or the path does not lead back to a single sum of products.
pub fn origin(
    model: &mut Model,
    image: &[f32],
    layer: usize,
    place: Place,
) -> Result<Origin, ArithmeticError> {
    let outputs = outputs(model, image, layer, place)?;
    let layers = model.network().layers();
    let value = |layer: usize, place: Place| outputs[layer][place.offset(layers[layer].output)];
    let step = |(layer, place): (usize, Place)| Step {
        layer,
        place,
        value: value(layer, place),
    };
    let mut at = (layer, place);
    let mut steps = vec![step(at)];
    while !layers[at.0].layer.has_products() {
        let (layer, place) = at;
        let checked = &layers[layer];
        let block = checked.layer.reads(checked.input, place);
        let places = block.places(checked.input).flatten();
        let before = match checked.layer.combination() {
            Combination::Products | Combination::Mean => None,
            _ if layer == 0 => None,
            Combination::Same | Combination::Normalised { .. } | Combination::Moved => {
                places.last()
            }
            Combination::Largest => places
                .max_by(|one, other| value(layer - 1, *one).total_cmp(&value(layer - 1, *other))),
        };
        let before = before.ok_or_else(|| ArithmeticError::no_products(layer, checked))?;
        at = (layer - 1, before);
        steps.push(step(at));
    }
    steps.reverse();
    let arithmetic = arithmetic_of(model, image, &outputs, at.0, at.1);
    Ok(Origin { arithmetic, steps })
}
