//! The screen without a terminal: keys and a scripted worker's events in, cells with their colours out.

mod builder;
mod data;
mod first;
mod gallery;
mod inside;
mod mouse;
mod pad;
mod picture;
mod portions;
mod room;
mod runs;
mod scene;
mod stretches;
mod suspects;
mod sweep_folder;
mod sweeps;
mod training;
mod unsaved;
mod validation;
mod view;

use convscope::lab::{PaneId, Part, Phase};
use convscope::panes::{Mode, Page};
use convscope::ui::theme::ColorDepth;
use convscope::worker::{Command, Event, Outcome};
use crossterm::event::KeyCode;
use scene::Scene;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// A snapshot of every pane in this state, at both sizes.
fn snapshot_panes(state: &str, scene: impl Fn(u16, u16) -> Scene) {
    for (columns, rows) in SIZES {
        for (digit, name) in ["data", "view", "network", "train", "results", "activations"]
            .iter()
            .enumerate()
        {
            let mut scene = scene(columns, rows);
            scene.keys(&(digit + 1).to_string());
            scene.answer();
            insta::assert_snapshot!(format!("{name}_{state}_{columns}x{rows}"), scene.picture());
        }
    }
}

fn snapshot(name: &str, scene: impl Fn(u16, u16) -> Scene) {
    for (columns, rows) in SIZES {
        let scene = scene(columns, rows);
        insta::assert_snapshot!(format!("{name}_{columns}x{rows}"), scene.picture());
    }
}

#[test]
fn panes_before_anything_is_loaded() {
    snapshot_panes("empty", Scene::start);
}

#[test]
fn panes_with_data() {
    snapshot_panes("loaded", Scene::loaded);
}

#[test]
fn panes_while_training() {
    snapshot_panes("training", Scene::training);
}

#[test]
fn panes_after_training() {
    snapshot_panes("finished", Scene::finished);
}

#[test]
fn what_lies_over_the_panes() {
    let opened = |keys: &'static str| {
        move |columns, rows| {
            let mut scene = Scene::training(columns, rows);
            scene.keys(keys);
            scene
        }
    };
    snapshot("help", opened("4?"));
    snapshot("palette", opened("2:rand"));
    snapshot("quit_question", opened("q"));
    snapshot("choose_network", opened("3p"));
    snapshot("choose_class", opened("2/"));
    snapshot("open_data", opened("1o/srv/data"));
}

#[test]
fn parts_that_fill_the_screen() {
    let zoomed = |keys: &'static str| {
        move |columns, rows| {
            let mut scene = Scene::finished(columns, rows);
            scene.keys(keys);
            scene
        }
    };
    snapshot("zoomed_accuracy", zoomed("4z"));
    snapshot("zoomed_confusion", zoomed("5z"));
    let enlarged = |columns, rows| {
        let mut scene = Scene::loaded(columns, rows);
        scene.keys("2l");
        scene.key(KeyCode::Enter);
        scene
    };
    snapshot("enlarged_image", enlarged);
}

#[test]
fn failures() {
    let failed = |columns, rows| {
        let mut scene = Scene::training(columns, rows);
        scene.tell(Event::RunEnded {
            run: 1,
            outcome: Outcome::Failed {
                message:
                    "epoch 3, batch 42: the loss is NaN, so the weights are useless from here on"
                        .to_owned(),
            },
            best: None,
        });
        scene
    };
    snapshot("failed_run", failed);
    let refused = |columns, rows| {
        let mut scene = Scene::loaded(columns, rows);
        scene.keys("4 ");
        scene.commands.clear();
        scene.tell(Event::Failed {
            what: convscope::worker::Purpose::Train,
            message: "fashion-bn4 asks for augmentation, which this version does not have; it is not trained without it"
                .to_owned(),
        });
        scene
    };
    snapshot("refused_run", refused);
}

#[test]
fn a_small_screen_names_the_size_it_needs_and_loses_nothing() {
    let mut scene = Scene::training(80, 24);
    scene.keys("2");
    scene.answer();
    let before = scene.text();
    scene.resize_to(50, 12);
    insta::assert_snapshot!("too_small", scene.picture());
    scene.resize_to(80, 24);
    assert_eq!(scene.text(), before);
}

