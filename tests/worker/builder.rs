//! What the builder asks the worker for: weights that edits leave alone, weights begun afresh, the person's own presets.

use crate::support::{
    self as support, SET, answer, finish, next, next_answer, next_but_batches, send, worker,
};
use convscope::data::{Drafts, Recent, SplitName};
use convscope::panes::{ListPresets, Look, Maps, MeasurePace, SavePreset, SavedPreset};
use convscope::training::{Preset, PresetFolder};
use convscope::worker::{
    Asked, Command, Event, Outbox, OwnPreset, Purpose, RunFacts, Subject, Surroundings,
    TrainRequest, Weights, Worker,
};

const LAYERS: &str =
    "flatten, {dense: {units: 8, activation: relu}}, {dense: {units: 9}}, classify";

fn preset(layers: &str) -> Preset {
    let text = format!(
        "{{name: small, input: [28, 28, 1], classes: 10, training: {{epochs: 1, batch_size: 300}}, seed: 5, layers: [{layers}]}}"
    );
    Preset::parse(&text, "test").unwrap()
}

fn start(worker: &Worker, preset: Preset, keep_weights: bool) -> RunFacts {
    let request = TrainRequest {
        preset,
        dataset: SET.into(),
        runs_folder: None,
        keep_weights,
    };
    send(worker, Command::Train(request));
    match next_but_batches(worker) {
        Event::RunStarted(facts) => *facts,
        other => panic!("expected a start, got {other:?}"),
    }
}

fn train(worker: &Worker, preset: Preset, keep_weights: bool) -> RunFacts {
    let facts = start(worker, preset, keep_weights);
    while !matches!(next(worker), Event::RunEnded { .. }) {}
    facts
}

/// What a layer gives for the first test image, and how long all up to it were trained.
fn look(worker: &Worker, layers: &str, layer: usize) -> (Vec<f32>, usize) {
    let preset = preset(layers);
    let look = Look {
        weights: Weights {
            network: preset.network(),
            seed: preset.seed,
            keep_weights: true,
            epoch: None,
        },
        subject: Subject::OfSet {
            dataset: SET.into(),
            split: SplitName::Test,
            index: 0,
        },
        layer,
        version: None,
        live: None,
    };
    let shown = answer(worker, Maps { look, waits: false }).unwrap();
    (shown.maps.values, shown.trained_epochs)
}

#[test]
fn an_edit_leaves_the_weights_of_the_other_layers_and_training_goes_on_from_them() {
    let worker = worker();
    let facts = train(&worker, preset(LAYERS), false);
    assert_eq!(facts.trained_before, [0; 4]);
    assert_eq!(facts.network, preset(LAYERS).network());
    let (hidden, epochs) = look(&worker, LAYERS, 1);
    let (scores, _) = look(&worker, LAYERS, 3);
    assert_eq!(epochs, 1);

    // Another layer between: those before it are as they were, and only it is new.
    let edited = LAYERS.replace("{dense: {units: 9}}", "{dense: {units: 11}}");
    assert_eq!(look(&worker, &edited, 1), (hidden.clone(), 1));
    assert_eq!(look(&worker, &edited, 2).1, 0);
    assert_eq!(look(&worker, &edited, 3).1, 0, "its input is another one");
    // One without weights changes no weights at all.
    let with_dropout = LAYERS.replace("classify", "{dropout: {rate: 0.5}}, classify");
    assert_eq!(look(&worker, &with_dropout, 4), (scores.clone(), 1));

    let facts = start(&worker, preset(&edited), true);
    assert_eq!(facts.trained_before, [1, 1, 0, 0]);
    assert_eq!(
        facts.notes,
        ["kept from small: dense; new: dense_1, classify"]
    );
    while !matches!(next(&worker), Event::RunEnded { .. }) {}
    assert_eq!(look(&worker, &edited, 1).1, 2);
    assert_eq!(look(&worker, &edited, 3).1, 1);
    assert_ne!(look(&worker, &edited, 1).0, hidden);
    // Back again: the layer that was replaced is gone.
    assert_eq!(look(&worker, LAYERS, 2).1, 0);
    finish(worker);
}

#[test]
fn weights_are_kept_only_when_that_is_asked_for() {
    let worker = worker();
    train(&worker, preset(LAYERS), false);
    let facts = train(&worker, preset(LAYERS), false);
    assert_eq!(facts.trained_before, [0; 4]);
    assert!(facts.notes.is_empty());
    let facts = train(&worker, preset(LAYERS), true);
    assert_eq!(facts.trained_before, [1; 4]);
    // Nothing with weights stayed the same.
    let other = "flatten, {dense: {units: 5}}, classify";
    let facts = train(&worker, preset(other), true);
    assert_eq!((facts.trained_before, facts.notes), (vec![0; 3], vec![]));
    finish(worker);
}

