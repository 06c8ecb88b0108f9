pub(super) mod blocks;
mod edit;
mod keep;

use proptest::prelude::*;

use super::*;
use crate::field::{FieldKind, Kind, Value};
use crate::layers::{LAYERS, LayerKind};
use crate::shape::Shape;

fn network(layers: &str) -> NetworkSpec {
    let text = format!("name: test\ninput: [28, 28, 1]\nclasses: 10\nlayers: [{layers}]");
    serde_yaml::from_str(&text).unwrap()
}

fn problem(layers: &str) -> String {
    CheckedNetwork::new(&network(layers))
        .unwrap_err()
        .to_string()
}

#[test]
fn names_and_shapes_are_keras_ones() {
    let spec = network(
        "conv2d: {filters: 4, kernel: 2}, relu, max_pool2d: {size: 2}, conv2d: {filters: 6, kernel: 3, stride: 2}, flatten, classify",
    );
    let checked = CheckedNetwork::new(&spec).unwrap();
    let rows: Vec<_> = checked
        .layers()
        .iter()
        .map(|layer| (layer.name.as_str(), layer.output))
        .collect();
    assert_eq!(
        rows,
        [
            ("conv2d", Shape::new(28, 28, 4)),
            ("relu", Shape::new(28, 28, 4)),
            ("max_pool2d", Shape::new(14, 14, 4)),
            ("conv2d_1", Shape::new(7, 7, 6)),
            ("flatten", Shape::flat(294)),
            ("classify", Shape::flat(10)),
        ]
    );
}

#[test]
fn what_does_not_fit_names_layer_reason_and_mend() {
    assert_eq!(
        problem("conv2d: {filters: 4, kernel: 3}, dense: {units: 8}, classify"),
        "layer 2, dense: needs flat input, got 28×28×4; insert flatten before it"
    );
    let shrinking =
        "max_pool2d: {size: 7}, conv2d: {filters: 4, kernel: 5, padding: valid}, flatten, classify";
    assert_eq!(
        problem(shrinking),
        "layer 2, conv2d: a 5×5 kernel does not fit a 4×4 input; use padding same or a smaller kernel"
    );
    assert_eq!(
        problem("max_pool2d: {size: 40}, flatten, classify"),
        "layer 1, max_pool2d: a 40×40 square does not fit a 28×28 input; use a smaller size or delete this layer"
    );
    assert_eq!(
        problem("flatten, classify, relu"),
        "layer 3, relu: comes after classify, which must be the last layer; move it before classify or delete it"
    );
    assert_eq!(
        problem("flatten"),
        "the network ends with flatten and gives no probabilities; add `- classify` as its last layer"
    );
    assert_eq!(
        problem(""),
        "the network ends without any layer and gives no probabilities; add `- classify` as its last layer"
    );
    let mut spec = network("flatten, classify");
    spec.input.channels = 2;
    let message = CheckedNetwork::new(&spec).unwrap_err().to_string();
    assert!(
        message.contains("1 or 3 channels, got [28, 28, 2]"),
        "{message}"
    );
    spec.input.channels = 1;
    spec.classes = 1;
    let message = CheckedNetwork::new(&spec).unwrap_err().to_string();
    assert_eq!(
        message,
        "classes: expected a whole number from 2 to 1000, got 1"
    );
}

#[test]
fn receptive_fields_widen_by_kernel_and_stride() {
    let spec = network(
        "conv2d: {filters: 2, kernel: 3}, max_pool2d: {size: 2}, conv2d: {filters: 2, kernel: 3}, flatten, classify",
    );
    let fields: Vec<_> = NetworkSummary::new(&spec)
        .layers
        .iter()
        .map(|layer| layer.receptive_field)
        .collect();
    // 3; + 1 × 1; + 2 × 2; the whole image.
    assert_eq!(fields, [3, 4, 8, 28, 28]);
}

#[test]
fn equal_seeds_give_equal_weights_and_glorot_limits_hold() {
    let spec = network("conv2d: {filters: 4, kernel: 3}, batch_norm, flatten, classify");
    let checked = std::sync::Arc::new(CheckedNetwork::new(&spec).unwrap());
    let model = Model::new(checked.clone(), 7);
    assert_eq!(model.export(), Model::new(checked.clone(), 7).export());
    let other = Model::new(checked, 8);
    assert_ne!(model.export(), other.export());
    let weights = model.export();
    assert_eq!(weights[0].name, "conv2d/kernel");
    let limit = (6.0 / (9.0 + 36.0f32)).sqrt();
    assert!(weights[0].values.iter().all(|value| value.abs() <= limit));
    let largest = weights[0]
        .values
        .iter()
        .fold(0f32, |most, value| most.max(value.abs()));
    assert!(
        largest > 0.8 * limit,
        "36 draws reach the limit nearly: {largest} of {limit}"
    );
    assert_eq!(weights[1].values, [0.0; 4]);
    assert_eq!(
        (weights[2].values[0], weights[3].values[0]),
        (1.0, 0.0),
        "gamma, beta"
    );
    assert_eq!(
        (weights[4].values[0], weights[5].values[0]),
        (0.0, 1.0),
        "moving statistics"
    );
}

