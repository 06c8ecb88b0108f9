//! Suspect labels through the worker's channels: judged, marked, kept, and taken into the next training.

mod worker_support;

use std::path::Path;

use convscope::analysis::Gallery;
use convscope::data::{CorrectionsFolder, Drafts, Mark, Recent, SplitName};
use convscope::training::Preset;
use convscope::worker::{
    Command, DataCommand, Event, JudgedPage, JudgedRequest, MarkRequest, Purpose, RunFacts,
    SetMarks, Surroundings, TrainRequest, Worker,
};
use worker_support::{SET, finish, load, next_but_batches, send};

const NETWORK: &str = "name: small\ninput: [28, 28, 1]\nclasses: 10\nseed: 3\ntraining: {epochs: 1, validation: {split: 0.1}}\n\
                       layers:\n  - max_pool2d: {size: 7}\n  - flatten\n  - classify\n";

fn start(folder: &Path) -> Worker {
    Worker::start_in(Surroundings {
        recent: Recent::default(),
        drafts: Drafts::default(),
        corrections: CorrectionsFolder::at(folder),
        ..Surroundings::of_user(Some(2))
    })
    .unwrap()
}

fn wait<T>(worker: &Worker, wanted: impl Fn(Event) -> Option<T>) -> T {
    loop {
        if let Some(found) = wanted(next_but_batches(worker)) {
            return found;
        }
    }
}

fn train(worker: &Worker) -> RunFacts {
    send(
        worker,
        Command::Train(TrainRequest {
            preset: Preset::parse(NETWORK, "test").unwrap(),
            dataset: SET.to_owned(),
            runs_folder: None,
            keep_weights: false,
        }),
    );
    let facts = wait(worker, |event| match event {
        Event::RunStarted(facts) => Some(facts),
        Event::Failed { message, .. } => panic!("{message}"),
        _ => None,
    });
    wait(worker, |event| {
        matches!(event, Event::RunEnded { .. }).then_some(())
    });
    *facts
}

fn suspects(worker: &Worker, run: u64, from: usize) -> JudgedPage {
    send(
        worker,
        Command::Judged(JudgedRequest {
            request: 9,
            run,
            gallery: Gallery::HighestLoss,
            epochs: 1,
            from,
            count: 20,
        }),
    );
    wait(worker, |event| match event {
        Event::Judged(page) => Some(*page),
        _ => None,
    })
}

fn mark(worker: &Worker, image: usize, mark: Mark) {
    send(
        worker,
        Command::Mark(MarkRequest {
            dataset: SET.to_owned(),
            image,
            mark: Some(mark),
        }),
    );
}

fn marks(worker: &Worker) -> SetMarks {
    wait(worker, |event| match event {
        Event::Marks(marks) => Some(marks),
        Event::Failed { message, .. } => panic!("{message}"),
        _ => None,
    })
}

#[test]
fn suspects_are_found_marked_and_left_out_of_the_next_training() {
    let folder = tempfile::tempdir().unwrap();
    let worker = start(folder.path());
    load(&worker);
    let facts = train(&worker);
    assert_eq!(facts.train_images, 9_000);
    assert!(facts.notes.is_empty());

    let page = suspects(&worker, facts.run, 0);
    assert_eq!((page.split, page.matching), (SplitName::Train, 10_000));
    assert_eq!((page.epochs, page.figures.images), (1, 10_000));
    let losses = |page: &JudgedPage| -> Vec<f32> {
        page.images
            .iter()
            .map(|image| image.judgement.cross_entropy)
            .collect()
    };
    assert!(losses(&page).is_sorted_by(|one, other| one >= other));
    let later = suspects(&worker, facts.run, 20);
    assert!(losses(&later)[0] <= losses(&page)[19]);
    // A tenth of all validates; the worst loss is that of its probability.
    let all: Vec<usize> = page
        .images
        .iter()
        .map(|image| image.judgement.index)
        .collect();
    assert!(page.untrained.iter().all(|image| all.contains(image)));
    let worst = &page.images[0].judgement;
    let probability = worst.probabilities[usize::from(worst.label)];
    assert!(
        (worst.cross_entropy + probability.ln()).abs() < 1e-3,
        "{worst:?}"
    );
    assert_ne!(worst.label, worst.predicted);

    mark(&worker, all[0], Mark::LeftOut);
    assert_eq!(marks(&worker).images.len(), 1);
    mark(
        &worker,
        all[1],
        Mark::Becomes(page.images[1].judgement.predicted),
    );
    let kept = marks(&worker);
    assert_eq!(kept.images.len(), 2);
    let facts = train(&worker);
    assert_eq!(facts.train_images + facts.validation_images, 9_999);
    let note = format!(
        "1 training image left out, 1 relabelled, by {}",
        kept.file.clone().unwrap().display()
    );
    assert_eq!(facts.notes, [note]);
    // They are judged by the label that they came with, and the one that is left out is not trained on.
    let page = suspects(&worker, facts.run, 0);
    let place = |image: usize| page.images.iter().find(|one| one.judgement.index == image);
    assert!(place(all[0]).is_none() || page.untrained.contains(&all[0]));
    if let Some(relabelled) = place(all[1]) {
        assert_eq!(relabelled.judgement.label, kept_label(&kept, all[1]));
    }
    finish(worker);

    // The next start tells of them as soon as the set is loaded.
    let worker = start(folder.path());
    load(&worker);
    assert_eq!(marks(&worker), kept);
    finish(worker);
}

fn kept_label(kept: &SetMarks, image: usize) -> u16 {
    let marked = kept.images.iter().find(|marked| marked.image == image);
    marked.unwrap().was
}

#[test]
fn a_file_that_cannot_be_right_is_told_and_no_training_begins_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let worker = start(folder.path());
    load(&worker);
    mark(&worker, 5, Mark::LeftOut);
    let file = marks(&worker).file.unwrap();
    finish(worker);
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("image: 5", "image: 10000")).unwrap();

    let worker = start(folder.path());
    send(
        &worker,
        Command::Data(DataCommand::open(
            1,
            Some("fashion-mnist-starter".to_owned()),
        )),
    );
    let failure = |purpose| {
        wait(&worker, |event| match event {
            Event::Failed { what, message } => {
                assert_eq!(what, purpose);
                Some(message)
            }
            _ => None,
        })
    };
    let expected = format!(
        "{}: exclude: image 10000: {SET} has 10000 training images, numbered from 0 to 9999",
        file.display()
    );
    assert_eq!(failure(Purpose::ReadCorrections), expected);
    send(
        &worker,
        Command::Train(TrainRequest {
            preset: Preset::parse(NETWORK, "test").unwrap(),
            dataset: SET.to_owned(),
            runs_folder: None,
            keep_weights: false,
        }),
    );
    assert_eq!(failure(Purpose::Train), expected);
    finish(worker);
}
