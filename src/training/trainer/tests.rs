mod parts;

use super::*;
use crate::data::{self, AugmentSettings, Split};
use crate::network::{CheckedNetwork, NamedWeights};
use crate::ops::Flow;
use crate::training::{Preset, Validation};

fn pool(threads: usize) -> Arc<ThreadPool> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    Arc::new(pool.build().unwrap())
}

/// The starter set's first `train` and `test` images.
fn dataset(train: usize, test: usize) -> Arc<Dataset> {
    static WHOLE: std::sync::OnceLock<Dataset> = std::sync::OnceLock::new();
    let whole = WHOLE.get_or_init(|| data::load(Some("fashion-mnist-starter")).unwrap());
    let first = |split: &Split, count: usize| {
        let data::Pixels::U8(pixels) = split.pixels() else {
            panic!("the starter set has bytes")
        };
        let pixels = data::Pixels::U8(pixels[..count * split.shape().len()].to_vec());
        Split::new(split.shape(), pixels, split.labels()[..count].to_vec())
    };
    Arc::new(
        Dataset::new(data::Parts {
            name: format!("first {train}"),
            source: whole.source().clone(),
            class_names: whole.class_names().to_vec(),
            train: first(whole.train(), train),
            test: first(whole.test(), test),
            validation: None,
        })
        .unwrap(),
    )
}

fn preset(training: &str) -> Preset {
    let layers: Vec<_> = [
        "conv2d: {filters: 3, kernel: 3, stride: 2}",
        "batch_norm",
        "relu",
        "flatten",
        "dropout: {rate: 0.2}",
        "dense: {units: 8, activation: relu}",
        "classify",
    ]
    .iter()
    .map(|layer| format!("  - {layer}\n"))
    .collect();
    let text = format!(
        "name: test\ninput: [28, 28, 1]\nclasses: 10\nseed: 7\ntraining: {{{training}}}\nlayers:\n{}",
        layers.concat()
    );
    Preset::parse(&text, "test").unwrap()
}

fn trainer_on(training: &str, dataset: Arc<Dataset>, threads: usize) -> Trainer {
    let preset = preset(training);
    let network = Arc::new(CheckedNetwork::new(&preset.network()).unwrap());
    Trainer::new(Setup {
        model: Model::new(network, preset.seed),
        dataset,
        recipe: preset.training,
        seed: preset.seed,
        pool: pool(threads),
        planned_data: Vec::new(),
    })
}

fn trainer(training: &str) -> Trainer {
    trainer_on(training, dataset(500, 100), 1)
}

/// Trains to the end.
fn run(trainer: &mut Trainer) -> Vec<EpochMetrics> {
    let mut epochs = Vec::new();
    while !trainer.is_finished() {
        if let Progress::Epoch(figures) = trainer.advance().unwrap() {
            epochs.push(figures.metrics);
        }
    }
    epochs
}

/// Trains to the end of the epoch; the learning rates of its steps.
fn epoch(trainer: &mut Trainer) -> (Vec<f64>, EpochMetrics) {
    let mut rates = Vec::new();
    loop {
        match trainer.advance().unwrap() {
            Progress::Step(report) => rates.push(report.learning_rate),
            Progress::Validation => {}
            Progress::Epoch(figures) => return (rates, figures.metrics),
        }
    }
}

fn bits(weights: &[NamedWeights]) -> Vec<u32> {
    let values = weights.iter().flat_map(|weight| &weight.values);
    values.map(|value| value.to_bits()).collect()
}

#[test]
fn everything_at_once_gives_the_same_bits_for_any_number_of_threads() {
    let all = "epochs: 2, batch_size: 96, optimizer: {adamw: {learning_rate: 0.01}}, schedule: cosine, warm_up: 0.5, \
               average: 0.9, label_smoothing: 0.1, gradient_clip: 0.5, validation: {split: 0.2}";
    let [one, three] = [1, 3].map(|threads| {
        let mut trainer = trainer_on(all, dataset(500, 100), threads);
        let epochs = run(&mut trainer);
        let checkpoint = trainer.checkpoint();
        let losses: Vec<u64> = epochs.iter().map(|e| e.val_loss.to_bits()).collect();
        (bits(&checkpoint.weights), bits(&checkpoint.average), losses)
    });
    assert_eq!(one, three);
    assert_ne!(one.0, one.1, "the average lags behind the weights");
}

