//! The Train pane: settings, steering, and reading the curves.

use convscope::analysis::ConfusionTable;
use convscope::data::DatasetSummary;
use convscope::lab::Notice;
use convscope::training::{EpochMetrics, FinalTest, Portion, Validation};
use convscope::worker::{Command, Event, InUse, Outcome, Purpose, Reading, Steering};
use crossterm::event::KeyCode;

use crate::scene::{Scene, elsewhere, names, other_program, progress, summary};
use crate::snapshot;

#[test]
fn the_settings_have_every_figure_and_those_of_what_is_chosen() {
    let opened = |columns, rows| {
        let mut scene = Scene::loaded(columns, rows);
        scene.keys("4e");
        scene
    };
    snapshot("settings", opened);
    let mut scene = opened(120, 40);
    assert!(scene.text().contains("rho"), "adadelta's own");
    // The optimizer is the third field; a letter takes the next that begins with it.
    scene.key(KeyCode::Down);
    scene.key(KeyCode::Down);
    scene.keys("s");
    assert!(!scene.text().contains("rho"), "{}", scene.text());
    scene.keys("a");
    assert!(scene.text().contains("beta_1"), "{}", scene.text());
    scene.key(KeyCode::Esc);
    assert_eq!(scene.lab.preset.training.optimizer.kind().name, "adadelta");
}

#[test]
fn what_does_not_go_together_is_not_taken() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("4e");
    while !scene.text().contains("▸ validation") {
        scene.key(KeyCode::Down);
    }
    scene.key(KeyCode::Right);
    scene.key(KeyCode::Down);
    scene.control('u');
    scene.keys("0.0001");
    scene.key(KeyCode::Enter);
    assert_eq!(
        scene.lab.status.as_ref().unwrap().notice,
        Notice::Refusal,
        "{}",
        scene.text()
    );
    scene.control('u');
    scene.keys("0.25");
    scene.key(KeyCode::Enter);
    assert_eq!(
        scene.lab.preset.training.validation,
        Validation::Split(0.25)
    );
    assert!(scene.text().contains("25 % held out"), "{}", scene.text());
}

#[test]
fn a_training_is_given_another_rate_and_augmentation_while_it_runs() {
    let mut scene = Scene::training(80, 24);
    scene.keys("e");
    insta::assert_snapshot!("steering_80x24", scene.picture());
    scene.keys("0.25");
    scene.key(KeyCode::Down);
    scene.key(KeyCode::Right);
    scene.commands.clear();
    scene.key(KeyCode::Enter);
    let augment = scene.lab.preset.training.augment.unwrap();
    assert_eq!(
        scene.commands,
        [
            Command::Steer(Steering::LearningRate(0.25)),
            Command::Steer(Steering::Augment(Some(augment)))
        ]
    );
    // What it is changed to is what the next training starts with.
    assert_eq!(scene.lab.preset.training.optimizer.learning_rate(), 0.25);
    scene.commands.clear();
    scene.keys("Sn");
    assert_eq!(
        scene.commands,
        [
            Command::Steer(Steering::StopAfterEpoch(true)),
            Command::StepOnce
        ]
    );
}

#[test]
fn what_a_young_batch_norm_does_to_the_figures_is_said_before_them() {
    let young = |columns, rows| {
        let mut scene = Scene::training(columns, rows);
        let metrics = EpochMetrics {
            val_accuracy: 0.117,
            val_accuracy_by_batch: Some(0.97),
            start_share: Some(0.45),
            ..crate::scene::metrics(3)
        };
        scene.tell(Event::Epoch { run: 1, metrics });
        scene.keys("4");
        scene
    };
    snapshot("young_batch_norm", young);
    let mut scene = young(80, 24);
    let says_so = |scene: &Scene| {
        let text = scene.text();
        text.contains("Batch norm is young: 45 %") && text.contains("0.970 with each batch")
    };
    // The table, the pad, suspects among the training images, activations, health.
    for keys in ["", "5", "d", "\u{1b}su", "\u{1b}6", "i"] {
        scene.keys(keys);
        assert!(says_so(&scene), "{keys}: {}", scene.text());
    }
    scene.keys("1");
    assert!(!says_so(&scene), "{}", scene.text());
    // A later batch: another share, and what the latest epoch had.
    let mut batch = crate::scene::progress(1, 4, 20);
    batch.start_share = 0.3;
    scene.tell(Event::Batch(batch.clone()));
    scene.keys("4");
    let text = scene.text();
    assert!(
        text.contains("young: 30 %") && text.contains("Validation after epoch 3: 0.117"),
        "{text}"
    );
    batch.start_share = 0.04;
    scene.tell(Event::Batch(batch));
    assert!(!scene.text().contains("young"), "{}", scene.text());
}

