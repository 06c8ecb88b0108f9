//! The worker through its channels, as the screen drives it, on the starter set.

use crate::support::{SET, answer, finish, next, next_but_batches, send, worker};
use convscope::analysis::explain::{EXPLANATIONS, Method};
use convscope::data::SplitName;
use convscope::panes::{Explain, Look, Maps, Order, Page};
use convscope::training::{Preset, Recipe};
use convscope::worker::{
    BatchFigures, Command, Event, Outcome, RunId, Steering, Subject, TrainRequest, Weights, Worker,
};

/// The network of the tests, trained where it was.
fn weights(epoch: Option<usize>) -> Weights {
    Weights {
        network: preset(2).network(),
        seed: 1,
        keep_weights: true,
        epoch,
    }
}

/// A test image of the set.
fn of_set(index: usize) -> Subject {
    Subject::OfSet {
        dataset: SET.into(),
        split: SplitName::Test,
        index,
    }
}

/// A layer of that network, of a test image.
fn look(image: usize, layer: usize) -> Look {
    Look {
        weights: weights(None),
        subject: of_set(image),
        layer,
        version: None,
        live: None,
    }
}

fn preset(epochs: usize) -> Preset {
    let text = format!(
        "{{name: small, input: [28, 28, 1], classes: 10, training: {{epochs: {epochs}, batch_size: 300}}, \
         layers: [flatten, dense: {{units: 8, activation: relu}}, classify]}}"
    );
    Preset::parse(
        &text.replace(
            "dense: {units: 8, activation: relu}",
            "{dense: {units: 8, activation: relu}}",
        ),
        "test",
    )
    .unwrap()
}

/// A training of the starter set without a run folder.
fn training(preset: Preset) -> Command {
    Command::Train(TrainRequest {
        preset,
        dataset: SET.into(),
        runs_folder: None,
        keep_weights: false,
    })
}

fn train(worker: &Worker, epochs: usize) -> RunId {
    send(worker, training(preset(epochs)));
    match next_but_batches(worker) {
        Event::RunStarted(facts) => {
            assert_eq!(
                facts.batches_per_epoch, 34,
                "10,000 images in batches of 300, the last one of 100"
            );
            assert_eq!(
                (facts.train_images, facts.validation_images),
                (10_000, 2_000)
            );
            assert_eq!(facts.parameters, 784 * 8 + 8 + 8 * 10 + 10);
            facts.run
        }
        other => panic!("expected a start, got {other:?}"),
    }
}

#[test]
fn images_come_as_asked_for() {
    let worker = worker();
    let request = Page {
        dataset: SET.into(),
        split: SplitName::Test,
        class: Some(9),
        count: 12,
        order: Order::Sequential { from: 0 },
    };
    let page = answer(&worker, request.clone()).unwrap();
    assert_eq!(page.images.len(), 12);
    assert!(
        page.images
            .iter()
            .all(|image| image.label == 9 && image.pixels.len() == 784)
    );
    assert!(page.images.is_sorted_by_key(|image| image.index));
    assert!(
        page.matching > 150 && page.matching < 250,
        "a tenth of 2,000: {}",
        page.matching
    );

    let random = |seed| Page {
        class: None,
        order: Order::Random { seed, from: 0 },
        ..request.clone()
    };
    let pages = [1, 1, 2].map(|seed| answer(&worker, random(seed)).unwrap());
    assert_eq!(pages[0], pages[1], "the same seed gives the same images");
    assert_ne!(pages[0], pages[2]);
    finish(worker);
}

