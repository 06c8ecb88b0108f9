//! Earlier runs through the worker's channels: listed, opened on their own data, continued.

use crate::support::{SET, answer, finish, next, next_but_batches, opened, send, start, worker};
use convscope::panes::{Change, ChangeRuns, ListRuns, ReadRuns};
use convscope::training::{Preset, Pretrain, Transfer};
use convscope::worker::{Command, Event, OpenedRun, Outcome, Purpose, TrainRequest, Worker};

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
    let worker = start();
    let folder = runs.path().to_owned();
    let list = |version| ListRuns {
        folder: folder.clone(),
        deleted: false,
        version,
    };
    let listed = answer(&worker, list(0)).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(Some(&listed[0].folder), facts.folder.as_ref());
    assert_eq!((listed[0].epochs, listed[0].planned_epochs), (1, 1));
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
    let read = ReadRuns {
        folders: vec![listed[0].folder.clone(), folder.join("nowhere")],
    };
    let read = answer(&worker, read).unwrap();
    assert_eq!(read.len(), 1);
    assert_eq!(opened.facts.history, read[0].history);
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
fn runs_are_tagged_renamed_deleted_and_restored() {
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
    while !matches!(next_but_batches(&first), Event::RunEnded { .. }) {}
    finish(first);
    let worker = start();
    let list = |deleted, version| {
        let question = ListRuns {
            folder: runs.path().to_owned(),
            deleted,
            version,
        };
        answer(&worker, question).unwrap()
    };
    let mut folder = list(false, 0)[0].folder.clone();
    for change in [
        Change::Tags(["final".to_owned()].into()),
        Change::Note("the first".to_owned()),
        Change::Archive(true),
        Change::Rename("better".to_owned()),
    ] {
        let nowhere = runs.path().join("nowhere");
        let question = ChangeRuns {
            folders: vec![nowhere, folder.clone()],
            change,
        };
        let changed = answer(&worker, question).unwrap();
        assert!(changed.refused[0].contains("nowhere"), "{changed:?}");
        let [(from, to)] = &changed.done[..] else {
            panic!("{changed:?}")
        };
        assert_eq!(*from, folder);
        folder.clone_from(to);
    }
    let listed = list(false, 1);
    let notes = &listed[0].notes;
    assert_eq!((notes.note.as_str(), notes.archived), ("the first", true));
    assert!(notes.tags.contains("final"));
    assert!(listed[0].title().ends_with("-better"));
    for (change, deleted) in [(Change::Delete, true), (Change::Restore, false)] {
        let question = ChangeRuns {
            folders: vec![folder.clone()],
            change,
        };
        folder.clone_from(&answer(&worker, question).unwrap().done[0].1);
        assert_eq!(list(deleted, 2)[0].folder, folder);
        assert!(list(!deleted, 2).is_empty());
    }
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

    let worker = start();
    let folder = facts.folder.unwrap();
    let opened = opened(&worker, folder);
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
            Event::RunStarted(facts) => {
                started.push((facts.name, facts.in_use.set.dataset, facts.epochs));
            }
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

/// The next news of the run that is there.
fn followed(worker: &Worker) -> Box<OpenedRun> {
    match next(worker) {
        Event::RunFollowed(followed) => followed,
        other => panic!("{other:?}"),
    }
}

fn refused(worker: &Worker, command: Command, name: &str) {
    send(worker, command);
    loop {
        match next(worker) {
            Event::Failed { message, .. } => {
                return assert!(message.contains(name), "{message}");
            }
            // It goes on meanwhile.
            Event::RunFollowed(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_another_process_trains_is_followed_and_copied_and_free_when_it_ends() {
    use std::process::Stdio;

    let place = crate::cli_support::Place::new();
    let (data, epochs) = (place.path("data"), "1000000");
    let data = data.to_str().unwrap();
    // Wide, so that an epoch takes long enough for others to look between two of them.
    let wide = "layers.1.conv2d.filters=512";
    let options = ["train", "tiny.yaml", "--data", data, "--epochs", epochs];
    let options = [&options[..], &["--set", wide, "--batch-size", "1"]].concat();
    let mut training = place
        .command(&options)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It is told once the run folder is there.
    let told = std::io::BufReader::new(training.stderr.take().unwrap());
    let mut told = std::io::BufRead::lines(told).map(Result::unwrap);
    told.find(|line| line.starts_with("run folder")).unwrap();
    let reading = std::thread::spawn(move || told.for_each(drop));
    let folder = place.only_run("runs");
    let name = format!("process {} on ", training.id());
    while !folder.join("confusion.csv").exists() || !folder.join("last.state").exists() {
        std::thread::yield_now();
    }

    let worker = start();
    let open = || Command::OpenRun {
        folder: folder.clone(),
    };
    send(&worker, open());
    assert!(matches!(next(&worker), Event::DataLoaded { .. }));
    let Event::RunOpened(opened) = next(&worker) else {
        panic!("the run")
    };
    let by = opened.trained_by.clone().unwrap();
    assert!(by.to_string().starts_with(&name), "{by}");
    let mut done = opened.facts.history.len();
    for _ in 0..2 {
        // It grows; where epochs take long, a look may also fall between an epoch's state and its line.
        let news = loop {
            let news = followed(&worker);
            assert_eq!(news.facts.run, opened.facts.run);
            assert_eq!(news.trained_by.as_ref(), Some(&by));
            assert!(news.facts.history.len() >= done, "nothing is lost");
            if news.facts.history.len() > done {
                break news;
            }
        };
        done = news.facts.history.len();
    }

    let recipe = opened.preset.training.clone();
    let go_on = |dataset: &str| Command::Continue {
        recipe: recipe.clone(),
        dataset: Some(dataset.to_owned()),
    };
    let is_trained = format!("is being trained by {name}");
    refused(&worker, go_on(&opened.chosen), &is_trained);
    refused(&worker, Command::RestoreBest, &is_trained);

    // A copy of it is trained.
    send(
        &worker,
        Command::CopyRun {
            folder: folder.clone(),
        },
    );
    let copy = loop {
        match next(&worker) {
            Event::RunOpened(copy) => break copy,
            Event::RunFollowed(_) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(copy.trained_by, None);
    assert!(copy.facts.history.len() >= done);
    assert_ne!(copy.facts.folder.as_deref(), Some(folder.as_path()));
    send(&worker, go_on(&copy.chosen));
    assert!(matches!(next(&worker), Event::RunStarted(_)));
    send(&worker, Command::Stop);
    while !matches!(next(&worker), Event::RunEnded { .. }) {}

    // The run itself is free when the other process has ended.
    send(&worker, open());
    let Event::RunOpened(opened) = next(&worker) else {
        panic!("the run")
    };
    assert!(opened.trained_by.is_some());
    let id = training.id().to_string();
    let interrupt = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(interrupt.unwrap().success());
    assert_eq!(training.wait().unwrap().code(), Some(130));
    reading.join().unwrap();
    let news = loop {
        let news = followed(&worker);
        if news.trained_by.is_none() {
            break news;
        }
    };
    let written = std::fs::read_to_string(folder.join("metrics.jsonl")).unwrap();
    assert_eq!(news.facts.history.len(), written.lines().count());
    send(&worker, go_on(&opened.chosen));
    let Event::RunStarted(facts) = next(&worker) else {
        panic!("a start")
    };
    assert_eq!(facts.history.len(), written.lines().count());
    finish(worker);
}
