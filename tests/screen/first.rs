//! The first minutes: what the Data pane shows and offers before anything is trained.

use std::sync::Arc;

use convscope::data::DatasetSummary;
use convscope::data::browse::KnownPlace;
use convscope::lab::PaneId;
use convscope::panes::{ClassImages, FindKnownSets, LastRun, MeasurePace};
use convscope::shape::Shape;
use convscope::ui::theme::ColorDepth;
use convscope::worker::{Command, Event};
use crossterm::event::KeyCode;

use super::scene::{NAMES, Scene, runs, summary};

const SIZES: [(u16, u16); 6] = [
    (60, 20),
    (80, 24),
    (100, 30),
    (120, 40),
    (160, 50),
    (200, 60),
];

/// The line of the screen that says what to do next.
fn next(scene: &Scene) -> String {
    let text = scene.text();
    let line = text.lines().find(|line| line.contains("next: "));
    line.unwrap_or_else(|| panic!("{text}")).to_owned()
}

/// Cells that show two different pixels.
fn pictured(scene: &Scene) -> usize {
    let buffer = scene.buffer(ColorDepth::TrueColor);
    let cells = buffer.content.iter();
    cells.filter(|cell| cell.symbol() == "▀").count()
}

#[test]
fn every_class_is_shown_in_pictures_at_every_size() {
    let mut before = 0;
    for (columns, rows) in SIZES {
        let mut scene = Scene::start(columns, rows);
        scene.tell(Event::DataLoaded {
            summary: summary(),
            seconds: 0.25,
        });
        let asked = scene.asked::<ClassImages>();
        let [ClassImages { count, .. }] = asked[..] else {
            panic!("{columns}×{rows}: {asked:?}");
        };
        assert!(*count >= 1, "{columns}×{rows}");
        let without = pictured(&scene);
        assert_eq!(without, 0);
        scene.answer();
        let text = scene.text();
        for name in NAMES {
            // The smallest screen has no room for the longest of them.
            let name = name.get(..7).filter(|_| columns < 80).unwrap_or(name);
            assert!(
                text.contains(name),
                "{columns}×{rows}: no {name} in\n{text}"
            );
        }
        // Each picture is six columns wide and three rows high at the least; half of what the scene draws is one colour a cell.
        let shown = pictured(&scene);
        assert!(shown >= 10 * 9, "{columns}×{rows}: {shown}\n{text}");
        assert!(shown >= before, "a larger screen shows no less");
        before = shown;
    }
}

/// Seven times as many classes as have room are scrolled through with the cursor; a set of other shapes has its pictures, too.
#[test]
fn classes_that_have_no_room_are_scrolled_to() {
    let mut scene = Scene::start(80, 24);
    let names = (0..300).map(|class| class.to_string());
    let set = DatasetSummary {
        class_names: names.collect(),
        train_counts: vec![5; 300],
        test_counts: vec![1; 300],
        validation_counts: None,
        ..summary()
    };
    scene.tell(Event::DataLoaded {
        summary: set,
        seconds: 0.25,
    });
    scene.key(KeyCode::Tab);
    assert!(
        scene
            .text()
            .contains(" · 0–29 of 300 · 0: 5 train + 1 test"),
        "{}",
        scene.text()
    );
    scene.keys("G");
    assert!(
        scene.text().contains(" · 270–299 of 300 · 299: "),
        "{}",
        scene.text()
    );
    assert!(scene.text().contains(" 298    299 "), "{}", scene.text());

    let two = DatasetSummary {
        shape: Shape::new(64, 96, 3),
        class_names: ["cat", "dog"].map(str::to_owned).to_vec(),
        train_counts: vec![80, 75],
        test_counts: vec![20, 19],
        validation_counts: None,
        ..summary()
    };
    scene.tell(Event::DataLoaded {
        summary: two,
        seconds: 0.25,
    });
    let asked = scene.asked::<ClassImages>();
    assert!((1..=12).contains(&asked.last().unwrap().count), "{asked:?}");
    assert!(
        next(&scene).contains("3 f fit the network to the set"),
        "{}",
        next(&scene)
    );
}

#[test]
fn the_next_step_names_its_keys_and_a_time_only_once_it_is_known() {
    let mut scene = Scene::start(80, 24);
    scene.tell(Event::DataLoaded {
        summary: summary(),
        seconds: 0.25,
    });
    assert!(
        next(&scene).contains("2 view · 4 Space train · 5 d draw"),
        "{}",
        next(&scene)
    );
    assert_eq!(scene.asked::<MeasurePace>().len(), 1, "measured from here");
    scene.answer();
    // Ten epochs of what the scene measures.
    let train = "4 Space train, about 1 min 58 s · 5 d draw";
    assert!(next(&scene).contains(train), "{}", next(&scene));
    // What may end earlier is no time to be told.
    scene.interface.lab.preset.training.early_stopping.patience = Some(3);
    assert!(
        next(&scene).contains("4 Space train · "),
        "{}",
        next(&scene)
    );
    // The keys do what they say.
    scene.interface.lab.preset.training.early_stopping.patience = None;
    scene.keys("4 ");
    assert!(
        matches!(scene.commands[..], [Command::Train(_)]),
        "{:?}",
        scene.commands
    );
    scene.answer();
    scene.keys("1");
    assert!(
        next(&scene).contains("4 curves · 5 results"),
        "{}",
        next(&scene)
    );
}

