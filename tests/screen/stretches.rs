//! A training whose data change on the way: every figure and name on the screen is of the set that it says.

use std::sync::Arc;

use convscope::panes::{Judge, Judging, Results};
use convscope::training::{EpochMetrics, Portion};
use convscope::worker::{Command, Event, InUse, Outcome, SetNames};
use crossterm::event::KeyCode;

use super::SIZES;
use super::scene::{Scene, elsewhere, judged, metrics, names, other_program, progress, table};

fn digits() -> SetNames {
    SetNames {
        dataset: "MNIST starter".to_owned(),
        class_names: (0..10).map(|digit| format!("digit-{digit}")).collect(),
    }
}

/// In the third epoch, of which the clothes were half and digits the rest.
fn switched(columns: u16, rows: u16) -> Scene {
    let mut scene = Scene::training(columns, rows);
    switch_to_digits(&mut scene);
    scene
}

/// The active run continues with digits, in the middle of its third epoch.
fn switch_to_digits(scene: &mut Scene) {
    scene.tell(Event::Changed {
        run: 1,
        epoch: 3,
        change: "after batch 41: data MNIST starter".to_owned(),
        in_use: InUse {
            learning_rate: 1.0,
            augment: None,
            set: digits(),
            stops_after_epoch: false,
        },
        name: "fashion-bn4".to_owned(),
    });
}

/// After that epoch, the first that was measured on digits: worse than the two before.
fn measured(columns: u16, rows: u16) -> Scene {
    let mut scene = switched(columns, rows);
    scene.tell(Event::Batch(progress(1, 3, 79)));
    scene.tell(Event::Epoch {
        run: 1,
        metrics: EpochMetrics {
            val_accuracy: 0.1234,
            val_loss: 4.3210,
            stretch: 2,
            ..metrics(3)
        },
    });
    scene.tell(Event::Confusion {
        run: 1,
        epoch: 3,
        table: table(3),
        measured_on: digits(),
        portion: Portion::Test,
    });
    scene
}

/// Answers the questions about the images of the run's set, which is this one.
fn answer_judged(scene: &mut Scene, set: &SetNames) {
    for command in std::mem::take(&mut scene.commands) {
        let Command::Ask(ask) = command else { continue };
        let Ok(pending) = ask.downcast::<Judge>() else {
            continue;
        };
        let Judging::Done(mut page) = judged(&pending.question) else {
            panic!("a page")
        };
        assert_eq!(pending.question.dataset, set.dataset);
        page.results = Arc::new(Results {
            set: set.clone(),
            ..(*page.results).clone()
        });
        pending.answer(Judging::Done(page));
        scene.tell(Event::Answered);
    }
}

#[test]
fn curves_say_of_which_set_the_best_epoch_is() {
    for (columns, rows) in SIZES {
        let mut scene = switched(columns, rows);
        let text = scene.text();
        assert!(text.contains(" on MNIST starter"), "in use: {text}");
        let before = scene.lab.run.as_ref().unwrap().best().unwrap();
        assert_eq!(before.val_accuracy_epoch, 2, "of the clothes still");

        scene = measured(columns, rows);
        let best = scene.lab.run.as_ref().unwrap().best().unwrap();
        assert_eq!((best.val_accuracy_epoch, best.val_loss_epoch), (3, 3));
        let text = scene.text();
        assert!(text.contains("best 0.1234 at epoch 3"), "{text}");
        assert!(text.contains("best on MNIST starter"), "{text}");
    }
}

#[test]
fn a_followed_run_names_the_set_that_its_process_has_come_to() {
    let mut scene = Scene::loaded(120, 40);
    scene.tell(Event::RunOpened(Box::new(elsewhere(
        2,
        Some(other_program()),
    ))));
    let mut followed = elsewhere(5, Some(other_program()));
    followed.measured_on = digits();
    scene.tell(Event::RunFollowed(Box::new(followed)));
    scene.keys("5");
    let text = scene.text();
    assert!(text.contains("true digit-0, predicted digit-0"), "{text}");
    assert!(!text.contains("true T-shirt"), "{text}");
}

#[test]
fn the_table_keeps_the_names_of_what_it_measured() {
    for (columns, rows) in SIZES {
        let mut scene = switched(columns, rows);
        scene.keys("5");
        let text = scene.text();
        // The latest table is of clothes until an epoch on digits is done.
        assert!(
            text.contains("true T-shirt/top, predicted T-shirt/top"),
            "{text}"
        );
        let mut scene = measured(columns, rows);
        scene.keys("5");
        let text = scene.text();
        assert!(text.contains("true digit-0, predicted digit-0"), "{text}");
        assert!(!text.contains("T-shirt"), "{text}");
        assert!(text.contains("measured on MNIST starter"), "{text}");
        if columns >= 120 {
            assert!(
                text.contains("fashion-bn4 after epoch 3 on MNIST starter"),
                "{text}"
            );
        }
    }
}

#[test]
fn galleries_are_asked_for_anew_and_name_their_own_set() {
    let mut scene = Scene::training(120, 40);
    scene.keys("5e");
    answer_judged(&mut scene, &names("Fashion-MNIST starter"));
    assert!(scene.text().contains("→Coat "), "{}", scene.text());
    switch_to_digits(&mut scene);
    answer_judged(&mut scene, &digits());
    let text = scene.text();
    assert!(text.contains("-4 ") && !text.contains("Coat"), "{text}");
    assert!(text.contains("after epoch 2 on MNIST starter"), "{text}");

    // Figures that were measured on the new set stand beside a table of the old one, and say so.
    scene.key(KeyCode::Esc);
    scene.tell(Event::RunEnded {
        run: 1,
        outcome: Outcome::Stopped { epochs: 2 },
        best: None,
    });
    answer_judged(&mut scene, &digits());
    let text = scene.text();
    assert!(text.contains("· epoch 2 on MNIST starter"), "{text}");
}

#[test]
fn the_pad_names_the_classes_that_the_network_is_trained_on() {
    for scene in [switched(120, 40), measured(120, 40)] {
        let mut scene = scene;
        scene.keys("5d");
        scene.keys(" jjj ");
        scene.answer();
        let text = scene.text();
        assert!(text.contains("digit-"), "{text}");
        assert!(!text.contains("Prediction · T-shirt"), "{text}");
        assert_eq!(scene.lab.network_class_name(3), "digit-3");
    }
}
