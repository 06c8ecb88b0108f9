//! Sessions with their run folders: continued, resumed, transferred, steered and hindered, on a small network and part of the
//! starter set.

use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use convscope::data::{self, Corrections, Dataset, Mark, Marks, Parts, Pixels, Split};
use convscope::network::{LayerSpec, NamedWeights};
use convscope::runs::{RunFolder, RunSummary};
use convscope::session::{Find, Plan, Resumption, Session, SessionEvent, thread_pool};
use convscope::training::{EpochMetrics, Expectation, Preset, Recipe};

/// The first images of the starter set, of which only those of the first `classes` classes are kept.
fn dataset(name: &str, train: usize, classes: u16) -> Arc<Dataset> {
    static WHOLE: OnceLock<Dataset> = OnceLock::new();
    let whole = WHOLE.get_or_init(|| data::load(Some("fashion-mnist-starter")).unwrap());
    let part = |split: &Split, count: usize| {
        let kept: Vec<usize> = (0..split.len())
            .filter(|&index| split.labels()[index] < classes)
            .take(count)
            .collect();
        let pixels = kept.iter().flat_map(|&index| split.image_u8(index));
        let labels = kept.iter().map(|&index| split.labels()[index]);
        Split::new(
            split.shape(),
            Pixels::U8(pixels.collect()),
            labels.collect(),
        )
    };
    Arc::new(
        Dataset::new(Parts {
            name: name.to_owned(),
            source: whole.source().clone(),
            class_names: whole.class_names()[..usize::from(classes)].to_vec(),
            train: part(whole.train(), train),
            test: part(whole.test(), 200),
            validation: None,
        })
        .unwrap(),
    )
}

fn preset(training: &str) -> Preset {
    let text = format!(
        "name: small\ninput: [28, 28, 1]\nclasses: 10\nseed: 3\ntraining: {{await_batch_norm: false, {training}}}\nlayers:\n  \
         - max_pool2d: {{size: 2}}\n  - conv2d: {{filters: 3, kernel: 3, stride: 2}}\n  - batch_norm\n  - relu\n  - flatten\n  \
         - dropout: {{rate: 0.1}}\n  - classify\n"
    );
    Preset::parse(&text, "test").unwrap()
}

/// What the session was asked for last, for so many epochs.
fn epochs(session: &Session, epochs: usize) -> Recipe {
    Recipe {
        epochs,
        ..session.asked().clone()
    }
}

fn find() -> Find {
    Arc::new(|name| match name {
        "five" => Ok(dataset("five", 300, 5)),
        "first 500" => Ok(dataset("first 500", 500, 10)),
        "other" => Ok(dataset("other", 250, 10)),
        other => Err(format!("{other}: no such set")),
    })
}

fn plan(training: &str, runs: Option<&Path>) -> Plan {
    Plan {
        preset: preset(training),
        dataset: dataset("first 500", 500, 10),
        runs_folder: runs.map(Path::to_owned),
        pool: thread_pool(Some(1)).unwrap(),
        find: find(),
        predecessor: None,
        label: Default::default(),
    }
}

fn start(training: &str, runs: Option<&Path>) -> Session {
    Session::start(plan(training, runs)).unwrap()
}

fn resume(folder: &Path, dataset: Arc<Dataset>) -> Result<Session, String> {
    Session::resume(Resumption {
        folder: folder.to_owned(),
        dataset,
        pool: thread_pool(Some(2)).unwrap(),
        find: find(),
    })
    .map_err(|error| error.to_string())
}

/// Trains to the end and writes everything.
fn run(session: &mut Session) {
    while !session.is_finished() {
        let event = session.advance().unwrap();
        assert!(!matches!(event, SessionEvent::NotSaved(_)), "{event:?}");
    }
    session.save().unwrap();
}

fn folder_of(session: &Session) -> RunFolder {
    session.folder().unwrap().clone()
}

fn file(folder: &RunFolder, name: &str) -> Vec<u8> {
    fs::read(folder.path().join(name)).unwrap()
}

/// Metrics without what the clock decides.
fn untimed(metrics: &[EpochMetrics]) -> Vec<EpochMetrics> {
    let without = |metrics: &EpochMetrics| EpochMetrics {
        seconds: 0.0,
        images_per_second: 0.0,
        ..metrics.clone()
    };
    metrics.iter().map(without).collect()
}

const EVERYTHING: &str = "epochs: 3, batch_size: 64, optimizer: {adam: {learning_rate: 0.01}}, schedule: cosine, average: 0.9, \
                          augment: {rotation: 10, noise: 0.02}, validation: {split: 0.2}, plan: [{epoch: 2, data: other}, {epoch: 3, learning_rate: 0.02}]";

#[test]
fn a_run_stopped_in_the_middle_of_an_epoch_and_resumed_equals_the_uninterrupted_one_to_the_byte() {
    let runs = tempfile::tempdir().unwrap();
    let mut whole = start(EVERYTHING, Some(runs.path()));
    run(&mut whole);
    let whole = folder_of(&whole);
    for calls in [0, 3, 7, 8, 11, 15] {
        let mut first = start(EVERYTHING, Some(runs.path()));
        for _ in 0..calls {
            first.advance().unwrap();
        }
        first.save().unwrap();
        let folder = folder_of(&first);
        drop(first);
        let mut second = resume(folder.path(), dataset("first 500", 500, 10)).unwrap();
        run(&mut second);
        for name in [
            "last.safetensors",
            "best.safetensors",
            "confusion.csv",
            "test.json",
        ] {
            assert_eq!(
                file(&folder, name),
                file(&whole, name),
                "{name} after {calls} calls"
            );
        }
        let (got, expected) = (folder.metrics().unwrap(), whole.metrics().unwrap());
        assert_eq!(untimed(&got), untimed(&expected), "after {calls} calls");
        let (got, expected) = (folder.checkpoint().unwrap(), whole.checkpoint().unwrap());
        assert_eq!(got.optimizer, expected.optimizer, "after {calls} calls");
    }
    let changes: Vec<_> = whole
        .metrics()
        .unwrap()
        .into_iter()
        .flat_map(|epoch| epoch.changes)
        .collect();
    assert_eq!(changes, ["data other", "learning rate 0.02 (was 0.01)"]);
}