#[test]
fn images_get_the_same_scores_in_groups_and_all_at_once() {
    // Batch norm, Winograd with both strides, pooling with and without a convolution before it, layers behind the positions.
    let layers = [
        "conv2d: {filters: 16, kernel: 2}, batch_norm, relu, conv2d: {filters: 64, kernel: 3, stride: 2}, batch_norm, relu, \
         conv2d: {filters: 32, kernel: 3, stride: 2}, conv2d: {filters: 32, kernel: 3}, relu, max_pool2d: {size: 2}, flatten, \
         dense: {units: 20, activation: relu}, dropout: {rate: 0.5}, classify",
        "conv2d: {filters: 32, kernel: 3}, relu, max_pool2d: {size: 2}, max_pool2d: {size: 2}, global_avg_pool2d, classify",
        "flatten, dense: {units: 30, activation: relu}, classify",
    ];
    for layers in layers {
        let checked = std::sync::Arc::new(CheckedNetwork::new(&network(layers)).unwrap());
        let mut model = Model::new(checked, 3);
        let count = 53;
        let images: Vec<f32> = (0..count * 28 * 28)
            .map(|i| ((i * 7919) % 256) as f32 / 255.0)
            .collect();
        let whole = model.observe(&images, |_, _, _| ());
        for threads in [1, 2, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            pool.build().unwrap().install(|| {
                for batch in [1, 2, 9, count] {
                    let grouped: Vec<f32> = images
                        .chunks(batch * 28 * 28)
                        .flat_map(|images| model.probabilities(images))
                        .collect();
                    assert!(
                        grouped == whole,
                        "{threads} threads, {batch} images: {layers}"
                    );
                }
            });
        }
    }
}

#[test]
fn import_names_what_is_missing_or_has_other_dimensions() {
    let spec = network("flatten, dense: {units: 3}, classify");
    let checked = std::sync::Arc::new(CheckedNetwork::new(&spec).unwrap());
    let mut model = Model::new(checked, 0);
    let before = model.export();
    let mut weights = before.clone();
    weights[3].dimensions = vec![3, 11];
    let message = model.import(&weights).unwrap_err();
    assert_eq!(
        message,
        "weights: `dense_1/bias`: expected dimensions [10], got [3, 11]"
    );
    let message = model.import(&weights[1..]).unwrap_err();
    assert_eq!(message, "weights: `dense/kernel` not found");
    assert_eq!(model.export(), before, "a refused import changes nothing");
}

#[test]
fn every_layer_round_trips_through_yaml_with_its_defaults() {
    for kind in LAYERS {
        let spec = Edit::insert(&network(""), 0, LayerSpec::with_defaults(kind));
        let spec = spec.unwrap().network;
        let text = serde_yaml::to_string(&spec).unwrap();
        let back: NetworkSpec = serde_yaml::from_str(&text).unwrap();
        assert_eq!(back, spec, "{text}");
        assert!(!kind.help.is_empty());
        for field in kind.fields {
            assert!(!field.help.is_empty(), "{} {}", kind.name, field.name);
            assert_eq!(
                field.accept(&field.default()),
                Ok(field.default()),
                "{} {}",
                kind.name,
                field.name
            );
        }
    }
}

/// Layers, and blocks of layers, at most this deep.
fn any_layers(most: usize) -> impl Strategy<Value = Vec<LayerSpec>> {
    let edits = proptest::collection::vec((any_layer(), 0usize..1000), 0..most);
    edits.prop_map(|edits| {
        let mut spec = network("");
        for (layer, place) in edits {
            let place = place % (spec.layers.len() + 1);
            spec = Edit::insert(&spec, place, layer).unwrap().network;
        }
        spec.layers
    })
}