#[test]
fn the_learning_rate_follows_warm_up_and_schedule_step_by_step() {
    // 500 images in batches of 100: five steps an epoch.
    let mut trainer = trainer(
        "epochs: 4, batch_size: 100, optimizer: {sgd: {learning_rate: 0.5}}, schedule: {cosine: {final: 0.0}}, warm_up: 1",
    );
    let (warm, metrics) = epoch(&mut trainer);
    let expected = [0.0, 0.1, 0.2, 0.3, 0.4];
    for (got, expected) in warm.iter().zip(expected) {
        assert!((got - expected).abs() < 1e-12, "{warm:?}");
    }
    assert!((metrics.learning_rate - 0.4).abs() < 1e-12);
    for past in 0..3 {
        let (rates, _) = epoch(&mut trainer);
        for (step, got) in rates.iter().enumerate() {
            let progress = f64::from(past * 5 + step as u32) / 15.0;
            let expected = 0.25 * (1.0 + (std::f64::consts::PI * progress).cos());
            assert!(
                (got - expected).abs() < 1e-12,
                "{past} {step}: {got} {expected}"
            );
        }
    }
    assert!(trainer.is_finished());
    // Continuing restarts the schedule, without another warm-up.
    trainer.go_on_for(2);
    assert_eq!(
        (trainer.planned_epochs(), trainer.is_finished()),
        (6, false)
    );
    let (rates, metrics) = epoch(&mut trainer);
    assert_eq!((rates[0], metrics.epoch), (0.5, 5));
}

#[test]
fn the_average_is_the_recursion_of_the_weights() {
    let mut trainer =
        trainer("epochs: 1, batch_size: 100, optimizer: {sgd: {learning_rate: 0.1}}, average: 0.5");
    let mut average = Vec::new();
    for step in 1..=4 {
        assert!(matches!(trainer.advance().unwrap(), Progress::Step(_)));
        let weights = trainer.model().export();
        if step == 1 {
            average = weights;
            continue;
        }
        for (average, weights) in average.iter_mut().zip(weights) {
            // The share is of the moving statistics.
            let is_statistic =
                weights.name.contains("moving") || weights.name.ends_with("start_share");
            for (average, weight) in average.values.iter_mut().zip(weights.values) {
                *average = if is_statistic {
                    weight
                } else {
                    0.5 * *average + 0.5 * weight
                };
            }
        }
    }
    let got = values(&trainer.evaluated().export());
    for (got, expected) in got.iter().zip(&values(&average)) {
        assert!((got - expected).abs() < 1e-5, "{got} {expected}");
    }
    assert_ne!(got, values(&trainer.model().export()));
}

fn values(weights: &[NamedWeights]) -> Vec<f64> {
    let values = weights.iter().flat_map(|weight| &weight.values);
    values.map(|value| f64::from(*value)).collect()
}

#[test]
fn a_clipped_step_is_as_long_as_the_clip() {
    let clip = 0.01;
    let training = "epochs: 1, batch_size: 100, optimizer: {sgd: {learning_rate: 1.0}}";
    let moved = |training: &str| {
        let mut trainer = trainer(training);
        let before = trainable(&mut trainer);
        trainer.advance().unwrap();
        let after = trainable(&mut trainer);
        let squares = before.iter().zip(&after).map(|(a, b)| (a - b).powi(2));
        squares.sum::<f64>().sqrt()
    };
    assert!(moved(training) > 10.0 * clip);
    let clipped = moved(&format!("{training}, gradient_clip: {clip}"));
    assert!((clipped - clip).abs() < 1e-4 * clip + 1e-6, "{clipped}");
    // A clip that is never reached changes nothing.
    assert_eq!(
        moved(training),
        moved(&format!("{training}, gradient_clip: 1000.0"))
    );
}