#[test]
fn a_planned_change_of_data_begins_a_stretch_of_its_own_in_every_file() {
    let runs = tempfile::tempdir().unwrap();
    let training =
        "epochs: 3, batch_size: 64, validation: {split: 0.2}, plan: [{epoch: 3, data: other}]";
    let mut session = start(training, Some(runs.path()));
    run(&mut session);
    let folder = folder_of(&session);
    let metrics = folder.metrics().unwrap();
    let stretches: Vec<usize> = metrics.iter().map(|metrics| metrics.stretch).collect();
    assert_eq!(stretches, [1, 1, 2]);

    let record = folder.record().unwrap();
    let [continued] = &record.continued[..] else {
        panic!("{:?}", record.continued)
    };
    assert_eq!((continued.after_epoch, continued.epochs), (2, 3));
    assert_eq!(continued.data.name, "other");
    assert_eq!(continued.data.class_names.len(), 10);
    assert_eq!(continued.recipe, None, "it is the plan's");
    let [stretch] = &record.stretches[..] else {
        panic!("{:?}", record.stretches)
    };
    assert_eq!((stretch.from_epoch, &stretch.data), (3, &continued.data));
    assert_eq!(record.data_of_epoch(2).name, "first 500");
    assert_eq!(record.data_of_epoch(3).name, "other");

    // The best is of the new set, however good the old one's was, and so are weights and the final test.
    assert_eq!(session.best().unwrap().val_accuracy_epoch, 3);
    let (weights, note) = folder.best_weights().unwrap();
    let other = dataset("other", 250, 10);
    assert_eq!(note.epochs, 3);
    let known = note.data.unwrap();
    assert_eq!(
        (known.name.as_str(), known.sha256.as_str()),
        ("other", other.identity())
    );
    assert_eq!(known.class_names, other.class_names());
    let test = folder.test().unwrap().unwrap();
    assert_eq!((test.epoch, test.stretch, test.times), (3, 2, 1));
    let objective = session.trainer().recipe().objective();
    let model = session.model_mut();
    model.import(&weights).unwrap();
    let evaluation = convscope::training::Evaluation::whole(objective, model, other.test());
    assert!((evaluation.accuracy() - test.accuracy).abs() < 1e-12);
    let (_, second) = folder.epoch_weights(2).unwrap();
    assert_eq!(second.data.unwrap().name, "first 500");
    let summary = RunSummary::of(&folder);
    assert_eq!(summary.data, "other");
    assert_eq!(summary.data_in_words(), "first 500, from epoch 3 on other");
}

#[test]
fn a_change_by_hand_during_validation_is_resumed_to_the_bit() {
    let runs = tempfile::tempdir().unwrap();
    let begin = || {
        let mut session = start("epochs: 3, batch_size: 64", Some(runs.path()));
        while !matches!(session.trainer().checkpoint().position.next_image, 500) {
            session.advance().unwrap();
        }
        let change = session.set_dataset(dataset("other", 250, 10)).unwrap();
        assert!(
            change
                .unwrap()
                .ends_with("data other from the next epoch on")
        );
        session
    };
    let mut whole = begin();
    run(&mut whole);
    let stretches: Vec<usize> = whole.history().iter().map(|one| one.stretch).collect();
    assert_eq!(stretches, [1, 2, 2]);
    assert_eq!(whole.history()[1].changes, ["data other"]);
    let record = folder_of(&whole).record().unwrap();
    assert_eq!(record.continued[0].after_epoch, 1, "it came with epoch 2");

    for more in [0, 1, 3] {
        let mut first = begin();
        for _ in 0..more {
            first.advance().unwrap();
        }
        first.save().unwrap();
        let folder = folder_of(&first);
        drop(first);
        let record = folder.record().unwrap();
        let own = folder.data_in_use(&record).unwrap();
        let set = match own.name.as_str() {
            "other" => dataset("other", 250, 10),
            _ => dataset("first 500", 500, 10),
        };
        let mut second = resume(folder.path(), set).unwrap();
        run(&mut second);
        assert_eq!(
            untimed(second.history()),
            untimed(whole.history()),
            "{more}"
        );
        for name in ["last.safetensors", "best.safetensors", "confusion.csv"] {
            assert_eq!(
                file(&folder, name),
                file(&folder_of(&whole), name),
                "{name} {more}"
            );
        }
        let (got, expected) = (
            folder.record().unwrap(),
            folder_of(&whole).record().unwrap(),
        );
        assert_eq!(got.continued, expected.continued);
        assert_eq!(got.stretches, expected.stretches);
    }
}

#[test]
fn before_its_first_epoch_a_new_set_has_no_best_weights() {
    let runs = tempfile::tempdir().unwrap();
    let mut session = start("epochs: 3, batch_size: 64", Some(runs.path()));
    session.advance().unwrap();
    session.save().unwrap();
    let folder = folder_of(&session);
    let standing = folder.standing().unwrap();
    assert_eq!(standing.note.steps, 1);
    assert_eq!(
        standing.remark.unwrap(),
        "no epoch of this run is finished yet; using its weights after 1 batch"
    );
    while session.history().is_empty() {
        session.advance().unwrap();
    }
    session.save().unwrap();
    assert_eq!(folder.standing().unwrap().remark, None);
    session.set_dataset(dataset("other", 250, 10)).unwrap();
    session.save().unwrap();
    // The weights have seen nothing of it yet.
    let standing = folder.standing().unwrap();
    assert_eq!(standing.note.data.unwrap().name, "first 500");
    assert_eq!(standing.remark, None);
    session.advance().unwrap();
    session.save().unwrap();
    let standing = folder.standing().unwrap();
    assert_eq!(standing.note.data.unwrap().name, "other");
    let remark = standing.remark.unwrap();
    assert!(
        remark.starts_with("no epoch on other is finished yet"),
        "{remark}"
    );
    let refused = session.restore_best().unwrap_err().to_string();
    for part in ["epoch 1, on first 500", "no epoch on other is done yet"] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    while session.history().len() < 2 {
        session.advance().unwrap();
    }
    session.save().unwrap();
    assert_eq!(
        session.restore_best().unwrap(),
        "weights of epoch 2 restored"
    );
    assert_eq!(folder.standing().unwrap().note.epochs, 2);
}

#[test]
fn a_record_that_is_ahead_of_its_weights_is_taken_back() {
    let runs = tempfile::tempdir().unwrap();
    let training = "epochs: 3, batch_size: 64, plan: [{epoch: 2, data: other}]";
    let mut session = start(training, Some(runs.path()));
    session.advance().unwrap();
    session.save().unwrap();
    let folder = folder_of(&session);
    let early = file(&folder, "last.state");
    run(&mut session);
    let expected = folder.record().unwrap();
    drop(session);
    // As a kill between two files leaves it.
    fs::write(folder.path().join("last.state"), early).unwrap();
    let record = folder.record().unwrap();
    assert_eq!(folder.data_in_use(&record).unwrap().name, "first 500");
    let mut session = resume(folder.path(), dataset("first 500", 500, 10)).unwrap();
    run(&mut session);
    let record = folder.record().unwrap();
    assert_eq!(record.continued, expected.continued);
    assert_eq!(record.stretches, expected.stretches);
}

