//! The View pane: an image pixel by pixel, certain numbers of images, what was measured of a set, what augmentation does.

use std::sync::Arc;

use convscope::data::AugmentSettings;
use convscope::lab::Notice;
use convscope::panes::{Face, ImagePage, Measured, Mode, Order, Page, Statistics, Versions};
use convscope::worker::{Command, Event, Steering};
use crossterm::event::KeyCode;

use super::scene::{Scene, statistics, summary};
use super::snapshot;

/// A loaded lab after these keys on the View pane.
fn viewing(columns: u16, rows: u16, keys: &str) -> Scene {
    let mut scene = Scene::loaded(columns, rows);
    scene.keys("2");
    scene.keys(keys);
    scene.answer();
    scene
}

#[test]
fn what_the_view_pane_shows() {
    let after = |keys: &'static str| move |columns, rows| viewing(columns, rows, keys);
    snapshot("view_statistics", after("mjj"));
    snapshot("view_means", after("mv"));
    snapshot("view_spreads", after("mvvl"));
    snapshot("view_augmentation", after("v"));
    let numbered = |columns, rows| {
        let mut scene = viewing(columns, rows, "#400");
        scene.key(KeyCode::Enter);
        scene.answer();
        scene
    };
    snapshot("view_400_images", numbered);
    let editing = |columns, rows| viewing(columns, rows, "ve33");
    snapshot("view_augmentation_form", editing);
    snapshot("view_how_many", after("#"));
}

#[test]
fn the_cursor_of_an_enlarged_image_reads_its_values() {
    let mut scene = viewing(80, 24, "");
    scene.key(KeyCode::Enter);
    scene.answer();
    assert_eq!(scene.view().pixel, (14, 14));
    scene.keys("gljj");
    assert_eq!(scene.view().pixel, (2, 1));
    let image = scene.view().current().unwrap();
    let value = image.pixels[2 * 28 + 1];
    let text = scene.text();
    assert!(text.contains("row 2, column 1 of 28×28×1"), "{text}");
    let level = format!("{value:>5} of 255");
    assert!(text.contains(&level), "{level}: {text}");
    let exact = format!("{:.4}", f32::from(value) / 255.0);
    assert!(text.contains(&exact), "{exact}: {text}");
    scene.keys("G");
    assert_eq!(scene.view().pixel, (27, 27));
}

#[test]
fn neighbours_are_reached_without_leaving() {
    let mut scene = viewing(80, 24, "n");
    scene.key(KeyCode::Enter);
    scene.answer();
    let index = |scene: &Scene| scene.view().current().unwrap().index;
    let (first, room) = (index(&scene), scene.view().shown().len());
    for step in 1..=room {
        scene.keys("n");
        scene.answer();
        assert_eq!(index(&scene), first + step);
        assert_eq!(scene.view().mode, Mode::Enlarged);
    }
    assert_eq!(scene.view().order, Order::Sequential { from: room });
    scene.keys("p");
    scene.answer();
    assert_eq!(index(&scene), first + room - 1);
    scene.keys("a");
    assert_eq!(scene.lab.looked.image, first + room - 1);
}

#[test]
fn a_random_selection_that_does_not_fit_is_gone_through_page_by_page() {
    let mut scene = viewing(80, 24, "#100");
    scene.key(KeyCode::Enter);
    scene.answer();
    let Order::Random { seed, from: 0 } = scene.view().order else {
        panic!("{:?}", scene.view().order);
    };
    let room = scene.view().shown().len();
    assert!((30..100).contains(&room), "{room}");
    scene.key(KeyCode::PageDown);
    assert_eq!(scene.view().order, Order::Random { seed, from: room });
    scene.key(KeyCode::PageUp);
    assert_eq!(scene.view().order, Order::Random { seed, from: 0 });
    // Fewer and larger images are the next smaller square of them.
    scene.keys("+");
    assert_eq!(scene.view().number, Some(81));
    scene.keys("--");
    assert_eq!(scene.view().number, Some(121));
}

#[test]
fn statistics_are_measured_once_for_each_set() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("2m");
    let asked = scene.take_asked::<Statistics>();
    assert_eq!(asked.question.dataset, summary().name);
    asked.answer(Measured::Under(0.4));
    scene.tell(Event::Answered);
    assert!(scene.text().contains("measuring the set · 40 %"));
    asked.answer(Measured::Done(Box::new(statistics())));
    scene.tell(Event::Answered);
    assert!(scene.text().contains("12 of 2,000 test images"));
    assert!(scene.text().contains("with another label"));
    scene.keys("mtm");
    scene.answer();
    assert!(scene.commands.is_empty());
    scene.keys("jjv");
    assert_eq!(scene.view().face, Face::Means);
    scene.key(KeyCode::Enter);
    assert_eq!(scene.view().class, Some(2));
    assert_eq!(scene.view().mode, Mode::Grid);

    // Another set is measured again, and a late answer about the first is ignored.
    scene.keys("m");
    let mut other = summary();
    other.name = "another".to_owned();
    scene.tell(Event::DataLoaded {
        summary: other,
        seconds: 0.1,
    });
    assert!(scene.view().statistics.answer().is_none());
    asked.answer(Measured::Under(0.9));
    scene.tell(Event::Answered);
    assert!(scene.view().statistics.answer().is_none());
    scene.take_asked::<Statistics>().fail("no memory");
    scene.tell(Event::Answered);
    assert_eq!(scene.said(), "Could not measure the set: no memory");
    assert!(scene.text().contains("Statistics not available"));
}

