//! Looking into single layers: one value's arithmetic, receptive fields, what excites a filter.

use crate::support::{change, close, image, layer_output, model, split};
use convscope::analysis::{
    ArithmeticError, AscentSettings, ExcitementSearch, Place, ascend, origin, receptive_field,
};
use convscope::field::{FieldKind, Kind, Value};
use convscope::layers::{Block, Build, Combination, LAYERS, Layer, LayerKind, Misfit, Pass};
use convscope::network::{CheckedNetwork, Edit, LayerSpec, Model, NetworkSpec};
use convscope::ops::{Flow, Vector, Workspace, activate};
use convscope::shape::Shape;
use proptest::prelude::*;

fn places(shape: Shape) -> impl Iterator<Item = Place> {
    (0..shape.len()).map(move |index| Place {
        row: index / (shape.width * shape.channels),
        column: index / shape.channels % shape.width,
        channel: index % shape.channels,
    })
}

/// Compares every value of a layer's output with its arithmetic.
fn check_arithmetic(model: &mut Model, image: &[f32], layer: usize) {
    let expected = layer_output(model, image, layer);
    let input = match layer {
        0 => image.to_vec(),
        layer => layer_output(model, image, layer - 1),
    };
    let checked = &model.network().layers()[layer];
    let (shape, input_shape) = (checked.output, checked.input);
    let rectified = model.network().spec().layers[layer]
        .fields()
        .any(|(field, value)| field.name == "activation" && value.to_string() == "relu");
    for (place, expected) in places(shape).zip(expected) {
        let found = origin(model, image, layer, place).unwrap().arithmetic;
        assert_eq!(found.output, expected, "{place:?}");
        let sum = found.terms.iter().map(|t| t.value * t.weight).sum::<f32>() + found.bias;
        assert!((found.sum - sum).abs() < 1e-5);
        let output = if rectified { sum.max(0.0) } else { sum };
        assert!(
            (output - expected).abs() < 1e-5,
            "layer {layer} {place:?}: {output}, expected {expected}"
        );
        assert_eq!(found.terms.len(), found.window.len());
        for term in &found.terms {
            assert_eq!(term.product, term.value * term.weight);
            let value = term.place.map_or(0.0, |p| {
                input[(p.row * input_shape.width + p.column) * input_shape.channels + p.channel]
            });
            assert_eq!(term.value, value);
        }
    }
}

#[test]
fn the_arithmetic_of_every_convolution_adds_up() {
    for kernel in 1..=4 {
        for stride in 1..=3 {
            for padding in ["same", "valid"] {
                let layers = format!(
                    "conv2d: {{filters: 3, kernel: {kernel}, stride: {stride}, padding: {padding}}}, relu, \
                     conv2d: {{filters: 2, kernel: 2, stride: {stride}, padding: same}}, flatten, classify"
                );
                let mut model = model([6, 7, 3], 2, &layers);
                let image = image(kernel, 6 * 7 * 3);
                check_arithmetic(&mut model, &image, 0);
                check_arithmetic(&mut model, &image, 2);
            }
        }
    }
}

#[test]
fn the_arithmetic_of_dense_layers_adds_up() {
    let mut model = model(
        [4, 3, 1],
        3,
        "flatten, dense: {units: 9, activation: relu}, dense: {units: 4}, classify",
    );
    change(&mut model, "dense/bias", |bias| bias.fill(-0.2));
    let image = image(2, 12);
    let rectified = layer_output(&mut model, &image, 1);
    assert!(rectified.contains(&0.0), "a ReLU that cuts nothing off");
    for layer in 1..=3 {
        check_arithmetic(&mut model, &image, layer);
    }
}