fn trainable(trainer: &mut Trainer) -> Vec<f64> {
    let vectors = trainer.model.trainable_mut();
    let values = vectors.flat_map(|vector| ops::values(vector).to_vec());
    values.map(f64::from).collect()
}

#[test]
fn a_part_of_the_training_images_validates_and_is_not_trained_on() {
    let mut trainer = trainer("epochs: 1, batch_size: 50, validation: {split: 0.2}");
    let (training, validation) = (trainer.training_images(), trainer.validation_images());
    assert_eq!(training + validation, 500);
    assert!((95..=105).contains(&validation), "{validation}");
    assert_eq!(trainer.batches_per_epoch(), training.div_ceil(50));
    let mut steps = 0;
    let figures = loop {
        match trainer.advance().unwrap() {
            Progress::Step(_) => steps += 1,
            Progress::Validation => {}
            Progress::Epoch(figures) => break figures,
        }
    };
    assert_eq!(steps, training.div_ceil(50));
    assert_eq!(
        (figures.predictions.len(), figures.labels.len()),
        (validation, validation)
    );
    let right = figures.predictions.iter().zip(&figures.labels);
    let right = right
        .filter(|(predicted, label)| predicted == label)
        .count();
    let accuracy = right as f64 / validation as f64;
    assert!((accuracy - figures.metrics.val_accuracy).abs() < 1e-12);
}

#[test]
fn early_stopping_waits_for_its_patience() {
    let mut trainer = trainer("epochs: 100, early_stopping: {patience: 2}");
    for (losses, stopped) in [
        (&[1.0, 0.9, 0.8][..], false),
        (&[1.0, 0.9, 0.95], false),
        (&[1.0, 0.9, 0.95, 0.9], true),
        (&[1.0, 0.9, 0.95, 0.8], false),
    ] {
        trainer.position.val_losses = losses.to_vec();
        trainer.position.epochs = losses.len();
        assert_eq!(trainer.is_finished(), stopped, "{losses:?}");
    }
    trainer.position.val_losses = vec![1.0, 0.9, 0.95, 0.9];
    trainer.position.epochs = 4;
    assert!(trainer.stopped_early());
    trainer.go_on_for(5);
    assert!(!trainer.is_finished(), "continuing restarts the count");
}

#[test]
fn early_stopping_waits_anew_on_other_images() {
    let mut trainer = trainer("epochs: 100, early_stopping: {patience: 2}");
    // Low on one set, higher on the next: no sign that the loss no longer falls.
    trainer.position.val_losses = vec![0.3, 0.2, 1.5, 1.6];
    trainer.position.epochs = 4;
    assert!(trainer.stopped_early(), "on one set it would be");
    trainer.position.stretch_starts = vec![2];
    assert!(!trainer.stopped_early());
    trainer.position.val_losses.push(1.7);
    trainer.position.epochs = 5;
    assert!(trainer.stopped_early(), "two epochs above 1.5");
}

/// The starter set's first 100 images in steps of 50, so that batch norm is young after each of these epochs.
fn young_trainer(training: &str) -> Trainer {
    trainer_on(training, dataset(100, 50), 1)
}

#[test]
fn an_epoch_after_which_batch_norm_is_young_says_so_and_counts_for_nothing() {
    let mut trainer = young_trainer("epochs: 4, batch_size: 50, early_stopping: {patience: 1}");
    for epoch_number in 1..=4 {
        let (_, metrics) = epoch(&mut trainer);
        let young = metrics.young().unwrap();
        let share = 0.99f64.powi(2 * epoch_number);
        assert!((young.start_share - share).abs() < 1e-6);
        assert_eq!(trainer.position.young_epochs, epoch_number as usize);
        // The same network, of the same images, by their own statistics: one batch.
        let test = trainer.dataset().test();
        let all: Vec<u32> = (0..50).collect();
        let mut labels = vec![0; 50];
        test.gather_labels(&all, &mut labels);
        let mut model = trainer.evaluated().clone();
        let scores = model.scores_by_own_statistics(50, |range, values| {
            test.gather(&all[range], values);
        });
        let loss = trainer.recipe().objective().of_images(scores, &labels);
        assert_eq!(
            metrics.val_accuracy_by_batch,
            Some(loss.correct as f64 / 50.0)
        );
    }
    // Losses that would have ended it, had they counted.
    trainer.position.val_losses = vec![1.0, 2.0, 3.0, 4.0];
    assert!(!trainer.stopped_early());
    trainer.position.young_epochs = 1;
    assert!(trainer.stopped_early());
}

