//! How many images go through the first layers together in inference.

use super::super::checked::CheckedNetwork;
use crate::layers::ParameterShape;
use crate::shape::Shape;

/// Values of a volume that a core's second cache holds, with room for the volume before it (measured with 1 MB on Zen 4).
const IN_CACHE: usize = 160 << 10;

/// Larger groups are not worthwhile: such small volumes stay in the cache anyway.
const MOST_IMAGES: usize = 8;

/// Layers that process a few images at a time on one thread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Grouping {
    /// Number of these layers, from the first: up to the first one without positions. The later layers have many weights and little else,
    /// and process all images at once.
    pub(super) layers: usize,
    /// Number of images such that the output of each layer fits a core's second-level cache.
    pub(super) images: usize,
}

impl Grouping {
    /// None where volumes are small, where there is nothing to compute, and where these layers' weights, which each group fetches again, are many more than
    /// the values that it keeps near.
    pub(super) fn of(network: &CheckedNetwork) -> Option<Self> {
        let layers = network.layers();
        let has_positions = |shape: Shape| shape.height * shape.width > 1;
        let count = network.first_layers(|layer| !has_positions(layer.output))?;
        let first_layers = &layers[..count];
        let volumes = first_layers.iter().map(|l| l.output.len());
        let weights = first_layers.iter().flat_map(|l| &l.parameters);
        let weights: usize = weights.map(ParameterShape::count).sum();
        let images = (IN_CACHE / volumes.max()?).max(1);
        let pays = images <= MOST_IMAGES && (1..=3 * IN_CACHE).contains(&weights);
        pays.then_some(Self {
            layers: count,
            images,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::NetworkSpec;

    fn grouping(layers: &str) -> Option<Grouping> {
        let text = format!("{{name: x, input: [28, 28, 1], classes: 10, layers: [{layers}]}}");
        let spec: NetworkSpec = serde_yaml::from_str(&text).unwrap();
        Grouping::of(&CheckedNetwork::new(&spec).unwrap())
    }

    #[test]
    fn groups_fit_the_caches_and_end_with_the_positions() {
        // 14 × 14 × 128 are 25,088 values.
        let narrow = "conv2d: {filters: 16, kernel: 2}, relu, conv2d: {filters: 128, kernel: 3, stride: 2}, flatten, classify";
        let expected = Grouping {
            layers: 4,
            images: 6,
        };
        assert_eq!(grouping(narrow), Some(expected));
    }

    #[test]
    fn small_volumes_and_many_weights_or_none_want_all_images_at_once() {
        let small = "conv2d: {filters: 16, kernel: 2}, flatten, classify";
        assert_eq!(grouping(small), None);
        let wide = "conv2d: {filters: 256, kernel: 3}, conv2d: {filters: 256, kernel: 3}, flatten, classify";
        assert_eq!(grouping(wide), None);
        assert_eq!(grouping("flatten, dense: {units: 20}, classify"), None);
    }
}
