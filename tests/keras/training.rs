//! Agreement with Keras and PyTorch over whole trainings: the losses that are told of training, validation and evaluation, with L2 penalty,
//! label smoothing, class weights, averaged weights and frozen layers, and the learning rate of every step. What the files under
//! `tests/reference/training` hold is said in `tests/reference/README.md`.

use std::path::PathBuf;
use std::sync::Arc;

use crate::support::{Reference, close, keras_weights, load_in, own_folder, read};
use convscope::analysis::{Figures, predict};
use convscope::data::{Dataset, Parts, Pixels, Source, Split};
use convscope::network::{CheckedNetwork, Model, NetworkSpec};
use convscope::training::{EpochMetrics, Evaluation, Progress, Recipe, Setup, Trainer};

/// Absolute, on losses of the order of 1.
const TOLERANCE: f32 = 1e-4;

/// Names in the file, what a recipe says beside plain SGD, and how many of the first layers are frozen.
const CASES: &[(&str, &str, usize)] = &[
    ("plain", "", 0),
    ("smoothed", "label_smoothing: 0.1", 0),
    ("averaged", "average: 0.6", 0),
    ("frozen", "", 2),
    ("all", "label_smoothing: 0.2, average: 0.9", 2),
    (
        "weighted",
        "class_weights: [2.5, 0.5, 0, 1, 1, 1, 1, 1, 1, 1]",
        0,
    ),
    (
        "weighted_smoothed",
        "class_weights: {\"0\": 2.5, \"1\": 0.5, \"2\": 0}, label_smoothing: 0.1",
        0,
    ),
    ("balanced", "class_weights: balanced", 0),
];

/// Labels of the batch in a case that has others than the file.
const UNEVEN: (&str, [u16; 4]) = ("balanced", [1, 1, 5, 1]);

fn folder() -> PathBuf {
    own_folder().join("training")
}

/// The networks that Keras trained, with its answers.
fn references() -> Vec<(Reference, PathBuf)> {
    let answers = |reference: &Reference| folder().join(format!("{}.npz", reference.name));
    let all = load_in(&own_folder()).into_iter().map(|reference| {
        let path = answers(&reference);
        (reference, path)
    });
    let found: Vec<_> = all.filter(|(_, path)| path.exists()).collect();
    assert!(
        !found.is_empty(),
        "no network's file in {}",
        folder().display()
    );
    found
}

/// The batch as training and test images.
fn dataset(reference: &Reference, labels: Vec<u16>) -> Arc<Dataset> {
    let (_, images) = reference.floats("x");
    let network = reference.network();
    let split = || Split::new(network.input, Pixels::F32(images.clone()), labels.clone());
    let parts = Parts {
        name: reference.name.clone(),
        source: Source::Digits,
        class_names: (0..network.classes)
            .map(|class| class.to_string())
            .collect(),
        train: split(),
        test: split(),
        validation: None,
    };
    Arc::new(Dataset::new(parts).unwrap())
}

fn trainer(network: &NetworkSpec, dataset: Arc<Dataset>, training: &str) -> Trainer {
    let network = CheckedNetwork::new(network).expect("Keras accepted it");
    let recipe: Recipe = serde_yaml::from_str(training).unwrap();
    Trainer::new(Setup {
        model: Model::new(Arc::new(network), 0),
        dataset,
        recipe,
        seed: 1,
        pool: Arc::new(rayon::ThreadPoolBuilder::new().build().unwrap()),
        planned_data: Vec::new(),
    })
}