#[test]
fn the_first_epoch_shows_its_batches() {
    let begun = |columns, rows| {
        let mut scene = Scene::loaded(columns, rows);
        scene.keys("4 ");
        scene.answer();
        for batch in 1..=30 {
            scene.tell(Event::Batch(progress(1, 1, batch)));
        }
        scene
    };
    snapshot("first_epoch", begun);
    let mut scene = begun(120, 40);
    for part in [
        "Accuracy · batches of epoch 1",
        "Loss · batches of epoch 1",
        "batch 79",
    ] {
        assert!(scene.text().contains(part), "{part}: {}", scene.text());
    }
    scene.epoch(1, 1);
    let text = scene.text();
    assert!(
        !text.contains("batches of") && text.contains("epoch 10"),
        "{text}"
    );
}

fn changed(scene: &mut Scene) {
    scene.tell(Event::Changed {
        run: 1,
        epoch: 3,
        change: "after batch 41: learning rate 0.25 (was 1)".to_owned(),
        in_use: InUse {
            learning_rate: 0.25,
            augment: None,
            set: crate::scene::names("Fashion-MNIST starter"),
            stops_after_epoch: true,
        },
        name: "fashion-bn4, edited".to_owned(),
    });
}

#[test]
fn changes_are_marked_and_read_out_under_the_cursor() {
    let read = |columns, rows| {
        let mut scene = Scene::training(columns, rows);
        changed(&mut scene);
        scene.epoch(1, 3);
        let history = &mut scene.lab.run.as_mut().unwrap().history;
        history[2].changes = vec!["after batch 41: learning rate 0.25 (was 1)".to_owned()];
        scene.keys("h");
        scene
    };
    snapshot("curves_read", read);
    let mut scene = read(120, 40);
    assert!(
        scene.text().contains("learning rate 0.25"),
        "{}",
        scene.text()
    );
    assert_eq!(scene.train().curves.cursor, Some(3));
    scene.keys("h");
    assert_eq!(scene.train().curves.cursor, Some(2));
    scene.key(KeyCode::Esc);
    assert_eq!(scene.train().curves.cursor, None);
}

#[test]
fn curves_are_smoothed_drawn_logarithmically_and_looked_at_closer() {
    let looked = |columns, rows| {
        let mut scene = Scene::finished(columns, rows);
        scene.keys("mmy+");
        scene
    };
    snapshot("curves_closer", looked);
    let mut scene = looked(80, 24);
    scene.keys("++");
    assert!(scene.said().contains("fully zoomed in"), "{}", scene.said());
    scene.keys("mmy---");
    assert_eq!(scene.train().curves, Default::default());
    assert!(scene.said().contains("are shown"), "{}", scene.said());
}

#[test]
fn training_again_goes_on_and_after_a_reset_starts_afresh() {
    let mut scene = Scene::finished(80, 24);
    scene.commands.clear();
    scene.keys(" ");
    let [Command::Continue { recipe, dataset }] = &scene.commands[..] else {
        panic!("{:?}", scene.commands);
    };
    assert_eq!(recipe, &scene.lab.preset.training);
    assert_eq!(dataset.as_deref(), Some("Fashion-MNIST starter"));

    let reset = |columns, rows| {
        let mut scene = Scene::finished(columns, rows);
        scene.keys("R");
        scene
    };
    snapshot("reset_question", reset);
    let mut scene = reset(80, 24);
    scene.keys("n ");
    assert!(matches!(scene.commands[..], [.., Command::Continue { .. }]));
    let mut scene = reset(80, 24);
    scene.commands.clear();
    scene.keys("y ");
    assert!(
        matches!(&scene.commands[..], [Command::ResetWeights, Command::Train(request)] if !request.keep_weights),
        "{:?}",
        scene.commands
    );
}