fn any_layer() -> impl Strategy<Value = LayerSpec> {
    (0..LAYERS.len(), proptest::collection::vec(0usize..100, 8)).prop_map(|(kind, picks)| {
        let kind: &'static LayerKind = LAYERS[kind];
        let mut layer = LayerSpec::with_defaults(kind);
        for (field, pick) in kind.fields().iter().zip(picks.clone()) {
            let value = match &field.kind {
                FieldKind::Whole { steps, .. } => Value::Whole(steps[pick % steps.len()]),
                FieldKind::Number { steps, .. } => Value::Number(steps[pick % steps.len()]),
                FieldKind::Choice { choices, .. } => Value::Choice(choices[pick % choices.len()]),
                other => panic!("no layer has {other:?}"),
            };
            layer.set(field.name, &value).unwrap();
        }
        layer
    })
}

proptest! {
    /// The summary of any list of layers, legal or not, agrees with inference.
    #[test]
    fn summary_and_inference_agree(layers in any_layers(8)) {
        let mut spec = network("");
        spec.layers = layers;
        let summary = NetworkSummary::new(&spec);
        prop_assert_eq!(summary.layers.len(), spec.layer_count());
        let lines: Vec<usize> = (0..spec.layers.len()).collect();
        let rows = summary.rows.iter().filter(|row| row.part != Part::Shortcut);
        prop_assert_eq!(rows.map(|row| row.line).collect::<Vec<_>>(), lines);
        match CheckedNetwork::new(&spec) {
            Ok(checked) => {
                prop_assert_eq!(summary.problem, None);
                for (row, layer) in summary.layers.iter().zip(checked.layers()) {
                    prop_assert_eq!(row.output, Some(layer.output));
                    prop_assert_eq!(&row.name, &layer.name);
                }
            }
            Err(problem) => prop_assert_eq!(summary.problem, Some(problem.to_string())),
        }
    }
}

/// Identities of experiments, and files, are made of these texts.
#[test]
fn fields_at_the_defaults_that_they_were_added_with_are_not_written() {
    let spec = network(
        "conv2d: {filters: 4, kernel: 3}, max_pool2d: {size: 2}, flatten, dense: {units: 5}, classify",
    );
    let texts: Vec<String> = spec
        .layers
        .iter()
        .map(|layer| serde_json::to_string(layer).unwrap())
        .collect();
    let expected = [
        r#"{"conv2d":{"filters":4,"kernel":3,"stride":1,"padding":"same","activation":"linear","l2":0.0}}"#,
        r#"{"max_pool2d":{"size":2}}"#,
        r#""flatten""#,
        r#"{"dense":{"units":5,"activation":"linear","l2":0.0}}"#,
        r#""classify""#,
    ];
    assert_eq!(texts, expected);
    let written = network("classify: {kernel_initializer: zeros}");
    let written = serde_json::to_string(&written.layers[0]).unwrap();
    assert_eq!(written, r#"{"classify":{"kernel_initializer":"zeros"}}"#);
}

#[test]
fn initial_weights_are_spread_as_their_initializer_says() {
    // Fans of 9 and 9 · 4096.
    let cases = [
        ("glorot", 2.0 / (9.0 + 36864.0)),
        ("he", 2.0 / 9.0),
        ("lecun", 1.0 / 9.0),
    ];
    for (name, variance) in cases {
        let deviation = f64::sqrt(variance);
        for (shape, most) in [
            ("uniform", 3f64.sqrt() * deviation),
            ("normal", 2.0 * deviation / 0.879_625_661_034_239_8),
        ] {
            let text = format!(
                "conv2d: {{filters: 4096, kernel: 3, kernel_initializer: {name}_{shape}}}, global_avg_pool2d, classify: {{kernel_initializer: zeros}}"
            );
            let network = CheckedNetwork::new(&network(&text)).unwrap();
            let model = Model::new(std::sync::Arc::new(network), 5);
            let values = |layer: usize| -> Vec<f64> {
                let (_, kernel) = model.layer_weights(layer).next().unwrap();
                kernel.iter().map(|value| f64::from(*value)).collect()
            };
            let drawn = values(0);
            let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
            let squares = drawn.iter().map(|value| value * value).sum::<f64>();
            let found = (squares / drawn.len() as f64).sqrt();
            let largest = drawn
                .iter()
                .fold(0.0f64, |most, value| most.max(value.abs()));
            assert!(mean.abs() < 0.03 * deviation, "{text}: {mean}");
            assert!(
                (found / deviation - 1.0).abs() < 0.02,
                "{text}: {found}, {deviation}"
            );
            assert!(
                largest <= most * 1.000_001 && largest > 0.99 * most,
                "{text}: {largest}, {most}"
            );
            assert!(values(2).iter().all(|value| *value == 0.0));
        }
    }
}
