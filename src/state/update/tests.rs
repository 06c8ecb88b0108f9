use std::path::PathBuf;

use super::{hear, settle, update, worker_lost};
use crate::analysis::{ConfusionTable, FeatureMaps};
use crate::data::DatasetSummary;
use crate::shape::Shape;
use crate::state::{Fits, Lab, Message, Motion, Notice, PaneId, Phase};
use crate::training::{EpochMetrics, Preset};
use crate::worker::{
    BatchProgress, Command, DataCommand, DataEvent, Event, InUse, JobEnd, Outcome, Purpose,
    RunFacts, SetNames, ShownMaps,
};

fn start() -> Lab {
    let preset = Preset::open("fashion-conv1").unwrap();
    let (mut lab, commands) = Lab::new(None, preset, Some(PathBuf::from("runs")));
    let first = Command::Data(DataCommand::open(1, None));
    assert_eq!(commands, [first]);
    lab.fits = Fits {
        images: (4, 2),
        maps: 6,
        map_columns: 6,
    };
    lab
}

fn summary(name: &str, shape: Shape) -> DatasetSummary {
    DatasetSummary {
        name: name.to_owned(),
        source: "memory".to_owned(),
        names: Vec::new(),
        shape,
        class_names: (0..10).map(|class| format!("class {class}")).collect(),
        train_counts: vec![10; 10],
        test_counts: vec![5; 10],
        memory: 1000,
        note: String::new(),
    }
}

pub(super) fn load(lab: &mut Lab, name: &str) -> Vec<Command> {
    let event = Event::DataLoaded {
        summary: summary(name, Shape::new(28, 28, 1)),
        seconds: 0.1,
    };
    told(lab, event)
}

/// What is asked for after news.
pub(super) fn told(lab: &mut Lab, event: Event) -> Vec<Command> {
    hear(lab, event);
    settle(lab);
    lab.commands()
}

pub(super) fn loaded() -> Lab {
    let mut lab = start();
    load(&mut lab, "clothes");
    lab
}

fn clothes() -> SetNames {
    SetNames {
        dataset: "clothes".to_owned(),
        class_names: Vec::new(),
    }
}

/// Of a run of `fashion-conv1`.
pub(super) fn facts(run: u64) -> RunFacts {
    let preset = Preset::open("fashion-conv1").unwrap();
    RunFacts {
        run,
        network: preset.network(),
        in_use: InUse {
            learning_rate: 1.0,
            augment: None,
            set: clothes(),
            stops_after_epoch: false,
        },
        recipe: preset.training,
        then: None,
        name: "fashion-conv1".to_owned(),
        folder: None,
        epochs: 2,
        batches_per_epoch: 10,
        train_images: 100,
        validation_images: 50,
        trained_before: vec![0; 5],
        frozen_layers: 0,
        parameters: 31_450,
        threads: 1,
        history: Vec::new(),
        notes: Vec::new(),
    }
}

/// Run 2 is under way; run 1 is over.
fn training() -> Lab {
    let mut lab = loaded();
    for run in [1, 2] {
        let commands = update(&mut lab, Message::StartOrPause);
        match run {
            1 => assert!(matches!(commands[..], [Command::Train(_)])),
            // The same network goes on where it stands.
            _ => assert!(matches!(commands[..], [Command::Continue { .. }])),
        }
        told(&mut lab, Event::RunStarted(Box::new(facts(run))));
        if run == 1 {
            told(&mut lab, ended(1, Outcome::Completed));
        }
    }
    lab
}

pub(super) fn ended(run: u64, outcome: Outcome) -> Event {
    Event::RunEnded {
        run,
        outcome,
        best: None,
    }
}

fn batch(run: u64, epoch: usize, batch: usize) -> Event {
    Event::Batch(BatchProgress {
        run,
        epoch,
        batch,
        batches: 10,
        losses: vec![0.5],
        mean_loss: 0.6,
        mean_accuracy: 0.7,
        images_per_second: 50.0,
        learning_rate: 1.0,
    })
}

pub(super) fn epoch(run: u64, epoch: usize) -> Event {
    Event::Epoch {
        run,
        metrics: EpochMetrics {
            epoch,
            seconds: 4.0,
            images_per_second: 30.0,
            learning_rate: 1.0,
            loss: 0.5,
            accuracy: 0.8,
            val_loss: 0.6,
            val_accuracy: 0.75,
            ..EpochMetrics::default()
        },
    }
}

