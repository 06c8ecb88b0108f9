//! The cost of a network: memory of a training step, and each layer's share of the weights and of the work.

use super::summary::NetworkSummary;
use crate::shape::Shape;

/// An estimate of the bytes that a training step needs, without a layer's scratch memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryEstimate {
    /// The images and every layer's output.
    pub activations: u64,
    /// Gradients of the weights, and of the outputs of two neighbouring layers where these are largest.
    pub gradients: u64,
    /// All weights, trained or not.
    pub weights: u64,
    /// The optimizer's state.
    pub optimizer: u64,
}

impl MemoryEstimate {
    /// The sum.
    pub fn total(&self) -> u64 {
        self.activations + self.gradients + self.weights + self.optimizer
    }
}

/// A layer's shares of the whole network, in per cent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shares {
    /// Of all parameters.
    pub parameters: f64,
    /// Of all multiply-adds.
    pub multiply_accumulates: f64,
}

impl NetworkSummary {
    /// The memory of a training step on `batch` images with an optimizer that keeps `state_tensors` values for each trainable weight.
    /// Layers that do not fit count as nothing.
    pub fn memory(&self, batch: usize, state_tensors: usize) -> MemoryEstimate {
        const BYTES: u64 = size_of::<f32>() as u64;
        let of_batch = |values: usize| values as u64 * batch as u64 * BYTES;
        let held: usize = self.layers.iter().map(|layer| layer.held_values).sum();
        let outputs = self.layers.iter().filter_map(|layer| layer.output);
        let outputs: Vec<usize> = outputs.map(Shape::len).collect();
        let pairs = outputs.windows(2).map(|pair| pair[0] + pair[1]);
        let trainable = self.trainable as u64 * BYTES;
        MemoryEstimate {
            activations: of_batch(self.input.len() + held),
            gradients: trainable + of_batch(pairs.max().unwrap_or(0)),
            weights: self.parameters as u64 * BYTES,
            optimizer: trainable * state_tensors as u64,
        }
    }

    /// The shares of layer `index`.
    pub fn shares(&self, index: usize) -> Shares {
        let layer = &self.layers[index];
        Shares {
            parameters: percent(layer.parameters as f64, self.parameters as f64),
            multiply_accumulates: percent(
                layer.multiply_accumulates as f64,
                self.multiply_accumulates as f64,
            ),
        }
    }
}

fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 {
        100.0 * part / whole
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::spec::NetworkSpec;
    use super::*;

    #[test]
    fn memory_and_shares_of_a_network_counted_by_hand() {
        let text = "name: a\ninput: [8, 8, 1]\nclasses: 10\nlayers: [conv2d: {filters: 2, kernel: 3}, batch_norm, relu, max_pool2d: {size: 2}, flatten, classify]";
        let summary = NetworkSummary::new(&serde_yaml::from_str::<NetworkSpec>(text).unwrap());
        let parameters = [20, 8, 0, 0, 0, 330];
        assert_eq!((summary.parameters, summary.trainable), (358, 354));
        let memory = summary.memory(5, 2);
        // Image, convolution, batch norm, pooling, scores.
        assert_eq!(memory.activations, 5 * 4 * (64 + 128 + 128 + 32 + 10));
        assert_eq!(memory.gradients, 4 * (354 + 5 * 256));
        assert_eq!((memory.weights, memory.optimizer), (4 * 358, 4 * 354 * 2));
        assert_eq!(
            memory.total(),
            memory.activations + memory.gradients + 4 * 358 + 4 * 708
        );
        for (index, parameters) in parameters.into_iter().enumerate() {
            let expected = 100.0 * f64::from(parameters) / 358.0;
            assert_eq!(summary.shares(index).parameters, expected);
        }
        // 64 positions × 9 × 2 filters, one for each of batch norm's 128 values, and 32 × 10.
        let expected = 100.0 * 320.0 / (1152.0 + 128.0 + 320.0);
        assert_eq!(summary.shares(5).multiply_accumulates, expected);
    }

    #[test]
    fn nothing_has_no_shares() {
        let text = "name: a\ninput: [8, 8, 1]\nclasses: 10\nlayers: [relu]";
        let summary = NetworkSummary::new(&serde_yaml::from_str::<NetworkSpec>(text).unwrap());
        assert_eq!(summary.shares(0), Shares::default());
    }
}