#[test]
fn a_plateau_of_young_epochs_lowers_no_learning_rate() {
    let schedule = "schedule: {reduce_on_plateau: {patience: 1, factor: 0.1}}, optimizer: {sgd: {learning_rate: 1}}";
    let mut trainer = young_trainer(&format!("epochs: 9, batch_size: 50, {schedule}"));
    trainer.position.val_losses = vec![1.0, 2.0, 3.0];
    trainer.position.epochs = 3;
    assert!((trainer.rate(0) - 0.01).abs() < 1e-9);
    trainer.position.young_epochs = 3;
    assert_eq!(trainer.rate(0), 1.0);
    trainer.position.val_losses.extend([0.5, 0.6]);
    trainer.position.epochs = 5;
    assert!((trainer.rate(0) - 0.1).abs() < 1e-9, "0.6 is above 0.5");
}

#[test]
fn a_recipe_can_count_every_epoch_and_a_corrected_batch_norm_is_never_young() {
    let counts = |trainer: &mut Trainer| epoch(trainer).1.counts();
    assert!(!counts(&mut young_trainer("epochs: 1, batch_size: 50")));
    let keras = "epochs: 1, batch_size: 50, await_batch_norm: false";
    assert!(counts(&mut young_trainer(keras)));

    let mut preset = preset("epochs: 1, batch_size: 50");
    let corrected = "name: x\ninput: [28, 28, 1]\nclasses: 10\nlayers: [batch_norm: {corrected: true}, flatten, classify]";
    preset.layers = Preset::parse(corrected, "x").unwrap().layers;
    let network = Arc::new(CheckedNetwork::new(&preset.network()).unwrap());
    let mut trainer = Trainer::new(Setup {
        model: Model::new(network, 1),
        dataset: dataset(100, 50),
        recipe: preset.training,
        seed: 1,
        pool: pool(1),
        planned_data: Vec::new(),
    });
    assert!(counts(&mut trainer));
}

/// Continues with a recipe changed by `change`.
fn by(change: impl Fn(&mut Recipe)) -> impl Fn(&mut Trainer) {
    move |trainer| {
        let before = trainer.recipe().clone();
        let mut recipe = before.clone();
        change(&mut recipe);
        trainer.change_recipe(&before, &recipe, Vec::new());
    }
}

#[test]
fn a_stretch_is_as_long_as_the_images_that_are_measured_stay_the_same() {
    let stretches = |change: &dyn Fn(&mut Trainer)| {
        let mut trainer = trainer("epochs: 3, batch_size: 100, validation: {split: 0.2}");
        let first = epoch(&mut trainer).1.stretch;
        change(&mut trainer);
        let second = epoch(&mut trainer).1.stretch;
        (first, second, epoch(&mut trainer).1.stretch)
    };
    let switched = |trainer: &mut Trainer, images: usize| {
        trainer.set_dataset(dataset(images, 100)).unwrap();
    };
    assert_eq!(stretches(&|_| ()), (1, 1, 1));
    assert_eq!(stretches(&|trainer| switched(trainer, 400)), (1, 2, 2));
    // There and back within an epoch: what is measured at its end stays the same.
    let there_and_back = |trainer: &mut Trainer| {
        trainer.advance().unwrap();
        switched(trainer, 400);
        trainer.advance().unwrap();
        switched(trainer, 500);
    };
    assert_eq!(stretches(&there_and_back), (1, 1, 1));
    let share = by(|recipe| recipe.validation = Validation::Split(0.3));
    assert_eq!(stretches(&share), (1, 2, 2));
    let test = by(|recipe| recipe.validation = Validation::Test);
    assert_eq!(stretches(&test), (1, 2, 2));
    let rate = by(|recipe| recipe.optimizer.set_learning_rate(0.01));
    assert_eq!(stretches(&rate), (1, 1, 1));
    // Corrections count where they touch what is measured.
    let set = dataset(500, 100);
    let held_out = Recipe {
        validation: Validation::Split(0.2),
        ..Recipe::default()
    };
    let held_out = divided(&set, &held_out, 7).validation.unwrap()[0];
    let label = set.train().labels()[held_out as usize];
    let relabelled = by(|recipe| {
        let becomes = data::Mark::Becomes((label + 1) % 10);
        let marks = [(held_out, becomes)].into_iter().collect();
        recipe.corrections = Some(data::Corrections::new(&set, &marks));
    });
    assert_eq!(stretches(&relabelled), (1, 2, 2));
}

