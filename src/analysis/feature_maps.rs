//! What a layer makes of one image.

use crate::network::Model;
use crate::shape::Shape;

/// One layer's output for one image.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureMaps {
    /// Position of the layer in the network, from 0.
    pub layer: usize,
    /// Of the output: its channels are the maps.
    pub shape: Shape,
    /// `[height, width, channels]`
    pub values: Vec<f32>,
    /// What the network takes the image for: one probability a class.
    pub probabilities: Vec<f32>,
}

/// Sends one image `[height, width, channels]` in [0, 1] through the network and keeps what comes out of layer `layer`;
/// of the classifier that is its probabilities.
pub fn feature_maps(model: &mut Model, image: &[f32], layer: usize) -> FeatureMaps {
    let mut kept = None;
    let probabilities = model.observe(image, |index, shape, values| {
        if index == layer {
            kept = Some((shape, values.to_vec()));
        }
    });
    let last = model.network().layers().len() - 1;
    let (shape, values) = match kept {
        Some(kept) if layer < last => kept,
        _ => (Shape::flat(probabilities.len()), probabilities.clone()),
    };
    FeatureMaps {
        layer: layer.min(last),
        shape,
        values,
        probabilities,
    }
}
