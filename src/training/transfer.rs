//! Transfer of weights from one network to another.

use crate::network::{CheckedLayer, CheckedNetwork, Model, NamedWeights};

/// The source of pretrained weights.
pub struct Origin<'a> {
    /// For messages: a folder, or the name of the run.
    pub called: String,
    /// The network of the weights.
    pub network: &'a CheckedNetwork,
    /// In any order; they are found by their names.
    pub weights: &'a [NamedWeights],
}

/// Copies the weights of the layers before `fresh_from` (all if it is `None`), by position. Returns notes, in sentences: that a
/// classifier for another number of classes keeps its initial weights, and which other layers do.
///
/// # Errors
/// A sentence that names the first layer that differs in the origin; the model is then unchanged.
pub fn carry_over(
    model: &mut Model,
    origin: &Origin<'_>,
    fresh_from: Option<usize>,
) -> Result<Vec<String>, String> {
    let network = model.network().clone();
    let layers = network.layers();
    let kept = fresh_from.unwrap_or(layers.len()).min(layers.len());
    let (mut notes, mut shares) = (Vec::new(), Vec::new());
    let mut weights = model.export();
    for (index, layer) in layers[..kept].iter().enumerate() {
        let from = origin.network.layers().get(index);
        let fits = from.is_some_and(|from| same_weights(layer, from));
        match from {
            Some(from) if fits => {
                for shape in &layer.parameters {
                    let found = from.find_weight(shape, origin.weights).ok_or_else(|| {
                        let name = from.weight_name(shape);
                        format!("{}: no weights named `{name}`", origin.called)
                    })?;
                    let target = layer.weight_name(shape);
                    let place = weights.iter_mut().find(|weight| weight.name == target);
                    place
                        .expect("a model exports all its weights")
                        .values
                        .clone_from(&found.values);
                }
                shares.push((index, from.start_share_in(origin.weights)));
            }
            Some(from) if is_other_classifier(layer, from) => notes.push(format!(
                "{} has {} classes and this network {}, so {} starts with initial weights",
                origin.called,
                from.output.len(),
                layer.output.len(),
                layer.name
            )),
            from => return Err(misfit(origin, index, layer, from)),
        }
    }
    if kept < layers.len() {
        notes.push(format!(
            "layers from {}, {}, on start with initial weights",
            kept + 1,
            layers[kept].name
        ));
    }
    model.import(&weights)?;
    for (layer, share) in shares {
        model.set_start_share(layer, share);
    }
    Ok(notes)
}

/// Whether two layers have weights of the same names and dimensions; layers without weights always do.
fn same_weights(layer: &CheckedLayer, from: &CheckedLayer) -> bool {
    let names = |layer: &CheckedLayer| -> Vec<_> {
        let shapes = layer.parameters.iter();
        shapes
            .map(|shape| (shape.name, shape.dimensions.clone()))
            .collect()
    };
    names(layer) == names(from) && layer.layer.is_classifier() == from.layer.is_classifier()
}

fn is_other_classifier(layer: &CheckedLayer, from: &CheckedLayer) -> bool {
    layer.layer.is_classifier() && from.layer.is_classifier() && layer.input == from.input
}

