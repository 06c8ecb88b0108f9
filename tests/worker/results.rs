//! What the Results pane asks, through the worker's channels: images judged, suspect labels marked and taken into the next training,
//! drawings classified.

use std::path::Path;

use crate::support::{
    SET, answer, ask, event, finish, judged, load, next_answer, next_but_batches, open, send,
    start_with, worker,
};
use convscope::analysis::{ConfusionTable, Gallery};
use convscope::data::{CorrectionsFolder, Mark};
use convscope::panes::{Judge, JudgedImage, JudgedPage, MarkImage, Predict};
use convscope::runs::{Occasion, RunFolder};
use convscope::training::{EpochMetrics, Portion, Preset};
use convscope::worker::{
    Asked, Command, Event, Outbox, Purpose, RunFacts, SetMarks, TrainRequest, Weights, Worker,
};

const NETWORK: &str = "name: small\ninput: [28, 28, 1]\nclasses: 10\nseed: 3\ntraining: {epochs: 1, validation: {split: 0.1}}\n\
                       layers:\n  - max_pool2d: {size: 7}\n  - flatten\n  - classify\n";

fn start(folder: &Path) -> Worker {
    start_with(CorrectionsFolder::at(folder))
}

fn wait<T>(worker: &Worker, wanted: impl Fn(Event) -> Option<T>) -> T {
    loop {
        if let Some(found) = wanted(next_but_batches(worker)) {
            return found;
        }
    }
}

fn preset() -> Preset {
    Preset::parse(NETWORK, "test").unwrap()
}

/// Trains to the end, and tells of the last epoch.
fn train_in(worker: &Worker, preset: Preset, runs: Option<&Path>) -> (RunFacts, EpochMetrics) {
    send(
        worker,
        Command::Train(TrainRequest {
            preset,
            dataset: SET.to_owned(),
            runs_folder: runs.map(Path::to_owned),
            keep_weights: false,
        }),
    );
    let facts = wait(worker, |event| match event {
        Event::RunStarted(facts) => Some(facts),
        Event::Failed { message, .. } => panic!("{message}"),
        _ => None,
    });
    let mut last = None;
    loop {
        match next_but_batches(worker) {
            Event::Epoch { metrics, .. } => last = Some(metrics),
            Event::RunEnded { .. } => return (*facts, last.unwrap()),
            _ => {}
        }
    }
}

fn train(worker: &Worker) -> RunFacts {
    train_in(worker, preset(), None).0
}

/// A page of a gallery of a run's images, once they are all judged.
fn selected(worker: &Worker, facts: &RunFacts, question: (Gallery, Portion, usize)) -> JudgedPage {
    let (gallery, portion, from) = question;
    let question = Judge {
        run: facts.run,
        epochs: facts.epochs,
        dataset: SET.to_owned(),
        portion,
        gallery,
        from,
        count: 20,
    };
    judged(worker, question)
}

fn suspects(worker: &Worker, facts: &RunFacts, from: usize) -> JudgedPage {
    selected(
        worker,
        facts,
        (Gallery::HighestLoss, Portion::Training, from),
    )
}

fn mark(worker: &Worker, image: usize, mark: Mark) -> SetMarks {
    let question = MarkImage {
        dataset: SET.to_owned(),
        image,
        mark: Some(mark),
    };
    answer(worker, question).unwrap()
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

    let page = suspects(&worker, &facts, 0);
    let results = &page.results;
    assert_eq!(
        (results.portion, page.matching),
        (Portion::Training, 10_000)
    );
    assert_eq!((results.epochs, results.figures.images), (1, 10_000));
    let losses = |page: &JudgedPage| -> Vec<f32> {
        page.images
            .iter()
            .map(|image| image.judgement.cross_entropy)
            .collect()
    };
    assert!(losses(&page).is_sorted_by(|one, other| one >= other));
    let later = suspects(&worker, &facts, 20);
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

    let marked = mark(&worker, all[0], Mark::LeftOut);
    assert_eq!(marked.images.len(), 1);
    let right = page.images[1].judgement.predicted;
    let kept = mark(&worker, all[1], Mark::Becomes(right));
    assert_eq!(kept.images.len(), 2);
    let facts = train(&worker);
    assert_eq!(facts.train_images + facts.validation_images, 9_999);
    let note = format!(
        "1 training image excluded, 1 relabelled, from {}",
        kept.file.clone().unwrap().display()
    );
    assert_eq!(facts.notes, [note]);
    // They are judged by the label that they came with, and the excluded one is not trained on.
    let page = suspects(&worker, &facts, 0);
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
    let file = mark(&worker, 5, Mark::LeftOut).file.unwrap();
    finish(worker);
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("image: 5", "image: 10000")).unwrap();

    let worker = start(folder.path());
    open(&worker, "fashion-mnist-starter");
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

