//! The feature maps of one image.

use crate::network::Model;
use crate::shape::Shape;

/// One layer's output for one image.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureMaps {
    /// Position of the layer in the network, from 0.
    pub layer: usize,
    /// Shape of the output; its channels are the maps.
    pub shape: Shape,
    /// `[height, width, channels]`
    pub values: Vec<f32>,
    /// The prediction for the image: one probability per class.
    pub probabilities: Vec<f32>,
}

/// The output of layer `layer` for one image `[height, width, channels]` in [0, 1]; for the classifier, the probabilities.
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