/// A run of so many epochs that changes to 400 images at its third.
fn planned(epochs: usize) -> Trainer {
    let mut preset = preset("epochs: 4, batch_size: 100, plan: [{epoch: 3, data: other}]");
    preset.training.epochs = epochs;
    let network = Arc::new(CheckedNetwork::new(&preset.network()).unwrap());
    Trainer::new(Setup {
        model: Model::new(network, preset.seed),
        dataset: dataset(500, 100),
        recipe: preset.training,
        seed: preset.seed,
        pool: pool(1),
        planned_data: vec![(3, dataset(400, 100))],
    })
}

#[test]
fn what_is_planned_after_the_end_comes_when_the_training_goes_on() {
    let mut trainer = planned(2);
    let epochs = run(&mut trainer);
    assert!(epochs.iter().all(|metrics| metrics.stretch == 1));
    assert_eq!(
        trainer.dataset().name,
        "first 500",
        "nothing was trained on 400"
    );
    let saved = trainer.checkpoint();
    let mut restored = planned(2);
    restored.restore(&saved).unwrap();
    for trainer in [&mut trainer, &mut restored] {
        assert!(trainer.is_finished());
        trainer.set_planned_epochs(4);
        assert_eq!(trainer.dataset().name, "first 400");
    }
    let [whole, resumed] = [&mut trainer, &mut restored].map(run);
    let figures = |epochs: &[EpochMetrics]| -> Vec<_> {
        let epochs = epochs.iter();
        epochs
            .map(|metrics| (metrics.stretch, metrics.val_loss.to_bits()))
            .collect()
    };
    assert_eq!(figures(&whole), figures(&resumed));
    assert_eq!((whole[0].stretch, whole[1].stretch), (2, 2));
    assert_eq!(whole[0].changes, ["data first 400"]);
    assert_eq!(trainer.trained_on().name, "first 400");
}

#[test]
fn a_restored_checkpoint_goes_on_to_the_same_bits_from_any_batch() {
    let all = "epochs: 2, batch_size: 100, optimizer: {adam: {learning_rate: 0.01}}, schedule: one_cycle, average: 0.9, \
               validation: {split: 0.2}, plan: [{epoch: 2, learning_rate: 0.02}]";
    let mut whole = trainer(all);
    let epochs = run(&mut whole);
    let expected = whole.checkpoint();
    assert_eq!(epochs[1].changes, ["learning rate 0.02 (was 0.01)"]);
    for calls in [0, 1, 3, 4, 5, 7, 9] {
        let mut first = trainer(all);
        for _ in 0..calls {
            first.advance().unwrap();
        }
        let saved = first.checkpoint();
        drop(first);
        let mut second = trainer(all);
        second.restore(&saved).unwrap();
        let rest = run(&mut second);
        let got = second.checkpoint();
        assert_eq!(
            bits(&got.weights),
            bits(&expected.weights),
            "after {calls} calls"
        );
        assert_eq!(
            bits(&got.average),
            bits(&expected.average),
            "after {calls} calls"
        );
        assert_eq!(
            bits(&got.optimizer),
            bits(&expected.optimizer),
            "after {calls} calls"
        );
        for (got, expected) in rest.iter().rev().zip(epochs.iter().rev()) {
            let untimed = |metrics: &EpochMetrics| EpochMetrics {
                seconds: 0.0,
                images_per_second: 0.0,
                ..metrics.clone()
            };
            assert_eq!(untimed(got), untimed(expected), "after {calls} calls");
        }
    }
}