#[test]
fn lines_of_an_epoch_that_no_checkpoint_knows_are_done_again() {
    let runs = tempfile::tempdir().unwrap();
    let mut session = start("epochs: 2, batch_size: 64", Some(runs.path()));
    run(&mut session);
    let folder = folder_of(&session);
    let expected = folder.metrics().unwrap();

    let mut session = start("epochs: 2, batch_size: 64", Some(runs.path()));
    while session.history().is_empty() {
        session.advance().unwrap();
    }
    session.save().unwrap();
    let folder = folder_of(&session);
    drop(session);
    // As a crash between two files leaves it.
    folder
        .claim()
        .unwrap()
        .append(&EpochMetrics {
            epoch: 2,
            val_loss: 77.0,
            ..expected[1].clone()
        })
        .unwrap();
    let mut session = resume(folder.path(), dataset("first 500", 500, 10)).unwrap();
    assert_eq!(session.history().len(), 1);
    run(&mut session);
    assert_eq!(untimed(&folder.metrics().unwrap()), untimed(&expected));
}

#[test]
fn one_session_at_a_time_writes_a_run_and_one_that_read_it_before_another_wrote_may_not() {
    let runs = tempfile::tempdir().unwrap();
    let mut first = start("epochs: 3, batch_size: 64", Some(runs.path()));
    while first.history().is_empty() {
        first.advance().unwrap();
    }
    first.save().unwrap();
    let folder = folder_of(&first);
    let open = || {
        Session::open(Resumption {
            folder: folder.path().to_owned(),
            dataset: dataset("first 500", 500, 10),
            pool: thread_pool(Some(2)).unwrap(),
            find: find(),
        })
        .unwrap()
    };
    let refused = |result: Result<(), String>, part: &str| {
        let message = result.unwrap_err();
        assert!(message.contains(part), "{message}");
    };
    let mut opened = open();
    assert_eq!(opened.history().len(), 1, "looking is free");
    let claim = |session: &mut Session| session.claim().map_err(|error| error.to_string());
    let id = format!("is being trained by process {} on ", std::process::id());
    refused(claim(&mut opened), &id);
    refused(opened.save().map_err(|error| error.to_string()), &id);
    let resumed = resume(folder.path(), dataset("first 500", 500, 10));
    refused(resumed.map(drop), &id);

    // The first may take it up again, as nobody wrote meanwhile.
    first.release();
    claim(&mut first).unwrap();
    run(&mut first);
    first.release();
    refused(claim(&mut opened), "open it again");
    let lines = folder.metrics().unwrap().len();
    refused(
        opened.save().map_err(|error| error.to_string()),
        "open it again",
    );
    assert_eq!((lines, folder.metrics().unwrap().len()), (3, 3));

    let mut opened = open();
    claim(&mut opened).unwrap();
    opened.go_on(&epochs(&opened, 1), None).unwrap();
    run(&mut opened);
    assert_eq!(folder.metrics().unwrap().len(), 4);
    refused(claim(&mut first), &id);
}

#[test]
fn a_copy_of_a_run_goes_on_to_the_same_bits() {
    let runs = tempfile::tempdir().unwrap();
    let mut whole = start(EVERYTHING, Some(runs.path()));
    run(&mut whole);
    let whole = folder_of(&whole);
    for calls in [1, 8, 11] {
        let mut first = start(EVERYTHING, Some(runs.path()));
        for _ in 0..calls {
            first.advance().unwrap();
        }
        first.save().unwrap();
        let original = folder_of(&first);
        let copy = original.copy(runs.path()).unwrap();
        // The run goes its own way meanwhile.
        run(&mut first);
        let record = copy.record().unwrap();
        let copied = record.copied.unwrap();
        assert_eq!(copied.from, original.path());
        assert_eq!(copied.after_epoch, copy.metrics().unwrap().len());
        let mut second = resume(copy.path(), dataset("first 500", 500, 10)).unwrap();
        run(&mut second);
        for name in ["last.safetensors", "best.safetensors", "confusion.csv"] {
            assert_eq!(
                file(&copy, name),
                file(&whole, name),
                "{name} after {calls} calls"
            );
        }
        let (got, expected) = (copy.metrics().unwrap(), whole.metrics().unwrap());
        assert_eq!(untimed(&got), untimed(&expected), "after {calls} calls");
        assert_eq!(copy.checkpoint_epochs(), whole.checkpoint_epochs());
    }
    // The files of an epoch that the state does not know yet are not taken.
    let mut session = start("epochs: 3, batch_size: 64", Some(runs.path()));
    while session.history().len() < 2 {
        session.advance().unwrap();
    }
    session.save().unwrap();
    let folder = folder_of(&session);
    let (before, best) = (folder.metrics().unwrap(), session.best().unwrap());
    drop(session);
    {
        let writer = folder.claim().unwrap();
        let late = EpochMetrics {
            epoch: 3,
            ..before[1].clone()
        };
        writer.append(&late).unwrap();
        let mut later = folder.checkpoint().unwrap();
        later.position.epochs = 3;
        writer.save_best("small", &later).unwrap();
        writer.save_epoch("small", &later).unwrap();
    }
    let copy = folder.copy(runs.path()).unwrap();
    assert_eq!(copy.metrics().unwrap(), before);
    assert_eq!(
        copy.best_weights().unwrap().1.epochs,
        best.val_accuracy_epoch
    );
    assert_eq!(copy.checkpoint_epochs(), [0, 1, 2]);
    assert_eq!(copy.confusion().unwrap(), None, "of which epoch is unknown");
}

