//! A network with its weights.

mod grouping;
mod keep;
mod passes;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::checked::{CheckedLayer, CheckedNetwork};
use crate::layers::{ParameterShape, Start};
use crate::ops::{self, Input, ParameterGradients, Vector, Workspace, penalty};

/// A checked network with its weights.
///
/// Cloning shares the weights' memory until one of the two is changed.
#[derive(Clone)]
pub struct Model {
    network: Arc<CheckedNetwork>,
    /// One list per layer, in the order of its parameter shapes.
    weights: Vec<Vec<Vector>>,
    /// One per layer: the share of its moving statistics that is still their initial values, from 1 before the first step towards 0.
    start_shares: Vec<f32>,
    /// Number of frozen layers, from the first.
    frozen: usize,
    /// The buffers of past steps, for the next one.
    workspace: Workspace,
}

/// A copy of one weight tensor with its full name, as files hold it.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedWeights {
    /// `conv2d_1/kernel`
    pub name: String,
    /// Dimensions, the slowest first.
    pub dimensions: Vec<usize>,
    /// Values, row-major.
    pub values: Vec<f32>,
}

impl Model {
    /// A model with initial weights drawn from `seed`: equal seeds give equal weights, and a layer's weights depend on its position,
    /// not on what the layers before it drew.
    pub fn new(network: Arc<CheckedNetwork>, seed: u64) -> Self {
        let weights = network
            .layers()
            .iter()
            .enumerate()
            .map(|(index, layer)| {
                let mut random = Pcg64Mcg::seed_from_u64(mix(seed, index as u64));
                layer
                    .parameters
                    .iter()
                    .map(|shape| ops::vector(start_values(shape, &mut random)))
                    .collect()
            })
            .collect();
        let layers = network.layers().iter();
        let start_share =
            |layer: &CheckedLayer| f32::from(u8::from(layer.layer.moving().is_some()));
        Self {
            start_shares: layers.map(start_share).collect(),
            network,
            weights,
            frozen: 0,
            workspace: Workspace::new(),
        }
    }

    /// The network of the weights.
    pub fn network(&self) -> &Arc<CheckedNetwork> {
        &self.network
    }

    /// Freezes the first `layers` layers as Keras does: their weights get no gradient, and those that keep statistics
    /// (batch norm) run as in inference, while dropout still drops.
    pub fn freeze(&mut self, layers: usize) {
        self.frozen = layers;
    }

    /// Number of frozen layers, from the first.
    pub fn frozen(&self) -> usize {
        self.frozen
    }

    /// The largest share, over the layers, of moving statistics that is still their initial values; 0 where they are corrected for these.
    /// Where it is large, predictions show little of what the weights can do.
    pub fn start_share(&self) -> f32 {
        let layers = self.network.layers().iter().zip(&self.start_shares);
        let shares = layers.map(|(layer, share)| match layer.layer.moving() {
            Some(moving) if !moving.is_corrected => *share,
            _ => 0.0,
        });
        shares.fold(0.0, f32::max)
    }

    /// Sets the start share of a layer whose moving statistics came from elsewhere.
    pub fn set_start_share(&mut self, layer: usize, share: f32) {
        self.start_shares[layer] = share;
    }

    /// The buffers of its steps, for inspection.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// A batch of images `[batch, height, width, channels]` in [0, 1], written by `fill`.
    pub fn input(&self, batch: usize, fill: impl FnOnce(&mut [f32])) -> Input {
        self.workspace.input(batch, self.network.spec().input, fill)
    }

    /// As [`input`](Self::input); `fill(images, values)` writes some of the images, on all threads of rayon's current pool.
    pub fn gathered(
        &self,
        batch: usize,
        fill: impl Fn(Range<usize>, &mut [f32]) + Send + Sync,
    ) -> Input {
        let shape = self.network.spec().input;
        self.workspace.gathered(batch, shape, fill)
    }

    /// A batch of volumes `[batch, height, width, channels]` as input of layer `layer`, written by `fill`.
    pub fn layer_input(&self, layer: usize, batch: usize, fill: impl FnOnce(&mut [f32])) -> Input {
        let shape = self.network.layers()[layer].input;
        self.workspace.input(batch, shape, fill)
    }

    /// The weights that training changes, layer by layer, without those of frozen layers.
    pub fn trainable_mut(&mut self) -> impl Iterator<Item = &mut Vector> {
        self.network
            .layers()
            .iter()
            .zip(&mut self.weights)
            .skip(self.frozen)
            .flat_map(|(layer, weights)| layer.parameters.iter().zip(weights))
            .filter(|(shape, _)| shape.trainable)
            .map(|(_, vector)| vector)
    }

    /// Layer index, layer and tensor shape of these weights, in their order.
    pub fn trainable_shapes(
        &self,
    ) -> impl Iterator<Item = (usize, &CheckedLayer, &ParameterShape)> {
        let layers = self.network.layers().iter().enumerate();
        layers.skip(self.frozen).flat_map(|(index, layer)| {
            let shapes = layer.parameters.iter().filter(|shape| shape.trainable);
            shapes.map(move |shape| (index, layer, shape))
        })
    }

    /// Every weight, moving statistics included, layer by layer.
    pub fn vectors(&self) -> impl Iterator<Item = &Vector> {
        self.weights.iter().flatten()
    }

