//! How one output value is computed: its window, weights, products, sum and bias.

use serde::Serialize;

use crate::field::Configured;
use crate::layers::{Build, LAYERS, LayerKind, Place};
use crate::network::{CheckedLayer, Model};
use crate::ops::Flow;
use crate::shape::Shape;
use crate::wording::counted;

/// How a convolution or a dense layer computed one value: `sum = Σ value · weight + bias`; the sum of paths has a term for each, with
/// weight 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Arithmetic {
    /// Position of the layer in the network, from 0.
    pub layer: usize,
    /// Position in the layer's output.
    pub place: Place,
    /// Height, width and channels of the window; for a dense layer, of its whole input.
    pub window: Shape,
    /// One product per value of the window, `[height, width, channels]`.
    pub terms: Vec<Term>,
    /// The bias; 0 where the layer has none.
    pub bias: f32,
    /// Sum of all products and the bias.
    pub sum: f32,
    /// The layer's output there: the sum after the layer's own activation.
    pub output: f32,
}

/// One product.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Term {
    /// Position in the layer's input; `None` in the zeros around the image.
    pub place: Option<Place>,
    /// Input value.
    pub value: f32,
    /// Its weight.
    pub weight: f32,
    /// Their product.
    pub product: f32,
}

/// Why there is no arithmetic.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each sentence tells what its variant is")]
pub enum ArithmeticError {
    #[error("layer {}: the network has {}", layer + 1, counted(*layers, "layer"))]
    NoLayer { layer: usize, layers: usize },
    #[error("layer {}, {name}: has no weighted sums; choose a {} layer", layer + 1, with_products())]
    NoProducts { layer: usize, name: String },
    #[error("layer {}, {name}: its output {output} has no row {}, column {}, channel {}", layer + 1, place.row, place.column, place.channel)]
    NoPlace {
        layer: usize,
        name: String,
        output: Shape,
        place: Place,
    },
}

/// The outputs of all layers that lead to `layer`, whose output must have this place; empty for the others.
pub(super) fn outputs(
    model: &mut Model,
    image: &[f32],
    layer: usize,
    place: Place,
) -> Result<Vec<Vec<f32>>, ArithmeticError> {
    let layers = model.network().layers();
    let checked = layers.get(layer).ok_or(ArithmeticError::NoLayer {
        layer,
        layers: layers.len(),
    })?;
    if !place.is_inside(checked.output) {
        return Err(ArithmeticError::NoPlace {
            layer,
            name: checked.name.clone(),
            output: checked.output,
            place,
        });
    }
    let mut outputs = vec![Vec::new(); layer + 1];
    let flow = Flow::inference(model.input(1, |input| input.copy_from_slice(image)));
    model.forward_through(0..layer + 1, flow, None, |index, flow| {
        outputs[index] = flow.values().to_vec();
    });
    Ok(outputs)
}

/// The arithmetic of a value of a layer with products, or of one that adds paths, given the layers' `outputs`.
pub(super) fn arithmetic_of(
    model: &Model,
    image: &[f32],
    outputs: &[Vec<f32>],
    layer: usize,
    place: Place,
) -> Arithmetic {
    let checked = &model.network().layers()[layer];
    let parameters: Vec<&[f32]> = model
        .layer_weights(layer)
        .map(|(_, values)| values)
        .collect();
    let reads = checked.reads(place);
    // A path of a sum of paths counts once; the window is then one value of each.
    let (window, weights, bias) = match checked.is_sum() {
        true => (Shape::flat(reads.len()), vec![1.0; reads.len()], 0.0),
        false => {
            let (input, window) = (reads[0].0.shape, &reads[0].1);
            let combination = checked.layer.combination();
            let factors = combination.factors(window, input, place.channel, &parameters);
            let (weights, bias) = factors.expect("products have factors");
            (window.shape(), weights, bias)
        }
    };
    let places = reads.iter().flat_map(|(input, block)| {
        let values = input.layer.map_or(image, |before| &outputs[before]);
        let places = block.places(input.shape);
        places.map(move |place| {
            (
                place,
                place.map_or(0.0, |place| values[place.offset(input.shape)]),
            )
        })
    });
    let terms: Vec<Term> = places
        .zip(weights)
        .map(|((place, value), weight)| Term {
            place,
            value,
            weight,
            product: value * weight,
        })
        .collect();
    let sum: f64 = terms.iter().map(|term| f64::from(term.product)).sum();
    Arithmetic {
        layer,
        place,
        window,
        terms,
        bias,
        sum: (sum + f64::from(bias)) as f32,
        output: outputs[layer][place.offset(checked.output)],
    }
}

impl ArithmeticError {
    pub(super) fn no_products(layer: usize, checked: &CheckedLayer) -> Self {
        Self::NoProducts {
            layer,
            name: checked.name.clone(),
        }
    }
}

/// The layer types with products: `conv2d, dense or classify`.
fn with_products() -> String {
    const CLASSES: usize = 2;
    let has_products = |kind: &&&'static LayerKind| {
        let values = Configured::with_defaults(**kind);
        match kind.build {
            Build::Layer(build) => build(values.values(), CLASSES).has_products(),
            Build::Block(..) | Build::Path | Build::End => false,
        }
    };
    let names: Vec<&str> = LAYERS
        .iter()
        .filter(has_products)
        .map(|kind| kind.name)
        .collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.concat(),
    }
}
