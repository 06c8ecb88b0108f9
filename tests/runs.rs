//! Run folders: what is written comes back, a training goes on from any batch to the same bits, and a crash or a folder that
//! vanishes loses nothing that was written.

mod cli_support;

use std::fs;
use std::sync::Arc;

use cli_support::{PRESET, Place};
use convscope::data::{self, Dataset};
use convscope::network::{CheckedNetwork, Model, NamedWeights};
use convscope::runs::{
    RunError, RunFolder, RunNotes, RunRecord, RunWriter, deleted, empty_bin, kept_epochs, list,
};
use convscope::session::{Plan, Resumption, Session, SessionEvent, thread_pool};
use convscope::training::{Checkpoint, EpochMetrics, Preset, Progress, Setup, Trainer};

fn preset() -> Preset {
    Preset::parse(PRESET, "tiny").unwrap()
}

fn dataset(place: &Place) -> Arc<Dataset> {
    Arc::new(data::load(place.path("data").to_str()).unwrap())
}

fn trainer(preset: &Preset, dataset: &Arc<Dataset>) -> Trainer {
    let network = Arc::new(CheckedNetwork::new(&preset.network()).unwrap());
    let model = Model::new(network, preset.seed);
    let pool = thread_pool(Some(1)).unwrap();
    Trainer::new(Setup {
        model,
        dataset: Arc::clone(dataset),
        recipe: preset.training.clone(),
        seed: preset.seed,
        pool,
        planned_data: Vec::new(),
    })
}

fn new_folder(place: &Place) -> RunWriter {
    let record = RunRecord::now(preset(), &dataset(place), 1);
    RunFolder::create(&place.path("runs"), &record, &RunNotes::default()).unwrap()
}

/// Trains to the end; the figures, without those of time.
fn finish(trainer: &mut Trainer) -> Vec<EpochMetrics> {
    let mut epochs = Vec::new();
    while !trainer.is_finished() {
        if let Progress::Epoch(figures) = trainer.advance().unwrap() {
            epochs.push(EpochMetrics {
                seconds: 0.0,
                images_per_second: 0.0,
                ..figures.metrics
            });
        }
    }
    epochs
}

#[test]
fn a_training_goes_on_from_any_point_to_the_same_bits() {
    let place = Place::new();
    let (preset, dataset) = (preset(), dataset(&place));
    let mut straight = trainer(&preset, &dataset);
    let whole = finish(&mut straight);
    assert_eq!(whole.len(), 3);
    // An epoch is five batches and one of validation.
    for stop in 0..14 {
        let mut first = trainer(&preset, &dataset);
        for _ in 0..stop {
            first.advance().unwrap();
        }
        let folder = new_folder(&place);
        folder.save_last(&preset.name, &first.checkpoint()).unwrap();

        let folder = RunFolder::open(folder.path()).unwrap();
        let mut second = trainer(&preset, &dataset);
        second.restore(&folder.checkpoint().unwrap()).unwrap();
        assert_eq!(second.epochs_done(), stop / 6, "after {stop}");
        let rest = finish(&mut second);
        assert_eq!(rest, whole[stop / 6..], "after {stop}");
        assert_eq!(
            second.model().export(),
            straight.model().export(),
            "after {stop}"
        );
        assert_eq!(
            second.checkpoint().optimizer,
            straight.checkpoint().optimizer
        );
    }
}

/// What files of program versions before Keras's names called a tensor of the tiny network.
fn former(tensor: &NamedWeights) -> NamedWeights {
    let name = match tensor.name.ends_with("start_share") {
        // They had none.
        true => tensor.name.clone(),
        false => tensor.name.replace("batch_normalization/", "batch_norm/"),
    };
    NamedWeights {
        name: name.replace("dense/", "classify/"),
        ..tensor.clone()
    }
}

