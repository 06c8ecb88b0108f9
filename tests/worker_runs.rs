//! Earlier runs through the worker's channels: listed, opened on their own data, continued.

mod worker_support;

use convscope::training::{Preset, Pretrain, Transfer};
use convscope::worker::{Command, Event, Outcome, Purpose, TrainRequest, Worker};
use worker_support::{SET, finish, next, next_but_batches, send, worker};

fn preset(epochs: usize) -> Preset {
    let text = format!(
        "{{name: small, input: [28, 28, 1], classes: 10, training: {{epochs: {epochs}, batch_size: 300}}, \
         layers: [flatten, {{dense: {{units: 8, activation: relu}}}}, classify]}}"
    );
    Preset::parse(&text, "test").unwrap()
}

#[test]
fn runs_are_listed_opened_on_their_own_data_and_continued() {
    let runs = tempfile::tempdir().unwrap();
    let first = worker();
    send(
        &first,
        Command::Train(TrainRequest {
            preset: preset(1),
            dataset: SET.into(),
            runs_folder: Some(runs.path().to_owned()),
            keep_weights: false,
        }),
    );
    let Event::RunStarted(facts) = next_but_batches(&first) else {
        panic!("a start")
    };
    while !matches!(next_but_batches(&first), Event::RunEnded { .. }) {}
    finish(first);

    // Another start of the program, in which no set is loaded.
    let worker = Worker::start(Some(2)).unwrap();
    let folder = runs.path().to_owned();
    send(&worker, Command::ListRuns { folder });
    let Event::Runs(listed) = next(&worker) else {
        panic!("a list")
    };
    assert_eq!(listed.len(), 1);
    assert_eq!(Some(&listed[0].folder), facts.folder.as_ref());
    assert_eq!((listed[0].history.len(), listed[0].planned_epochs), (1, 1));
    assert_eq!(listed[0].data, SET);

    let nowhere = Command::OpenRun {
        folder: runs.path().join("nowhere"),
    };
    send(&worker, nowhere);
    assert!(matches!(
        next(&worker),
        Event::Failed {
            what: Purpose::OpenRun,
            ..
        }
    ));
    send(
        &worker,
        Command::OpenRun {
            folder: listed[0].folder.clone(),
        },
    );
    let Event::DataLoaded { summary, .. } = next(&worker) else {
        panic!("its data")
    };
    assert_eq!(summary.name, SET);
    let Event::RunOpened(opened) = next(&worker) else {
        panic!("the run")
    };
    assert_eq!(opened.outcome, Outcome::Completed);
    assert_eq!(opened.facts.history, listed[0].history);
    assert_eq!(opened.table.as_ref().unwrap().total(), 2000);
    send(
        &worker,
        Command::Continue {
            recipe: opened.preset.training.clone(),
            dataset: Some(SET.to_owned()),
        },
    );
    let Event::RunStarted(facts) = next(&worker) else {
        panic!("a start")
    };
    assert_eq!(
        (facts.run, facts.epochs, facts.folder),
        (opened.facts.run + 1, 2, opened.facts.folder)
    );
    finish(worker);
}

#[test]
fn an_opened_pretraining_goes_on_and_then_the_training_after_it_on_its_own_set() {
    let runs = tempfile::tempdir().unwrap();
    let first = worker();
    let mut preset = preset(1);
    // Another set than the one that is chosen, and not there.
    preset.data = Some("nowhere".to_owned());
    preset.training.transfer = Some(Transfer {
        pretrain: Some(Pretrain {
            data: "mnist-starter".to_owned(),
            epochs: 2,
            batch_size: None,
            augment: None,
        }),
        ..Transfer::default()
    });
    send(
        &first,
        Command::Train(TrainRequest {
            preset: preset.clone(),
            dataset: SET.into(),
            runs_folder: Some(runs.path().to_owned()),
            keep_weights: false,
        }),
    );
    let Event::RunStarted(facts) = next_but_batches(&first) else {
        panic!("a start")
    };
    assert_eq!(facts.then.as_deref(), Some("small"));
    send(&first, Command::Stop);
    while !matches!(next_but_batches(&first), Event::RunEnded { .. }) {}
    finish(first);

    let worker = Worker::start(Some(2)).unwrap();
    let folder = facts.folder.unwrap();
    send(&worker, Command::OpenRun { folder });
    let opened = loop {
        match next(&worker) {
            Event::RunOpened(opened) => break opened,
            Event::DataLoaded { .. } => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(opened.facts.name, "small-pretrain");
    assert_eq!((&opened.preset, opened.chosen.as_str()), (&preset, SET));
    send(
        &worker,
        Command::Continue {
            recipe: opened.preset.training.clone(),
            dataset: Some(opened.chosen),
        },
    );
    let mut started = Vec::new();
    loop {
        match next_but_batches(&worker) {
            Event::RunStarted(facts) => started.push((facts.name, facts.dataset, facts.epochs)),
            Event::RunEnded { outcome, .. } => {
                assert_eq!(outcome, Outcome::Completed);
                if started.len() == 2 {
                    break;
                }
            }
            Event::Failed { message, .. } => panic!("{message}"),
            _ => {}
        }
    }
    let expected = [("small-pretrain", "MNIST starter", 2), ("small", SET, 1)];
    assert_eq!(
        started,
        expected.map(|(name, set, epochs)| (name.to_owned(), set.to_owned(), epochs))
    );
    finish(worker);
}
