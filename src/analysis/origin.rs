//! The origin of any value of a network: the sum behind it, and the layers after that.

use serde::Serialize;

use super::arithmetic::{Arithmetic, ArithmeticError, arithmetic_of, outputs};
use crate::layers::{Combination, Place};
use crate::network::{CheckedLayer, LayerInput, Model};

/// A value's path from a sum to the requested layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Origin {
    /// The arithmetic of the last layer with a sum at or before the requested layer: one of products, or of the paths of a block.
    pub arithmetic: Arithmetic,
    /// Where the terms of a sum of paths come from, in the order of the paths; empty for a sum of products.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<PathOrigin>,
    /// The output of each layer from there on at this place, in order; the last is the requested value.
    pub steps: Vec<Step>,
}

/// Where one term of a sum of paths comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PathOrigin {
    /// The last layer of the path, from 0; `None` where the path is the image itself.
    pub layer: Option<usize>,
    /// The value there.
    pub value: f32,
    /// Where that comes from, if it leads back to a sum.
    pub origin: Option<Origin>,
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

/// Traces the value at `place` of layer `layer`'s output for one image `[height, width, channels]` in [0, 1] back to its sum: through
/// layers that compute it from one value, and through a max-pool to the largest value of its square. The paths of a sum of paths are
/// traced in turn.
///
/// # Errors
/// Where there is no such layer or place, or the path does not lead back to a single sum.
pub fn origin(
    model: &mut Model,
    image: &[f32],
    layer: usize,
    place: Place,
) -> Result<Origin, ArithmeticError> {
    let outputs = outputs(model, image, layer, place)?;
    Trace {
        model,
        image,
        outputs: &outputs,
    }
    .origin(layer, place)
}

struct Trace<'a> {
    model: &'a Model,
    image: &'a [f32],
    outputs: &'a [Vec<f32>],
}

impl Trace<'_> {
    fn value(&self, input: LayerInput, place: Place) -> f32 {
        let values = input.layer.map_or(self.image, |layer| &self.outputs[layer]);
        values[place.offset(input.shape)]
    }

    fn origin(&self, layer: usize, place: Place) -> Result<Origin, ArithmeticError> {
        let layers = self.model.network().layers();
        let step = |(layer, place): (usize, Place)| Step {
            layer,
            place,
            value: self.outputs[layer][place.offset(layers[layer].output)],
        };
        let mut at = (layer, place);
        let mut steps = vec![step(at)];
        loop {
            let (layer, place) = at;
            let checked = &layers[layer];
            if checked.layer.has_products() || checked.is_sum() {
                break;
            }
            let (input, block) = checked.reads(place).swap_remove(0);
            let places = block.places(input.shape).flatten();
            let before = match checked.layer.combination() {
                Combination::Products
                | Combination::ProductsOfProducts
                | Combination::NormalisedTogether
                | Combination::Mean => None,
                Combination::Same
                | Combination::Normalised { .. }
                | Combination::Moved
                | Combination::Joined => places.last(),
                Combination::Largest => places.max_by(|one, other| {
                    self.value(input, *one)
                        .total_cmp(&self.value(input, *other))
                }),
            };
            at = input
                .layer
                .zip(before)
                .ok_or_else(|| ArithmeticError::no_products(layer, checked))?;
            steps.push(step(at));
        }
        steps.reverse();
        let (layer, place) = at;
        let arithmetic = arithmetic_of(self.model, self.image, self.outputs, layer, place);
        Ok(Origin {
            arithmetic,
            paths: self.paths(&layers[layer], place),
            steps,
        })
    }

    /// Where the terms of a sum of paths come from.
    fn paths(&self, checked: &CheckedLayer, place: Place) -> Vec<PathOrigin> {
        let inputs = match checked.is_sum() {
            true => checked.inputs.as_slice(),
            false => &[],
        };
        let path = |input: &LayerInput| PathOrigin {
            layer: input.layer,
            value: self.value(*input, place),
            origin: input.layer.and_then(|layer| self.origin(layer, place).ok()),
        };
        inputs.iter().map(path).collect()
    }
}
