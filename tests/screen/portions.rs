//! A run that validates on a part of its training images: the whole Results pane is of the same images and says which, and the test images
//! come by a key alone.

use convscope::analysis::Gallery;
use convscope::data::SplitName;
use convscope::panes::Judge;
use convscope::training::Portion;
use convscope::worker::Event;
use crossterm::event::KeyCode;

use super::SIZES;
use super::scene::{Scene, names, table};

const SET: &str = "Fashion-MNIST starter";

/// An epoch of the run, measured on images that were held out from training.
fn measured(scene: &mut Scene, epoch: usize) {
    scene.tell(Event::Confusion {
        run: 1,
        epoch,
        table: table(epoch),
        measured_on: names(SET),
        portion: Portion::HeldOut,
    });
}

/// The results of a training that has ended.
fn held_out(columns: u16, rows: u16) -> Scene {
    let mut scene = Scene::finished(columns, rows);
    measured(&mut scene, 10);
    scene.keys("5");
    scene
}

fn asked(scene: &Scene) -> Vec<(Portion, Gallery, usize)> {
    let asked = scene.asked::<Judge>().into_iter();
    asked
        .map(|judge| (judge.portion, judge.gallery, judge.epochs))
        .collect()
}

#[test]
fn table_lines_and_galleries_are_of_the_validation_images_and_say_so() {
    for (columns, rows) in SIZES {
        let mut scene = held_out(columns, rows);
        let opened = [(Portion::HeldOut, Gallery::ConfidentErrors, 10)];
        assert_eq!(asked(&scene), opened, "the test set is left alone");
        scene.answer();
        let text = scene.text();
        for expected in [
            "true ↓ predicted → · held-out images",
            "1,700 of 2,000 held-out images",
            "top-2 ",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        assert!(!text.contains("test images"), "{text}");
        scene.keys("b");
        assert!(
            columns < 120 || scene.text().contains("3 held-out images"),
            "{}",
            scene.text()
        );
        scene.keys("bv");
        let text = scene.text();
        assert!(text.contains("% of true class"), "{text}");
        assert!(text.contains("held-out"), "{text}");

        scene.key(KeyCode::Enter);
        let cell = Gallery::Cell {
            truth: 0,
            predicted: 0,
        };
        assert_eq!(asked(&scene), [(Portion::HeldOut, cell, 10)]);
        assert!(
            scene.text().contains("Every held-out image is"),
            "{}",
            scene.text()
        );
        scene.answer();
        let title = "Held-out images · true T-shirt/top";
        assert!(scene.text().contains(title), "{}", scene.text());
        scene.key(KeyCode::Enter);
        assert!(!scene.text().contains("test image"), "{}", scene.text());
        scene.keys("u");
        scene.answer();
        let title = "Held-out images · least certain first";
        assert!(scene.text().contains(title), "{}", scene.text());
        scene.keys("e");
        scene.answer();
        let title = "Held-out images · wrong predictions";
        assert!(scene.text().contains(title), "{}", scene.text());
        // They lie in the training split, where the Activations pane finds them.
        scene.keys("lp");
        assert!(
            scene.said().contains(&format!("{SET} training image 7")),
            "{}",
            scene.said()
        );
        assert!(asked(&scene).is_empty());
    }
}

#[test]
fn a_key_shows_the_test_images_and_another_press_those_that_validate() {
    for (columns, rows) in SIZES {
        let mut scene = held_out(columns, rows);
        scene.answer();
        scene.keys("t");
        assert_eq!(
            asked(&scene),
            [(Portion::Test, Gallery::ConfidentErrors, 10)]
        );
        assert!(
            scene.said().contains("recorded in run.yaml"),
            "{}",
            scene.said()
        );
        assert!(
            scene.text().contains("Measuring the test set"),
            "{}",
            scene.text()
        );
        scene.answer();
        let text = scene.text();
        for expected in [
            "true ↓ predicted → · test images",
            "1,700 of 2,000 test images",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        assert!(!text.contains("held-out images"), "{text}");
        scene.keys("e");
        assert_eq!(
            asked(&scene),
            [(Portion::Test, Gallery::ConfidentErrors, 10)]
        );
        scene.answer();
        assert!(
            scene.text().contains("Test images · wrong predictions"),
            "{}",
            scene.text()
        );
        // The same gallery of the others, then the table.
        scene.keys("t");
        scene.answer();
        assert!(
            scene.text().contains("Held-out images · wrong predictions"),
            "{}",
            scene.text()
        );
        scene.key(KeyCode::Esc);
        assert!(
            scene.text().contains("2,000 held-out images"),
            "{}",
            scene.text()
        );
    }
}

#[test]
fn what_the_network_took_the_test_images_for_stays_until_the_key_is_pressed_again() {
    let mut scene = Scene::training(120, 40);
    measured(&mut scene, 2);
    scene.keys("5");
    assert!(asked(&scene).is_empty(), "the training need not wait");
    scene.keys("t");
    assert_eq!(
        asked(&scene),
        [(Portion::Test, Gallery::ConfidentErrors, 2)]
    );
    scene.answer();
    scene.epoch(1, 3);
    measured(&mut scene, 3);
    assert!(asked(&scene).is_empty(), "{:?}", asked(&scene));
    assert!(scene.text().contains("after epoch 2"), "{}", scene.text());
    scene.keys("tt");
    assert_eq!(
        asked(&scene),
        [(Portion::Test, Gallery::ConfidentErrors, 3)]
    );
}

#[test]
fn a_run_that_cannot_be_noted_in_is_not_measured() {
    let mut scene = held_out(80, 24);
    scene.answer();
    scene.keys("t");
    let why = "runs/a is being trained by another process";
    scene.take_asked::<Judge>().fail(why);
    scene.tell(Event::Answered);
    let text = scene.text();
    assert!(text.contains("The test set was not measured"), "{text}");
    scene.keys("t");
    assert!(
        scene.text().contains("2,000 held-out images"),
        "{}",
        scene.text()
    );
}

#[test]
fn a_run_that_validates_on_the_test_set_has_no_others() {
    let mut scene = Scene::finished(80, 24);
    scene.keys("5");
    scene.answer();
    scene.keys("t");
    assert!(
        scene
            .said()
            .starts_with("t (test set): the run validates on the test images"),
        "{}",
        scene.said()
    );
    assert!(asked(&scene).is_empty());
    // A class's images are those of the split that the table is of.
    scene.key(KeyCode::Tab);
    scene.key(KeyCode::Enter);
    assert_eq!(scene.view().split, SplitName::Test);
    let mut scene = held_out(80, 24);
    scene.answer();
    scene.key(KeyCode::Tab);
    scene.key(KeyCode::Enter);
    assert_eq!(scene.view().split, SplitName::Train);
}

#[test]
fn a_reset_takes_the_results_away() {
    let mut scene = held_out(80, 24);
    scene.answer();
    scene.keys("t");
    scene.lab.reset_weights();
    scene.commands.clear();
    scene.keys("e");
    let why = "no network is trained yet";
    assert!(scene.said().ends_with(why), "{}", scene.said());
    assert!(asked(&scene).is_empty());
    assert!(scene.text().contains("No results yet"), "{}", scene.text());

    let mut scene = held_out(80, 24);
    scene.answer();
    scene.keys("e");
    scene.lab.reset_weights();
    scene.keys("v");
    assert!(scene.text().contains("No results yet"), "{}", scene.text());
}