#[test]
fn what_has_no_arithmetic_says_why() {
    let mut model = model(
        [4, 4, 1],
        3,
        "relu, conv2d: {filters: 2, kernel: 3}, avg_pool2d: {size: 2}, flatten, classify",
    );
    let place = |row| Place {
        row,
        column: 0,
        channel: 0,
    };
    let mut refusal = |layer, place| -> ArithmeticError {
        origin(&mut model, &[0.0; 16], layer, place).unwrap_err()
    };
    for (layer, name) in [(0, "relu"), (2, "avg_pool2d")] {
        assert_eq!(
            refusal(layer, place(0)).to_string(),
            format!(
                "layer {}, {name}: has no weighted sums; choose a conv2d, dense, classify, depthwise_conv2d or separable_conv2d layer",
                layer + 1
            )
        );
    }
    assert_eq!(
        refusal(1, place(4)).to_string(),
        "layer 2, conv2d: its output 4×4×2 has no row 4, column 0, channel 0"
    );
    assert_eq!(
        refusal(5, place(0)).to_string(),
        "layer 6: the network has 5 layers"
    );
}

#[test]
fn a_value_changes_with_the_pixels_that_it_sees_and_no_others() {
    let mut model = model(
        [11, 9, 1],
        2,
        "conv2d: {filters: 2, kernel: 3, stride: 2}, max_pool2d: {size: 2}, \
         conv2d: {filters: 2, kernel: 2, padding: same}, flatten, dense: {units: 3}, classify",
    );
    // Positive weights and pixels: every brighter pixel that is seen makes a value larger, maxima included.
    change(&mut model, "kernel", |kernel| {
        kernel.iter_mut().for_each(|w| *w = w.abs() + 0.01);
    });
    let dark = vec![0.2; 99];
    for layer in 0..6 {
        let before = layer_output(&mut model, &dark, layer);
        let shape = model.network().layers()[layer].output;
        for place in places(shape).filter(|place| place.channel == 0) {
            let sees = receptive_field(model.network(), layer, place.row, place.column);
            let offset = (place.row * shape.width + place.column) * shape.channels;
            let of_all: Vec<bool> = (0..99)
                .map(|pixel| {
                    let mut bright = dark.clone();
                    bright[pixel] = 1.0;
                    let after = layer_output(&mut model, &bright, layer);
                    // A flat value that is one pixel's may be any's.
                    let all = if layer < 3 {
                        offset..offset + 1
                    } else {
                        0..before.len()
                    };
                    before[all.clone()] != after[all]
                })
                .collect();
            for (pixel, changes) in of_all.into_iter().enumerate() {
                let inside =
                    sees.rows.contains(&(pixel / 9)) && sees.columns.contains(&(pixel % 9));
                assert!(
                    inside || !changes,
                    "layer {layer} {place:?}: pixel {pixel} outside {sees:?}"
                );
            }
        }
    }
    // Row 1 of the second convolution: rows 1 and 2 of the pooling, 2 to 5 of the first, 3 to 10 of the image (one zero before).
    let sees = receptive_field(model.network(), 2, 1, 0);
    assert_eq!((sees.rows, sees.columns), (3..11, 0..8));
    assert_eq!(receptive_field(model.network(), 5, 0, 0).rows, 0..11);
}

#[test]
fn the_search_finds_what_a_look_at_every_image_finds() {
    let layers =
        "conv2d: {filters: 3, kernel: 3, stride: 2}, relu, flatten, dense: {units: 4}, classify";
    let mut model = model([6, 5, 1], 4, layers);
    let split = split(Shape::new(6, 5, 1), 300, 4);
    for layer in [0, 1, 3, 4] {
        let mut search = ExcitementSearch::new(&model, &split, layer, 5);
        let mut steps = 0;
        while !search.is_finished() {
            search.advance(&mut model, &split);
            steps += 1;
        }
        assert_eq!((steps, search.done()), (2, 300));
        let shape = model.network().layers()[layer].output;
        assert_eq!(search.found().len(), shape.channels);
        for filter in 0..shape.channels {
            let mut expected: Vec<(usize, f32, usize)> = (0..split.len())
                .map(|index| {
                    let mut image = vec![0.0; 30];
                    split.image(index, &mut image);
                    let maps = layer_output(&mut model, &image, layer);
                    let map: Vec<f32> = maps
                        .into_iter()
                        .skip(filter)
                        .step_by(shape.channels)
                        .collect();
                    let most = map.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                    (index, most, map.iter().position(|v| *v == most).unwrap())
                })
                .collect();
            expected.sort_by(|a, b| b.1.total_cmp(&a.1));
            let found: Vec<_> = search.found()[filter]
                .iter()
                .map(|e| (e.image, e.activation, e.row * shape.width + e.column))
                .collect();
            assert_eq!(found, expected[..5], "layer {layer} filter {filter}");
        }
    }
}

