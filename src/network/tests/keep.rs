use std::sync::Arc;

use super::*;

fn model(layers: &str, seed: u64) -> Model {
    Model::new(
        Arc::new(CheckedNetwork::new(&network(layers)).unwrap()),
        seed,
    )
}

fn weights(model: &Model, layer: usize) -> Vec<Vec<f32>> {
    let weights = model.layer_weights(layer);
    weights.map(|(_, values)| values.to_vec()).collect()
}

const OLD: &str = "conv2d: {filters: 4, kernel: 3}, batch_norm, relu, conv2d: {filters: 4, kernel: 3}, relu, flatten, dense: {units: 8}, classify";

/// Which layers of `new` keep weights of `OLD`, and that they are those.
fn kept(new: &str, places: &[Option<usize>]) {
    let old = model(OLD, 1);
    let fresh = model(new, 2);
    let mut carried = fresh.clone();
    let kept = carried.keep_matching(&old);
    assert_eq!(kept, places, "{new}");
    let (old_spec, spec) = (old.network().spec(), fresh.network().spec());
    assert_eq!(
        spec.kept_since(old_spec),
        places,
        "{new}: as the screen says"
    );
    for (layer, place) in places.iter().enumerate() {
        let expected = match place {
            Some(place) => weights(&old, *place),
            None => weights(&fresh, layer),
        };
        assert_eq!(weights(&carried, layer), expected, "{new}: layer {layer}");
    }
}

#[test]
fn layers_that_stayed_the_same_keep_their_weights() {
    let all: Vec<_> = (0..8).map(Some).collect();
    kept(OLD, &all);
    // A layer more, a layer less.
    kept(
        &OLD.replace("flatten", "dropout: {rate: 0.5}, flatten"),
        &[0, 1, 2, 3, 4, 99, 5, 6, 7].map(|place| (place != 99).then_some(place)),
    );
    kept(
        &OLD.replace("batch_norm, relu, ", ""),
        &[Some(0), Some(3), Some(4), Some(5), Some(6), Some(7)],
    );
}

#[test]
fn changed_layers_and_those_whose_input_changed_start_afresh() {
    // Other filters in the second convolution: it, and the dense layer behind it, are new.
    kept(
        "conv2d: {filters: 4, kernel: 3}, batch_norm, relu, conv2d: {filters: 5, kernel: 3}, relu, flatten, dense: {units: 8}, classify",
        &[
            Some(0),
            Some(1),
            Some(2),
            None,
            Some(4),
            Some(5),
            None,
            Some(7),
        ],
    );
    // Pooling changes the input of the dense layer alone.
    kept(
        &OLD.replace("flatten", "max_pool2d: {size: 2}, flatten"),
        &[0, 1, 2, 3, 4, 99, 5, 99, 7].map(|place| (place != 99).then_some(place)),
    );
}

#[test]
fn of_a_network_that_does_not_fit_the_layers_before_are_kept() {
    let old = network(OLD);
    let broken = network(&OLD.replace("relu, flatten", "relu, dense: {units: 3}"));
    let places = broken.kept_since(&old);
    let expected: Vec<Option<usize>> = (0..8).map(|place| (place < 5).then_some(place)).collect();
    assert_eq!(places, expected);
    assert_eq!(old.kept_since(&broken)[..5], expected[..5]);
}

#[test]
fn keeping_leaves_the_old_model_alone() {
    let old = model(OLD, 1);
    let before = old.export();
    let mut new = model(OLD, 2);
    new.keep_matching(&old);
    let mut changed = before.clone();
    for weights in &mut changed {
        // Shares lie between 0 and 1.
        weights.values.fill(1.0);
    }
    new.import(&changed).unwrap();
    assert_eq!(new.export(), changed);
    assert_eq!(old.export(), before);
}