#[test]
fn other_data_are_refused_with_both_names_and_the_folder_stays() {
    let runs = tempfile::tempdir().unwrap();
    let mut session = start("epochs: 2, batch_size: 64", Some(runs.path()));
    session.advance().unwrap();
    session.save().unwrap();
    let folder = folder_of(&session);
    drop(session);
    let before = file(&folder, "last.state");
    let message = resume(folder.path(), dataset("first 400", 400, 10))
        .err()
        .unwrap();
    for part in ["first 500", "first 400", "SHA-256", "--data"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert_eq!(file(&folder, "last.state"), before);
}

#[test]
fn a_finished_session_goes_on_with_another_set_and_the_epochs_go_on() {
    let runs = tempfile::tempdir().unwrap();
    let mut session = start("epochs: 1, batch_size: 64", Some(runs.path()));
    run(&mut session);
    let wrong = session
        .go_on(&epochs(&session, 2), Some(dataset("five", 300, 5)))
        .unwrap_err()
        .to_string();
    assert!(
        wrong.contains("10 classes") && wrong.contains("has 5"),
        "{wrong}"
    );
    assert!(session.is_finished(), "nothing changed");

    session
        .go_on(&epochs(&session, 2), Some(dataset("other", 250, 10)))
        .unwrap();
    run(&mut session);
    let folder = folder_of(&session);
    let metrics = folder.metrics().unwrap();
    let epochs: Vec<usize> = metrics.iter().map(|metrics| metrics.epoch).collect();
    assert_eq!(epochs, [1, 2, 3]);
    assert_eq!(metrics[1].changes, ["data other"]);
    let record = folder.record().unwrap();
    let last = record.continued.last().unwrap();
    assert_eq!(
        (last.after_epoch, last.epochs, last.data.name.as_str()),
        (1, 3, "other")
    );
    drop(session);
    // It resumes with the set that it went on with, and with no other.
    assert!(resume(folder.path(), dataset("first 500", 500, 10)).is_err());
    assert!(
        resume(folder.path(), dataset("other", 250, 10))
            .unwrap()
            .is_finished()
    );
}

#[test]
fn a_session_goes_on_by_another_recipe_and_resumes_by_it() {
    let runs = tempfile::tempdir().unwrap();
    let training =
        "epochs: 3, batch_size: 64, average: 0.9, optimizer: {sgd: {learning_rate: 0.1}}";
    let mut session = start(training, Some(runs.path()));
    // Stopped within its second epoch, with another rate by hand.
    while session.history().is_empty() {
        session.advance().unwrap();
    }
    session.advance().unwrap();
    session.set_learning_rate(0.05).unwrap();
    session.save().unwrap();
    let asked = session.asked().clone();
    assert_eq!(asked.optimizer.learning_rate(), 0.05);

    let too_much: Recipe = serde_yaml::from_str("{epochs: 3, validation: {split: 0.95}}").unwrap();
    assert!(session.go_on(&too_much, None).is_err());
    assert_eq!(session.asked(), &asked, "nothing changed");

    let other = "{epochs: 3, batch_size: 100, optimizer: adam, gradient_clip: 2, warm_up: 0.5, early_stopping: {patience: 9}, \
                 validation: {split: 0.2}, augment: {rotation: 5}}";
    let other: Recipe = serde_yaml::from_str(other).unwrap();
    session.go_on(&other, None).unwrap();
    assert_eq!(session.trainer().planned_epochs(), 3, "the plan stays");
    assert_eq!(session.trainer().learning_rate(), 0.001);
    session.advance().unwrap();
    session.save().unwrap();

    // A run has one writer: the other trains a copy.
    let copy = folder_of(&session).copy(runs.path()).unwrap();
    let mut resumed = resume(copy.path(), dataset("first 500", 500, 10)).unwrap();
    assert_eq!(resumed.asked(), &other);
    run(&mut session);
    run(&mut resumed);
    assert_eq!(session.history().len(), 3);
    assert_eq!(untimed(session.history()), untimed(resumed.history()));
    assert_eq!(session.model_mut().export(), resumed.model_mut().export());
    let changes = &session.history()[1].changes;
    for part in [
        "learning rate 0.05 (was 0.1)",
        "optimizer adam(",
        "learning rate 0.001 (was 0.05)",
        "augmentation on: rotation 5°",
        "average: none",
        "gradient clip 2",
        "early stopping after 9",
        "warm up 0.5",
        "batch size 100",
        "validation on 20 % of the training set",
        "the epoch restarts",
    ] {
        assert!(
            changes.iter().any(|change| change.contains(part)),
            "{part}: {changes:?}"
        );
    }
}

#[test]
fn the_test_set_is_measured_once_at_the_end_with_the_best_weights() {
    let runs = tempfile::tempdir().unwrap();
    let mut session = start(
        "epochs: 2, batch_size: 64, validation: {split: 0.1}",
        Some(runs.path()),
    );
    let mut tests = Vec::new();
    while !session.is_finished() {
        if let SessionEvent::Tested(test) = session.advance().unwrap() {
            assert_eq!(session.history().len(), 2, "at the end only");
            tests.push(test);
        }
    }
    session.save().unwrap();
    assert_eq!((tests.len(), tests[0].times), (1, 1));
    assert_eq!(tests[0].epoch, session.best().unwrap().val_accuracy_epoch);
    let folder = folder_of(&session);
    assert_eq!(folder.test().unwrap(), Some(tests[0]));

    // The figures are those of the weights in best.safetensors.
    let (weights, _) = folder.best_weights().unwrap();
    let set = dataset("first 500", 500, 10);
    let model = session.model_mut();
    model.import(&weights).unwrap();
    let evaluation = convscope::training::Evaluation::whole(Default::default(), model, set.test());
    assert!((evaluation.accuracy() - tests[0].accuracy).abs() < 1e-12);

    session.go_on(&epochs(&session, 1), None).unwrap();
    run(&mut session);
    assert_eq!(
        folder.test().unwrap().unwrap().times,
        2,
        "the record says so"
    );
}

#[test]
fn early_stopping_ends_the_run_and_the_best_weights_come_back() {
    // Steps this long make the loss jump about.
    let mut session = start(
        "epochs: 40, batch_size: 64, optimizer: {sgd: {learning_rate: 1.5}}, early_stopping: {patience: 2}",
        None,
    );
    run(&mut session);
    assert!(session.trainer().stopped_early() && session.history().len() < 40);
    let losses: Vec<f64> = session
        .history()
        .iter()
        .map(|metrics| metrics.val_loss)
        .collect();
    let lowest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(
        losses[losses.len() - 2..]
            .iter()
            .all(|&loss| loss >= lowest),
        "{losses:?}"
    );

    let best = session.best().unwrap();
    let change = session.restore_best().unwrap();
    assert_eq!(
        change,
        format!("weights of epoch {} restored", best.val_accuracy_epoch)
    );
    let set = dataset("first 500", 500, 10);
    let evaluation =
        convscope::training::Evaluation::whole(Default::default(), session.model_mut(), set.test());
    assert!((evaluation.accuracy() - best.val_accuracy).abs() < 1e-12);
}

#[test]
fn pretraining_and_training_come_one_after_the_other_in_one_go() {
    let runs = tempfile::tempdir().unwrap();
    let training = "epochs: 2, batch_size: 64, transfer: {pretrain: {data: five, epochs: 1}, frozen_layers: 4}";
    let mut first = start(training, Some(runs.path()));
    assert_eq!(first.preset().name, "small-pretrain");
    assert_eq!(first.trainer().dataset().name, "five");
    run(&mut first);
    let mut second = first.follow_up().unwrap().unwrap();
    assert!(
        first.follow_up().unwrap().is_none(),
        "there are two, not more"
    );
    assert!(
        second.notes()[0].contains("5 classes") && second.notes()[0].contains("this network 10")
    );
    let (pretrained, _) = folder_of(&first).best_weights().unwrap();
    run(&mut second);
    let (weights, _) = folder_of(&second).last_weights().unwrap();
    for weight in &weights {
        let before = pretrained
            .iter()
            .find(|before| before.name == weight.name)
            .unwrap();
        let frozen = !weight.name.starts_with("dense");
        assert_eq!(before.values == weight.values, frozen, "{}", weight.name);
    }
    assert_eq!(folder_of(&second).metrics().unwrap().len(), 2);

    // The pretraining's folder says where the second is, so that it is not trained again.
    let record = folder_of(&first).record().unwrap();
    assert_eq!(
        record.then.unwrap().run.as_deref(),
        Some(folder_of(&second).path())
    );
    let pretraining = folder_of(&first);
    drop(first);
    let opened = resume(pretraining.path(), dataset("five", 300, 5)).unwrap();
    assert!(opened.is_finished() && opened.following().is_none());

    // Resumed from the pretraining's folder, the second comes after it too, to the byte.
    let mut first = start(training, Some(runs.path()));
    first.advance().unwrap();
    first.save().unwrap();
    let folder = folder_of(&first);
    drop(first);
    let mut first = resume(folder.path(), dataset("five", 300, 5)).unwrap();
    run(&mut first);
    let mut again = first.follow_up().unwrap().unwrap();
    run(&mut again);
    assert_eq!(
        file(&folder_of(&again), "last.safetensors"),
        file(&folder_of(&second), "last.safetensors")
    );
}

#[test]
fn a_pretraining_has_a_batch_size_of_its_own() {
    let runs = tempfile::tempdir().unwrap();
    let batches = |pretrain: &str| {
        let training = format!("epochs: 1, batch_size: 64, transfer: {{pretrain: {{{pretrain}}}}}");
        let mut first = start(&training, Some(runs.path()));
        let of_first = first.trainer().batches_per_epoch();
        // The record of each has its own, and a resumed pretraining knows it.
        let folder = folder_of(&first);
        let record = folder.record().unwrap();
        first.save().unwrap();
        drop(first);
        let mut first = resume(folder.path(), dataset("five", 300, 5)).unwrap();
        assert_eq!(first.trainer().batches_per_epoch(), of_first);
        run(&mut first);
        let second = first.follow_up().unwrap().unwrap();
        let recipe = &folder_of(&second).record().unwrap().preset.training;
        let pretrain = recipe.transfer.as_ref().unwrap().pretrain.as_ref().unwrap();
        let sizes = (record.preset.training.batch_size, pretrain.batch_size);
        (of_first, second.trainer().batches_per_epoch(), sizes)
    };
    // 300 and 500 images.
    assert_eq!(batches("data: five, epochs: 1"), (5, 8, (64, None)));
    assert_eq!(
        batches("data: five, epochs: 1, batch_size: 30"),
        (10, 8, (30, Some(30)))
    );
}

#[test]
fn a_stopped_pretraining_goes_on_and_the_second_training_takes_what_was_changed_meanwhile() {
    let training = "epochs: 2, batch_size: 64, transfer: {pretrain: {data: five, epochs: 3}}";
    let mut first = start(training, None);
    while first.history().is_empty() {
        first.advance().unwrap();
    }
    first.set_learning_rate(0.5);
    let mut recipe = first.following().unwrap().0.training.clone();
    first.go_on(&recipe, None).unwrap();
    assert_eq!(first.trainer().learning_rate(), 0.5, "changed by hand");
    assert_eq!(first.trainer().planned_epochs(), 3);
    assert_eq!(first.trainer().dataset().name, "five");

    recipe.batch_size = 32;
    first.go_on(&recipe, None).unwrap();
    assert_eq!(first.trainer().recipe().batch_size, 32);
    run(&mut first);
    assert_eq!(first.history().len(), 3);
    first.go_on(&recipe, None).unwrap();
    assert!(first.is_finished(), "only the second is left to do");
    let second = first.follow_up().unwrap().unwrap();
    assert_eq!(second.trainer().recipe().batch_size, 32);
    assert_eq!(second.trainer().planned_epochs(), 2);
}

#[test]
fn training_starts_from_any_earlier_run() {
    let runs = tempfile::tempdir().unwrap();
    let mut first = start("epochs: 1, batch_size: 64", Some(runs.path()));
    run(&mut first);
    let from = folder_of(&first);
    let training = format!(
        "epochs: 1, batch_size: 64, transfer: {{from: \"{}\", fresh_from: 4}}",
        from.path().display()
    );
    let second = start(&training, None);
    let (old, _) = from.best_weights().unwrap();
    let new = second.trainer().model().export();
    for (old, new) in old
        .iter()
        .map(|old| (old, new.iter().find(|new| new.name == old.name).unwrap()))
    {
        assert_eq!(
            old.values == new.values,
            !old.name.starts_with("dense"),
            "{}",
            old.name
        );
    }
    let missing = "epochs: 1, transfer: {from: /nowhere/at/all}";
    let message = Session::start(plan(missing, None))
        .err()
        .unwrap()
        .to_string();
    assert!(
        message.contains("/nowhere/at/all: no such run folder"),
        "{message}"
    );
}

#[test]
fn an_edited_network_keeps_the_weights_of_layers_that_stayed_and_its_record_says_which() {
    let runs = tempfile::tempdir().unwrap();
    let mut first = start("epochs: 2, batch_size: 64", Some(runs.path()));
    run(&mut first);
    let old = first.trainer().evaluated().export();
    let values = |weights: &[NamedWeights], name: &str| {
        let weight = weights.iter().find(|weight| weight.name == name);
        weight.unwrap().values.clone()
    };

    let mut edited = plan("epochs: 1, batch_size: 64", Some(runs.path()));
    let dense: LayerSpec = serde_yaml::from_str("dense: {units: 12}").unwrap();
    edited.preset.layers.insert(5, dense);
    edited.predecessor = Some(first.predecessor());
    let mut second = Session::start(edited).unwrap();
    let new = second.trainer().model().export();
    for name in [
        "conv2d/kernel",
        "batch_normalization/moving_mean",
        "conv2d/bias",
    ] {
        assert_eq!(values(&new, name), values(&old, name), "{name}");
    }
    // The classifier, the second dense layer now and the only one before.
    assert_ne!(values(&new, "dense_1/kernel"), values(&old, "dense/kernel"));
    assert_eq!(second.trained_before(), [2, 2, 2, 2, 2, 0, 2, 0]);

    let record = folder_of(&second).record().unwrap();
    let kept = record.kept.unwrap();
    assert_eq!(kept.from, folder_of(&first).path().display().to_string());
    let layers = kept.layers.iter();
    let layers: Vec<_> = layers
        .map(|kept| (kept.layer.as_str(), kept.was.as_str(), kept.epochs))
        .collect();
    assert_eq!(
        layers,
        [("conv2d", "conv2d", 2), ("batch_norm", "batch_norm", 2)]
    );
    assert!(folder_of(&first).record().unwrap().kept.is_none());
    run(&mut second);
    assert_eq!(second.layer_epochs()[1], 3);
    let folder = folder_of(&second);
    drop(second);
    let resumed = resume(folder.path(), dataset("first 500", 500, 10)).unwrap();
    assert_eq!(resumed.layer_epochs()[1], 3);
    assert_eq!(resumed.layer_epochs()[5], 1);
}

#[test]
fn a_vanished_folder_pauses_the_run_and_it_goes_on_when_it_is_back() {
    let runs = tempfile::tempdir().unwrap();
    let training = "epochs: 3, batch_size: 64";
    let mut session = start(training, Some(runs.path()));
    let folder = folder_of(&session);
    while session.history().is_empty() {
        session.advance().unwrap();
    }
    session.save().unwrap();
    let elsewhere = runs.path().join("elsewhere");
    fs::rename(folder.path(), &elsewhere).unwrap();
    let message = loop {
        assert!(!session.is_finished(), "it waits before its end");
        if let SessionEvent::NotSaved(error) = session.advance().unwrap() {
            break error.to_string();
        }
    };
    assert!(
        message.contains("metrics.jsonl") || message.contains("last"),
        "{message}"
    );
    let steps = session.trainer().steps();
    assert!(session.save().is_err());
    assert_eq!(session.trainer().steps(), steps);
    fs::rename(&elsewhere, folder.path()).unwrap();
    session.save().unwrap();
    run(&mut session);
    let epochs: Vec<usize> = folder.metrics().unwrap().iter().map(|m| m.epoch).collect();
    assert_eq!(epochs, [1, 2, 3]);

    // In a folder that was made anew, all files are made anew.
    let mut undisturbed = start(training, Some(runs.path()));
    run(&mut undisturbed);
    fs::remove_dir_all(folder.path()).unwrap();
    assert!(session.save().is_err());
    fs::create_dir(folder.path()).unwrap();
    session.save().unwrap();
    let other = folder_of(&undisturbed);
    for name in ["best.safetensors", "last.safetensors"] {
        assert_eq!(file(&folder, name), file(&other, name), "{name}");
    }
    assert_eq!(
        untimed(&folder.metrics().unwrap()),
        untimed(&other.metrics().unwrap())
    );
    assert!(folder.record().is_ok());
}

#[test]
fn weights_that_overflow_end_the_run_with_the_last_good_ones_in_the_folder() {
    let runs = tempfile::tempdir().unwrap();
    let training = "epochs: 5, batch_size: 64, optimizer: {sgd: {learning_rate: 0.1}}, plan: [{epoch: 2, learning_rate: 9.0e+5}]";
    let mut plan = plan(training, Some(runs.path()));
    // Each step of the second epoch multiplies the penalised weights by about a million.
    plan.preset.layers[1] =
        serde_yaml::from_str("conv2d: {filters: 3, kernel: 3, stride: 2, l2: 0.5}").unwrap();
    let mut session = Session::start(plan).unwrap();
    let message = loop {
        match session.advance() {
            Ok(_) => assert!(!session.is_finished()),
            Err(error) => break error.to_string(),
        }
    };
    assert!(
        message.contains("epoch 2") && message.contains("layer "),
        "{message}"
    );
    session.save().unwrap();
    let folder = folder_of(&session);
    let (last, note) = folder.last_weights().unwrap();
    assert_eq!(note.epochs, 1);
    assert_eq!(
        last,
        folder.best_weights().unwrap().0,
        "epoch 1 is the best and the last"
    );
    assert!(
        last.iter()
            .flat_map(|weight| &weight.values)
            .all(|value| value.is_finite())
    );
}

#[test]
fn a_network_too_large_for_the_memory_is_refused_with_both_figures_and_leaves_no_folder() {
    let runs = tempfile::tempdir().unwrap();
    let mut plan = plan("epochs: 1, batch_size: 65536", Some(runs.path()));
    let wide = "conv2d: {filters: 4096, kernel: 3}";
    plan.preset.layers =
        serde_yaml::from_str(&format!("[{{{wide}}}, {{{wide}}}, flatten, classify]")).unwrap();
    let message = Session::start(plan).err().unwrap().to_string();
    assert!(
        message.contains("GB of memory") && message.contains("are free"),
        "{message}"
    );
    assert_eq!(fs::read_dir(runs.path()).unwrap().count(), 0);
}

/// Corrections of a set: these images excluded, and image 5 of class 1.
fn corrections(dataset: &Dataset, left_out: &[u32]) -> Corrections {
    let mut marks: Marks = left_out
        .iter()
        .map(|image| (*image, Mark::LeftOut))
        .collect();
    marks.insert(5, Mark::Becomes(1));
    Corrections {
        from: Some("/home/me/mine.yaml".into()),
        ..Corrections::new(dataset, &marks)
    }
}

fn corrected_plan(training: &str, runs: Option<&Path>, left_out: &[u32]) -> Plan {
    let mut plan = plan(training, runs);
    plan.preset.training.corrections = Some(corrections(&plan.dataset, left_out));
    plan
}

#[test]
fn a_run_records_its_corrections_and_resumes_by_them() {
    let runs = tempfile::tempdir().unwrap();
    let training = "epochs: 3, batch_size: 60, validation: {split: 0.2}";
    let mut whole = Session::start(corrected_plan(training, Some(runs.path()), &[3, 8])).unwrap();
    assert_eq!(
        whole.notes(),
        ["2 training images excluded, 1 relabelled, from /home/me/mine.yaml"]
    );
    let images = whole.trainer().training_images() + whole.trainer().validation_images();
    assert_eq!(images, 498);
    run(&mut whole);
    let record = folder_of(&whole).record().unwrap();
    let recorded = record.preset.training.corrections.clone().unwrap();
    assert_eq!(recorded, corrections(whole.trainer().dataset(), &[3, 8]));
    assert_eq!(record.data.sha256, recorded.sha256);

    // Broken off in its second epoch and resumed: the same bits, from run.yaml alone.
    let mut half = Session::start(corrected_plan(training, Some(runs.path()), &[3, 8])).unwrap();
    while half.history().is_empty() || half.trainer().steps() % 7 != 3 {
        half.advance().unwrap();
    }
    half.save().unwrap();
    let folder = folder_of(&half);
    drop(half);
    let mut resumed = resume(folder.path(), dataset("renamed", 500, 10)).unwrap();
    assert_eq!(resumed.notes().len(), 1);
    run(&mut resumed);
    assert_eq!(
        file(&folder, "last.safetensors"),
        file(&folder_of(&whole), "last.safetensors")
    );
}

#[test]
fn other_corrections_begin_the_epoch_anew_and_are_recorded() {
    let runs = tempfile::tempdir().unwrap();
    let mut session = start("epochs: 1, batch_size: 100", Some(runs.path()));
    run(&mut session);
    let set = Arc::clone(session.trainer().dataset());
    let recipe = Recipe {
        corrections: Some(corrections(&set, &[3])),
        ..epochs(&session, 1)
    };
    session.go_on(&recipe, None).unwrap();
    assert_eq!(session.trainer().training_images(), 499);
    let words = ["1 training image excluded, 1 relabelled, from /home/me/mine.yaml"];
    assert_eq!(session.trainer().changes(), words);
    assert_eq!(session.notes(), words);
    run(&mut session);
    let record = folder_of(&session).record().unwrap();
    assert_eq!(record.latest_recipe().corrections, recipe.corrections);
    // And back to the set as it came.
    let recipe = Recipe {
        corrections: None,
        ..epochs(&session, 1)
    };
    session.go_on(&recipe, None).unwrap();
    assert_eq!(session.trainer().training_images(), 500);
    assert_eq!(session.trainer().changes(), ["no training image corrected"]);
    assert_eq!(
        session.trainer().dataset().train().labels(),
        set.train().labels()
    );
}

#[test]
fn corrections_that_cannot_be_right_are_refused_before_anything_is_made() {
    let runs = tempfile::tempdir().unwrap();
    let mut plan = corrected_plan("epochs: 1", Some(runs.path()), &[3]);
    plan.dataset = dataset("other", 250, 10);
    let refused = Session::start(plan).err().unwrap().to_string();
    assert!(
        refused.starts_with("/home/me/mine.yaml: the corrections are for first 500"),
        "{refused}"
    );
    let mut plan = corrected_plan("epochs: 1", Some(runs.path()), &[3]);
    let corrections = plan.preset.training.corrections.as_mut().unwrap();
    corrections.exclude[0].image = 4;
    corrections.from = None;
    let refused = Session::start(plan).err().unwrap().to_string();
    assert!(
        refused.starts_with("small: training: corrections: exclude: image 4: expected the class"),
        "{refused}"
    );
    assert_eq!(fs::read_dir(runs.path()).unwrap().count(), 0);
}

#[test]
fn a_run_is_called_edited_once_it_trains_by_another_recipe_than_its_name_says() {
    let runs = tempfile::tempdir().unwrap();
    let published = Expectation {
        best_val_accuracy: Some(0.9),
        ..Expectation::default()
    };
    let begin = || {
        let mut plan = plan("epochs: 2, batch_size: 64", Some(runs.path()));
        plan.preset.expect = Some(published);
        plan.preset.data = Some(plan.dataset.source().choice());
        Session::start(plan).unwrap()
    };
    let said = |session: &Session| {
        let record = folder_of(session).record().unwrap();
        assert_eq!(record.preset.name, session.preset().name);
        assert_eq!(record.published(), session.published());
        (record.preset.name.clone(), record.published())
    };
    let (plain, edited) = (("small", Some(published)), ("small, edited", None));
    let owned = |(name, figures): (&str, _)| (name.to_owned(), figures);
    let mut session = begin();
    run(&mut session);
    assert_eq!(said(&session), owned(plain));
    // For another two epochs.
    session.go_on(&epochs(&session, 2), None).unwrap();
    run(&mut session);
    assert_eq!(said(&session), owned(edited));
    session.release();
    let resumed = resume(folder_of(&session).path(), dataset("first 500", 500, 10)).unwrap();
    assert_eq!(said(&resumed), owned(edited));

    // Stopped, and gone on with as it was planned.
    let mut session = begin();
    session.advance().unwrap();
    session.save().unwrap();
    session.release();
    let mut session = resume(folder_of(&session).path(), dataset("first 500", 500, 10)).unwrap();
    session.go_on(&epochs(&session, 2), None).unwrap();
    run(&mut session);
    assert_eq!(said(&session), owned(plain));

    // Changed by hand: a change that is taken back was made all the same.
    let mut session = begin();
    session.advance().unwrap();
    let rate = session.trainer().learning_rate();
    assert_eq!(session.set_learning_rate(rate), None);
    session.save().unwrap();
    assert_eq!(said(&session), owned(plain));
    for rate in [0.5, rate] {
        session.set_learning_rate(rate).unwrap();
        session.save().unwrap();
        assert_eq!(said(&session), owned(edited));
    }
    // Other data are no other network or recipe.
    let mut session = begin();
    session.advance().unwrap();
    session.set_dataset(dataset("other", 250, 10)).unwrap();
    session.save().unwrap();
    assert_eq!(said(&session), owned(("small", None)));
}

#[test]
fn both_trainings_of_an_edited_preset_are_called_so() {
    let runs = tempfile::tempdir().unwrap();
    let transfer = "epochs: 1, batch_size: 64, transfer: {pretrain: {data: other, epochs: 1}}";
    let mut plan = plan(transfer, Some(runs.path()));
    // It has the built-in preset's name and nothing else of it.
    plan.preset.name = "fashion-conv1".to_owned();
    let mut first = Session::start(plan).unwrap();
    run(&mut first);
    let mut second = first.follow_up().unwrap().unwrap();
    run(&mut second);
    for (session, name, folder) in [
        (
            &first,
            "fashion-conv1-pretrain, edited",
            "-fashion-conv1-pretrain-edited",
        ),
        (&second, "fashion-conv1, edited", "-fashion-conv1-edited"),
    ] {
        assert_eq!(session.preset().name, name);
        let path = folder_of(session).path().display().to_string();
        assert!(path.ends_with(folder), "{path}");
    }
    // As an earlier version wrote it.
    let first = folder_of(&first);
    let old = first.path().join("run.yaml");
    let text = fs::read_to_string(&old).unwrap().replace(", edited", "");
    fs::write(&old, text).unwrap();
    let record = first.record().unwrap();
    assert_eq!(record.preset.name, "fashion-conv1-pretrain, edited");
    assert_eq!(record.then.unwrap().preset.name, "fashion-conv1, edited");
}

/// The first images of the starter set, with validation images of its own.
fn with_validation() -> Arc<Dataset> {
    let set = dataset("with validation", 500, 10);
    let more = dataset("more", 580, 10);
    let images = 500..580;
    let pixels = images
        .clone()
        .flat_map(|image| more.train().image_u8(image));
    let validation = Split::new(
        set.shape(),
        Pixels::U8(pixels.collect()),
        more.train().labels()[images].to_vec(),
    );
    Arc::new(
        Dataset::new(Parts {
            name: set.name.clone(),
            source: set.source().clone(),
            class_names: set.class_names().to_vec(),
            train: set.train().clone(),
            test: set.test().clone(),
            validation: Some(validation),
        })
        .unwrap(),
    )
}

#[test]
fn validation_images_that_a_set_brings_are_measured_and_the_test_set_once_at_the_end() {
    let runs = tempfile::tempdir().unwrap();
    let training = "epochs: 3, batch_size: 64, validation: data";
    let on_it = |training: &str| Plan {
        dataset: with_validation(),
        ..plan(training, Some(runs.path()))
    };
    let mut whole = Session::start(on_it(training)).unwrap();
    assert_eq!(whole.notes(), [""; 0]);
    assert_eq!(whole.trainer().validation_images(), 80);
    run(&mut whole);
    let folder = folder_of(&whole);
    let record = folder.record().unwrap();
    assert_eq!(record.data.validation_images, Some(80));
    assert_eq!(
        record.validation_of_epoch(3).to_string(),
        "the validation images of the set"
    );
    let test = folder.test().unwrap().unwrap();
    assert_eq!(test.times, 1);
    assert_eq!(test.epoch, whole.best().unwrap().val_accuracy_epoch);

    // Broken off in its second epoch and resumed: the same bits.
    let mut half = Session::start(on_it(training)).unwrap();
    while half.history().is_empty() || half.trainer().steps() % 8 != 3 {
        half.advance().unwrap();
    }
    half.save().unwrap();
    let half_folder = folder_of(&half);
    drop(half);
    let other = resume(half_folder.path(), dataset("first 500", 500, 10))
        .err()
        .unwrap();
    assert!(!other.is_empty());
    let mut resumed = resume(half_folder.path(), with_validation()).unwrap();
    run(&mut resumed);
    assert!(file(&half_folder, "last.safetensors") == file(&folder, "last.safetensors"));

    // Where they are not asked for, they are mentioned.
    let by_default = Session::start(on_it("epochs: 1")).unwrap();
    assert_eq!(
        by_default.notes(),
        [
            "with validation brings 80 validation images of its own, which are not used; `validation: data` measures them after every epoch \
          and keeps the test set for the end"
        ]
    );
}

#[test]
fn validation_on_images_that_a_set_does_not_bring_is_refused_before_anything_is_written() {
    let runs = tempfile::tempdir().unwrap();
    let refusal = Session::start(plan("epochs: 1, validation: data", Some(runs.path())));
    assert_eq!(
        refusal.err().unwrap().to_string(),
        "small: training: validation: data: first 500 has no validation images of its own; use `validation: test`, or `{split: 0.1}` to \
         hold out a part of its training images"
    );
    assert_eq!(fs::read_dir(runs.path()).unwrap().count(), 0);

    // Nor may a run change to such a set, by plan or by hand.
    let on_it = |training: &str| Plan {
        dataset: with_validation(),
        ..plan(training, None)
    };
    let planned = Session::start(on_it(
        "epochs: 2, validation: data, plan: [{epoch: 2, data: other}]",
    ));
    let planned = planned.err().unwrap().to_string();
    assert!(
        planned.contains("other has no validation images"),
        "{planned}"
    );
    let mut session = Session::start(on_it("epochs: 2, validation: data")).unwrap();
    let recipe = epochs(&session, 2);
    let by_hand = session.go_on(&recipe, Some(dataset("other", 250, 10)));
    let by_hand = by_hand.unwrap_err().to_string();
    assert!(
        by_hand.contains("other has no validation images"),
        "{by_hand}"
    );

    // Pretraining on one validates on its test images; the run that follows on its own.
    let pretrained = "epochs: 1, validation: data, train_images: 100, transfer: {pretrain: {data: other, epochs: 1}}";
    let mut session = Session::start(on_it(pretrained)).unwrap();
    assert_eq!(session.trainer().validation_images(), 200);
    assert_eq!(session.trainer().training_images(), 250);
    run(&mut session);
    let following = session.follow_up().unwrap().unwrap();
    assert_eq!(following.trainer().validation_images(), 80);
    assert_eq!(following.trainer().training_images(), 100);
}

#[test]
fn a_set_that_is_chosen_for_the_next_epoch_must_fit_a_changed_recipe_too() {
    let mut session = Session::start(Plan {
        dataset: with_validation(),
        ..plan("epochs: 3, batch_size: 100", None)
    })
    .unwrap();
    // During validation another set is for the next epoch.
    while session.trainer().batches_done() < session.trainer().batches_per_epoch() {
        session.advance().unwrap();
    }
    session.set_dataset(dataset("other", 250, 10)).unwrap();
    let mut recipe = epochs(&session, 3);
    recipe.validation = convscope::training::Validation::Data;
    let refusal = session.go_on(&recipe, None).unwrap_err().to_string();
    assert!(
        refusal.contains("other has no validation images"),
        "{refusal}"
    );
    run(&mut session);
}

#[test]
fn a_run_records_how_many_images_it_is_trained_on() {
    let runs = tempfile::tempdir().unwrap();
    let training = "epochs: 1, batch_size: 64, train_images: 0.2, validation: {split: 0.2}";
    let mut session = start(training, Some(runs.path()));
    run(&mut session);
    let folder = folder_of(&session);
    let text = fs::read_to_string(folder.path().join("run.yaml")).unwrap();
    assert!(text.contains("train_images: 0.2\n"), "{text}");
    let record = folder.record().unwrap();
    assert_eq!(
        record.training_images,
        Some(session.trainer().training_images())
    );
    let words = record.trained_images_in_words();
    assert_eq!(words.as_deref(), Some("80 of 500 training images"));

    let mut recipe = epochs(&session, 1);
    recipe.train_images = None;
    session.go_on(&recipe, None).unwrap();
    run(&mut session);
    assert_eq!(folder.record().unwrap().training_images, None);

    let many = Session::start(plan("epochs: 1, train_images: 501", Some(runs.path())));
    let many = many.err().unwrap().to_string();
    assert!(
        many.contains("train_images: first 500: 501 are more than the 500 images"),
        "{many}"
    );
    let weights = Session::start(plan("epochs: 1, class_weights: {Shirts: 2}", None));
    let weights = weights.err().unwrap().to_string();
    assert!(
        weights.contains("got `Shirts`; the nearest one is `Shirt`"),
        "{weights}"
    );
}