/// A checkpoint as such a version wrote it: by the former names, in the order of the alphabet.
fn as_formerly(checkpoint: &Checkpoint) -> Checkpoint {
    let rename = |tensors: &[NamedWeights]| {
        let mut tensors: Vec<_> = tensors.iter().map(former).collect();
        tensors.sort_by(|a, b| a.name.cmp(&b.name));
        tensors
    };
    Checkpoint {
        weights: rename(&checkpoint.weights),
        average: rename(&checkpoint.average),
        optimizer: rename(&checkpoint.optimizer),
        position: checkpoint.position.clone(),
    }
}

#[test]
fn a_run_whose_weights_have_their_former_names_goes_on_to_the_same_bits() {
    let place = Place::new();
    let mut preset = preset();
    preset.training.average = Some(0.9);
    let dataset = dataset(&place);
    let mut straight = trainer(&preset, &dataset);
    let whole = finish(&mut straight);
    for stop in [0, 8] {
        let mut first = trainer(&preset, &dataset);
        for _ in 0..stop {
            first.advance().unwrap();
        }
        let folder = new_folder(&place);
        let old = as_formerly(&first.checkpoint());
        assert!(
            old.weights
                .iter()
                .any(|weight| weight.name == "classify/kernel")
        );
        folder.save_last(&preset.name, &old).unwrap();
        let mut second = trainer(&preset, &dataset);
        second.restore(&folder.checkpoint().unwrap()).unwrap();
        assert_eq!(finish(&mut second), whole[stop / 6..], "after {stop}");
        assert_eq!(second.checkpoint(), straight.checkpoint(), "after {stop}");
    }

    // A whole run folder: resumed, and with its best weights taken again.
    let folder = new_folder(&place);
    let mut begun = trainer(&preset, &dataset);
    let first_epoch = loop {
        if let Progress::Epoch(figures) = begun.advance().unwrap() {
            break figures.metrics;
        }
    };
    folder.append(&first_epoch).unwrap();
    let best = as_formerly(&begun.evaluated_checkpoint());
    folder.save_best(&preset.name, &best).unwrap();
    let last = as_formerly(&begun.checkpoint());
    folder.save_last(&preset.name, &last).unwrap();
    let mut record = folder.record().unwrap();
    record.preset = preset;
    folder.save_record(&record).unwrap();
    let written = folder.folder().clone();
    drop(folder);
    let folder = written;
    let mut session = Session::resume(Resumption {
        folder: folder.path().to_owned(),
        dataset,
        pool: thread_pool(Some(1)).unwrap(),
        find: Arc::new(|name| Err(format!("no set {name}"))),
    })
    .unwrap();
    session.restore_best().unwrap();
    while !session.is_finished() {
        session.advance().unwrap();
    }
    session.save().unwrap();
    assert_eq!(session.history().len(), 3);
    let (weights, _) = folder.last_weights().unwrap();
    assert_eq!(weights[2].name, "batch_normalization/gamma");
}

