//! Agreement with Keras: every network under `tests/reference/keras` (or `$CONVSCOPE_REFERENCE/keras`), in inference, training mode,
//! gradients and five Adadelta steps. What the files hold is said in `tests/reference/README.md`.

use std::sync::Arc;

use crate::support::{Reference, close, keras_weights, load_all};
use convscope::layers::LAYERS;
use convscope::network::{CheckedNetwork, Model, NetworkSpec};
use convscope::ops::{self, Flow, Input};
use convscope::training::{OptimizerSpec, Step};

/// On values of the order of 1; relative to the largest value of a layer where that is larger.
const ACTIVATION_TOLERANCE: f32 = 1e-5;

fn activation_tolerance(expected: &[f32]) -> f32 {
    let largest = expected
        .iter()
        .fold(1f32, |most, value| most.max(value.abs()));
    ACTIVATION_TOLERANCE * largest
}
/// Relative to the largest value of the tensor.
const GRADIENT_TOLERANCE: f32 = 1e-4;

fn model(reference: &Reference, step: u32) -> Model {
    let spec: NetworkSpec = reference.network();
    let network = Arc::new(CheckedNetwork::new(&spec).expect("Keras accepted it"));
    let mut model = Model::new(network, 0);
    let mut weights = keras_weights(&model);
    assert_eq!(
        weights.len(),
        reference.weight_count(),
        "{}",
        reference.name
    );
    let parameters: usize = weights.iter().map(|weight| weight.values.len()).sum();
    assert_eq!(parameters, reference.parameters(), "{}", reference.name);
    for (index, weight) in weights.iter_mut().enumerate() {
        let (shape, values) = reference.floats(&format!("w{step}.{index}"));
        assert_eq!(
            weight.dimensions, shape,
            "{} {}",
            reference.name, weight.name
        );
        weight.values = values;
    }
    model.import(&weights).expect("same dimensions");
    model
}

fn input(model: &Model, images: &[f32]) -> Input {
    let batch = images.len() / model.network().spec().input.len();
    model.input(batch, |input| input.copy_from_slice(images))
}

/// Every layer's output, the last one's as probabilities.
fn layer_outputs(model: &mut Model, reference: &Reference, training: bool) -> Vec<Vec<f32>> {
    let (_, images) = reference.floats("x");
    let flow = Flow::inference(input(model, &images));
    let mut outputs = Vec::new();
    let scores = model.forward(flow, training.then_some(0), |_, flow| {
        outputs.push(flow.values().to_vec());
    });
    outputs.pop();
    outputs.push(ops::softmax(scores).values().to_vec());
    outputs
}

#[test]
fn layers_agree_in_inference() {
    for reference in load_all() {
        let outputs = layer_outputs(&mut model(&reference, 0), &reference, false);
        for (layer, output) in outputs.iter().enumerate() {
            let (_, expected) = reference.floats(&format!("eval.{layer}"));
            close(
                &reference,
                &format!("eval.{layer}"),
                output,
                &expected,
                activation_tolerance(&expected),
            );
        }
    }
}

#[test]
fn layers_agree_in_training_mode() {
    for reference in load_all() {
        let outputs = layer_outputs(&mut model(&reference, 0), &reference, true);
        for (layer, output) in outputs.iter().enumerate() {
            let (_, expected) = reference.floats(&format!("act.{layer}"));
            close(
                &reference,
                &format!("act.{layer}"),
                output,
                &expected,
                activation_tolerance(&expected),
            );
        }
    }
}

/// Loss and gradients of one pass in training mode; `each` sees every trainable weight with its gradient.
fn pass(
    model: &mut Model,
    reference: &Reference,
    mut each: impl FnMut(usize, &mut [f32], &[f32]),
) -> f32 {
    let (_, images) = reference.floats("x");
    let labels = reference.labels();
    let flow = Flow::training(input(model, &images));
    let scores = model.forward(flow, Some(0), |_, _| {});
    let loss = ops::softmax_cross_entropy(scores, &labels);
    let mean = loss.mean + model.penalty() as f32;
    let mut gradients = loss.backward();
    model.add_penalty_gradients(&mut gradients);
    for (index, vector) in model.trainable_mut().enumerate() {
        let gradient = gradients.of(vector);
        each(index, ops::values_mut(vector), gradient);
    }
    mean
}

/// Numbers, in Keras's order of all weights, of those that an optimizer changes.
fn trainable_numbers(model: &Model) -> Vec<usize> {
    let shapes = model
        .network()
        .layers()
        .iter()
        .flat_map(|layer| &layer.parameters);
    shapes
        .enumerate()
        .filter(|(_, shape)| shape.trainable)
        .map(|(number, _)| number)
        .collect()
}

/// A layer that is new in the list comes with Keras's numbers; dropout, which draws by chance, is tested by its share and its closed form.
#[test]
fn every_layer_has_reference_numbers() {
    let networks: Vec<_> = load_all()
        .iter()
        .map(crate::support::Reference::network)
        .collect();
    for kind in LAYERS {
        let mut layers = networks.iter().flat_map(|network| &network.layers);
        assert!(
            kind.name.contains("dropout") || layers.any(|layer| layer.kind().name == kind.name),
            "{}: no reference network has it",
            kind.name
        );
    }
}

#[test]
fn loss_and_gradients_agree() {
    for reference in load_all() {
        let mut model = model(&reference, 0);
        let numbers = trainable_numbers(&model);
        let loss = pass(&mut model, &reference, |index, _, gradient| {
            let key = format!("grad.{}", numbers[index]);
            let (_, expected) = reference.floats(&key);
            let scale = expected
                .iter()
                .fold(0f32, |most, value| most.max(value.abs()));
            // A bias before batch norm has a gradient of exactly 0, of which rounding leaves 6e-6 in Keras.
            let tolerance = (GRADIENT_TOLERANCE * scale).max(1e-5);
            close(&reference, &key, gradient, &expected, tolerance);
        });
        let (_, expected) = reference.floats("loss0");
        close(
            &reference,
            "loss0",
            &[loss],
            &expected,
            ACTIVATION_TOLERANCE,
        );
    }
}

#[test]
fn five_adadelta_steps_agree() {
    for reference in load_all() {
        let mut model = model(&reference, 0);
        let spec = OptimizerSpec::default();
        let optimizer = spec.build();
        let tensors = optimizer.state_names().len();
        let mut state: Vec<Vec<Vec<f32>>> = model
            .trainable_mut()
            .map(|vector| vec![vec![0.0; ops::values(vector).len()]; tensors])
            .collect();
        let mut losses = Vec::new();
        for number in 1..=5 {
            losses.push(pass(&mut model, &reference, |index, weights, gradient| {
                let step = Step {
                    weights,
                    gradient,
                    learning_rate: spec.learning_rate() as f32,
                    number,
                };
                optimizer.step(step, &mut state[index]);
            }));
        }
        let (_, expected) = reference.floats("loss");
        close(&reference, "loss", &losses, &expected, 1e-4);
        for (index, weight) in keras_weights(&model).iter().enumerate() {
            let key = format!("w5.{index}");
            let (_, expected) = reference.floats(&key);
            close(&reference, &key, &weight.values, &expected, 1e-4);
        }
        let (_, images) = reference.floats("x");
        let (_, expected) = reference.floats("probs5");
        close(
            &reference,
            "probs5",
            &model.probabilities(&images),
            &expected,
            1e-4,
        );
    }
}