#[test]
fn changes_take_effect_at_the_next_batch_and_are_recorded() {
    let mut trainer = trainer("epochs: 9, batch_size: 100, optimizer: {sgd: {learning_rate: 0.1}}");
    for _ in 0..2 {
        trainer.advance().unwrap();
    }
    let change = trainer.set_learning_rate(0.05);
    assert_eq!(
        change.as_deref(),
        Some("after batch 2: learning rate 0.05 (was 0.1)")
    );
    assert_eq!(trainer.set_learning_rate(0.05), None, "nothing changed");
    let Progress::Step(report) = trainer.advance().unwrap() else {
        panic!("a step")
    };
    assert_eq!(report.learning_rate, 0.05);
    let smaller = dataset(350, 100);
    let change = trainer.set_dataset(Arc::clone(&smaller)).unwrap();
    assert_eq!(trainer.batches_done(), 3);
    assert_eq!(change.as_deref(), Some("after batch 3: data first 350"));
    assert_eq!(trainer.set_dataset(smaller).unwrap(), None, "the same set");
    // 350 images are four batches, of which three are done.
    let (rates, metrics) = epoch(&mut trainer);
    assert_eq!(rates.len(), 1);
    assert_eq!(
        metrics.changes,
        [
            "after batch 2: learning rate 0.05 (was 0.1)",
            "after batch 3: data first 350"
        ]
    );
    let (rates, metrics) = epoch(&mut trainer);
    assert_eq!((rates.len(), metrics.changes.len()), (4, 0));
    // Whatever the sets of the epochs before, a whole epoch leaves no batch over.
    assert_eq!(trainer.batches_done(), 0);
}

#[test]
fn an_infinite_step_is_found_named_and_taken_back() {
    let mut trainer = trainer("epochs: 9, batch_size: 100, optimizer: {sgd: {learning_rate: 0.1}}");
    epoch(&mut trainer);
    let good = bits(&trainer.model().export());
    trainer.advance().unwrap();
    trainer.set_learning_rate(1e30);
    let error = (0..6)
        .find_map(|_| trainer.advance().err())
        .expect("1e30 is too much");
    let message = error.to_string();
    assert!(message.starts_with("epoch 2, batch "), "{message}");
    assert!(
        message.contains("layer ") && message.contains("end of epoch 1"),
        "{message}"
    );
    assert_eq!(bits(&trainer.model().export()), good);
    // It can continue with a smaller rate.
    trainer.set_learning_rate(0.1);
    let (_, metrics) = epoch(&mut trainer);
    assert!(metrics.val_loss.is_finite());
    assert_eq!(metrics.epoch, 2);
    assert!(
        metrics
            .changes
            .iter()
            .any(|change| change.contains("weights of epoch 1 restored"))
    );
}

#[test]
fn the_layer_that_began_it_is_named() {
    let spoil = |name: &str, value: f32| {
        let mut trainer = trainer("epochs: 1, batch_size: 100");
        let mut weights = trainer.model().export();
        let weight = weights
            .iter_mut()
            .find(|weight| weight.name == name)
            .unwrap();
        weight.values[0] = value;
        trainer.model.import(&weights).unwrap();
        loop {
            if let Err(error) = trainer.advance() {
                return error.to_string();
            }
            assert_eq!(trainer.epochs_done(), 0, "it is found in this epoch");
        }
    };
    let forward = spoil("batch_normalization/gamma", f32::MAX);
    assert!(
        forward.contains("the output of layer 2, batch_norm, is infinite"),
        "{forward}"
    );
    let backward = spoil("dense_1/kernel", f32::NAN);
    assert!(
        backward.contains("batch 1: the loss is NaN: a step made the kernel of layer 7, classify"),
        "{backward}"
    );
    // ReLU may keep it from the loss.
    let hidden = spoil("dense/kernel", f32::NAN);
    assert!(
        hidden.contains("made the kernel of layer 6, dense, infinite"),
        "{hidden}"
    );
}