#[test]
fn ascent_makes_every_filter_answer_more() {
    let layers = "conv2d: {filters: 4, kernel: 3}, batch_norm, relu, max_pool2d: {size: 2}, \
                  conv2d: {filters: 3, kernel: 3}, flatten, classify";
    let mut model = model([10, 10, 3], 3, layers);
    let settings = AscentSettings::default();
    for layer in [0, 2, 4, 6] {
        for filter in 0..3 {
            let found = ascend(&mut model, layer, filter, &settings);
            let start = found.activations[0];
            assert!(
                found.activation > start + 0.05,
                "layer {layer} filter {filter}: {start} to {}",
                found.activation
            );
            let most = found.activations.iter().copied().fold(start, f32::max);
            assert_eq!(found.activation, most);
            assert!(found.image.iter().all(|v| (0.0..=1.0).contains(v)));
            let maps = layer_output(&mut model, &found.image, layer);
            let channels = model.network().layers()[layer].output.channels;
            let map: Vec<f32> = maps.into_iter().skip(filter).step_by(channels).collect();
            close(
                &[map.iter().sum::<f32>() / map.len() as f32],
                &[found.activation],
                1e-4,
            );
            assert_eq!(found, ascend(&mut model, layer, filter, &settings));
        }
    }
    let other = AscentSettings {
        seed: 2,
        ..settings
    };
    assert_ne!(
        ascend(&mut model, 0, 0, &settings).image,
        ascend(&mut model, 0, 0, &other).image
    );
}

#[test]
fn ascent_of_a_linear_unit_ends_at_the_signs_of_its_weights() {
    let mut model = model([3, 3, 1], 2, "flatten, classify");
    let settings = AscentSettings {
        decay: 0.0,
        steps: 2000,
        ..AscentSettings::default()
    };
    let found = ascend(&mut model, 1, 0, &settings);
    let kernel = crate::support::weight(&model, "dense/kernel");
    for (pixel, weight) in found.image.iter().zip(kernel.iter().step_by(2)) {
        assert_eq!(*pixel, f32::from(u8::from(*weight > 0.0)));
    }
}

#[test]
fn a_dead_filter_does_not_climb() {
    let mut model = model(
        [5, 5, 1],
        2,
        "conv2d: {filters: 2, kernel: 3}, relu, flatten, classify",
    );
    change(&mut model, "conv2d/bias", |bias| bias.fill(-100.0));
    let found = ascend(&mut model, 1, 0, &AscentSettings::default());
    assert_eq!(found.activations, [0.0]);
    assert_eq!(found.image.len(), 25);
}

