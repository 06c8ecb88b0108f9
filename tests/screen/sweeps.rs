//! Sweeps: the list, the page of one, and the forms that start one.

use std::fs;

use convscope::lab::PaneId;
use convscope::panes::{
    Base, BaseOfRun, CheckSweep, StartSweep, SteerSweep, SweepPage, SweepView, SweepWish, Vary,
    WatchSweep,
};
use convscope::sweep::SweepFolder;
use convscope::training::Preset;
use convscope::worker::{Command, Event};
use crossterm::event::KeyCode;

use tempfile::TempDir;

use crate::scene::{Scene, runs};
use crate::{snapshot, sweep_folder};

/// The page of a sweep after these keys; `\n` is Enter, `\t` Tab.
fn page(columns: u16, rows: u16, keys: &str) -> Scene {
    let mut scene = Scene::loaded(columns, rows);
    type_keys(&mut scene, "4O\n");
    type_keys(&mut scene, keys);
    scene
}

fn type_keys(scene: &mut Scene, keys: &str) {
    for key in keys.chars() {
        match key {
            '\n' => scene.key(KeyCode::Enter),
            '\t' => scene.key(KeyCode::Tab),
            '\u{1b}' => scene.key(KeyCode::Esc),
            key => scene.keys(&key.to_string()),
        }
        scene.answer();
    }
}

fn after(keys: &'static str) -> impl Fn(u16, u16) -> Scene {
    move |columns, rows| page(columns, rows, keys)
}

fn has_page(scene: &Scene) -> bool {
    scene.lab.overlay_of::<SweepPage>().is_some()
}

#[test]
fn the_pages_of_a_sweep_look_as_before() {
    snapshot("sweep_effects", after(""));
    snapshot("sweep_trials", after("\tj"));
    snapshot("sweep_parallel", after("\t\thk"));
    snapshot("sweep_curves", after("\t\t\tjl"));
    snapshot("sweep_list", |columns, rows| {
        let mut scene = Scene::loaded(columns, rows);
        type_keys(&mut scene, "4O");
        scene
    });
    let scene = page(160, 50, "");
    insta::assert_snapshot!("sweep_effects_160x50", scene.picture());
}

#[test]
fn every_view_says_which_figures_of_which_images_it_has() {
    for keys in ["", "\t", "\t\t", "\t\t\t"] {
        let text = page(80, 24, keys).text();
        assert!(text.contains("test images"), "{keys:?}\n{text}");
        assert!(text.contains("MNIST starter"), "{keys:?}\n{text}");
    }
}

/// A sweep that another process trains is read again as it grows.
#[test]
fn the_page_follows_the_folder() {
    let sweeps = TempDir::new().unwrap();
    let folder = sweep_folder::create(sweeps.path(), 2);
    let mut scene = Scene::loaded(120, 40);
    type_keys(&mut scene, "4O");
    scene.key(KeyCode::Enter);
    let watched = scene.take_asked::<WatchSweep>();
    let read = || {
        SweepView::read(&folder, watched.question.by)
            .unwrap()
            .into()
    };
    watched.answer(read());
    scene.tell(Event::Answered);
    scene.answer();
    assert!(scene.text().contains("2 finished"), "{}", scene.text());
    fs::write(
        SweepFolder::open(&folder)
            .unwrap()
            .trial(3)
            .join("outcome.json"),
        r#"{"failed":"the loss is no longer finite"}"#,
    )
    .unwrap();
    watched.answer(read());
    scene.tell(Event::Answered);
    type_keys(&mut scene, "\tjj");
    let text = scene.text();
    assert!(text.contains("1 failed, 2 finished"), "{text}");
    assert!(text.contains("the loss is no longer finite"), "{text}");
}

#[test]
fn the_best_trial_and_the_selected_one_go_to_the_builder_and_can_be_undone() {
    let mut scene = page(120, 40, "");
    let before = scene.lab.preset.clone();
    type_keys(&mut scene, "b");
    assert!(!has_page(&scene));
    assert_eq!(scene.lab.pane, PaneId::Network);
    let best = scene.lab.preset.clone();
    assert_eq!(best.training.optimizer.learning_rate(), 1.0);
    assert_eq!(best.layers[0].value("filters").whole(), 16);
    assert!(
        scene
            .said()
            .contains("measured on the test images of MNIST starter"),
        "{}",
        scene.said()
    );
    type_keys(&mut scene, "u");
    assert_eq!(scene.lab.preset, before);
    // The worst of the finished ones.
    type_keys(&mut scene, "4O\n\tG");
    type_keys(&mut scene, "\n");
    assert!(
        scene.said().contains("Network and settings of trial"),
        "{}",
        scene.said()
    );
    assert_ne!(scene.lab.preset, best);
}

#[test]
fn trials_are_sorted_and_opened() {
    let mut scene = page(120, 40, "\ts");
    assert!(
        scene.text().contains("sorted by number"),
        "{}",
        scene.text()
    );
    type_keys(&mut scene, "s");
    assert!(
        scene.text().contains("sorted by learning_rate"),
        "{}",
        scene.text()
    );
    scene.keys("o");
    let opened = scene.commands.iter().any(|command| {
        matches!(command, Command::OpenRun { folder } if folder.to_string_lossy().contains("-trial-"))
    });
    assert!(opened, "{:?}", scene.commands);
    assert!(!has_page(&scene));
}

