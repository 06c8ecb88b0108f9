//! What the worker tells of a training whose data change on the way: each figure with the set that it is of.

use crate::support::{
    SET, finish, judged, next, next_but_batches, open, opened, send, start, worker,
};
use convscope::analysis::Gallery;
use convscope::panes::{Judge, JudgedPage};
use convscope::training::{Portion, Preset};
use convscope::worker::{Command, Event, TrainRequest, Worker};

const DIGITS: &str = "MNIST starter";

fn preset() -> Preset {
    let text = "{name: small, input: [28, 28, 1], classes: 10, training: {epochs: 2, batch_size: 300}, \
                layers: [flatten, classify]}";
    Preset::parse(text, "test").unwrap()
}

fn selected(worker: &Worker, run: u64, gallery: Gallery) -> JudgedPage {
    let question = Judge {
        run,
        epochs: 1,
        dataset: String::new(),
        portion: match gallery {
            Gallery::HighestLoss => Portion::Training,
            _ => Portion::Test,
        },
        gallery,
        from: 0,
        count: 3,
    };
    judged(worker, question)
}

#[test]
fn tables_galleries_and_opened_runs_name_the_set_that_they_are_of() {
    let runs = tempfile::tempdir().unwrap();
    let worker = worker();
    open(&worker, "mnist-starter");
    assert!(matches!(next(&worker), Event::DataLoaded { .. }));
    send(
        &worker,
        Command::Train(TrainRequest {
            preset: preset(),
            dataset: SET.into(),
            runs_folder: Some(runs.path().to_owned()),
            keep_weights: false,
        }),
    );
    let Event::RunStarted(facts) = next_but_batches(&worker) else {
        panic!("a start")
    };
    assert_eq!(facts.in_use.set.dataset, SET);
    assert_eq!(facts.in_use.set.class_names[0], "T-shirt/top");
    while !matches!(next(&worker), Event::RunEnded { .. }) {}
    assert_eq!(
        selected(&worker, facts.run, Gallery::ConfidentErrors)
            .results
            .set,
        facts.in_use.set
    );

    // Space, with the other set chosen.
    send(
        &worker,
        Command::Continue {
            recipe: preset().training,
            dataset: Some(DIGITS.into()),
        },
    );
    let Event::RunStarted(facts) = next_but_batches(&worker) else {
        panic!("a start")
    };
    let in_use = facts.in_use.set.clone();
    assert_eq!(in_use.dataset, DIGITS);
    assert_ne!(in_use.class_names[0], "T-shirt/top");
    let mut stretches = Vec::new();
    loop {
        match next_but_batches(&worker) {
            Event::Epoch { metrics, .. } => stretches.push(metrics.stretch),
            Event::Confusion { measured_on, .. } => assert_eq!(measured_on, in_use),
            Event::RunEnded { best, .. } => {
                assert!(best.unwrap().val_accuracy_epoch > 2);
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(stretches, [2, 2]);
    for gallery in [Gallery::ConfidentErrors, Gallery::HighestLoss] {
        assert_eq!(selected(&worker, facts.run, gallery).results.set, in_use);
    }
    finish(worker);

    // Opened again, it is of the set that it went on with.
    let worker = start();
    let folder = facts.folder.unwrap();
    let opened = opened(&worker, folder);
    assert_eq!(
        (&opened.measured_on, &opened.facts.in_use.set),
        (&in_use, &in_use)
    );
    assert_eq!(opened.chosen, DIGITS);
    finish(worker);
}