#[test]
fn every_value_is_followed_back_to_its_products() {
    let mut model = model(
        [6, 6, 1],
        3,
        "{conv2d: {filters: 2, kernel: 3}}, batch_norm, relu, {max_pool2d: {size: 2}}, flatten, {dropout: {rate: 0.5}}, classify",
    );
    let image = image(5, 36);
    let names = model.network().layers().iter().map(|l| l.name.clone());
    let names: Vec<String> = names.collect();
    assert_eq!(names[4], "flatten");
    let mut outputs = Vec::new();
    model.observe(&image, |_, shape, values| {
        outputs.push((shape, values.to_vec()))
    });
    for (layer, (shape, values)) in outputs.into_iter().enumerate().take(names.len() - 1) {
        for (place, value) in places(shape).zip(values) {
            let origin = origin(&mut model, &image, layer, place).unwrap();
            let last = origin.steps.last().unwrap();
            assert_eq!((last.layer, last.place, last.value), (layer, place, value));
            assert_eq!(
                origin.steps.len(),
                layer + 1,
                "all come from the convolution"
            );
            let first = origin.steps[0];
            assert_eq!(origin.arithmetic.place, first.place);
            assert_eq!(origin.arithmetic.output, first.value);
            // ReLU, pooling, flatten and dropout take one value over as it is, or nothing.
            for pair in origin.steps.windows(2).skip(1) {
                assert_eq!(pair[1].value, pair[0].value.max(0.0), "{:?}", origin.steps);
            }
        }
    }
    let place = Place {
        row: 0,
        column: 0,
        channel: 2,
    };
    let dense = origin(&mut model, &image, 6, place).unwrap();
    assert_eq!((dense.steps.len(), dense.arithmetic.layer), (1, 6));
    let beyond = Place { row: 3, ..place };
    assert!(
        origin(&mut model, &image, 3, beyond)
            .unwrap_err()
            .to_string()
            .contains("has no row 3")
    );
}

#[test]
fn a_value_that_several_make_together_has_no_single_origin() {
    let mut model = model(
        [4, 4, 1],
        2,
        "{avg_pool2d: {size: 2}}, relu, flatten, classify",
    );
    let place = Place {
        row: 0,
        column: 0,
        channel: 0,
    };
    let error = origin(&mut model, &image(5, 16), 1, place).unwrap_err();
    assert!(
        error.to_string().contains("has no weighted sums"),
        "{error}"
    );
}

/// A layer of this type with legal values drawn for its fields, small ones of numbers.
fn drawn(kind: &'static LayerKind, draw: &mut dyn FnMut(usize) -> usize) -> LayerSpec {
    let mut layer = LayerSpec::with_defaults(kind);
    for field in kind.fields() {
        let value = match field.kind {
            FieldKind::Whole { least, .. } => Value::Whole(least + draw(4)),
            FieldKind::Number { least, most, .. } => {
                Value::Number(least + (most - least) * draw(10) as f64 / 10.0)
            }
            FieldKind::Choice { choices, .. } => Value::Choice(choices[draw(choices.len())]),
            // No layer has one yet; it keeps its default.
            FieldKind::Text | FieldKind::Written(_) | FieldKind::Group => continue,
        };
        layer.set(field.name, &value).unwrap();
    }
    layer
}

/// A model in which this layer stands behind a convolution, and the layer's position.
fn behind_a_convolution(input: Shape, filters: usize, layer: LayerSpec) -> (Model, usize) {
    let named = |name| LayerSpec::with_defaults(LayerKind::named(name).unwrap());
    let Build::Layer(build) = layer.kind().build else {
        panic!("{}: not a layer", layer.kind().name)
    };
    let built = build(layer.values(), 3);
    let mut convolution = named("conv2d");
    convolution.set("filters", &Value::Whole(filters)).unwrap();
    let mut layers = vec![convolution];
    if built.gives_vectors() && built.output(Shape::new(4, 4, filters)).is_err() {
        layers.push(named("flatten"));
    }
    let position = layers.len();
    layers.push(layer);
    if !built.is_classifier() {
        layers.extend([named("flatten"), named("classify")]);
    }
    let mut spec = NetworkSpec {
        name: "test".to_owned(),
        input,
        classes: 3,
        layers,
    };
    // Fields that do not fit together, such as groups that do not divide the channels.
    while let Some(edit) = Edit::mend(&spec) {
        assert_eq!(
            edit.network.layers.len(),
            spec.layers.len(),
            "{}",
            edit.name
        );
        spec = edit.network;
    }
    let network = CheckedNetwork::new(&spec).unwrap();
    let mut model = Model::new(std::sync::Arc::new(network), 3);
    for (seed, name) in (1..).zip(["bias", "gamma", "beta", "moving_mean", "moving_variance"]) {
        change(&mut model, name, |values| {
            values.copy_from_slice(&self::image(seed, values.len()));
        });
    }
    (model, position)
}

