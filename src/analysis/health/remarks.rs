//! Problems of a network, in plain sentences.

use serde::Serialize;

use super::{DeadUnits, Health, LayerHealth};
use crate::network::{CheckedNetwork, LayerInput};

/// Least share of dead filters that is reported.
const DEAD_SHARE: f64 = 0.1;
/// A layer whose gradient is this small relative to the largest one hardly learns.
const FAINT_GRADIENT: f64 = 1e-5;
/// Values of this root mean square are far larger than initial weights and batch norm produce from pixels.
const LARGE_VALUES: f64 = 1e3;

/// A problem of a layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Position of the layer in the network, from 0.
    pub layer: usize,
    /// Begins with the layer's name: `conv2d_2: 61 % of its filters never fire on these 256 images`.
    pub sentence: String,
}

/// The problems, in the order of the layers; empty where there are none. `health` is that of a model of `network`.
pub fn remarks(network: &CheckedNetwork, health: &Health) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let largest = health
        .layers
        .iter()
        .filter_map(|layer| Some((layer.gradients.as_ref()?.size(), &layer.name)))
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    for (index, layer) in health.layers.iter().enumerate() {
        let mut say = |layer: usize, text: String| {
            let name = &network.layers()[layer].name;
            remarks.push(Remark {
                layer,
                sentence: format!("{name}: {text}"),
            });
        };
        if let Some(text) = not_finite(layer) {
            say(index, text);
            continue;
        }
        if let Some(dead) = layer.dead {
            let owner = owner(network, index);
            let flat = network.layers()[index].output.height * network.layers()[index].output.width;
            let parts = if flat > 1 { "filters" } else { "units" };
            if let Some(text) = dead_share(dead, parts, health.images) {
                say(owner, text);
            }
        }
        if layer.values.size() > LARGE_VALUES {
            say(
                index,
                format!(
                    "its values are very large (RMS {:.0}); add batch_norm after it or lower the learning rate",
                    layer.values.size()
                ),
            );
        }
        if let (Some(gradients), Some((most, name))) = (&layer.gradients, largest) {
            let size = gradients.size();
            // Where a number is not finite, its cause is reported instead.
            if size == 0.0 && gradients.not_finite == 0 {
                say(
                    index,
                    "no gradient reaches its weights, so it does not learn".into(),
                );
            } else if size < FAINT_GRADIENT * most {
                say(
                    index,
                    format!(
                        "its gradient is {:.0} times smaller than that of {name}, so it hardly learns",
                        most / size
                    ),
                );
            }
        }
    }
    remarks
}

/// The layer whose weights decide whether a ReLU at `index` fires: itself, or the last one before it with products; itself too, where
/// several paths come together between the two.
fn owner(network: &CheckedNetwork, index: usize) -> usize {
    let mut at = index;
    loop {
        match &network.layers()[at] {
            layer if layer.layer.has_products() => return at,
            layer => match layer.inputs[..] {
                [
                    LayerInput {
                        layer: Some(before),
                        ..
                    },
                ] => at = before,
                _ => return index,
            },
        }
    }
}

fn not_finite(layer: &LayerHealth) -> Option<String> {
    let weights = layer.weights.as_ref()?;
    let all = weights.count + weights.not_finite;
    (weights.not_finite > 0).then(|| {
        format!(
            "{} of its {all} weights are not finite, so the network is useless; train again with a lower learning rate",
            weights.not_finite
        )
    })
}

fn dead_share(dead: DeadUnits, parts: &str, images: usize) -> Option<String> {
    let share = dead.dead_filters as f64 / dead.filters as f64;
    if share < DEAD_SHARE {
        return None;
    }
    Some(if dead.dead_filters == dead.filters {
        format!(
            "none of its {parts} fires on these {images} images, so no layer before it can learn"
        )
    } else {
        format!(
            "{:.0} % of its {parts} never fire on these {images} images",
            // Never 100 % while one fires.
            (share * 100.0).min(99.0)
        )
    })
}