#[test]
fn the_last_run_is_offered_and_enter_opens_it() {
    let mut scene = Scene::start(80, 24);
    scene.last_run = runs().into_iter().nth(1).map(Arc::new);
    let asked = scene.asked::<LastRun>();
    assert_eq!(asked[0].folder.to_str(), Some("runs"));
    scene.tell(Event::DataLoaded {
        summary: summary(),
        seconds: 0.25,
    });
    assert!(!scene.text().contains("last run"), "it was not found yet");
    scene.answer();
    let offer = "last run: 20261122-091500-fashion-conv1, 10 epochs, 0.9030: Enter opens it";
    assert!(scene.text().contains(offer), "{}", scene.text());
    // Where Enter does something else, another key is named.
    scene.key(KeyCode::Tab);
    assert!(scene.text().contains(": 4 o opens it"), "{}", scene.text());
    scene.key(KeyCode::Tab);
    scene.key(KeyCode::Enter);
    let folder = "runs/20261122-091500-fashion-conv1".into();
    assert_eq!(scene.commands, [Command::OpenRun { folder }]);
    scene.answer();
    assert_eq!(scene.lab.pane, PaneId::Train);
    scene.keys("1");
    assert!(!scene.text().contains("last run"), "{}", scene.text());
}

/// What advice about the whole set depends on.
#[test]
fn a_starter_set_says_which_key_brings_the_rest() {
    let place = |name: &str, is_whole| KnownPlace {
        name: name.to_owned(),
        place: String::new(),
        is_whole,
    };
    let told = |known: Vec<KnownPlace>| {
        let mut scene = Scene::start(80, 24);
        scene.known_sets = known;
        assert_eq!(scene.asked::<FindKnownSets>().len(), 1);
        scene.tell(Event::DataLoaded {
            summary: summary(),
            seconds: 0.25,
        });
        scene.answer();
        scene
    };
    let part = "starter set: 10,000 of 60,000 training images";
    let scene = told(vec![place("fashion-mnist", false)]);
    assert!(
        scene
            .text()
            .contains(&format!("{part}; f fetches the rest")),
        "{}",
        scene.text()
    );
    let mut scene = told(vec![
        place("fashion-mnist", true),
        place("fashion-mnist-starter", true),
        place("mnist-starter", true),
    ]);
    let opens = format!("{part}; o opens all of fashion-mnist");
    assert!(scene.text().contains(&opens), "{}", scene.text());
    // A loaded one needs no advice.
    let mut whole = summary();
    whole.name = "Fashion-MNIST".to_owned();
    whole.names = vec!["fashion-mnist".to_owned()];
    scene.tell(Event::DataLoaded {
        summary: whole,
        seconds: 0.25,
    });
    scene.keys("k");
    scene.key(KeyCode::Enter);
    assert!(
        scene.text().contains(part) && !scene.text().contains("opens all"),
        "{}",
        scene.text()
    );
    // Where the next weights come from, the starter sets that are not loaded can be chosen, too.
    scene.keys("4w");
    scene.answer();
    assert!(
        scene.text().contains("pretrain on MNIST starter"),
        "{}",
        scene.text()
    );
}

#[test]
fn what_a_session_left_is_kept_for_its_end() {
    let mut scene = Scene::loaded(80, 24);
    assert_eq!(scene.lab.work, []);
    scene.keys("4 ");
    scene.answer();
    scene.keys("3s");
    scene.answer();
    scene.keys("-mine");
    scene.key(KeyCode::Enter);
    scene.answer();
    scene.keys("5d jj ");
    scene.answer();
    scene.keys("w");
    scene.answer();
    let left: Vec<(&str, &str)> = scene
        .lab
        .work
        .iter()
        .map(|(what, path)| (*what, path.to_str().unwrap()))
        .collect();
    let run = ("run", "runs/20261123-130000-fashion-bn4");
    assert_eq!(left[0], run);
    assert_eq!(left[1].0, "preset");
    assert_eq!(left[2], ("drawing", "/home/me/drawing-1.png"));
}

#[test]
fn with_a_run_on_another_set_the_pane_says_how_to_train_on_this_one() {
    let mut scene = Scene::finished(80, 24);
    scene.keys("1");
    assert!(next(&scene).contains("4 curves"), "{}", next(&scene));
    let summary = DatasetSummary {
        name: "another".to_owned(),
        ..summary()
    };
    scene.tell(Event::DataLoaded {
        summary,
        seconds: 0.25,
    });
    scene.keys("1");
    scene.answer();
    let train = "4 Space continue training on it, about 1 min 58 s";
    assert!(scene.text().contains(train), "{}", scene.text());
    // The key does what it says.
    scene.keys("4 ");
    assert!(
        scene
            .commands
            .iter()
            .any(|command| matches!(command, Command::Continue { .. })),
        "{:?}",
        scene.commands
    );
}