/// These values after a layer's activation.
fn activated(layer: &dyn Layer, values: &[f32]) -> Vec<f32> {
    let input = Workspace::new().input(1, Shape::flat(values.len()), |input| {
        input.copy_from_slice(values);
    });
    let flow = activate(Flow::inference(input), layer.activation());
    flow.values().to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_layer_says_what_its_values_are_made_of(
        (height, width) in (4usize..8, 4usize..8),
        (filters, seed) in (1usize..4, any::<u64>()),
    ) {
        let mut state = seed;
        let mut draw = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as usize % below
        };
        for kind in LAYERS {
            if !matches!(kind.build, Build::Layer(_)) {
                continue;
            }
            let layer = drawn(kind, &mut draw);
            let line = layer.to_line();
            let (mut model, position) =
                behind_a_convolution(Shape::new(height, width, 1), filters, layer);
            let image = image(seed, height * width);
            check_sources(&mut model, &image, position, &line);
            check_origins(&mut model, &image, position, &line);
        }
    }
}

/// Compares every value of a layer's output with what its block, factors and activation make.
fn check_sources(model: &mut Model, image: &[f32], position: usize, line: &str) {
    let (input, expected) = (
        layer_output(model, image, position - 1),
        layer_output(model, image, position),
    );
    let checked = &model.network().layers()[position];
    let layer = &*checked.layer;
    let parameters: Vec<&[f32]> = model
        .layer_weights(position)
        .map(|(_, values)| values)
        .collect();
    let mut multiplications = 0;
    let made = places(checked.output).map(|place| {
        let block = layer.reads(checked.input, place);
        assert!(
            !layer.keeps_places() || block == Block::one(place, 0),
            "{line} {place:?}"
        );
        let values = block.places(checked.input);
        let value_at = |place: Place| input[place.offset(checked.input)];
        let combination = layer.combination();
        match combination.factors(&block, checked.input, place.channel, &parameters) {
            None if matches!(combination, Combination::NormalisedTogether) => {
                multiplications += 1;
                let all: Vec<f32> = values.flatten().map(value_at).collect();
                let epsilon = checked.spec.value("epsilon").number() as f32;
                let [gamma, beta] = [0, 1].map(|index| parameters[index][place.channel]);
                normalised(value_at(place), &all, epsilon) * gamma + beta
            }
            None => values
                .flatten()
                .map(value_at)
                .fold(f32::NEG_INFINITY, f32::max),
            Some((factors, added)) => {
                assert_eq!(factors.len(), block.shape().len(), "{line} {place:?}");
                multiplications += match combination {
                    // Once for all filters at the same place.
                    Combination::ProductsOfProducts if place.channel > 0 => 0,
                    Combination::ProductsOfProducts => {
                        (parameters[0].len() + parameters[1].len()) as u64
                    }
                    _ => factors.len() as u64,
                };
                values
                    .map(|place| place.map_or(0.0, value_at))
                    .zip(factors)
                    .map(|(value, factor)| value * factor)
                    .sum::<f32>()
                    + added
            }
        }
    });
    let made: Vec<f32> = made.collect();
    for (place, (got, expected)) in
        places(checked.output).zip(activated(layer, &made).into_iter().zip(expected))
    {
        let near = 1e-5 * (1.0 + expected.abs());
        assert!(
            (got - expected).abs() < near,
            "{line} {place:?}: {got}, expected {expected}"
        );
    }
    if !parameters.is_empty() {
        assert_eq!(
            layer.multiply_accumulates(checked.input),
            multiplications,
            "{line}"
        );
    }
}

/// A value less the mean of all, divided by their standard deviation.
fn normalised(value: f32, all: &[f32], epsilon: f32) -> f32 {
    let count = all.len() as f32;
    let mean = all.iter().sum::<f32>() / count;
    let variance = all.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / count;
    (value - mean) / (variance + epsilon).sqrt()
}

