//! What the form of a sweep and the comparison of two runs ask, through the worker's channels.

use convscope::panes::{Base, BaseOfRun, CheckSweep, CompareImages, Sketch};
use convscope::training::Preset;
use convscope::worker::{Command, Event, TrainRequest};

use crate::support::{SET, answer, finish, next_but_batches, send, worker};

fn preset(seed: u64) -> Preset {
    let text = format!(
        "{{name: small, input: [28, 28, 1], classes: 10, seed: {seed}, training: {{epochs: 1, batch_size: 300}}, \
         layers: [flatten, {{dense: {{units: 8, activation: relu}}}}, classify]}}"
    );
    Preset::parse(&text, "test").unwrap()
}

#[test]
fn a_sweep_is_counted_before_it_starts() {
    let worker = worker();
    let check = |lines: &str| {
        let base = Base {
            preset: Preset {
                data: Some("fashion-mnist-starter".to_owned()),
                ..preset(1)
            },
            corrected: Some(SET.to_owned()),
            data: SET.to_owned(),
        };
        let lines = lines.to_owned();
        answer(&worker, CheckSweep(Sketch { base, lines })).unwrap()
    };
    let planned = check("  vary:\n    layers.2.dense.units: [8, 16]\n  seeds: 1..3\n").unwrap();
    assert_eq!((planned.trials, planned.epochs), (6, 6));
    assert!((8.9..9.1).contains(&planned.like_base), "{planned:?}");
    let problem = check("  vary:\n    layers.2.dense.units: [8, many]\n").unwrap_err();
    assert!(problem.starts_with("layers.2.dense.units: "), "{problem}");
    assert!(!problem.contains("line "), "{problem}");
    finish(worker);
}

#[test]
fn two_runs_are_compared_on_the_same_test_images() {
    let runs = tempfile::tempdir().unwrap();
    let worker = worker();
    let mut folders = Vec::new();
    for seed in [1, 2] {
        send(
            &worker,
            Command::Train(TrainRequest {
                preset: preset(seed),
                dataset: SET.into(),
                runs_folder: Some(runs.path().to_owned()),
                keep_weights: false,
            }),
        );
        let Event::RunStarted(facts) = next_but_batches(&worker) else {
            panic!("a start")
        };
        while !matches!(next_but_batches(&worker), Event::RunEnded { .. }) {}
        folders.extend(facts.folder.clone());
    }
    let folders: [_; 2] = folders.try_into().unwrap();
    let question = CompareImages {
        folders: folders.clone(),
    };
    let compared = answer(&worker, question).unwrap();
    let test = &compared.found.mcnemar;
    assert_eq!((test.images, compared.data.as_str()), (2000, SET));
    assert_eq!(compared.epochs, [1, 1]);
    // Of an image that only one classifies correctly the predictions differ.
    let images = &compared.found.images;
    assert!(images.len() >= test.only_first_right + test.only_second_right);
    assert!(!images.is_empty());
    assert_eq!(compared.pixels.len(), images.len().min(1000));
    assert!(compared.pixels.iter().all(|pixels| pixels.len() == 28 * 28));
    let changes = compared.found.confusion_difference.iter().flatten();
    assert_eq!(changes.sum::<i64>(), 0);

    // What such a run was started with, to train it with further seeds.
    let [first, _] = folders;
    let question = BaseOfRun {
        folder: first,
        seeds: vec![1],
    };
    let base = answer(&worker, question).unwrap();
    assert_eq!(base.data, SET);
    assert_eq!(base.preset.data.as_deref(), Some("fashion-mnist-starter"));
    assert_eq!(base.preset.layers, preset(1).layers);
    finish(worker);
}
