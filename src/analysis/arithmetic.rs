//! How one output value comes about: its window, weights, products, sum and bias.

use serde::{Deserialize, Serialize};

use super::receptive_field::zeros_before;
use crate::network::Model;
use crate::ops::Flow;
use crate::shape::Shape;

/// A place in a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// From the top, from 0.
    pub row: usize,
    /// From the left, from 0.
    pub column: usize,
    /// From 0.
    pub channel: usize,
}

/// How a convolution or a dense layer made one value: `sum = Σ value · weight + bias`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arithmetic {
    /// Position of the layer in the network, from 0.
    pub layer: usize,
    /// Where in the layer's output.
    pub place: Place,
    /// Height, width and channels of the window; of a dense layer that of its whole input.
    pub window: Shape,
    /// One for each value of the window, `[height, width, channels]`.
    pub terms: Vec<Term>,
    /// 0 where the layer has none.
    pub bias: f32,
    /// Of all products and the bias.
    pub sum: f32,
    /// What the layer itself gives there: the sum, or 0 where a dense layer's ReLU cuts it off.
    pub output: f32,
}

/// One product.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Where in the layer's input; `None` in the zeros around the image.
    pub place: Option<Place>,
    /// What came in.
    pub value: f32,
    /// What it is multiplied by.
    pub weight: f32,
    /// Of the two.
    pub product: f32,
}

/// Why there is no arithmetic to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each sentence tells what its variant is")]
pub enum ArithmeticError {
    #[error("layer {}: the network has {layers} layers", layer + 1)]
    NoLayer { layer: usize, layers: usize },
    #[error("layer {}, {name}: has no products; choose a conv2d, dense or classify layer", layer + 1)]
    NoProducts { layer: usize, name: String },
    #[error("layer {}, {name}: gives {output}, which has no row {}, column {}, channel {}", layer + 1, place.row, place.column, place.channel)]
    NoPlace {
        layer: usize,
        name: String,
        output: Shape,
        place: Place,
    },
}

/// The arithmetic of the value at `place` of layer `layer`'s output for one image `[height, width, channels]` in [0, 1].
///
/// # Errors
/// Where there is no such layer or place, or the layer is no sum of products.
pub fn arithmetic(
    model: &mut Model,
    image: &[f32],
    layer: usize,
    place: Place,
) -> Result<Arithmetic, ArithmeticError> {
    let network = model.network().clone();
    let layers = network.layers();
    let checked = layers.get(layer).ok_or(ArithmeticError::NoLayer {
        layer,
        layers: layers.len(),
    })?;
    let name = || checked.name.clone();
    let output = checked.output;
    if place.row >= output.height
        || place.column >= output.width
        || place.channel >= output.channels
    {
        return Err(ArithmeticError::NoPlace {
            layer,
            name: name(),
            output,
            place,
        });
    }
    let parameters: Vec<_> = model.layer_weights(layer).collect();
    let [(kernel, weights), (_, bias)] = parameters[..] else {
        return Err(ArithmeticError::NoProducts {
            layer,
            name: name(),
        });
    };
    let (window, stride) = match kernel.dimensions[..] {
        [height, width, channels, _] => (
            Shape::new(height, width, channels),
            checked.layer.window().1,
        ),
        [inputs, _] => (Shape::flat(inputs), 1),
        _ => {
            return Err(ArithmeticError::NoProducts {
                layer,
                name: name(),
            });
        }
    };
    let (weights, bias) = (weights.to_vec(), bias[place.channel]);
    let (input, output) = input_and_output(model, image, layer);

    let shape = checked.input;
    let first_row = place.row * stride;
    let first_column = place.column * stride;
    let rows_before = zeros_before(window.height, stride, shape.height, checked.output.height);
    let columns_before = zeros_before(window.width, stride, shape.width, checked.output.width);
    let terms: Vec<Term> = (0..window.len())
        .map(|index| {
            let channel = index % window.channels;
            let row = first_row + index / (window.width * window.channels);
            let column = first_column + index / window.channels % window.width;
            let place_in = inside(row, rows_before, shape.height)
                .zip(inside(column, columns_before, shape.width))
                .map(|(row, column)| Place {
                    row,
                    column,
                    channel,
                });
            let value = place_in.map_or(0.0, |place| input[offset(shape, place)]);
            let weight = weights[index * checked.output.channels + place.channel];
            Term {
                place: place_in,
                value,
                weight,
                product: value * weight,
            }
        })
        .collect();
    let sum: f64 = terms.iter().map(|term| f64::from(term.product)).sum();
    Ok(Arithmetic {
        layer,
        place,
        window,
        terms,
        bias,
        sum: (sum + f64::from(bias)) as f32,
        output: output[offset(checked.output, place)],
    })
}

/// A padded position less the zeros before the image; `None` outside the image.
fn inside(padded: usize, before: usize, length: usize) -> Option<usize> {
    padded
        .checked_sub(before)
        .filter(|position| *position < length)
}

fn offset(shape: Shape, place: Place) -> usize {
    (place.row * shape.width + place.column) * shape.channels + place.channel
}

/// What enters the layer and what comes out of it.
fn input_and_output(model: &mut Model, image: &[f32], layer: usize) -> (Vec<f32>, Vec<f32>) {
    let mut input = image.to_vec();
    let flow = Flow::inference(model.input(1, |input| input.copy_from_slice(image)));
    let output = model.forward_through(0..layer + 1, flow, None, |index, flow| {
        if index + 1 == layer {
            input = flow.values().to_vec();
        }
    });
    (input, output.values().to_vec())
}