    /// Updates the running average by one step: every weight `a` becomes `decay · a + (1 − decay) · w`, with `w` that of `model`, the
    /// same network; moving statistics become those of `model`, as Keras's optimizers average trainable weights alone (`use_ema`).
    pub fn follow(&mut self, model: &Self, decay: f32) {
        self.start_shares.clone_from(&model.start_shares);
        let layers = self.network.layers().iter();
        let shapes = layers.flat_map(|layer| &layer.parameters);
        let averages = self.weights.iter_mut().flatten();
        for ((shape, average), vector) in shapes.zip(averages).zip(model.vectors()) {
            let (average, values) = (ops::values_mut(average), ops::values(vector));
            if shape.trainable && decay > 0.0 {
                ops::optimizers::average(decay, average, values);
            } else {
                average.copy_from_slice(values);
            }
        }
    }

    /// The weights of layer `index`, in the order of its parameter shapes.
    pub fn layer_weights(&self, index: usize) -> impl Iterator<Item = (&ParameterShape, &[f32])> {
        self.network.layers()[index]
            .parameters
            .iter()
            .zip(self.weights[index].iter().map(ops::values))
    }

    /// The sum of `l2 · Σ weight²` over the tensors with a penalty, except those of frozen layers; Keras reports it as part of the
    /// loss, in training and validation alike.
    pub fn penalty(&self) -> f64 {
        self.penalised()
            .map(|(l2, vector)| l2 * penalty::sum_of_squares(ops::values(vector)))
            .sum()
    }

    /// Adds the gradient of [`penalty`](Self::penalty) to that of the cross-entropy.
    pub fn add_penalty_gradients(&self, gradients: &mut ParameterGradients) {
        for (l2, vector) in self.penalised() {
            let gradient = gradients.of(vector);
            penalty::add_gradient((2.0 * l2) as f32, ops::values(vector), gradient);
        }
    }

    fn penalised(&self) -> impl Iterator<Item = (f64, &Vector)> {
        let layers = self.network.layers().iter().zip(&self.weights);
        layers
            .skip(self.frozen)
            .flat_map(|(layer, weights)| layer.parameters.iter().zip(weights))
            .filter(|(shape, _)| shape.l2 > 0.0)
            .map(|(shape, vector)| (shape.l2, vector))
    }

    /// Total number of weights, moving statistics included.
    pub fn parameter_count(&self) -> usize {
        let shapes = self
            .network
            .layers()
            .iter()
            .flat_map(|layer| &layer.parameters);
        shapes.map(ParameterShape::count).sum()
    }

    /// A copy of every weight, moving statistics included, followed by the [start shares](CheckedLayer::start_share_name) that are not 0.
    pub fn export(&self) -> Vec<NamedWeights> {
        let layers = self.network.layers().iter();
        let shares = layers.clone().zip(&self.start_shares);
        let shares = shares
            .filter(|(_, share)| **share > 0.0)
            .map(|(layer, share)| NamedWeights {
                name: layer.start_share_name(),
                dimensions: vec![1],
                values: vec![*share],
            });
        layers
            .zip(&self.weights)
            .flat_map(|(layer, weights)| {
                layer
                    .parameters
                    .iter()
                    .zip(weights)
                    .map(|(shape, vector)| NamedWeights {
                        name: layer.weight_name(shape),
                        dimensions: shape.dimensions.clone(),
                        values: ops::values(vector).to_vec(),
                    })
            })
            .chain(shares)
            .collect()
    }

    /// Replaces every weight. Moving statistics without a start share get 0.
    ///
    /// # Errors
    /// A sentence that names the first weight that is missing or has other dimensions; the model is then unchanged.
    pub fn import(&mut self, weights: &[NamedWeights]) -> Result<(), String> {
        let mut found = Vec::new();
        for layer in self.network.layers() {
            for shape in &layer.parameters {
                let name = layer.weight_name(shape);
                let weight = layer
                    .find_weight(shape, weights)
                    .ok_or_else(|| format!("weights: `{name}` not found"))?;
                if weight.dimensions != shape.dimensions {
                    return Err(format!(
                        "weights: `{name}`: expected dimensions {:?}, got {:?}",
                        shape.dimensions, weight.dimensions
                    ));
                }
                found.push(weight);
            }
        }
        let vectors = self.weights.iter_mut().flatten();
        for (vector, weight) in vectors.zip(found) {
            ops::values_mut(vector).copy_from_slice(&weight.values);
        }
        for (layer, share) in self.network.layers().iter().zip(&mut self.start_shares) {
            *share = layer.start_share_in(weights);
        }
        Ok(())
    }
}

/// Two numbers mixed into one, so that neighbouring pairs give unrelated streams (the finalizer of SplitMix64).
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_add(b.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn start_values(shape: &ParameterShape, random: &mut Pcg64Mcg) -> Vec<f32> {
    let count = shape.count();
    match shape.start {
        Start::Zeros => vec![0.0; count],
        Start::Ones => vec![1.0; count],
        Start::Uniform { limit } => (0..count)
            .map(|_| random.random_range(-limit..limit))
            .collect(),
        Start::TruncatedNormal { deviation } => (0..count)
            .map(|_| deviation * truncated_normal(random) as f32)
            .collect(),
    }
}

/// A normal number with standard deviation 1 before those beyond ±2 are drawn again: a uniform one, taken with a probability in
/// proportion to the normal density there.
fn truncated_normal(random: &mut Pcg64Mcg) -> f64 {
    loop {
        let drawn: f64 = random.random_range(-2.0..2.0);
        if random.random::<f64>() < (-0.5 * drawn * drawn).exp() {
            return drawn;
        }
    }
}