/// The epochs, and the trainer at its end.
fn train(
    reference: &Reference,
    (case, asked, frozen): (&str, &str, usize),
) -> (Vec<EpochMetrics>, Trainer) {
    let labels = match case == UNEVEN.0 {
        true => UNEVEN.1.to_vec(),
        false => reference.labels(),
    };
    let dataset = dataset(reference, labels);
    let training = format!(
        "{{epochs: 5, batch_size: {}, optimizer: {{sgd: {{learning_rate: 0.05}}}}, {asked}}}",
        dataset.train().len()
    );
    let network = CheckedNetwork::new(&reference.network()).expect("Keras accepted it");
    let mut model = Model::new(Arc::new(network), 0);
    let mut weights = keras_weights(&model);
    for (index, weight) in weights.iter_mut().enumerate() {
        weight.values = reference.floats(&format!("w0.{index}")).1;
    }
    model.import(&weights).expect("same dimensions");
    model.freeze(frozen);
    let recipe: Recipe = serde_yaml::from_str(&training).unwrap();
    let mut trainer = Trainer::new(Setup {
        model,
        dataset,
        recipe,
        seed: 1,
        pool: Arc::new(rayon::ThreadPoolBuilder::new().build().unwrap()),
        planned_data: Vec::new(),
    });
    let mut epochs = Vec::new();
    while !trainer.is_finished() {
        if let Progress::Epoch(figures) = trainer.advance().unwrap() {
            epochs.push(figures.metrics);
        }
    }
    (epochs, trainer)
}

#[test]
fn every_loss_is_the_one_that_keras_tells() {
    for (reference, answers) in references() {
        for (case, asked, frozen) in CASES {
            let (epochs, mut trainer) = train(&reference, (case, asked, *frozen));
            let compare = |key: &str, got: &[f32]| {
                let key = format!("{case}.{key}");
                let (_, expected) = read(&answers, &key);
                close(&reference, &key, got, &expected, TOLERANCE);
            };
            let losses = |of: fn(&EpochMetrics) -> f64| -> Vec<f32> {
                epochs.iter().map(|metrics| of(metrics) as f32).collect()
            };
            compare("loss", &losses(|metrics| metrics.loss));
            compare("val_loss", &losses(|metrics| metrics.val_loss));
            if asked.contains("class_weights") {
                compare("accuracy", &losses(|metrics| metrics.accuracy));
            }

            let (objective, dataset) = (trainer.recipe().objective(), trainer.dataset().clone());
            let model = trainer.evaluated_mut();
            let evaluation = Evaluation::whole(objective, model, dataset.test());
            compare("evaluate", &[evaluation.loss() as f32]);
            let figures = Figures::of(&predict(objective, model, dataset.test())).unwrap();
            compare("evaluate", &[figures.loss as f32]);
            assert!(
                (figures.loss - figures.cross_entropy).abs() > 1e-2,
                "{case}: the penalty at least lies between them"
            );
        }
    }
}

/// Four batches of one image an epoch, five epochs.
fn compare_rates(key: &str, training: &str) {
    let reference = load_in(&own_folder())
        .into_iter()
        .find(|reference| reference.name == "padding_l2");
    let reference = reference.expect("the network is there");
    let training = format!(
        "{{epochs: 5, batch_size: 1, optimizer: {{sgd: {{learning_rate: 0.2}}}}, {training}}}"
    );
    let mut trainer = trainer(
        &reference.network(),
        dataset(&reference, reference.labels()),
        &training,
    );
    let mut rates = Vec::new();
    while !trainer.is_finished() {
        if let Progress::Step(step) = trainer.advance().unwrap() {
            rates.push(step.learning_rate);
        }
    }
    let rates_of_keras = crate::support::array(&folder().join("rates.npz"), key);
    let expected: Vec<f64> = rates_of_keras.into_vec().unwrap();
    assert_eq!(rates.len(), expected.len(), "{key}");
    for (step, (got, expected)) in rates.iter().zip(&expected).enumerate() {
        // Keras computes in 32 bits.
        assert!(
            (got - expected).abs() < 1e-7,
            "{key}, step {step}: {got}, expected {expected}"
        );
    }
}

#[test]
fn warm_up_and_cosine_are_those_of_keras_step_by_step() {
    compare_rates(
        "warm_up_cosine",
        "schedule: {cosine: {final: 0.1}}, warm_up: 1.5",
    );
}

#[test]
fn one_cycle_is_that_of_pytorch_step_by_step() {
    compare_rates("one_cycle", "schedule: one_cycle");
}