fn request_of(commands: &[Command]) -> u64 {
    match commands {
        [Command::FeatureMaps(request)] => request.request,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_loaded_set_is_chosen() {
    let mut lab = start();
    load(&mut lab, "clothes");
    assert_eq!(lab.chosen_set().unwrap().name, "clothes");
    assert_eq!(lab.opening(), Some(""));
    let end = JobEnd::Done {
        message: String::new(),
    };
    told(&mut lab, Event::Data(DataEvent::JobEnded { job: 1, end }));
    assert_eq!(lab.opening(), None);

    load(&mut lab, "digits");
    assert_eq!((lab.sets.len(), lab.chosen), (2, Some(1)));
    // The same name again replaces the set.
    load(&mut lab, "clothes");
    assert_eq!((lab.sets.len(), lab.chosen), (2, Some(0)));
}

#[test]
fn news_of_an_old_run_changes_nothing() {
    let table = ConfusionTable::new(10);
    let old = [
        batch(1, 1, 5),
        epoch(1, 1),
        Event::Confusion {
            run: 1,
            epoch: 1,
            table,
            measured_on: clothes(),
        },
        Event::Paused { run: 1 },
        Event::Resumed { run: 1 },
        ended(
            1,
            Outcome::Failed {
                message: "old".to_owned(),
            },
        ),
        Event::RunStarted(Box::new(facts(1))),
    ];
    for event in old {
        let mut lab = training();
        told(&mut lab, event.clone());
        let run = lab.run.as_ref().unwrap();
        assert_eq!(run.facts.run, 2, "{event:?}");
        assert_eq!(run.phase, Phase::Training, "{event:?}");
        assert!(run.history.is_empty() && run.batch.is_none() && run.confusion.is_none());
    }
}

#[test]
fn a_run_is_followed_from_start_to_end() {
    let mut lab = training();
    let run = |lab: &Lab| lab.run.clone().unwrap();
    assert_eq!((run(&lab).epoch(), run(&lab).share()), (1, 0.0));
    told(&mut lab, batch(2, 1, 5));
    assert_eq!((run(&lab).epoch(), run(&lab).share()), (1, 0.25));
    // 100 images an epoch at 50 images a second, three quarters of two epochs to go.
    assert_eq!(run(&lab).seconds_left(), Some(3.0));
    told(&mut lab, epoch(2, 1));
    assert_eq!((run(&lab).epoch(), run(&lab).share()), (2, 0.5));
    assert_eq!(run(&lab).seconds_left(), Some(4.0));
    told(&mut lab, batch(2, 2, 10));
    told(&mut lab, epoch(2, 2));
    told(&mut lab, ended(2, Outcome::Completed));
    assert_eq!((run(&lab).epoch(), run(&lab).share()), (2, 1.0));
    assert_eq!(run(&lab).seconds_left(), None);
    assert!(!lab.is_training());
    assert_eq!(run(&lab).best().unwrap().val_accuracy_epoch, 1);
}

#[test]
fn phases_follow_the_worker() {
    let mut lab = training();
    let phase = |lab: &Lab| lab.run.as_ref().unwrap().phase.clone();
    assert_eq!(update(&mut lab, Message::StartOrPause), [Command::Pause]);
    assert_eq!(phase(&lab), Phase::Pausing);
    told(&mut lab, Event::Paused { run: 2 });
    assert_eq!(update(&mut lab, Message::StartOrPause), [Command::Resume]);
    assert_eq!(phase(&lab), Phase::Paused);
    told(&mut lab, Event::Resumed { run: 2 });
    assert_eq!(phase(&lab), Phase::Training);

    // The worker pauses by itself where it cannot save, and says why until it goes on.
    told(
        &mut lab,
        Event::Failed {
            what: Purpose::SaveRun,
            message: "disk full".to_owned(),
        },
    );
    told(&mut lab, Event::Paused { run: 2 });
    assert_eq!(phase(&lab), Phase::Paused);
    assert_eq!(
        lab.run.as_ref().unwrap().trouble.as_deref(),
        Some("disk full")
    );
    told(&mut lab, Event::Resumed { run: 2 });
    assert_eq!(lab.run.as_ref().unwrap().trouble, None);

    assert_eq!(update(&mut lab, Message::Stop), [Command::Stop]);
    told(&mut lab, Event::Paused { run: 2 });
    assert_eq!(phase(&lab), Phase::Stopping);
    told(&mut lab, ended(2, Outcome::Stopped { epochs: 0 }));
    assert_eq!(phase(&lab), Phase::Ended(Outcome::Stopped { epochs: 0 }));
}

#[test]
fn a_refused_training_can_be_tried_again() {
    let mut lab = loaded();
    update(&mut lab, Message::StartOrPause);
    assert!(lab.is_starting());
    // A second Space while it starts asks for nothing.
    assert_eq!(update(&mut lab, Message::StartOrPause), []);
    told(
        &mut lab,
        Event::Failed {
            what: Purpose::Train,
            message: "no room".to_owned(),
        },
    );
    assert_eq!(lab.refusal.as_deref(), Some("no room"));
    assert_eq!(lab.status.as_ref().unwrap().notice, Notice::Error);
    assert!(matches!(
        update(&mut lab, Message::StartOrPause)[..],
        [Command::Train(_)]
    ));
    assert_eq!(lab.refusal, None);
}

#[test]
fn what_does_not_fit_is_not_trained_until_it_is_fitted() {
    let mut lab = start();
    let event = Event::DataLoaded {
        summary: summary("small", Shape::new(16, 16, 3)),
        seconds: 0.1,
    };
    told(&mut lab, event);
    assert_eq!(update(&mut lab, Message::StartOrPause), []);
    assert!(lab.misfit().unwrap().contains("28×28×1"));
    lab.fit_to_data();
    assert_eq!(lab.misfit(), None);
    assert_eq!(lab.summary.input, Shape::new(16, 16, 3));
    assert!(matches!(
        update(&mut lab, Message::StartOrPause)[..],
        [Command::Train(_)]
    ));
}

#[test]
fn activations_are_asked_for_only_while_looked_at_and_after_each_epoch() {
    let mut lab = training();
    assert_eq!(told(&mut lab, epoch(2, 1)), []);
    let first = update(&mut lab, Message::Show(PaneId::Activations));
    assert!(matches!(first[..], [Command::FeatureMaps(_)]));
    assert_eq!(told(&mut lab, batch(2, 2, 3)), []);
    let second = told(&mut lab, epoch(2, 2));
    let answer = |request| {
        Event::FeatureMaps(ShownMaps {
            request,
            trained_epochs: 2,
            batches: 0,
            label: Some(3),
            pixels: vec![0; 784],
            input: Shape::new(28, 28, 1),
            maps: FeatureMaps {
                layer: 0,
                shape: Shape::new(28, 28, 16),
                values: vec![0.0; 28 * 28 * 16],
                probabilities: vec![0.1; 10],
            },
        })
    };
    told(&mut lab, answer(request_of(&first)));
    assert!(lab.activations.shown.is_none());
    let third = told(&mut lab, answer(request_of(&second)));
    assert!(lab.activations.shown.is_some());
    // While it trains each answer asks for the next, which may wait for its turn.
    let is_live =
        |commands: &[Command]| matches!(commands, [Command::FeatureMaps(request)] if request.live);
    assert!(!is_live(&first) && is_live(&second) && is_live(&third));

    let page = update(&mut lab, Message::Move(Motion::Down));
    assert_eq!((page, lab.activations.first_map), (vec![], 6));
    let right = update(&mut lab, Message::Move(Motion::Right));
    assert!(matches!(right[..], [Command::FeatureMaps(_)]));
    assert_eq!((lab.activations.layer, lab.activations.first_map), (1, 0));
}

#[test]
fn a_random_image_lies_in_its_split() {
    let mut lab = loaded();
    update(&mut lab, Message::Show(PaneId::Activations));
    let images: Vec<usize> = (0..20)
        .map(|_| {
            update(&mut lab, Message::RandomImage);
            lab.activations.image
        })
        .collect();
    assert!(images.iter().all(|image| *image < 50));
    assert!(images.windows(2).any(|pair| pair[0] != pair[1]));
}

#[test]
fn after_quit_nothing_more_is_asked_for() {
    let mut lab = training();
    lab.quit();
    assert_eq!(lab.commands(), [Command::Quit]);
    assert_eq!(update(&mut lab, Message::Show(PaneId::Activations)), []);
    worker_lost(&mut lab);
    assert!(lab.active_run().is_some(), "its end comes as an event");
}

#[test]
fn a_lost_worker_ends_its_run() {
    let mut lab = training();
    worker_lost(&mut lab);
    assert!(!lab.is_training());
    assert_eq!(lab.status.unwrap().notice, Notice::Error);
}