#[test]
fn a_run_that_another_process_trains_is_followed_and_copied_but_not_trained_here() {
    let watched = |columns, rows| {
        let mut scene = Scene::loaded(columns, rows);
        let opened = elsewhere(2, Some(other_program()));
        scene.tell(Event::RunOpened(Box::new(opened)));
        let followed = elsewhere(5, Some(other_program()));
        scene.tell(Event::RunFollowed(Box::new(followed)));
        scene
    };
    snapshot("watched", watched);
    let mut scene = watched(120, 40);
    for part in ["training, process 4242 on build-host", "5 of 10"] {
        assert!(scene.text().contains(part), "{part}: {}", scene.text());
    }
    assert_eq!(scene.lab.run.as_ref().unwrap().history.len(), 5);

    // Nothing here changes it, and Space says why and what can be done.
    scene.keys("r");
    assert!(scene.commands.is_empty(), "{:?}", scene.commands);
    assert!(
        scene.said().contains("is being trained by process 4242"),
        "{}",
        scene.said()
    );
    scene.keys(" ");
    assert!(scene.commands.is_empty(), "{:?}", scene.commands);
    let asked = scene.text();
    for part in [
        "Copy the run?",
        "is being trained by process",
        "copy and open it",
    ] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    scene.keys("n");
    assert!(!scene.text().contains("Copy the run?"));
    scene.keys(" y");
    let [Command::CopyRun { folder }] = &scene.commands[..] else {
        panic!("{:?}", scene.commands);
    };
    assert!(
        folder.ends_with("20261123-130000-fashion-bn4"),
        "{folder:?}"
    );

    // Its own news are not mixed up with those of another run.
    scene.commands.clear();
    let mut stranger = elsewhere(9, None);
    stranger.facts.run = 7;
    scene.tell(Event::RunFollowed(Box::new(stranger)));
    assert_eq!(scene.lab.run.as_ref().unwrap().history.len(), 5);
    scene.tell(Event::RunFollowed(Box::new(elsewhere(6, None))));
    assert!(scene.said().contains("no longer trained by process 4242"));
    scene.keys(" ");
    assert!(
        matches!(scene.commands[..], [Command::Continue { .. }]),
        "{:?}",
        scene.commands
    );
}

#[test]
fn curves_of_an_earlier_run_lie_under_the_present_ones() {
    let compared = |columns, rows| {
        let mut scene = Scene::finished(columns, rows);
        scene.keys("c");
        scene.answer();
        scene.keys("conv1");
        scene.key(KeyCode::Enter);
        scene.answer();
        scene
    };
    snapshot("compared", compared);
    let mut scene = compared(120, 40);
    assert!(scene.text().contains("╌╌ 0.9030 at 9"), "{}", scene.text());
    scene.keys("c");
    scene.answer();
    scene.key(KeyCode::Enter);
    assert!(
        scene.train().compared.is_none(),
        "the first entry takes it away"
    );
}

