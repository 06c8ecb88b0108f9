//! Agreement with Keras: five full-batch steps of every optimizer, and of Adadelta with frozen layers, for every file under
//! `tests/reference/optimizers` (or `$CONVSCOPE_REFERENCE/optimizers`). What the files hold is said in `tests/reference/README.md`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::support::{Reference, close, close_each, keras_weights, load_all, read};
use convscope::network::{CheckedNetwork, Model};
use convscope::ops::{self, Flow};
use convscope::training::{OPTIMIZERS, OptimizerSpec, Step};

/// Absolute, on losses and weights of the order of 1.
const TOLERANCE: f32 = 1e-4;

/// Five steps of 0.001, each up to 1/√(1−ρ) as long in RMSprop, away from each other.
const MOST_BY_ROUNDING: f32 = 2.0 * 5.0 * 0.001 * 3.2;

/// Keras's name in the files, and the optimizer as a recipe writes it.
const CASES: &[(&str, &str)] = &[
    (
        "adadelta",
        "adadelta: {learning_rate: 1.0, rho: 0.95, epsilon: 1.0e-7}",
    ),
    ("sgd", "sgd: {learning_rate: 0.05}"),
    (
        "sgd_momentum",
        "momentum: {learning_rate: 0.05, momentum: 0.9}",
    ),
    (
        "sgd_nesterov",
        "nesterov: {learning_rate: 0.05, momentum: 0.9}",
    ),
    (
        "rmsprop",
        "rmsprop: {learning_rate: 0.001, rho: 0.9, epsilon: 1.0e-7}",
    ),
    (
        "adam",
        "adam: {learning_rate: 0.001, beta_1: 0.9, beta_2: 0.999, epsilon: 1.0e-7}",
    ),
    (
        "adamw",
        "adamw: {learning_rate: 0.001, beta_1: 0.9, beta_2: 0.999, epsilon: 1.0e-7, weight_decay: 0.004}",
    ),
];

/// Every network whose optimizers Keras was asked about, with the file of the answers; fails where there is none, and where a
/// file's network is missing.
fn references() -> Vec<(Reference, PathBuf)> {
    let folder = crate::support::folder().join("optimizers");
    let entries =
        std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut answers: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "npz"))
        .collect();
    answers.sort();
    assert!(!answers.is_empty(), "no npz file in {}", folder.display());
    answers
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let reference = load_all()
                .into_iter()
                .find(|reference| reference.name == name)
                .unwrap_or_else(|| panic!("{}: no network of this name", path.display()));
            (reference, path)
        })
        .collect()
}

/// Five full-batch steps from w0: the losses, and the weights after them.
fn train(reference: &Reference, optimizer: &str, frozen: usize) -> (Vec<f32>, Vec<Vec<f32>>) {
    let network = CheckedNetwork::new(&reference.network()).expect("Keras accepted it");
    let mut model = Model::new(Arc::new(network), 0);
    let mut weights = keras_weights(&model);
    for (index, weight) in weights.iter_mut().enumerate() {
        weight.values = reference.floats(&format!("w0.{index}")).1;
    }
    model.import(&weights).expect("same dimensions");
    model.freeze(frozen);

    let spec: OptimizerSpec = serde_yaml::from_str(optimizer).unwrap();
    let optimizer = spec.build();
    let tensors = optimizer.state_names().len();
    let mut state: Vec<Vec<Vec<f32>>> = model
        .trainable_mut()
        .map(|vector| vec![vec![0.0; ops::values(vector).len()]; tensors])
        .collect();
    let ((_, images), labels) = (reference.floats("x"), reference.labels());
    let mut losses = Vec::new();
    for number in 1..=5 {
        let input = model.input(labels.len(), |input| input.copy_from_slice(&images));
        let scores = model.forward(Flow::training(input), Some(number), |_, _| {});
        let loss = ops::softmax_cross_entropy(scores, &labels);
        losses.push(loss.mean);
        let mut gradients = loss.backward();
        for (vector, state) in model.trainable_mut().zip(&mut state) {
            let gradient = gradients.of(vector);
            let step = Step {
                weights: ops::values_mut(vector),
                gradient,
                learning_rate: spec.learning_rate() as f32,
                number,
            };
            optimizer.step(step, state);
        }
    }
    let weights = keras_weights(&model)
        .into_iter()
        .map(|weight| weight.values);
    (losses, weights.collect())
}

fn compare(reference: &Reference, answers: &Path, key: &str, optimizer: &str, frozen: usize) {
    let (losses, weights) = train(reference, optimizer, frozen);
    let (_, expected) = read(answers, &format!("{key}.loss"));
    close(
        reference,
        &format!("{key}.loss"),
        &losses,
        &expected,
        TOLERANCE,
    );
    for (index, weight) in weights.iter().enumerate() {
        let key = format!("{key}.w5.{index}");
        let (_, expected) = read(answers, &key);
        let by_rounding = only_rounding_moves(reference, index);
        let by_rounding = |place: usize| by_rounding.get(place).copied().unwrap_or(false);
        close_each(reference, &key, weight, &expected, |place| {
            if by_rounding(place) {
                MOST_BY_ROUNDING
            } else {
                TOLERANCE
            }
        });
    }
}

/// Where a weight's gradient is 0 but for rounding, as that of a bias before batch norm is. Optimizers that divide by the
/// gradient's size make steps of full length out of it, in a direction that means nothing. Empty for statistics, which have none.
fn only_rounding_moves(reference: &Reference, index: usize) -> Vec<bool> {
    if !trainable(reference)[index] {
        return Vec::new();
    }
    let (_, gradient) = reference.floats(&format!("grad.{index}"));
    gradient.iter().map(|value| value.abs() < 1e-5).collect()
}

/// Whether an optimizer changes each weight, in Keras's order of all weights.
fn trainable(reference: &Reference) -> Vec<bool> {
    let network = CheckedNetwork::new(&reference.network()).expect("Keras accepted it");
    let layers = network.layers().iter();
    let shapes = layers.flat_map(|layer| &layer.parameters);
    shapes.map(|shape| shape.trainable).collect()
}

#[test]
fn five_steps_of_every_optimizer_agree() {
    for (reference, answers) in references() {
        for (key, optimizer) in CASES {
            compare(&reference, &answers, key, optimizer, 0);
        }
    }
}

#[test]
fn every_optimizer_of_the_list_is_compared() {
    for kind in OPTIMIZERS {
        let compared = CASES.iter().any(|(_, optimizer)| {
            let spec: OptimizerSpec = serde_yaml::from_str(optimizer).unwrap();
            std::ptr::eq(spec.kind(), *kind)
        });
        assert!(compared, "{}", kind.name);
    }
}

#[test]
fn frozen_layers_stay_as_keras_keeps_them() {
    for (reference, answers) in references() {
        let frozen = crate::support::read_whole(&answers, "frozen.layers");
        assert!(frozen > 0, "{}", reference.name);
        compare(&reference, &answers, "frozen", CASES[0].1, frozen);
        // Every frozen weight, moving statistics too, is w0's to the bit.
        let network = CheckedNetwork::new(&reference.network()).unwrap();
        let first = &network.layers()[..frozen];
        let kept: usize = first.iter().map(|layer| layer.parameters.len()).sum();
        let (_, weights) = train(&reference, CASES[0].1, frozen);
        for (index, weight) in weights[..kept].iter().enumerate() {
            assert_eq!(
                *weight,
                reference.floats(&format!("w0.{index}")).1,
                "{index}"
            );
        }
        assert!(kept > 0, "{}", reference.name);
    }
}