#[test]
fn a_stopped_sweep_is_resumed_and_nothing_that_runs_not_is_cancelled() {
    let mut scene = page(120, 40, "");
    assert!(
        scene.text().contains("No process runs it: r resumes it."),
        "{}",
        scene.text()
    );
    scene.keys("x");
    assert!(
        scene.said().contains("no process runs the sweep"),
        "{}",
        scene.said()
    );
    scene.keys("r");
    let pending = scene.take_asked::<SteerSweep>();
    assert_eq!(pending.question.wish, SweepWish::Resume);
    pending.answer(());
    scene.tell(Event::Answered);
    assert!(
        scene.said().contains("Resumed: 4 trials left"),
        "{}",
        scene.said()
    );
}

#[test]
fn a_setting_is_varied_from_the_train_pane() {
    snapshot("vary", |columns, rows| {
        let mut scene = Scene::loaded(columns, rows);
        type_keys(&mut scene, "4v");
        scene
    });
    let mut scene = Scene::loaded(120, 40);
    type_keys(&mut scene, "4v");
    // The next proposal, then a second setting by a part of its name.
    scene.key(KeyCode::Right);
    scene.key(KeyCode::Down);
    type_keys(&mut scene, "label");
    scene.key(KeyCode::Down);
    scene.answer();
    let text = scene.text();
    assert!(text.contains("training.label_smoothing"), "{text}");
    assert!(text.contains("9 trials, 90 epochs in all"), "{text}");
    assert!(text.contains("spread evenly over all classes"), "{text}");
    scene.key(KeyCode::Enter);
    let pending = scene.take_asked::<StartSweep>();
    let sketch = &pending.question.sketch;
    let lines = &sketch.lines;
    assert!(
        lines.contains("    training.optimizer.learning_rate: "),
        "{lines}"
    );
    assert!(
        lines.contains("    training.label_smoothing: [0, 0.05, 0.1]\n"),
        "{lines}"
    );
    assert!(lines.ends_with("  seeds: 1..3\n"), "{lines}");
    assert_eq!(
        sketch.base.preset.data.as_deref(),
        Some("fashion-mnist-starter")
    );
    assert_eq!(
        sketch.base.corrected.as_deref(),
        Some("Fashion-MNIST starter")
    );
    pending.answer("sweeps/20261201-130000-fashion-bn4".into());
    scene.tell(Event::Answered);
    assert!(has_page(&scene));
    assert_eq!(scene.asked::<WatchSweep>().len(), 1);
    assert!(
        scene.said().contains("outlives this lab"),
        "{}",
        scene.said()
    );
    let left = scene.lab.work.iter().any(|(what, _)| *what == "sweep");
    assert!(left, "{:?}", scene.lab.work);
}

#[test]
fn a_wrong_value_is_told_and_nothing_starts() {
    let mut scene = Scene::loaded(120, 40);
    scene.keys("4v");
    let pending = scene.take_asked::<CheckSweep>();
    pending.answer(Err(
        "training.optimizer.learning_rate: expected a number".to_owned()
    ));
    scene.tell(Event::Answered);
    assert!(
        scene.text().contains("expected a number"),
        "{}",
        scene.text()
    );
    scene.key(KeyCode::Enter);
    assert_eq!(scene.asked::<StartSweep>().len(), 0);
    assert!(scene.lab.overlay_of::<Vary>().is_some());
}

#[test]
fn a_training_lab_says_that_both_share_the_processors() {
    let mut scene = Scene::training(120, 40);
    type_keys(&mut scene, "4V");
    assert!(
        scene.text().contains("both would share the processors"),
        "{}",
        scene.text()
    );
    scene.key(KeyCode::Enter);
    assert_eq!(scene.asked::<StartSweep>().len(), 0);
    assert!(scene.text().contains("Enter again"), "{}", scene.text());
    scene.key(KeyCode::Enter);
    assert_eq!(scene.asked::<StartSweep>().len(), 1);
}

#[test]
fn the_same_is_trained_with_further_seeds_from_the_pane_and_from_the_table() {
    let mut scene = Scene::loaded(120, 40);
    type_keys(&mut scene, "4V");
    scene.key(KeyCode::Enter);
    let pending = scene.take_asked::<StartSweep>();
    assert_eq!(pending.question.sketch.lines, "  seeds: 2..5\n");
    let mut scene = Scene::loaded(120, 40);
    type_keys(&mut scene, "4o");
    scene.keys("V");
    let pending = scene.take_asked::<BaseOfRun>();
    assert_eq!(pending.question.folder, runs()[0].folder);
    pending.answer(Base {
        preset: Preset::open("fashion-conv3").unwrap(),
        corrected: None,
        data: "Fashion-MNIST".to_owned(),
    });
    scene.tell(Event::Answered);
    assert_eq!(scene.asked::<CheckSweep>().len(), 1);
    scene.answer();
    let text = scene.text();
    assert!(
        text.contains("Sweep of fashion-conv3 on Fashion-MNIST"),
        "{text}"
    );
    // Its pace was never measured.
    assert!(!text.contains("one after the other"), "{text}");
    scene.key(KeyCode::Esc);
    scene.answer();
    assert!(scene.text().contains("Runs · "), "{}", scene.text());
}

#[test]
fn the_setting_under_the_cursor_of_a_form_is_varied() {
    let mut scene = Scene::loaded(120, 40);
    type_keys(&mut scene, "4b");
    scene.control('t');
    scene.answer();
    let text = scene.text();
    assert!(text.contains("training.batch_size"), "{text}");
    let mut scene = Scene::loaded(120, 40);
    type_keys(&mut scene, "3e");
    scene.control('t');
    scene.answer();
    let text = scene.text();
    assert!(text.contains("layers.1.conv2d.filters"), "{text}");
}