#[test]
fn weights_stand_in_keras_order_under_keras_names() {
    let place = Place::new();
    let mut preset = preset();
    // Keras 3.15 was asked for `layer.name/variable.name` of each layer's weights of the same network.
    preset.input = convscope::shape::Shape::new(12, 12, 1);
    preset.layers = serde_yaml::from_str(
        "[conv2d: {filters: 2, kernel: 3}, batch_norm, relu, conv2d: {filters: 2, kernel: 3}, batch_norm, gelu, max_pool2d: {size: 2}, \
         flatten, dense: {units: 3}, batch_norm, dense: {units: 4}, classify]",
    )
    .unwrap();
    let network = Arc::new(CheckedNetwork::new(&preset.network()).unwrap());
    let folder = new_folder(&place);
    let checkpoint = Checkpoint {
        weights: Model::new(network, 1).export(),
        average: Vec::new(),
        optimizer: Vec::new(),
        position: Default::default(),
    };
    folder.save_best("tiny", &checkpoint).unwrap();
    let expected = [
        "conv2d/kernel",
        "conv2d/bias",
        "batch_normalization/gamma",
        "batch_normalization/beta",
        "batch_normalization/moving_mean",
        "batch_normalization/moving_variance",
        "conv2d_1/kernel",
        "conv2d_1/bias",
        "batch_normalization_1/gamma",
        "batch_normalization_1/beta",
        "batch_normalization_1/moving_mean",
        "batch_normalization_1/moving_variance",
        "dense/kernel",
        "dense/bias",
        "batch_normalization_2/gamma",
        "batch_normalization_2/beta",
        "batch_normalization_2/moving_mean",
        "batch_normalization_2/moving_variance",
        "dense_1/kernel",
        "dense_1/bias",
        "dense_2/kernel",
        "dense_2/bias",
        // Behind all that Keras has.
        "batch_normalization/start_share",
        "batch_normalization_1/start_share",
        "batch_normalization_2/start_share",
    ];
    let (weights, _) = folder.best_weights().unwrap();
    let names: Vec<_> = weights.iter().map(|weight| weight.name.as_str()).collect();
    assert_eq!(names, expected);
    // The header lists them so too, for whoever reads the file with another library.
    let file = fs::read(folder.path().join("best.safetensors")).unwrap();
    let header = String::from_utf8_lossy(&file[8..]).into_owned();
    let places: Vec<_> = expected
        .iter()
        .map(|name| header.find(&format!("\"{name}\"")).unwrap())
        .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn a_checkpoint_of_another_training_is_refused_and_changes_nothing() {
    let place = Place::new();
    let (preset, dataset) = (preset(), dataset(&place));
    let mut ours = trainer(&preset, &dataset);
    ours.advance().unwrap();
    let before = ours.checkpoint();

    let mut wider = preset.clone();
    wider.layers[0]
        .set("filters", &convscope::field::Value::Whole(5))
        .unwrap();
    let reason = ours
        .restore(&trainer(&wider, &dataset).checkpoint())
        .unwrap_err();
    assert!(reason.contains("`conv2d/kernel/"), "{reason}");
    assert!(
        reason.contains("[3, 3, 1, 4], got [3, 3, 1, 5]"),
        "{reason}"
    );

    let mut larger = preset.clone();
    larger.training.batch_size = 24;
    let mut other = trainer(&larger, &dataset);
    other.advance().unwrap();
    let reason = ours.restore(&other.checkpoint()).unwrap_err();
    assert!(reason.contains("image 24"), "{reason}");

    let mut poorer = before.clone();
    poorer.weights.remove(0);
    assert!(ours.restore(&poorer).unwrap_err().contains("conv2d/kernel"));
    assert_eq!(ours.checkpoint(), before);
}

#[test]
fn what_a_crash_leaves_is_never_taken_for_the_real_thing() {
    let place = Place::new();
    let (preset, dataset) = (preset(), dataset(&place));
    let folder = new_folder(&place);
    let mut training = trainer(&preset, &dataset);
    let metrics = finish(&mut training);
    let checkpoint = training.checkpoint();
    folder.save_last(&preset.name, &checkpoint).unwrap();
    folder.save_best(&preset.name, &checkpoint).unwrap();
    for epoch in &metrics[..2] {
        folder.append(epoch).unwrap();
    }
    // Half of what was under way: beside each file, and at the end of the one that grows.
    for file in [
        "last.state",
        "last.safetensors",
        "best.safetensors",
        "run.yaml",
    ] {
        let content = fs::read(folder.path().join(file)).unwrap();
        let unfinished = folder.path().join(format!(".{file}.Xy12Zz.part"));
        fs::write(unfinished, &content[..content.len() / 2]).unwrap();
    }
    let lines = folder.path().join("metrics.jsonl");
    let torn = fs::read_to_string(&lines).unwrap() + "{\"epoch\":3,\"sec";
    fs::write(&lines, torn).unwrap();

    let path = folder.path().to_owned();
    drop(folder);
    let folder = RunFolder::open(&path).unwrap().claim().unwrap();
    assert_eq!(folder.checkpoint().unwrap().position, checkpoint.position);
    assert_eq!(folder.last_weights().unwrap().1.epochs, 3);
    assert_eq!(folder.metrics().unwrap(), metrics[..2]);
    assert_eq!(folder.record().unwrap().preset, preset);
    folder.append(&metrics[2]).unwrap();
    assert_eq!(folder.metrics().unwrap(), metrics);
}

#[test]
fn a_damaged_file_is_named() {
    let place = Place::new();
    let folder = new_folder(&place);
    let message = |result: Result<(), RunError>| result.unwrap_err().to_string();

    let missing = message(folder.checkpoint().map(drop));
    assert!(missing.contains("last.state: cannot be read"), "{missing}");
    fs::write(folder.path().join("last.state"), b"short").unwrap();
    let damaged = message(folder.checkpoint().map(drop));
    assert!(
        damaged.contains("last.state: is not a safetensors file"),
        "{damaged}"
    );
    fs::write(folder.path().join("metrics.jsonl"), "\nnonsense\n").unwrap();
    let damaged = message(folder.metrics().map(drop));
    assert!(damaged.contains("metrics.jsonl: line 2: "), "{damaged}");
    fs::write(folder.path().join("run.yaml"), "preset: 3").unwrap();
    let damaged = message(folder.record().map(drop));
    assert!(damaged.contains("run.yaml: preset"), "{damaged}");
    let elsewhere = message(RunFolder::open(&place.path("data")).map(drop));
    assert!(
        elsewhere.contains("expected a run folder, but it has no run.yaml"),
        "{elsewhere}"
    );
}

#[test]
fn runs_of_one_second_get_folders_of_their_own_and_are_listed() {
    let place = Place::new();
    let runs = place.path("runs");
    assert_eq!(RunFolder::list(&runs).unwrap(), []);
    let mut record = RunRecord::now(preset(), &dataset(&place), 1);
    let first = RunFolder::create(&runs, &record, &RunNotes::default()).unwrap();
    let second = RunFolder::create(&runs, &record, &RunNotes::default()).unwrap();
    let name = |folder: &RunFolder| {
        folder
            .path()
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(name(&second), format!("{}-2", name(&first)));
    record.started = "2020-02-03T12:05:06Z".parse().unwrap();
    record.preset.name = "../../größer: and more".to_owned();
    let older = RunFolder::create(&runs, &record, &RunNotes::default()).unwrap();
    assert!(
        name(&older).ends_with("-------gr--er--and-more"),
        "{}",
        name(&older)
    );
    assert!(name(&older).starts_with("20200203-"), "{}", name(&older));
    assert_eq!(older.record().unwrap(), record);

    fs::create_dir(runs.join("something else")).unwrap();
    fs::write(runs.join("notes.txt"), "").unwrap();
    let made = [older, first, second].map(|writer| writer.folder().clone());
    assert_eq!(RunFolder::list(&runs).unwrap(), made);
}

fn session(place: &Place, preset: Preset) -> Session {
    Session::start(Plan {
        preset,
        dataset: dataset(place),
        runs_folder: Some(place.path("runs")),
        pool: thread_pool(Some(1)).unwrap(),
        find: Arc::new(|name| Err(format!("{name}: not asked for"))),
        predecessor: None,
        label: Default::default(),
    })
    .unwrap()
}

/// Goes on to the next end of an epoch, and saves it.
fn epoch(session: &mut Session) -> Result<(), RunError> {
    loop {
        if let SessionEvent::Epoch(_) = session.advance().unwrap() {
            return session.save();
        }
    }
}

#[test]
fn a_folder_that_vanishes_loses_no_epoch_once_it_is_back() {
    let place = Place::new();
    let mut session = session(&place, preset());
    let path = session.folder().unwrap().path().to_owned();
    epoch(&mut session).unwrap();
    let hidden = place.path("hidden");
    fs::rename(&path, &hidden).unwrap();
    let message = epoch(&mut session).unwrap_err().to_string();
    assert!(
        message.contains("metrics.jsonl: cannot be written"),
        "{message}"
    );
    assert!(session.save().is_err());
    fs::rename(&hidden, &path).unwrap();
    session.save().unwrap();
    epoch(&mut session).unwrap();
    let folder = RunFolder::open(&path).unwrap();
    assert_eq!(folder.metrics().unwrap(), session.history());
    assert_eq!(folder.checkpoint().unwrap(), session.trainer().checkpoint());
    let best = session.best().unwrap();
    assert_eq!(
        folder.best_weights().unwrap().1.epochs,
        best.val_accuracy_epoch
    );
}

#[test]
fn the_weights_of_the_start_and_of_each_epoch_are_kept_and_a_resumed_run_keeps_on() {
    let place = Place::new();
    let mut session = session(&place, preset());
    let start = session.trainer().model().export();
    epoch(&mut session).unwrap();
    let after_one = session.trainer().model().export();
    epoch(&mut session).unwrap();
    let folder = session.folder().unwrap().clone();
    assert_eq!(folder.checkpoint_epochs(), [0, 1, 2]);
    assert_eq!(folder.epoch_weights(0).unwrap().0, start);
    let (weights, note) = folder.epoch_weights(1).unwrap();
    assert_eq!((weights, note.epochs), (after_one, 1));

    // Of many epochs a few stay, and what is no checkpoint stays too.
    let stranger = folder.path().join("checkpoints/notes.txt");
    fs::write(&stranger, "mine").unwrap();
    let mut late = session.trainer().evaluated_checkpoint();
    session.release();
    let writer = folder.claim().unwrap();
    for epochs in 3..=40 {
        late.position.epochs = epochs;
        writer.save_epoch("test", &late).unwrap();
    }
    assert_eq!(folder.checkpoint_epochs(), kept_epochs(40));
    assert!(stranger.exists());
    let missing = folder.epoch_weights(3).unwrap_err().to_string();
    assert!(missing.contains("epoch-0003.safetensors"), "{missing}");
}

#[test]
fn weights_that_are_not_finite_are_never_written_over_good_ones() {
    let place = Place::new();
    let mut session = session(&place, preset());
    epoch(&mut session).unwrap();
    let path = session.folder().unwrap().path().to_owned();
    let good = fs::read(path.join("last.safetensors")).unwrap();
    let mut weights = session.trainer().model().export();
    let kernel = weights.iter_mut().find(|w| w.name == "dense/kernel");
    kernel.unwrap().values.fill(f32::NAN);
    session.model_mut().import(&weights).unwrap();
    let problem = session.advance().unwrap_err().to_string();
    assert!(
        problem.contains("epoch 2, batch 1: the loss is NaN"),
        "{problem}"
    );
    session.save().unwrap();
    assert_eq!(fs::read(path.join("last.safetensors")).unwrap(), good);
    let state = RunFolder::open(&path).unwrap().checkpoint().unwrap();
    assert!(state.is_finite());
}

/// Makes the files of a folder old enough that the index keeps them.
fn settle(folder: &RunFolder) {
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    let mut paths: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.push(folder.path().to_owned());
    for path in paths {
        fs::File::open(path)
            .unwrap()
            .set_modified(long_ago)
            .unwrap();
    }
}

#[test]
fn the_index_says_what_the_folders_say_whatever_happens_to_either() {
    let place = Place::new();
    let runs = place.path("runs");
    let folder = new_folder(&place).folder().clone();
    let index = runs.join(".index.jsonl");
    settle(&folder);
    let first = list(&runs).unwrap();
    assert_eq!((first.len(), first[0].epochs), (1, 0));
    assert_eq!(list(&runs).unwrap(), first);
    // What stands in the index is believed while the files stand as they stood.
    let text = fs::read_to_string(&index).unwrap();
    let name = first[0].name.clone();
    fs::write(
        &index,
        text.replace(
            &format!("\"name\":\"{name}\""),
            "\"name\":\"from the index\"",
        ),
    )
    .unwrap();
    assert_eq!(list(&runs).unwrap()[0].name, "from the index");
    // A note, an epoch and a changed record are seen at once, though their times may be those of a moment ago.
    folder
        .save_notes(&RunNotes {
            note: "seen".to_owned(),
            ..RunNotes::default()
        })
        .unwrap();
    assert_eq!(list(&runs).unwrap()[0].notes.note, "seen");
    assert_eq!(list(&runs).unwrap()[0].name, name);
    folder
        .claim()
        .unwrap()
        .append(&EpochMetrics {
            epoch: 1,
            ..EpochMetrics::default()
        })
        .unwrap();
    assert_eq!(list(&runs).unwrap()[0].epochs, 1);
    settle(&folder);
    assert_eq!(list(&runs).unwrap()[0].epochs, 1);
    // Thrown away, damaged or of another program it is made anew.
    for text in ["", "not ours\n", "{\"format\":99}\n", &"x".repeat(3 << 20)] {
        fs::write(&index, text).unwrap();
        assert_eq!(list(&runs).unwrap()[0].epochs, 1);
    }
    fs::remove_file(&index).unwrap();
    assert_eq!(list(&runs).unwrap()[0].epochs, 1);
    fs::remove_dir_all(folder.path()).unwrap();
    assert_eq!(list(&runs).unwrap(), []);
}

#[test]
fn a_run_that_is_trained_is_listed_so_and_neither_renamed_nor_deleted() {
    let place = Place::new();
    let runs = place.path("runs");
    let writer = new_folder(&place);
    let folder = writer.folder().clone();
    settle(&folder);
    for _ in 0..2 {
        assert_eq!(list(&runs).unwrap()[0].state().word(), "training");
    }
    assert!(matches!(folder.delete(), Err(RunError::Taken { .. })));
    assert!(matches!(
        folder.rename("other"),
        Err(RunError::Taken { .. })
    ));
    // A person's notes are no affair of the writer's.
    folder
        .save_notes(&RunNotes {
            archived: true,
            ..RunNotes::default()
        })
        .unwrap();
    drop(writer);
    assert_eq!(list(&runs).unwrap()[0].state().word(), "stopped");
}

#[test]
fn runs_are_renamed_deleted_and_brought_back_whole() {
    let place = Place::new();
    let runs = place.path("runs");
    let folder = new_folder(&place).folder().clone();
    let before = folder.record().unwrap();
    let name = |folder: &RunFolder| {
        folder
            .path()
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    let date = name(&folder)[..16].to_owned();
    let renamed = folder.rename("a better name").unwrap();
    assert_eq!(name(&renamed), format!("{date}a-better-name"));
    assert_eq!(renamed.rename("a better name").unwrap(), renamed);
    // One of this name is there already.
    let other = new_folder(&place).folder().clone();
    let other = other.rename("a better name").unwrap();
    assert_ne!(other.path(), renamed.path());

    let in_bin = renamed.delete().unwrap();
    assert!(!renamed.is_there());
    assert_eq!(list(&runs).unwrap().len(), 1);
    assert_eq!(deleted(&runs).unwrap(), std::slice::from_ref(&in_bin));
    let back = in_bin.restore().unwrap();
    assert_eq!(
        (back.path(), back.record().unwrap()),
        (renamed.path(), before)
    );
    assert!(matches!(back.restore(), Err(RunError::NotDeleted { .. })));
    back.delete().unwrap();
    other.delete().unwrap();
    assert_eq!(empty_bin(&runs).unwrap(), 2);
    assert_eq!(list(&runs).unwrap(), []);
    assert_eq!(empty_bin(&runs).unwrap(), 0);
}