#[test]
fn figures_tell_the_loss_of_the_curves_with_penalty_and_smoothing() {
    let worker = worker();
    let text = NETWORK.replace(
        "  - flatten",
        "  - flatten\n  - dense: {units: 8, activation: relu, l2: 0.05}",
    );
    let mut preset = Preset::parse(&text, "test").unwrap();
    preset.training.label_smoothing = 0.2;
    let (facts, last) = train_in(&worker, preset, None);
    let page = selected(
        &worker,
        &facts,
        (Gallery::ConfidentErrors, Portion::HeldOut, 0),
    );
    let figures = &page.results.figures;
    assert!(
        (figures.loss - last.val_loss).abs() < 1e-5,
        "{} {}",
        figures.loss,
        last.val_loss
    );
    assert!(figures.cross_entropy < figures.loss - 0.05, "{figures:?}");
    finish(worker);
}

#[test]
fn a_gallery_is_of_the_images_of_its_cell_the_most_confident_first() {
    let worker = worker();
    let mut preset = preset();
    preset.training.validation = Default::default();
    let (facts, _) = train_in(&worker, preset, None);
    let cell = Gallery::Cell {
        truth: 7,
        predicted: 7,
    };
    let page = selected(&worker, &facts, (cell, Portion::Test, 0));
    let results = &page.results;
    assert_eq!((results.epochs, results.figures.images), (1, 2_000));
    assert_eq!(page.matching, results.table.count(7, 7) as usize);
    assert_eq!(page.images.len(), 20);
    let confidence = |image: &JudgedImage| image.judgement.probabilities[7];
    let mut pairs = page.images.windows(2);
    assert!(pairs.all(|pair| confidence(&pair[0]) >= confidence(&pair[1])));
    assert!(page.images.iter().all(|image| {
        (image.judgement.label, image.judgement.predicted) == (7, 7) && image.pixels.len() == 784
    }));
    let errors = selected(
        &worker,
        &facts,
        (Gallery::ConfidentErrors, Portion::Test, 0),
    );
    let figures = &errors.results.figures;
    assert_eq!(errors.matching, figures.images - figures.right);
    finish(worker);
}

fn drawing(level: u8) -> Predict {
    let mut image = vec![0; 28 * 28];
    // A bar near the left edge, which centring moves to the middle.
    for row in 6..22 {
        image[row * 28 + 2..row * 28 + 5].fill(level);
    }
    Predict {
        weights: Weights {
            network: preset().network(),
            seed: 3,
            keep_weights: true,
            epoch: None,
        },
        version: None,
        image,
        centre: true,
        dataset: Some(SET.into()),
        neighbours: 4,
    }
}

#[test]
fn a_drawing_is_classified_as_the_network_sees_it() {
    let worker = worker();
    let mut asked = Asked::default();
    ask(&worker, &mut asked, drawing(200));
    let untrained = next_answer(&worker, &mut asked).unwrap();
    assert_eq!(
        (untrained.trained_epochs, &untrained.neighbours),
        (0, &None)
    );
    let sum: f32 = untrained.probabilities.iter().sum();
    assert!((sum - 1.0).abs() < 1e-5);
    let left = &untrained.seen[14 * 28 + 2..14 * 28 + 5];
    assert_eq!(left, [0, 0, 0]);
    assert!(untrained.seen[14 * 28 + 14] > 0);
    // The nearest images come after it.
    let nearest = next_answer(&worker, &mut asked).unwrap().neighbours;
    assert_eq!(nearest.as_ref().map(Vec::len), Some(4));

    train(&worker);
    let started = std::time::Instant::now();
    ask(&worker, &mut asked, drawing(200));
    let trained = next_answer(&worker, &mut asked).unwrap();
    println!("one prediction: {:?}", started.elapsed());
    assert_eq!(trained.trained_epochs, 1);
    assert_ne!(trained.probabilities, untrained.probabilities);
    let again = next_answer(&worker, &mut asked).unwrap().neighbours;
    assert_eq!(again, nearest);

    // A drawing of the wrong size is refused with both sizes.
    let mut wrong = drawing(200);
    wrong.image.pop();
    let message = answer(&worker, wrong).unwrap_err();
    assert!(
        message.starts_with("Could not classify the drawing: ")
            && message.contains("784")
            && message.contains("783"),
        "{message}"
    );
    finish(worker);
}