#[test]
fn frozen_layers_stay_and_the_rest_learns() {
    let preset = preset("epochs: 1, batch_size: 100");
    let network = Arc::new(CheckedNetwork::new(&preset.network()).unwrap());
    let mut model = Model::new(network, 1);
    model.freeze(3);
    let before = model.export();
    let mut trainer = Trainer::new(Setup {
        model,
        dataset: dataset(500, 100),
        recipe: preset.training,
        seed: 1,
        pool: pool(1),
        planned_data: Vec::new(),
    });
    run(&mut trainer);
    for (before, after) in before.iter().zip(trainer.model().export()) {
        let frozen = before.name.starts_with("conv2d") || before.name.starts_with("batch_norm");
        assert_eq!(before.values == after.values, frozen, "{}", before.name);
    }
    // The checkpoint has no optimizer tensors of frozen layers, and fits another trainer with the same layers frozen.
    let names = trainer.checkpoint().optimizer;
    assert!(
        names
            .iter()
            .all(|tensor| tensor.name.starts_with("dense") || tensor.name.starts_with("classify"))
    );
}

#[test]
fn augmented_batches_are_the_same_bits_prepared_beside_or_in_place_and_change_with_the_epoch() {
    let augment = "augment: {rotation: 15, width_shift: 0.1, noise: 0.05}";
    let training = format!("epochs: 2, batch_size: 200, {augment}");
    let mut trainer = trainer(&training);
    let mut seen = Vec::new();
    for _ in 0..2 {
        let Phase::Training { order, .. } = &trainer.phase else {
            panic!("an epoch begins")
        };
        let order = order.clone();
        for (batch, indices) in order.images.chunks(200).enumerate() {
            let first = batch * 200;
            let beside = trainer.next_images(&order, first..first + indices.len());
            let beside = Flow::inference(beside).values().to_vec();
            let in_place = Flow::inference(trainer.images(indices)).values().to_vec();
            assert_eq!(beside, in_place, "batch {batch}");
            let mut plain = vec![0.0; beside.len()];
            trainer.dataset.train().gather(indices, &mut plain);
            assert_ne!(beside, plain, "batch {batch}");
        }
        let one = Flow::inference(trainer.images(&[0]));
        seen.push(one.values().to_vec());
        trainer.feed = None;
        epoch(&mut trainer);
    }
    assert_ne!(seen[0], seen[1], "each epoch changes an image differently");
}

#[test]
fn augmentation_switched_on_the_way_is_the_same_for_any_number_of_threads() {
    let training = "epochs: 2, batch_size: 100, augment: {rotation: 15, horizontal_flip: true}, plan: [{epoch: 2, augment: off}]";
    let [one, two] = [1, 2].map(|threads| {
        let mut trainer = trainer_on(training, dataset(500, 100), threads);
        trainer.advance().unwrap();
        let change = trainer.set_augment(Some(AugmentSettings {
            zoom: 0.1,
            ..AugmentSettings::default()
        }));
        assert_eq!(
            change.as_deref(),
            Some("after batch 1: augmentation on: zoom 0.1")
        );
        let epochs = run(&mut trainer);
        assert_eq!(epochs[1].changes, ["augmentation off"]);
        bits(&trainer.model().export())
    });
    assert_eq!(one, two);
    let mut plain = trainer("epochs: 2, batch_size: 100");
    run(&mut plain);
    assert_ne!(bits(&plain.model().export()), one);
}

