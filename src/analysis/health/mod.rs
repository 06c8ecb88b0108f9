//! The health of a network: dead ReLUs, and the spread of weights, values and gradients, layer by layer.

mod remarks;
mod spread;

use serde::Serialize;

use crate::network::Model;
use crate::ops::{self, Activation, Flow};
pub use remarks::{Remark, remarks};
pub use spread::Spread;

/// The health of a network on a batch of images.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Health {
    /// Number of images in the batch.
    pub images: usize,
    /// One entry per layer.
    pub layers: Vec<LayerHealth>,
}

/// The health of one layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayerHealth {
    /// As in Keras: `conv2d_1`.
    pub name: String,
    /// Dead units of layers that end in a ReLU.
    pub dead: Option<DeadUnits>,
    /// Spread of the trained weights, of layers that have any.
    pub weights: Option<Spread>,
    /// Spread of the gradients of the batch's mean loss with respect to those weights.
    pub gradients: Option<Spread>,
    /// Spread of the layer's output; for the last layer, the scores before softmax.
    pub values: Spread,
}

/// How much of a ReLU is 0 for every image of the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DeadUnits {
    /// Number of output values.
    pub units: usize,
    /// Output values that are 0 for every image.
    pub dead_units: usize,
    /// Number of channels; a dead one is 0 everywhere.
    pub filters: usize,
    /// Number of dead channels.
    pub dead_filters: usize,
}

/// Measures `model` on a batch of images `[batch, height, width, channels]` in [0, 1] with their labels, in prediction mode: without
/// dropout, batch norm by its moving statistics. Changes nothing. In rayon's current pool.
///
/// # Panics
/// If there is not one image of the network's shape for each label, or a label is not one of its classes.
pub fn health(model: &mut Model, images: &[f32], labels: &[u16]) -> Health {
    let network = model.network().clone();
    // Frozen layers are measured like the others.
    let frozen = model.frozen();
    model.freeze(0);
    let input = model.input(labels.len(), |input| input.copy_from_slice(images));
    let mut layers: Vec<LayerHealth> = Vec::with_capacity(network.layers().len());
    let scores = model.forward(Flow::training(input), None, |index, flow| {
        let checked = &network.layers()[index];
        let rectifies = checked.layer.activation() == Activation::Relu;
        layers.push(LayerHealth {
            name: checked.name.clone(),
            dead: rectifies.then(|| dead_units(flow)),
            weights: None,
            gradients: None,
            values: Spread::of(flow.values()),
        });
    });
    let mut gradients = ops::softmax_cross_entropy(scores, labels).backward();

    let mut trainable = model.trainable_mut();
    for (health, checked) in layers.iter_mut().zip(network.layers()) {
        let learned = checked.parameters.iter().filter(|p| p.trainable).count();
        let (mut weights, mut by_weights) = (Vec::new(), Vec::new());
        for vector in trainable.by_ref().take(learned) {
            by_weights.extend_from_slice(gradients.of(vector));
            weights.extend_from_slice(ops::values(vector));
        }
        if learned > 0 {
            health.weights = Some(Spread::of(&weights));
            health.gradients = Some(Spread::of(&by_weights));
        }
    }
    drop(trainable);
    model.freeze(frozen);
    Health {
        images: labels.len(),
        layers,
    }
}

fn dead_units(flow: &Flow) -> DeadUnits {
    let shape = flow.shape();
    let mut fires = vec![false; shape.len()];
    for image in flow.values().chunks_exact(shape.len()) {
        for (fires, value) in fires.iter_mut().zip(image) {
            // A value that is not a number is not dead; the spread reports it.
            *fires |= *value != 0.0;
        }
    }
    let mut filters = vec![false; shape.channels];
    for place in fires.chunks_exact(shape.channels) {
        for (filter, fires) in filters.iter_mut().zip(place) {
            *filter |= fires;
        }
    }
    let dead = |fires: &[bool]| fires.iter().filter(|fires| !**fires).count();
    DeadUnits {
        units: fires.len(),
        dead_units: dead(&fires),
        filters: filters.len(),
        dead_filters: dead(&filters),
    }
}