#[test]
fn the_test_set_is_measured_at_the_end_and_when_it_is_asked_for_and_run_yaml_says_so() {
    let runs = tempfile::tempdir().unwrap();
    let worker = worker();
    let (facts, last) = train_in(&worker, preset(), Some(runs.path()));
    let folder = RunFolder::open(facts.folder.as_ref().unwrap()).unwrap();
    let tests = || folder.record().unwrap().tests;
    let occasions = || tests().iter().map(|test| test.occasion).collect::<Vec<_>>();
    assert_eq!(occasions(), [Occasion::End]);

    // What the pane shows when it is opened: the table's own images.
    let errors = |portion| selected(&worker, &facts, (Gallery::ConfidentErrors, portion, 0));
    let page = errors(Portion::HeldOut);
    let results = &page.results;
    assert_eq!(
        (results.portion, results.figures.images),
        (Portion::HeldOut, 1_000)
    );
    let written = folder.confusion().unwrap().unwrap();
    assert_eq!(
        Some(results.table.clone()),
        ConfusionTable::from_csv(&written)
    );
    assert!((results.figures.accuracy - last.val_accuracy).abs() < 1e-12);
    assert_eq!(
        page.matching,
        results.figures.images - results.figures.right
    );
    // They are told by their places among the training images.
    let places: Vec<usize> = page.images.iter().map(|one| one.judgement.index).collect();
    assert!(places.iter().any(|place| *place >= 1_000), "{places:?}");
    assert_eq!(occasions(), [Occasion::End], "nothing of the test set");

    let page = errors(Portion::Test);
    assert_eq!(page.results.figures.images, 2_000);
    assert_eq!(occasions(), [Occasion::End, Occasion::Asked]);
    let test = tests().pop().unwrap();
    assert_eq!((test.epoch, test.stretch), (1, 1));
    assert!((test.accuracy - page.results.figures.accuracy).abs() < 1e-12);
    assert!((test.loss - page.results.figures.loss).abs() < 1e-9);
    // Other pages and galleries are of the same measurement.
    selected(
        &worker,
        &facts,
        (Gallery::SmallestMargin, Portion::Test, 20),
    );
    assert_eq!(occasions().len(), 2);

    // The end of a training that goes on counts them all.
    let recipe = preset().training;
    let dataset = None;
    send(&worker, Command::Continue { recipe, dataset });
    let test = wait(&worker, |event| match event {
        Event::Tested { test, .. } => Some(test),
        _ => None,
    });
    assert_eq!((test.epoch, test.times), (test.epoch, 3));
    wait(&worker, |event| {
        matches!(event, Event::RunEnded { .. }).then_some(())
    });
    assert_eq!(occasions(), [Occasion::End, Occasion::Asked, Occasion::End]);
    finish(worker);
}

#[test]
fn the_test_set_of_a_run_that_another_process_trains_is_not_measured() {
    let runs = tempfile::tempdir().unwrap();
    let worker = worker();
    let (facts, _) = train_in(&worker, preset(), Some(runs.path()));
    let folder = RunFolder::open(facts.folder.as_ref().unwrap()).unwrap();
    let other = folder.claim().unwrap();
    let question = Judge {
        run: facts.run,
        epochs: 1,
        dataset: SET.to_owned(),
        portion: Portion::Test,
        gallery: Gallery::ConfidentErrors,
        from: 0,
        count: 0,
    };
    let mut asked = Asked::default();
    ask(&worker, &mut asked, question);
    let mut out = Outbox::default();
    let refusal = loop {
        match asked.next(&mut out) {
            Some(Err(why)) => break why.to_owned(),
            Some(Ok(page)) => panic!("{page:?}"),
            // The run is followed meanwhile.
            None => drop(event(&worker)),
        }
    };
    assert!(refusal.contains("being trained by"), "{refusal}");
    assert_eq!(folder.record().unwrap().tests.len(), 1);
    drop(other);
    finish(worker);
}