/// Follows every value of a layer's output back and makes it again from the products named.
fn check_origins(model: &mut Model, image: &[f32], position: usize, line: &str) {
    let network = model.network().clone();
    let layers = network.layers();
    for place in places(layers[position].output) {
        let found = match origin(model, image, position, place) {
            Ok(found) => found,
            Err(error) => {
                let checked = &layers[position];
                let outside = checked
                    .layer
                    .reads(checked.input, place)
                    .places(checked.input)
                    .all(|place| place.is_none());
                let is_of_several = matches!(
                    checked.layer.combination(),
                    Combination::Mean | Combination::NormalisedTogether
                );
                assert!(is_of_several || outside, "{line} {place:?}: {error}");
                continue;
            }
        };
        let products: f32 = found.arithmetic.terms.iter().map(|term| term.product).sum();
        let mut value = products + found.arithmetic.bias;
        for step in &found.steps {
            let layer = &*layers[step.layer].layer;
            if !layer.has_products() {
                let parameters: Vec<&[f32]> = model
                    .layer_weights(step.layer)
                    .map(|(_, values)| values)
                    .collect();
                let (block, input) = (Block::one(step.place, 0), layers[step.layer].input);
                let combination = layer.combination();
                let channel = step.place.channel;
                let factors = combination.factors(&block, input, channel, &parameters);
                let (factors, added) = factors.unwrap_or((vec![1.0], 0.0));
                value = value * factors[0] + added;
            }
            value = activated(layer, &[value])[0];
            let near = 1e-5 * (1.0 + step.value.abs());
            assert!(
                (value - step.value).abs() < near,
                "{line} {place:?}: {value}, {step:?}"
            );
        }
    }
}

/// Layers of equal shapes that are not pointwise.
#[derive(Debug)]
enum MadeUp {
    /// Turns every row around.
    Mirror,
    /// The mean of each value and the one on its right.
    Smear,
}

static MIRROR: LayerKind = LayerKind {
    name: "mirror",
    keras: "mirror",
    help: "",
    fields: &[],
    build: Build::Layer(|_values, _classes| Box::new(MadeUp::Mirror)),
};

static SMEAR: LayerKind = LayerKind {
    name: "smear",
    keras: "smear",
    help: "",
    fields: &[],
    build: Build::Layer(|_values, _classes| Box::new(MadeUp::Smear)),
};

impl Layer for MadeUp {
    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        Ok(input)
    }

    fn reads(&self, input: Shape, place: Place) -> Block {
        let mirrored = Place {
            column: input.width - 1 - place.column,
            ..place
        };
        match self {
            Self::Mirror => Block::one(mirrored, 0),
            Self::Smear => {
                let one = Block::one(place, 0);
                Block {
                    columns: one.columns.start..one.columns.end + 1,
                    ..one
                }
            }
        }
    }

    fn combination(&self) -> Combination {
        match self {
            Self::Mirror => Combination::Moved,
            Self::Smear => Combination::Mean,
        }
    }

    fn forward(&self, flow: Flow, _parameters: &mut [Vector], _pass: &Pass) -> Flow {
        flow
    }
}

#[test]
fn a_new_layer_of_equal_shapes_is_not_taken_for_a_pointwise_one() {
    let image = image(5, 25);
    let place = Place {
        row: 1,
        column: 0,
        channel: 1,
    };
    let made_up =
        |kind| behind_a_convolution(Shape::new(5, 5, 1), 2, LayerSpec::with_defaults(kind));
    let (mut mirrored, position) = made_up(&MIRROR);
    let found = origin(&mut mirrored, &image, position, place).unwrap();
    assert_eq!(found.steps[0].place, Place { column: 4, ..place });
    assert_eq!(
        receptive_field(mirrored.network(), position, 1, 0).columns,
        3..5
    );
    let (mut smeared, position) = made_up(&SMEAR);
    let error = origin(&mut smeared, &image, position, place).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("layer 2, smear: has no weighted sums"),
        "{error}"
    );
    assert_eq!(
        receptive_field(smeared.network(), position, 1, 0).columns,
        0..3
    );
}