#[test]
fn weights_come_from_the_seed_from_a_run_or_from_another_set_first() {
    let asked = |columns, rows| {
        let mut scene = Scene::loaded(columns, rows);
        scene.keys("4w");
        scene.answer();
        scene
    };
    snapshot("weights_from", asked);
    let mut scene = asked(80, 24);
    scene.keys("on mnist");
    scene.key(KeyCode::Enter);
    // The settings open at what else there is to say.
    assert!(
        scene.text().contains("▸ pretrain_epochs"),
        "{}",
        scene.text()
    );
    scene.keys("3");
    scene.key(KeyCode::Down);
    scene.keys("64");
    assert!(scene.text().contains("▸ pretrain_batch "));
    scene.key(KeyCode::Enter);
    scene.keys(" ");
    let Some(Command::Train(request)) = scene.commands.last() else {
        panic!("{:?}", scene.commands);
    };
    let transfer = request.preset.training.transfer.clone().unwrap();
    let pretrain = transfer.pretrain.unwrap();
    assert_eq!((pretrain.data.as_str(), pretrain.epochs), ("mnist", 3));
    assert_eq!(pretrain.batch_size, Some(64));

    let mut scene = asked(80, 24);
    scene.keys("bn4");
    scene.key(KeyCode::Enter);
    scene.keys("2");
    scene.key(KeyCode::Enter);
    let transfer = scene.lab.preset.training.transfer.clone().unwrap();
    assert!(
        transfer
            .from
            .unwrap()
            .ends_with("20261123-130000-fashion-bn4")
    );
    assert_eq!(transfer.frozen_layers, 2);
    assert!(scene.text().contains("weights of"), "{}", scene.text());
    scene.keys("w");
    scene.answer();
    scene.keys("random");
    scene.key(KeyCode::Enter);
    assert_eq!(scene.lab.preset.training.transfer, None);
}

#[test]
fn a_folder_that_cannot_be_written_pauses_and_the_screen_says_when_it_goes_on() {
    let mut scene = Scene::training(120, 40);
    scene.tell(Event::Failed {
        what: Purpose::SaveRun,
        message: "runs/a/last.state: cannot be written: No space left on device".to_owned(),
    });
    scene.tell(Event::Paused { run: 1 });
    assert!(scene.text().contains("No space left"), "{}", scene.text());
    assert!(scene.text().contains("paused"), "{}", scene.text());
    scene.tell(Event::Resumed { run: 1 });
    assert!(
        scene.said().contains("training continues"),
        "{}",
        scene.said()
    );
    assert!(!scene.text().contains("No space left"), "{}", scene.text());
}

#[test]
fn the_test_sets_figure_at_the_end_stays_in_sight() {
    let mut scene = Scene::training(80, 24);
    for epoch in 3..=10 {
        scene.epoch(1, epoch);
    }
    scene.tell(Event::Tested {
        run: 1,
        test: FinalTest {
            epoch: 9,
            loss: 0.4,
            accuracy: 0.8765,
            times: 1,
            stretch: 1,
        },
    });
    assert!(
        scene.said().contains("weights of epoch 9"),
        "{}",
        scene.said()
    );
    scene.tell(Event::RunEnded {
        run: 1,
        outcome: Outcome::Completed,
        best: None,
    });
    scene.key(KeyCode::Tab);
    assert!(scene.text().contains("test 0.8765"), "{}", scene.text());
}

#[test]
fn published_figures_stand_beside_their_own_data_only() {
    let mut scene = Scene::loaded(80, 24);
    scene.keys("4");
    for (names, is_its_own) in [
        (&["fashion-mnist", "/sets/clothes"][..], true),
        (&["fashion-mnist-starter"], false),
        (&["mnist"], false),
        (&["/sets/fashion-mnist"], false),
    ] {
        scene.lab.sets[0].names = names.iter().map(|name| (*name).to_owned()).collect();
        for pane in ["4", "3"] {
            scene.keys(pane);
            let text = scene.text();
            assert_eq!(text.contains("published"), is_its_own, "{names:?}: {text}");
        }
    }
    scene.lab.sets[0].names = vec!["fashion-mnist".to_owned()];
    scene.lab.preset.training.epochs = 9;
    for pane in ["4", "3"] {
        scene.keys(pane);
        assert!(!scene.text().contains("published"), "{}", scene.text());
    }
    scene.lab.preset.training.epochs = 10;
    scene.keys("4");
    assert!(scene.text().contains("published"), "{}", scene.text());

    // Trained as it was published, and then changed by hand.
    scene.keys(" ");
    scene.answer();
    scene.epoch(1, 1);
    assert!(scene.text().contains("published"), "{}", scene.text());
    changed(&mut scene);
    let text = scene.text();
    assert!(!text.contains("published"), "{text}");
    let run = scene.lab.run.as_ref().unwrap();
    assert_eq!(run.facts.name, "fashion-bn4, edited");
}