#[test]
fn settings_of_augmentation_are_tried_and_taken() {
    let mut scene = viewing(80, 24, "v");
    let asked = |scene: &Scene| scene.asked::<Versions>().last().unwrap().settings;
    assert!(scene.text().contains("does not augment its images"));
    scene.keys("e45");
    assert_eq!(asked(&scene).rotation, 45.0);
    scene.keys("9");
    scene.key(KeyCode::Enter);
    assert!(
        scene.said().contains("from 0 to 180, got 459"),
        "{}",
        scene.said()
    );
    assert_eq!(scene.lab.preset.training.augment, None);
    scene.key(KeyCode::Backspace);
    scene.answer();
    scene.key(KeyCode::Enter);
    let taken = AugmentSettings {
        rotation: 45.0,
        ..AugmentSettings::usual()
    };
    assert_eq!(scene.lab.preset.training.augment, Some(taken));
    assert_eq!(scene.view().mode, Mode::Preview);
    // Esc leaves what is being typed, then the preview.
    scene.keys("e7");
    scene.key(KeyCode::Esc);
    assert_eq!(scene.lab.preset.training.augment, Some(taken));
    scene.keys("r");
    let asked = scene.asked::<Versions>();
    let request = asked.last().unwrap();
    assert_eq!(request.epoch, request.count as u64);
    assert_eq!(request.settings, taken);
    scene.key(KeyCode::Esc);
    assert_eq!(scene.view().mode, Mode::Grid);
}

#[test]
fn taken_settings_reach_the_training_under_way() {
    let mut scene = Scene::training(80, 24);
    scene.keys("2v");
    scene.answer();
    scene.key(KeyCode::Enter);
    let settings = Some(AugmentSettings::usual());
    assert!(
        scene
            .commands
            .contains(&Command::Steer(Steering::Augment(settings)))
    );
}

#[test]
fn a_flip_of_digits_is_warned_of() {
    let mut scene = Scene::start(80, 24);
    let mut digits = summary();
    digits.class_names = (0..10).map(|digit| digit.to_string()).collect();
    scene.tell(Event::DataLoaded {
        summary: digits,
        seconds: 0.1,
    });
    scene.answer();
    scene.keys("2v");
    scene.answer();
    scene.keys("e");
    for _ in 0..5 {
        scene.key(KeyCode::Down);
    }
    scene.keys("o");
    assert!(scene.text().contains("mirrors digits"), "{}", scene.text());
    scene.key(KeyCode::Enter);
    let status = scene.lab.status.as_ref().unwrap();
    assert_eq!(status.notice, Notice::Refusal);
    assert!(status.text.contains("mirrors digits"), "{}", status.text);
    assert!(scene.lab.preset.training.augment.unwrap().horizontal_flip);
}

#[test]
fn the_set_is_chosen_here_too_and_names_its_own_classes() {
    let mut scene = viewing(80, 24, "");
    let mut other = summary();
    other.name = "shoes".to_owned();
    other.class_names = (0..10).map(|class| format!("shoe {class}")).collect();
    scene.tell(Event::DataLoaded {
        summary: other,
        seconds: 0.1,
    });
    scene.answer();
    assert!(scene.text().contains("shoe 1") && !scene.text().contains("Trouser"));
    scene.keys("dfash");
    scene.key(KeyCode::Enter);
    assert_eq!(scene.lab.chosen_set().unwrap().name, summary().name);
    scene.answer();
    assert!(scene.text().contains("Trouser") && !scene.text().contains("shoe 1"));
}

/// Each character of these names takes two columns.
#[test]
fn wide_class_names_keep_the_columns_after_them() {
    let mut scene = Scene::loaded(80, 24);
    let mut named = summary();
    named.class_names[..2].clone_from_slice(&["おきすつな", "折り紙"].map(str::to_owned));
    named.name = "kuzushiji".to_owned();
    scene.tell(Event::DataLoaded {
        summary: named,
        seconds: 0.1,
    });
    scene.answer();
    let places = |scene: &Scene, mark: char| -> Vec<usize> {
        let text = scene.text();
        let rows = text.lines().filter(|line| {
            ["お", "折", "Pullover", "Dress"]
                .iter()
                .any(|name| line.contains(name))
        });
        rows.filter_map(|row| row.chars().position(|letter| letter == mark))
            .collect()
    };
    let are_below_each_other = |places: Vec<usize>| {
        assert!(
            places.len() > 3 && places.iter().all(|place| *place == places[0]),
            "{places:?}"
        );
    };
    scene.keys("2m");
    scene.answer();
    are_below_each_other(places(&scene, '±'));
    scene.keys("1");
    let text = scene.text();
    assert!(text.contains("0 お き す つ な"), "{text}");
}

#[test]
fn a_class_is_entered_from_the_statistics_also_where_no_image_is_shown() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("2t");
    let page = scene.take_asked::<Page>();
    page.answer(ImagePage {
        shape: summary().shape,
        matching: 0,
        images: Arc::default(),
    });
    scene.tell(Event::Answered);
    scene.keys("m");
    scene.answer();
    scene.keys("j");
    scene.key(KeyCode::Enter);
    assert_eq!(
        (scene.view().mode, scene.view().class),
        (Mode::Grid, Some(1))
    );
}