/// Nothing panics on any pane and overlay at any size, at any colour depth, with any key.
#[test]
fn every_size_and_depth_can_be_drawn() {
    let depths = [
        ColorDepth::None,
        ColorDepth::Basic16,
        ColorDepth::Indexed256,
        ColorDepth::TrueColor,
    ];
    let mut scene = Scene::finished(80, 24);
    for (step, (columns, rows)) in [(1, 1), (59, 20), (60, 20), (61, 33), (100, 21), (250, 80)]
        .into_iter()
        .enumerate()
    {
        scene.resize_to(columns, rows);
        for keys in [
            "1", "2", "3", "4", "5", "6", "4z", "5z", "6z", "?", ":", "3p", "1o", "3a", "3e", "3t",
            "3s", "3z", "5d lll", "5e", "6w", "2m", "2mv", "2v", "2ve", "2#",
        ] {
            scene.keys(keys);
            scene.answer();
            let _ = scene.buffer(depths[step % depths.len()]);
            scene.key(KeyCode::Esc);
            scene.key(KeyCode::Esc);
        }
    }
}

/// Where a key leads from the Data pane of a loaded lab.
#[test]
fn keys_mean_the_same_everywhere() {
    type Check = fn(&Scene) -> bool;
    let table: &[(&str, Check)] = &[
        ("3", |scene| scene.lab.pane == PaneId::Network),
        ("6]", |scene| scene.lab.pane == PaneId::Data),
        ("[", |scene| scene.lab.pane == PaneId::Activations),
        ("4z", |scene| scene.lab.zoomed),
        ("4zz", |scene| !scene.lab.zoomed),
        ("4z5", |scene| !scene.lab.zoomed),
        ("2t", |scene| {
            scene.view().split == convscope::data::SplitName::Test
        }),
        ("2lj", |scene| scene.view().cursor == 6),
        ("2G", |scene| scene.view().cursor == 9),
        ("3jjj", |scene| scene.lab.cursors.layer == 3),
        ("3G", |scene| scene.lab.cursors.layer == 14),
        ("q", |scene| scene.lab.quitting),
        ("2x", |scene| {
            scene
                .lab
                .status
                .as_ref()
                .is_some_and(|status| status.text.starts_with("x does nothing here"))
        }),
        ("4s", |scene| {
            scene
                .lab
                .status
                .as_ref()
                .is_some_and(|status| status.text == "s (stop): nothing is training")
        }),
        ("5j", |scene| {
            scene
                .lab
                .status
                .as_ref()
                .is_some_and(|status| status.text.contains("before the first epoch"))
        }),
    ];
    for (keys, is_right) in table {
        let mut scene = Scene::loaded(80, 24);
        scene.keys(keys);
        assert!(is_right(&scene), "{keys}: {:?}", scene.lab.status);
    }
}

fn is_enlarged(scene: &Scene) -> bool {
    scene.view().mode == Mode::Enlarged
}

#[test]
fn escape_steps_out_and_never_quits() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("2");
    scene.key(KeyCode::Enter);
    scene.keys("?xyz");
    assert!(scene.lab.overlay.is_some() && is_enlarged(&scene));
    scene.key(KeyCode::Esc);
    assert!(scene.lab.overlay.is_none() && is_enlarged(&scene));
    scene.key(KeyCode::Esc);
    assert!(!is_enlarged(&scene));
    for _ in 0..3 {
        scene.key(KeyCode::Esc);
    }
    assert!(!scene.lab.quitting);
    assert_eq!(scene.lab.pane, PaneId::View);
}

#[test]
fn the_focus_goes_around_the_parts() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("4");
    let mut parts = Vec::new();
    for _ in 0..3 {
        parts.push(scene.lab.part());
        scene.key(KeyCode::Tab);
    }
    assert_eq!(parts, [Part::Accuracy, Part::Loss, Part::Progress]);
    assert_eq!(scene.lab.part(), Part::Accuracy);
    scene.key(KeyCode::BackTab);
    assert_eq!(scene.lab.part(), Part::Progress);
}

