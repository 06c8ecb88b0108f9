//! Training images whose labels may be wrong, by their keys.

use convscope::analysis::Gallery;
use convscope::data::{Mark, SplitName};
use convscope::lab::PaneId;
use convscope::panes::{Judge, Judging, MarkImage};
use convscope::worker::{Event, Pending};
use crossterm::event::KeyCode;

use super::scene::Scene;
use super::snapshot;

const SET: &str = "Fashion-MNIST starter";

/// The suspects of a trained network, with the cursor on the second, image 7.
fn suspects(columns: u16, rows: u16) -> Scene {
    let mut scene = Scene::finished(columns, rows);
    scene.keys("5s");
    scene.answer();
    scene.keys("l");
    scene
}

fn marks(scene: &Scene) -> Vec<MarkImage> {
    scene.asked().into_iter().cloned().collect()
}

/// So many of the images are judged.
fn judge(scene: &mut Scene, done: usize, images: usize) -> Pending<Judge> {
    let pending = scene.take_asked::<Judge>();
    assert_eq!(pending.question.gallery, Gallery::HighestLoss);
    assert_eq!((pending.question.epochs, pending.question.from), (10, 0));
    pending.answer(Judging::Under { done, images });
    scene.tell(Event::Answered);
    pending
}

#[test]
fn suspects_look_as_before() {
    let marked = |columns, rows| {
        let mut scene = suspects(columns, rows);
        scene.keys("x");
        scene.answer();
        scene.keys("lr");
        for _ in 0..3 {
            scene.key(KeyCode::Down);
        }
        scene.key(KeyCode::Enter);
        scene.answer();
        scene
    };
    snapshot("suspects", marked);
    let enlarged = |columns, rows| {
        let mut scene = marked(columns, rows);
        scene.key(KeyCode::Enter);
        scene
    };
    snapshot("suspects_enlarged", enlarged);
    let asked = |columns, rows| {
        let mut scene = suspects(columns, rows);
        scene.keys("r");
        scene
    };
    snapshot("suspects_class", asked);
    let judging = |columns, rows| {
        let mut scene = Scene::finished(columns, rows);
        scene.keys("5s");
        judge(&mut scene, 12_800, 60_000);
        scene
    };
    snapshot("suspects_judging", judging);
}

#[test]
fn a_key_leaves_out_and_takes_back_and_another_relabels() {
    let mut scene = suspects(80, 24);
    let mark = |mark| MarkImage {
        dataset: SET.to_owned(),
        image: 7,
        mark,
    };
    scene.keys("x");
    assert_eq!(marks(&scene), [mark(Some(Mark::LeftOut))]);
    scene.answer();
    let text = scene.text();
    assert!(text.contains("excluded from the next run"), "{text}");
    assert!(text.contains("1 excluded · after epoch"), "{text}");
    let reports = |scene: &Scene| {
        scene
            .lab
            .work
            .iter()
            .any(|(what, _)| *what == "corrections")
    };
    assert!(reports(&scene));
    scene.keys("x");
    assert_eq!(marks(&scene), [mark(None)]);
    scene.answer();
    assert!(scene.lab.corrections.of(SET).is_empty());
    assert!(!reports(&scene), "their file is gone");

    // The label that it has already cannot be chosen; another one can.
    scene.keys("rshirt");
    scene.key(KeyCode::Down);
    scene.key(KeyCode::Enter);
    assert_eq!(scene.said(), "6  Shirt: this is already the label");
    scene.key(KeyCode::Esc);
    scene.keys("rcoat");
    scene.key(KeyCode::Enter);
    assert!(scene.lab.overlay.is_none());
    assert_eq!(marks(&scene), [mark(Some(Mark::Becomes(4)))]);
    scene.answer();
    assert!(scene.text().contains("Coat in the next run"));
    // What is relabelled can be excluded instead, and r restores a label.
    scene.keys("x");
    assert_eq!(marks(&scene), [mark(Some(Mark::LeftOut))]);
    scene.take_asked::<MarkImage>().fail("the disk is full");
    scene.tell(Event::Answered);
    assert_eq!(scene.said(), "Could not mark the image: the disk is full");
    scene.commands.clear();
    scene.keys("r");
    assert_eq!(marks(&scene), [mark(None)]);
}

#[test]
fn the_next_training_is_told_to_be_one_of_fewer_images() {
    let mut scene = suspects(80, 24);
    scene.keys("x");
    scene.answer();
    scene.keys("1");
    assert!(scene.text().contains("1 excluded"), "{}", scene.text());
    let lab = &scene.lab;
    let set = lab.sets[0].clone();
    let before: usize = set.train_counts.iter().sum();
    assert_eq!(lab.training_counts(&set).iter().sum::<usize>(), before - 1);
    assert_eq!(lab.training_counts(&set)[6], set.train_counts[6] - 1);
}

#[test]
fn a_training_image_is_pinned_and_leads_to_its_activations() {
    let mut scene = suspects(80, 24);
    scene.keys("p");
    let pin = scene.lab.looked.pin.clone().unwrap();
    assert_eq!(pin.name, format!("{SET} training image 7"));
    scene.keys("a");
    assert_eq!(scene.lab.pane, PaneId::Activations);
    assert_eq!(
        (scene.lab.looked.split, scene.lab.looked.image),
        (SplitName::Train, 7)
    );
}

#[test]
fn keys_that_mark_are_those_of_training_images_alone() {
    let mut scene = suspects(80, 24);
    scene.keys("e");
    scene.answer();
    scene.commands.clear();
    scene.keys("x");
    assert_eq!(marks(&scene), []);
    assert_eq!(scene.results().suspect(), None);
}

#[test]
fn escape_stops_the_judging_and_figures_stay_those_of_the_test_images() {
    let mut scene = Scene::finished(80, 24);
    scene.keys("5");
    scene.answer();
    let figures = scene.results().results(&scene.lab).cloned().unwrap();
    scene.keys("s");
    let pending = judge(&mut scene, 100, 1_000);
    assert!(scene.text().contains("100 of 1,000 images"));
    scene.key(KeyCode::Esc);
    assert!(pending.is_given_up());
    scene.keys("s");
    scene.answer();
    assert!(scene.results().gallery.page.is_some());
    assert_eq!(scene.results().results(&scene.lab), Some(&figures));
}
