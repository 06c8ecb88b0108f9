//! The Train pane: settings, steering, and reading the curves.

use convscope::state::Notice;
use convscope::training::{FinalTest, Validation};
use convscope::worker::{Command, Event, InUse, Outcome, Purpose, Steering};
use crossterm::event::KeyCode;

use crate::scene::Scene;
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

fn changed(scene: &mut Scene) {
    scene.tell(Event::Changed {
        run: 1,
        epoch: 3,
        change: "after batch 41: learning rate 0.25, before 1".to_owned(),
        in_use: InUse {
            learning_rate: 0.25,
            augment: None,
            dataset: "Fashion-MNIST starter".to_owned(),
            stops_after_epoch: true,
        },
    });
}

#[test]
fn changes_are_marked_and_read_out_under_the_cursor() {
    let read = |columns, rows| {
        let mut scene = Scene::training(columns, rows);
        changed(&mut scene);
        scene.epoch(1, 3);
        let history = &mut scene.lab.run.as_mut().unwrap().history;
        history[2].changes = vec!["after batch 41: learning rate 0.25, before 1".to_owned()];
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
    assert_eq!(scene.lab.curves.cursor, Some(3));
    scene.keys("h");
    assert_eq!(scene.lab.curves.cursor, Some(2));
    scene.key(KeyCode::Esc);
    assert_eq!(scene.lab.curves.cursor, None);
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
    assert!(scene.said().contains("no curve"), "{}", scene.said());
    scene.keys("mmy---");
    assert_eq!(scene.lab.curves, Default::default());
    assert!(scene.said().contains("in sight"), "{}", scene.said());
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
fn earlier_runs_are_listed_looked_at_and_opened() {
    let listed = |columns, rows| {
        let mut scene = Scene::loaded(columns, rows);
        scene.keys("4o");
        scene.answer();
        scene
    };
    snapshot("runs", listed);
    let mut scene = listed(80, 24);
    scene.key(KeyCode::Enter);
    let [Command::OpenRun { folder }] = &scene.commands[..] else {
        panic!("{:?}", scene.commands);
    };
    assert!(
        folder.ends_with("20261123-130000-fashion-bn4"),
        "{folder:?}"
    );
    scene.answer();
    assert!(
        scene.said().contains("2 of 10 epochs are done"),
        "{}",
        scene.said()
    );
    assert_eq!(scene.lab.run.as_ref().unwrap().history.len(), 2);
    scene.keys(" ");
    assert!(matches!(scene.commands[..], [Command::Continue { .. }]));

    // One that cannot be read says why, and is not opened.
    let mut scene = listed(80, 24);
    scene.keys("damaged");
    scene.key(KeyCode::Enter);
    assert!(
        scene.commands.is_empty() && scene.said().contains("run.yaml"),
        "{}",
        scene.said()
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
        scene
    };
    snapshot("compared", compared);
    let mut scene = compared(120, 40);
    assert!(scene.text().contains("╌╌ 0.9030 at 9"), "{}", scene.text());
    scene.keys("c");
    scene.answer();
    scene.key(KeyCode::Enter);
    assert!(
        scene.lab.runs.compared.is_none(),
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
    scene.key(KeyCode::Down);
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
    assert!(scene.said().contains("goes on"), "{}", scene.said());
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
    scene.lab.preset.data = Some("fashion-mnist".to_owned());
    scene.lab.preset.expect = Some(convscope::training::Expectation {
        best_val_accuracy: Some(0.9246),
        lowest_val_loss: None,
    });
    for (name, is_its_own) in [
        ("Fashion-MNIST", true),
        ("Fashion-MNIST starter", true),
        ("MNIST starter", false),
        ("Fashion", false),
    ] {
        scene.lab.sets[0].name = name.to_owned();
        let position = scene.lab.chosen_set().map(|set| set.name.clone());
        assert_eq!(position.as_deref(), Some(name), "it is the chosen one");
        assert_eq!(scene.text().contains("published"), is_its_own, "{name}");
    }
}