#[test]
fn reset_starts_all_weights_afresh_from_the_seed_with_the_layers_that_are_asked_for() {
    let worker = worker();
    let (fresh, epochs) = look(&worker, LAYERS, 3);
    assert_eq!(epochs, 0);
    start(&worker, preset(LAYERS), false);
    while !matches!(next(&worker), Event::Batch(_)) {}
    send(&worker, Command::Pause);
    while !matches!(next(&worker), Event::Paused { .. }) {}
    send(&worker, Command::ResetWeights);
    let Event::Failed { what, message } = next_but_batches(&worker) else {
        panic!("a training under way keeps its weights");
    };
    assert_eq!(what, Purpose::ResetWeights);
    assert!(message.contains("stop it first"), "{message}");
    send(&worker, Command::Stop);
    while !matches!(next(&worker), Event::RunEnded { .. }) {}
    assert_ne!(look(&worker, LAYERS, 3).0, fresh);

    send(&worker, Command::ResetWeights);
    assert_eq!(look(&worker, LAYERS, 3), (fresh, 0));
    let facts = train(&worker, preset(LAYERS), true);
    assert_eq!(facts.trained_before, [0; 4]);
    finish(worker);
}

fn pace_of(preset: &Preset) -> MeasurePace {
    MeasurePace {
        network: preset.network(),
        recipe: preset.training.clone(),
        dataset: SET.into(),
    }
}

#[test]
fn the_latest_network_is_measured_and_one_that_is_given_up_is_not() {
    let worker = worker();
    let mut asked = Asked::default();
    let ask = |asked: &mut Asked<MeasurePace>, layers: &str| {
        support::ask(&worker, asked, pace_of(&preset(layers)));
    };
    ask(&mut asked, "flatten, classify");
    ask(&mut asked, LAYERS);
    let pace = next_answer(&worker, &mut asked).unwrap().unwrap();
    assert_eq!(asked.wanted(), Some(&pace_of(&preset(LAYERS))));
    assert_eq!(pace.threads, 2);
    assert_eq!((pace.batch_size, pace.train_images), (300, 10_000));
    assert!(pace.epoch_seconds() > 0.0);
    // Nothing of it is left: the weights are as they would have been.
    assert_eq!(look(&worker, LAYERS, 3).1, 0);

    ask(&mut asked, "{conv2d: {filters: 1, kernel: 3}}, classify");
    let reason = next_answer(&worker, &mut asked).unwrap().unwrap_err();
    assert!(reason.contains("layer 2, classify"), "{reason}");

    ask(&mut asked, LAYERS);
    asked.cancel();
    train(&worker, preset(LAYERS), false);
    // Its threads end before the worker does, and tell nothing.
    finish(worker);
    assert!(asked.next(&mut Outbox::default()).is_none());
}

#[test]
fn presets_are_saved_listed_and_replaced_only_when_that_is_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("presets");
    let worker = Worker::start_in(Surroundings {
        recent: Recent::default(),
        drafts: Drafts::default(),
        presets: PresetFolder::at(&folder),
        ..Surroundings::of_user(Some(1))
    })
    .unwrap();
    let presets = || answer(&worker, ListPresets).unwrap();
    assert_eq!(presets(), [], "the folder need not be there");

    let save = |name: &str, text: &str, replace| {
        let question = SavePreset {
            name: name.into(),
            text: text.into(),
            replace,
        };
        answer(&worker, question)
    };
    let text = "# Mine.\nname: other\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  - flatten # first\n  - classify\n";
    let path = folder.join("mine.yaml");
    assert_eq!(
        save("mine", text, false),
        Ok(SavedPreset {
            name: "mine".into(),
            path: path.clone()
        })
    );
    let expected = text.replace("other", "mine");
    let listed = OwnPreset {
        name: "mine".into(),
        text: expected.clone(),
    };
    assert_eq!(std::fs::read_to_string(&path).unwrap(), expected);
    assert_eq!(presets(), std::slice::from_ref(&listed));

    // Taken, built-in, no name, no preset: each says why, and nothing changes.
    let refused = [
        ("mine", text, "replace it"),
        ("fashion-bn4", text, "built-in"),
        ("../mine", text, "is not a valid preset name"),
        ("wrong", "name: wrong\n", "input"),
    ];
    for (name, text, reason) in refused {
        let message = save(name, text, false).unwrap_err();
        assert!(
            message.starts_with("Could not save the preset: ") && message.contains(reason),
            "{name}: {message}"
        );
    }
    assert_eq!(presets(), [listed]);

    save("mine", &text.replace("first", "1st"), true).expect("it may be replaced");
    assert!(presets()[0].text.contains("# 1st"));
    send(&worker, Command::Quit);
}
