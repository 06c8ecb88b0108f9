//! The L2 penalty in a whole training: in the losses that are reported and in the weights. Agreement with Keras, step by step, is
//! tested in `keras_networks.rs`.

use std::sync::Arc;

use convscope::data::{Dataset, Parts, Pixels, Source, Split};
use convscope::network::{CheckedNetwork, Model, NetworkSpec};
use convscope::ops::Objective;
use convscope::shape::Shape;
use convscope::training::{Evaluation, Progress, Recipe, Setup, Trainer};

const SHAPE: Shape = Shape::new(4, 4, 1);

fn split(images: usize) -> Split {
    let pixels = (0..images * SHAPE.len()).map(|i| (i * 37 % 251) as u8);
    let labels = (0..images).map(|i| (i % 3) as u16).collect();
    Split::new(SHAPE, Pixels::U8(pixels.collect()), labels)
}

fn dataset() -> Arc<Dataset> {
    let parts = Parts {
        name: "stripes".to_owned(),
        source: Source::Digits,
        class_names: ["a", "b", "c"].map(str::to_owned).to_vec(),
        train: split(12),
        test: split(6),
        validation: None,
    };
    Arc::new(Dataset::new(parts).unwrap())
}

fn model(l2: f64) -> Model {
    let text = format!(
        "name: test\ninput: [4, 4, 1]\nclasses: 3\nlayers: [conv2d: {{filters: 2, kernel: 3, l2: {l2}}}, flatten, dense: {{units: 4, l2: {l2}}}, classify]"
    );
    let spec: NetworkSpec = serde_yaml::from_str(&text).unwrap();
    Model::new(Arc::new(CheckedNetwork::new(&spec).unwrap()), 5)
}

/// The sum of the squares of the weights that `l2` is said for: the two kernels, not the biases, not the classifier.
fn squares(model: &Model) -> f64 {
    let weights = model.export();
    let kernels = weights
        .iter()
        .filter(|weight| ["conv2d/kernel", "dense/kernel"].contains(&weight.name.as_str()));
    let values = kernels.flat_map(|kernel| &kernel.values);
    values.map(|value| f64::from(*value).powi(2)).sum()
}

/// The loss of the first batch, and the model after an epoch.
fn train(l2: f64) -> (f64, Model) {
    let recipe = Recipe {
        epochs: 1,
        batch_size: 6,
        ..Recipe::default()
    };
    let pool = Arc::new(rayon::ThreadPoolBuilder::new().build().unwrap());
    let mut trainer = Trainer::new(Setup {
        model: model(l2),
        dataset: dataset(),
        recipe,
        seed: 1,
        pool,
        planned_data: Vec::new(),
    });
    let Progress::Step(first) = trainer.advance().unwrap() else {
        panic!("an epoch begins with a step");
    };
    while !trainer.is_finished() {
        trainer.advance().unwrap();
    }
    (first.loss, trainer.model().clone())
}

#[test]
fn training_loss_holds_the_penalty_and_weights_stay_smaller() {
    let (without, free) = train(0.0);
    let (with, held) = train(0.5);
    let expected = 0.5 * squares(&model(0.5));
    assert!(
        (with - without - expected).abs() < 1e-6,
        "{with} - {without}, penalty {expected}"
    );
    assert!(squares(&held) < squares(&free));
}

#[test]
fn validation_loss_holds_the_penalty() {
    let (set, plain) = (dataset(), Objective::default());
    let without = Evaluation::whole(plain, &mut model(0.0), set.test()).loss();
    let with = Evaluation::whole(plain, &mut model(0.5), set.test()).loss();
    let expected = 0.5 * squares(&model(0.5));
    assert!(
        (with - without - expected).abs() < 1e-6,
        "{with} - {without}, penalty {expected}"
    );
}

/// As in Keras, whose layers give the penalties of their trainable weights only.
#[test]
fn frozen_layers_have_no_penalty() {
    let mut model = model(0.5);
    model.freeze(1);
    let weights = model.export();
    let dense = weights.iter().find(|weight| weight.name == "dense/kernel");
    let squares = dense.unwrap().values.iter();
    let expected: f64 = squares.map(|value| f64::from(*value).powi(2)).sum();
    assert!((model.penalty() - 0.5 * expected).abs() < 1e-9);
    model.freeze(3);
    assert_eq!(model.penalty(), 0.0);
}