/// The same images as those of `dataset` with the corrections made by hand.
fn made_right(dataset: &Dataset, left_out: &[usize], relabelled: (usize, u16)) -> Arc<Dataset> {
    let train = dataset.train();
    let kept: Vec<usize> = (0..train.len())
        .filter(|index| !left_out.contains(index))
        .collect();
    let pixels = kept.iter().flat_map(|&index| train.image_u8(index));
    let label = |&index: &usize| match index == relabelled.0 {
        true => relabelled.1,
        false => train.labels()[index],
    };
    let labels = kept.iter().map(label).collect();
    Arc::new(
        Dataset::new(data::Parts {
            name: "made right".to_owned(),
            source: dataset.source().clone(),
            class_names: dataset.class_names().to_vec(),
            train: Split::new(train.shape(), data::Pixels::U8(pixels.collect()), labels),
            test: dataset.test().clone(),
            validation: None,
        })
        .unwrap(),
    )
}

/// As [`trainer`], with these images left out and this one of another class.
fn corrected_trainer(training: &str, left_out: &[u32], relabelled: (u32, u16)) -> Trainer {
    let dataset = dataset(500, 100);
    let mut marks: data::Marks = left_out
        .iter()
        .map(|image| (*image, data::Mark::LeftOut))
        .collect();
    marks.insert(relabelled.0, data::Mark::Becomes(relabelled.1));
    let preset = preset(training);
    let network = Arc::new(CheckedNetwork::new(&preset.network()).unwrap());
    Trainer::new(Setup {
        model: Model::new(network, preset.seed),
        recipe: Recipe {
            corrections: Some(data::Corrections::new(&dataset, &marks)),
            ..preset.training
        },
        dataset,
        seed: preset.seed,
        pool: pool(2),
        planned_data: Vec::new(),
    })
}

#[test]
fn what_is_left_out_is_never_drawn_and_what_is_relabelled_has_its_new_label() {
    let mut trainer = corrected_trainer("epochs: 3, batch_size: 50", &[0, 3, 499], (7, 8));
    assert_eq!(
        (trainer.training_images(), trainer.batches_per_epoch()),
        (497, 10)
    );
    assert!(trainer.trains_on(7) && !trainer.trains_on(3));
    assert_eq!(trainer.dataset().train().labels()[7], 8);
    for _ in 0..3 {
        let Phase::Training { order, .. } = &trainer.phase else {
            panic!("an epoch begins with training")
        };
        let mut drawn = order.images.clone();
        drawn.sort_unstable();
        let expected = (0..500).filter(|image| ![0, 3, 499].contains(image));
        assert!(drawn.into_iter().eq(expected));
        while !matches!(trainer.advance().unwrap(), Progress::Epoch(_)) {}
    }
}

#[test]
fn a_corrected_training_is_one_on_a_set_that_is_right_to_the_bit() {
    for validation in ["test", "{split: 0.2}"] {
        let training = format!("epochs: 2, batch_size: 50, validation: {validation}");
        let mut corrected = corrected_trainer(&training, &[0, 3, 4, 499], (7, 8));
        let right = made_right(&dataset(500, 100), &[0, 3, 4, 499], (7, 8));
        let mut right = trainer_on(&training, right, 1);
        let losses = |trainer: &mut Trainer| -> Vec<(u64, u64)> {
            let epochs = run(trainer).into_iter();
            epochs
                .map(|epoch| (epoch.loss.to_bits(), epoch.val_loss.to_bits()))
                .collect()
        };
        assert_eq!(corrected.validation_images(), right.validation_images());
        assert_eq!(losses(&mut corrected), losses(&mut right), "{validation}");
        assert_eq!(corrected.model().export(), right.model().export());
    }
}

#[test]
fn another_set_is_trained_on_as_it_came() {
    let mut trainer = corrected_trainer("epochs: 1, batch_size: 50", &[0], (7, 8));
    let other = dataset(300, 100);
    trainer.set_dataset(Arc::clone(&other)).unwrap();
    assert_eq!(trainer.training_images(), 300);
    assert_eq!(trainer.dataset().train().labels(), other.train().labels());
    trainer.set_dataset(dataset(500, 100)).unwrap();
    assert_eq!(trainer.training_images(), 499);
}