fn misfit(
    origin: &Origin<'_>,
    index: usize,
    layer: &CheckedLayer,
    from: Option<&CheckedLayer>,
) -> String {
    let weights = |layer: &CheckedLayer| -> String {
        let shapes = layer.parameters.iter();
        let all: Vec<_> = shapes
            .map(|shape| format!("{} {:?}", shape.name, shape.dimensions))
            .collect();
        if all.is_empty() {
            "no weights".to_owned()
        } else {
            all.join(", ")
        }
    };
    let there = from.map_or_else(
        || "no such layer".to_owned(),
        |from| format!("{} with {}", from.name, weights(from)),
    );
    format!(
        "transfer: layer {}, {}: expected {}, but {} has {there}; use only the layers before it with `fresh_from: {index}`, or \
         make the networks match",
        index + 1,
        layer.name,
        weights(layer),
        origin.called,
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::network::NetworkSpec;

    fn model(layers: &str, classes: usize, seed: u64) -> Model {
        let text = format!("name: test\ninput: [8, 8, 1]\nclasses: {classes}\nlayers: [{layers}]");
        let spec: NetworkSpec = serde_yaml::from_str(&text).unwrap();
        Model::new(Arc::new(CheckedNetwork::new(&spec).unwrap()), seed)
    }

    const LAYERS: &str =
        "conv2d: {filters: 3, kernel: 3}, batch_norm, relu, flatten, dense: {units: 5}, classify";

    fn carry(
        model: &mut Model,
        from: &Model,
        fresh_from: Option<usize>,
    ) -> Result<Vec<String>, String> {
        let network = from.network().clone();
        let origin = Origin {
            called: "the first".into(),
            network: &network,
            weights: &from.export(),
        };
        carry_over(model, &origin, fresh_from)
    }

    #[test]
    fn all_weights_of_an_equal_network_come_over() {
        let from = model(LAYERS, 10, 1);
        let mut to = model(LAYERS, 10, 2);
        assert_ne!(to.export(), from.export());
        assert_eq!(carry(&mut to, &from, None).unwrap(), [""; 0]);
        assert_eq!(to.export(), from.export());
    }

    #[test]
    fn another_number_of_classes_starts_the_classifier_new_and_says_so() {
        let (from, fresh) = (model(LAYERS, 26, 1), model(LAYERS, 10, 2));
        let mut to = fresh.clone();
        let notes = carry(&mut to, &from, None).unwrap();
        assert_eq!(
            notes,
            [
                "the first has 26 classes and this network 10, so classify starts with initial weights"
            ]
        );
        let (got, old, new) = (to.export(), from.export(), fresh.export());
        let last = got.iter().position(|w| w.name == "dense_1/kernel");
        let last = last.unwrap();
        assert_eq!(got[..last], old[..last]);
        assert_eq!(got[last..], new[last..]);
    }

    #[test]
    fn moving_statistics_that_come_over_are_as_old_as_they_were() {
        let mut from = model(LAYERS, 10, 1);
        from.set_start_share(1, 0.25);
        let mut to = model(LAYERS, 10, 2);
        assert_eq!(to.start_share(), 1.0);
        carry(&mut to, &from, None).unwrap();
        assert_eq!(to.start_share(), 0.25);
        from.set_start_share(1, 0.0);
        carry(&mut to, &from, None).unwrap();
        assert_eq!(to.start_share(), 0.0);
    }

    #[test]
    fn layers_from_fresh_from_on_start_new() {
        let (from, fresh) = (model(LAYERS, 10, 1), model(LAYERS, 10, 2));
        let mut to = fresh.clone();
        let notes = carry(&mut to, &from, Some(4)).unwrap();
        assert_eq!(
            notes,
            ["layers from 5, dense, on start with initial weights"]
        );
        let (got, old, new) = (to.export(), from.export(), fresh.export());
        let kept = got
            .iter()
            .position(|weight| weight.name == "dense/kernel")
            .unwrap();
        assert_eq!(kept, 6);
        assert_eq!(got[..kept], old[..kept]);
        assert_eq!(got[kept..], new[kept..]);
    }

    #[test]
    fn another_layer_is_named_with_both_shapes_and_nothing_changes() {
        let from = model(LAYERS, 10, 1);
        let mut to = model(&LAYERS.replace("units: 5", "units: 6"), 10, 2);
        let before = to.export();
        let message = carry(&mut to, &from, None).unwrap_err();
        for part in ["layer 5, dense", "[192, 6]", "[192, 5]", "fresh_from: 4"] {
            assert!(message.contains(part), "{part}: {message}");
        }
        assert_eq!(to.export(), before);
        assert!(carry(&mut to, &from, Some(4)).is_ok());
    }
}