#[test]
fn calibration_fills_the_pane() {
    let bars = |columns, rows| {
        let mut scene = Scene::finished(columns, rows);
        scene.keys("5");
        scene.answer();
        scene.keys("bz");
        scene
    };
    snapshot("calibration", bars);
    let mut scene = bars(80, 24);
    let text = scene.text();
    for part in [
        "Calibration · accuracy ↑ confidence →",
        "overconfident by more than",
        "▸ confidence",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("Confusion"), "{text}");
    scene.keys("z");
    assert!(scene.text().contains("Confusion"));
}

#[test]
fn the_help_says_what_is_written_short() {
    for (pane, typed, meaning) in [
        ("3", "f16", "16 filters"),
        ("3", "sees", "receptive field"),
        ("5", "0.104", "95 % confidence interval"),
        ("2", "spread", "standard deviation of each pixel"),
    ] {
        let mut scene = Scene::loaded(120, 40);
        scene.keys(pane);
        scene.keys("?");
        scene.keys(typed);
        assert!(scene.text().contains(meaning), "{typed}: {}", scene.text());
    }
}

#[test]
fn figures_of_a_run_are_not_read_as_those_of_another_set() {
    let tabs = |scene: &Scene| scene.text().lines().next().unwrap().to_owned();
    for columns in [80, 120, 160] {
        let mut scene = Scene::finished(columns, 24);
        assert!(tabs(&scene).contains("best 0."), "{}", tabs(&scene));
        let set = DatasetSummary {
            name: "pets".to_owned(),
            source: "/home/me/pets (images)".to_owned(),
            ..summary()
        };
        let seconds = 0.1;
        scene.tell(Event::DataLoaded {
            summary: set,
            seconds,
        });
        scene.keys("1");
        assert_eq!(scene.lab.chosen_set().unwrap().name, "pets");
        let text = tabs(&scene);
        assert!(text.contains("✓ "), "{text}");
        assert_eq!(
            text.contains("best"),
            text.contains("on Fashion-MNIST starter"),
            "{text}"
        );
        assert_eq!(text.contains("best"), columns >= 120, "{text}");
        // With its own set it is as before.
        scene.keys("k");
        scene.key(KeyCode::Enter);
        assert!(tabs(&scene).contains("best 0."), "{}", tabs(&scene));
    }
}

#[test]
fn every_figure_of_a_perfect_matrix_is_whole() {
    let mut table = ConfusionTable::new(10);
    for class in 0..10 {
        (0..20).for_each(|_| table.add(class, class));
    }
    for (columns, rows) in [(80, 24), (100, 30), (160, 50)] {
        let mut scene = Scene::finished(columns, rows);
        scene.tell(Event::Confusion {
            run: 1,
            epoch: 10,
            table: table.clone(),
            measured_on: names("Fashion-MNIST starter"),
            portion: Portion::Test,
        });
        scene.keys("5");
        let text = scene.text();
        let matrix = text.lines().filter_map(|line| line.split('│').nth(1));
        let mut precision = matrix.filter(|line| line.trim_start().starts_with("prec"));
        let figures: Vec<&str> = precision
            .next()
            .unwrap_or_else(|| panic!("{text}"))
            .split_whitespace()
            .skip(1)
            .collect();
        assert!(figures.len() >= 10, "{text}");
        assert!(figures.iter().all(|figure| *figure == "100"), "{text}");
    }
}

#[test]
fn reading_the_set_of_a_run_is_told_and_can_be_stopped() {
    let mut scene = Scene::finished(80, 24);
    scene.control('x');
    assert!(scene.said().contains("is being read"), "{}", scene.said());
    assert!(!scene.commands.contains(&Command::StopReading));
    scene.tell(Event::Reading(Some(Reading {
        name: "photos".to_owned(),
        share: 0.42,
    })));
    let text = scene.text();
    assert!(text.contains("42 %"), "{text}");
    assert!(
        text.contains("^X stop reading") || text.contains("Ctrl-X stop reading"),
        "{text}"
    );
    scene.control('x');
    assert!(scene.commands.contains(&Command::StopReading));
    scene.tell(Event::Reading(None));
    assert!(!scene.text().contains("stop reading"), "{}", scene.text());
}