#[test]
fn a_training_tells_every_epoch_and_completes() {
    let worker = worker();
    let run = train(&worker, 2);
    // Guessing costs ln 10 = 2.30.
    let mut last_loss = 2.1;
    for epoch in 1..=2 {
        let Event::Epoch { run: of, metrics } = next_but_batches(&worker) else {
            panic!("an epoch")
        };
        assert_eq!((of, metrics.epoch), (run, epoch));
        assert!(
            metrics.loss < 2.1 && metrics.val_loss < last_loss,
            "{metrics:?}"
        );
        last_loss = metrics.val_loss;
        let Event::Confusion {
            table, epoch: of, ..
        } = next_but_batches(&worker)
        else {
            panic!("a table")
        };
        assert_eq!((of, table.total()), (epoch, 2_000));
        let accuracy = table.accuracy().unwrap();
        assert!(
            (accuracy - metrics.val_accuracy).abs() < 1e-12,
            "table and figure are of the same images"
        );
    }
    let Event::RunEnded { outcome, best, .. } = next_but_batches(&worker) else {
        panic!("an end")
    };
    assert_eq!(outcome, Outcome::Completed);
    assert!(best.unwrap().val_accuracy > 0.5);

    // What was trained is what is looked into.
    let look = look(3, 1);
    let shown = answer(&worker, Maps { look, waits: false }).unwrap();
    let maps = shown.maps;
    assert_eq!(
        (
            shown.trained_epochs,
            maps.values.len(),
            maps.probabilities.len()
        ),
        (2, 8, 10)
    );
    assert!((maps.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    finish(worker);
}

#[test]
fn loss_and_accuracy_of_every_batch_are_told() {
    let worker = worker();
    train(&worker, 2);
    let mut told: Vec<BatchFigures> = Vec::new();
    loop {
        match next(&worker) {
            Event::Batch(progress) => {
                told.extend(&progress.latest);
                assert_eq!(told.len(), 34 * (progress.epoch - 1) + progress.batch);
                // All batches but the last are equally large.
                if progress.batch < progress.batches {
                    let of_epoch = &told[34 * (progress.epoch - 1)..];
                    let accuracy: f64 = of_epoch.iter().map(|batch| batch.accuracy).sum();
                    let mean = accuracy / of_epoch.len() as f64;
                    assert!((mean - progress.mean_accuracy).abs() < 1e-9, "{progress:?}");
                }
            }
            Event::RunEnded { .. } => break,
            _ => {}
        }
    }
    assert_eq!(told.len(), 2 * 34);
    finish(worker);
}

#[test]
fn a_training_that_starts_with_one_batch_trains_no_more() {
    let worker = worker();
    send(
        &worker,
        Command::StartAndStep(Box::new(training(preset(3)))),
    );
    let Event::RunStarted(facts) = next(&worker) else {
        panic!("it starts");
    };
    let run = facts.run;
    assert_eq!(next(&worker), Event::Paused { run });
    let Event::Batch(progress) = next(&worker) else {
        panic!("one batch is trained");
    };
    assert_eq!((progress.epoch, progress.batch), (1, 1));
    // Nothing more happens until it goes on.
    send(&worker, Command::Resume);
    assert_eq!(next(&worker), Event::Resumed { run });
    finish(worker);
}

#[test]
fn pause_resume_and_stop_take_effect_at_the_next_batch() {
    let worker = worker();
    let run = train(&worker, 1_000_000);
    send(&worker, Command::Pause);
    while next(&worker) != (Event::Paused { run }) {}
    assert!(
        worker.events.try_recv().is_err(),
        "nothing happens while it is paused"
    );
    send(&worker, Command::Resume);
    assert_eq!(next(&worker), Event::Resumed { run });
    send(&worker, Command::Stop);
    loop {
        match next(&worker) {
            Event::RunEnded {
                outcome: Outcome::Stopped { .. },
                ..
            } => break,
            Event::RunEnded { outcome, .. } => panic!("stopped by hand, told {outcome:?}"),
            _ => {}
        }
    }
    assert_eq!(
        train(&worker, 1),
        run + 1,
        "the next training is another run"
    );
    finish(worker);
}

#[test]
fn what_cannot_be_done_is_told_and_the_worker_goes_on() {
    let worker = worker();
    let failure = |command: Command| {
        send(&worker, command);
        match next(&worker) {
            Event::Failed { what, message } => format!("{what}: {message}"),
            other => panic!("expected a failure, got {other:?}"),
        }
    };
    let request = TrainRequest {
        preset: preset(1),
        dataset: "cifar".into(),
        runs_folder: None,
        keep_weights: false,
    };
    let unloaded = failure(Command::Train(request.clone()));
    assert_eq!(
        unloaded,
        "train: no data set called cifar is loaded; the loaded sets are Fashion-MNIST starter"
    );
    let mut wrong = request;
    wrong.dataset = SET.into();
    wrong.preset.input.height = 32;
    let shape = failure(Command::Train(wrong.clone()));
    assert!(
        shape.contains("32×28×1") && shape.contains("28×28×1"),
        "{shape}"
    );
    wrong.preset.input.height = 28;
    wrong.preset.layers.pop();
    let ends = failure(Command::Train(wrong));
    assert!(ends.contains("add `- classify`"), "{ends}");
    train(&worker, 1);
    finish(worker);
}

/// The next event, batches passed over, which must be a change; in words.
fn changed(worker: &Worker) -> String {
    match next_but_batches(worker) {
        Event::Changed { change, name, .. } => {
            assert!(
                !change.contains("rate") || name == "small, edited",
                "{name}"
            );
            change
        }
        other => panic!("expected a change, got {other:?}"),
    }
}

#[test]
fn a_training_is_stepped_steered_stopped_after_its_epoch_and_continued() {
    let worker = worker();
    // Image by image and asked for at once, so that the steps come long before the end of the epoch.
    let mut slow = preset(1_000_000);
    slow.training.batch_size = 1;
    send(&worker, training(slow.clone()));
    send(&worker, Command::StepOnce);
    let Event::RunStarted(facts) = next_but_batches(&worker) else {
        panic!("a start")
    };
    let run = facts.run;
    while next(&worker) != (Event::Paused { run }) {}
    let mut latest = 0;
    for _ in 0..2 {
        send(&worker, Command::StepOnce);
    }
    for step in 0..3 {
        let progress = match next(&worker) {
            Event::Batch(progress) => progress,
            other => panic!("expected a batch, got {other:?}"),
        };
        assert!(
            step == 0 || progress.batch == latest + 1,
            "one batch a step"
        );
        latest = progress.batch;
    }
    assert!(worker.events.try_recv().is_err(), "it is paused");

    send(&worker, Command::Steer(Steering::LearningRate(0.25)));
    let change = changed(&worker);
    assert!(change.ends_with("learning rate 0.25 (was 1)"), "{change}");
    send(&worker, Command::Steer(Steering::LearningRate(f64::NAN)));
    match next(&worker) {
        Event::Failed { message, .. } => assert!(message.contains("learning_rate"), "{message}"),
        other => panic!("expected a failure, got {other:?}"),
    }
    send(&worker, Command::Steer(Steering::StopAfterEpoch(true)));
    assert_eq!(changed(&worker), "stop after this epoch");
    send(&worker, Command::Resume);
    assert_eq!(next_but_batches(&worker), Event::Resumed { run });
    let Event::Epoch { metrics, .. } = next_but_batches(&worker) else {
        panic!("an epoch")
    };
    assert_eq!((metrics.learning_rate, metrics.changes.len()), (0.25, 1));
    assert!(matches!(next_but_batches(&worker), Event::Confusion { .. }));
    let Event::RunEnded { outcome, .. } = next_but_batches(&worker) else {
        panic!("an end")
    };
    assert_eq!(outcome, Outcome::Stopped { epochs: 1 });

    send(&worker, Command::RestoreBest);
    assert_eq!(changed(&worker), "weights of epoch 1 restored");
    let mut recipe = Recipe {
        epochs: 1,
        label_smoothing: 0.1,
        ..slow.training
    };
    recipe.optimizer.set_learning_rate(0.25);
    send(
        &worker,
        Command::Continue {
            recipe: recipe.clone(),
            dataset: None,
        },
    );
    let Event::RunStarted(facts) = next_but_batches(&worker) else {
        panic!("a start")
    };
    assert_eq!(
        (facts.run, facts.epochs, facts.history.len()),
        (run + 1, 2, 1)
    );
    assert_eq!((facts.in_use.learning_rate, facts.recipe), (0.25, recipe));
    let Event::Epoch { metrics, .. } = next_but_batches(&worker) else {
        panic!("an epoch")
    };
    assert_eq!((metrics.epoch, metrics.learning_rate), (2, 0.25));
    assert_eq!(
        metrics.changes,
        ["weights of epoch 1 restored", "label smoothing 0.1"]
    );
    finish(worker);
}

#[test]
fn a_vanished_folder_pauses_the_training_which_goes_on_by_itself() {
    let runs = tempfile::tempdir().unwrap();
    let worker = worker();
    send(
        &worker,
        Command::Train(TrainRequest {
            preset: preset(1_000_000),
            dataset: SET.into(),
            runs_folder: Some(runs.path().to_owned()),
            keep_weights: false,
        }),
    );
    let Event::RunStarted(facts) = next_but_batches(&worker) else {
        panic!("a start")
    };
    let folder = facts.folder.unwrap();
    while !matches!(next(&worker), Event::Epoch { .. }) {}
    let elsewhere = runs.path().join("elsewhere");
    std::fs::rename(&folder, &elsewhere).unwrap();
    let message = loop {
        match next(&worker) {
            Event::Failed { message, .. } => break message,
            Event::RunEnded { outcome, .. } => panic!("ended: {outcome:?}"),
            _ => {}
        }
    };
    assert!(
        message.contains("continues once the folder can be written"),
        "{message}"
    );
    assert_eq!(next_but_batches(&worker), Event::Paused { run: facts.run });
    std::fs::rename(&elsewhere, &folder).unwrap();
    assert_eq!(next_but_batches(&worker), Event::Resumed { run: facts.run });
    while !matches!(next(&worker), Event::Epoch { .. }) {}
    finish(worker);
}

#[test]
fn an_image_is_explained_with_the_weights_of_its_training() {
    let worker = worker();
    train(&worker, 2);
    while !matches!(next_but_batches(&worker), Event::RunEnded { .. }) {}
    let maps = Maps {
        look: look(3, 2),
        waits: false,
    };
    let shown = answer(&worker, maps).unwrap();
    let explain = Explain {
        look: look(3, 0),
        method: Method::with_defaults(EXPLANATIONS[0]),
        class: None,
    };
    let explanation = answer(&worker, explain).unwrap();
    assert_eq!(explanation.heat.len(), 784);
    let probabilities = &shown.maps.probabilities;
    let class = explanation.class;
    assert!(
        probabilities.iter().all(|one| *one <= probabilities[class]),
        "{class} is the most probable of {probabilities:?}"
    );
    finish(worker);
}
