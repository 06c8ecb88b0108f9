//! A set that brings validation images: every pane that shows its images has them, and Train says how to validate on them.

use convscope::data::{DatasetSummary, SplitName};
use convscope::panes::{Measured, Page, Statistics};
use convscope::training::{Portion, Validation};
use convscope::worker::Event;
use crossterm::event::KeyCode;

use super::scene::{Scene, names, statistics, summary, table};
use super::{SIZES, snapshot};

fn with_validation() -> DatasetSummary {
    DatasetSummary {
        name: "clothes in three".to_owned(),
        validation_counts: Some(vec![101, 99, 98, 102, 97, 103, 100, 96, 104, 100]),
        note: String::new(),
        ..summary()
    }
}

fn loaded(columns: u16, rows: u16) -> Scene {
    let mut scene = Scene::loaded(columns, rows);
    scene.tell(Event::DataLoaded {
        summary: with_validation(),
        seconds: 0.2,
    });
    scene.answer();
    scene
}

/// Its statistics, with the validation images as the split on the screen.
fn measured(columns: u16, rows: u16) -> Scene {
    let mut scene = loaded(columns, rows);
    scene.keys("2t");
    scene.answer();
    scene.keys("m");
    let asked = scene.take_asked::<Statistics>();
    let mut found = statistics();
    found.validation = Some(found.test.clone());
    found.duplicates.validation_in_train = Some(4);
    asked.answer(Measured::Done(Box::new(found)));
    scene.tell(Event::Answered);
    scene
}

#[test]
fn a_third_split_can_be_browsed_like_the_others() {
    let mut scene = loaded(80, 24);
    scene.keys("1");
    assert!(
        scene.text().contains("10,000 + 1,000 + 2,000 images"),
        "{}",
        scene.text()
    );
    scene.keys("2");
    for split in [
        SplitName::Train,
        SplitName::Validation,
        SplitName::Test,
        SplitName::Train,
    ] {
        assert_eq!(scene.view().split, split);
        let text = scene.text();
        let title = format!("clothes in three · {} · all classes", split.word());
        assert!(text.contains(&title), "{text}");
        scene.keys("t");
        scene.answer();
    }
    let mut asking = loaded(80, 24);
    asking.keys("2t");
    let asked: Vec<SplitName> = asking
        .asked::<Page>()
        .iter()
        .map(|page| page.split)
        .collect();
    assert_eq!(asked, [SplitName::Validation]);
    scene.keys("/");
    assert!(
        scene.text().contains("942 train, 101 val, 203 test"),
        "{}",
        scene.text()
    );
    scene.key(KeyCode::Esc);

    // Another set has no such images: back to those that it has.
    assert_eq!(scene.view().split, SplitName::Validation);
    scene.tell(Event::DataLoaded {
        summary: summary(),
        seconds: 0.2,
    });
    scene.answer();
    assert_eq!(scene.view().split, SplitName::Train);
    scene.keys("t");
    assert_eq!(scene.view().split, SplitName::Test);
}

#[test]
fn the_activations_of_validation_images_can_be_seen() {
    let mut scene = loaded(80, 24);
    scene.keys("6t");
    scene.answer();
    scene.keys("t");
    scene.answer();
    assert_eq!(scene.lab.looked.split, SplitName::Validation);
    scene.tell(Event::DataLoaded {
        summary: summary(),
        seconds: 0.2,
    });
    assert_eq!(scene.lab.looked.split, SplitName::Test);
}

#[test]
fn what_the_panes_show_of_it() {
    snapshot("validation_data", |columns, rows| {
        let mut scene = loaded(columns, rows);
        scene.keys("1");
        scene
    });
    snapshot("validation_statistics", measured);
    snapshot("validation_ready", |columns, rows| {
        let mut scene = loaded(columns, rows);
        scene.keys("4");
        scene
    });
    snapshot("part_ready", |columns, rows| {
        let mut scene = loaded(columns, rows);
        let training = &mut scene.lab.preset.training;
        training.validation = Validation::Data;
        training.balanced_batches = true;
        training.train_images = serde_yaml::from_str("500").unwrap();
        training.class_weights = serde_yaml::from_str("balanced").unwrap();
        scene.keys("4");
        scene
    });
}

#[test]
fn the_form_chooses_them_and_writes_the_part_and_the_weights_as_text() {
    let mut scene = loaded(80, 24);
    scene.keys("4e");
    let go_to = |scene: &mut Scene, name: &str| {
        while !scene.text().contains(&format!("▸ {name} ")) {
            scene.key(KeyCode::Down);
        }
    };
    go_to(&mut scene, "validation");
    scene.key(KeyCode::Left);
    go_to(&mut scene, "train_images");
    scene.control('u');
    scene.keys("300");
    go_to(&mut scene, "class_weights");
    scene.control('u');
    scene.keys("Shirt, 2");
    scene.key(KeyCode::Enter);
    assert!(
        scene.lab.preset.training.class_weights.is_none(),
        "not accepted"
    );
    scene.control('u');
    scene.keys("Shirt: 2");
    scene.key(KeyCode::Enter);
    let training = &scene.lab.preset.training;
    assert_eq!(training.validation, Validation::Data);
    let written = serde_yaml::to_string(training).unwrap();
    assert!(written.contains("train_images: 300\n"), "{written}");
    assert!(
        written.contains("class_weights:\n  Shirt: 2.0\n"),
        "{written}"
    );
}

#[test]
fn results_say_that_they_are_of_the_validation_images() {
    for (columns, rows) in SIZES {
        let mut scene = Scene::finished(columns, rows);
        scene.tell(Event::Confusion {
            run: 1,
            epoch: 10,
            table: table(10),
            measured_on: names("Fashion-MNIST starter"),
            portion: Portion::Validation,
        });
        scene.keys("5");
        scene.answer();
        let text = scene.text();
        assert!(text.contains("1,700 of 2,000 validation images"), "{text}");
        scene.keys("e");
        scene.answer();
        let text = scene.text();
        assert!(
            text.contains("Validation images · wrong predictions"),
            "{text}"
        );
    }
}