#[test]
fn quitting_asks_while_training() {
    let mut scene = Scene::training(80, 24);
    scene.keys("q");
    assert!(!scene.lab.quitting);
    scene.keys("n");
    assert!(scene.lab.overlay.is_none());
    scene.keys("qy");
    assert!(scene.lab.quitting);
    assert_eq!(scene.commands, [Command::Quit]);

    let mut scene = Scene::training(80, 24);
    scene.keys("?");
    scene.control('c');
    assert!(scene.lab.quitting);
}

#[test]
fn the_help_does_what_is_chosen() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("?");
    scene.keys("train the network on the chosen set");
    // The first match is the Train pane itself or its start; the start stands under its heading.
    scene.key(KeyCode::Enter);
    scene.answer();
    assert_eq!(scene.lab.pane, PaneId::Train);
    assert!(scene.lab.active_run().is_some());
}

#[test]
fn the_palette_reaches_other_panes() {
    let mut scene = Scene::loaded(80, 24);
    scene.control('p');
    scene.keys("random page");
    scene.key(KeyCode::Enter);
    assert_eq!(scene.lab.pane, PaneId::View);
    assert_eq!(scene.asked::<Page>().len(), 1);
}

#[test]
fn a_path_can_be_typed_and_pasted() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("1o/srv/");
    scene.paste_text("my data\n");
    // No worker has answered yet; what is typed is opened all the same.
    scene.key(KeyCode::Enter);
    assert_eq!(scene.jobs[0].question.0.texts(), ["/srv/my data"]);
}

#[test]
fn settings_are_edited_in_place() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("4e");
    scene.control('u');
    scene.keys("0");
    scene.key(KeyCode::Enter);
    assert!(scene.text().contains("got 0"), "{}", scene.text());
    scene.control('u');
    scene.keys("3");
    scene.key(KeyCode::Enter);
    scene.keys("b");
    scene.control('u');
    scene.keys("64");
    scene.key(KeyCode::Enter);
    scene.keys(" ");
    let [Command::Train(request)] = &scene.commands[..] else {
        panic!("{:?}", scene.commands);
    };
    assert!(!request.keep_weights, "there are none");
    assert_eq!(request.preset.training.epochs, 3);
    assert_eq!(request.preset.training.batch_size, 64);
    assert_eq!(request.runs_folder.as_deref(), Some("runs".as_ref()));
}

#[test]
fn space_starts_pauses_and_goes_on() {
    let mut scene = Scene::training(80, 24);
    let phase = |scene: &Scene| scene.lab.run.as_ref().unwrap().phase.clone();
    scene.keys(" ");
    assert_eq!(phase(&scene), Phase::Pausing);
    scene.answer();
    assert_eq!(phase(&scene), Phase::Paused);
    assert!(scene.text().contains("‖ paused"));
    scene.keys(" ");
    scene.answer();
    assert_eq!(phase(&scene), Phase::Training);
    scene.keys("s");
    assert_eq!(phase(&scene), Phase::Stopping);
    assert_eq!(scene.commands, [Command::Stop]);
}

/// Each key line names keys that do something, and no pane's list binds a key twice to different things.
#[test]
fn the_key_line_tells_the_truth() {
    for digit in '1'..='6' {
        let mut scene = Scene::loaded(160, 50);
        scene.keys(&digit.to_string());
        let text = scene.text();
        let line = text.lines().last().unwrap();
        assert!(line.contains("? help") && line.contains("q quit"), "{line}");
        for hint in line.split("   ").filter(|hint| !hint.trim().is_empty()) {
            let key = hint.trim().split(' ').next().unwrap();
            // "…" stands for the keys that have no room.
            if key.chars().count() > 1 || key == "…" {
                continue;
            }
            let mut scene = Scene::loaded(160, 50);
            scene.keys(&format!("{digit}{key}"));
            let unknown = scene
                .lab
                .status
                .as_ref()
                .is_some_and(|status| status.text.contains("does nothing here"));
            assert!(!unknown, "pane {digit}: {key}");
        }
    }
}
