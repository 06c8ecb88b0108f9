//! Where any value of a network comes from: the sum of products behind it, and what the layers since then made of it.

use serde::Serialize;

use super::arithmetic::{Arithmetic, ArithmeticError, arithmetic_of, outputs};
use crate::layers::{Combination, Place};
use crate::network::Model;

/// A value's way from a sum of products to the layer that was asked about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Origin {
    /// Of the last layer with products at or before the one that was asked about.
    pub arithmetic: Arithmetic,
    /// What each layer from there on gives at this place, in their order; the last is the value that was asked about.
    pub steps: Vec<Step>,
}

/// What one layer gives at one place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Step {
    /// Position of the layer in the network, from 0.
    pub layer: usize,
    /// Where it lies in what the layer gives.
    pub place: Place,
    /// What is there.
    pub value: f32,
}

/// Follows the value at `place` of layer `layer`'s output for one image `[height, width, channels]` in [0, 1] back to the products that
/// it comes from: through layers that make it of one value, and through a max-pool to the largest value of its square.
///
/// # Errors
/// Where there is no such layer or place, or the way back leads to no single sum of products.
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
