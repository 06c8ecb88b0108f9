use std::collections::HashSet;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{RecipeDraft, settings};
use crate::analysis::ConfusionTable;
use crate::lab::testing::{batch, clothes, ended, epoch, facts, summary};
use crate::lab::{Notice, PaneId, Phase, Run, TerminalWish};
use crate::overlays::{Confirm, Form};
use crate::screen::Interface;
use crate::screen::testing::drawn;
use crate::shape::Shape;
use crate::training::{Portion, Preset, Transfer};
use crate::worker::{Command, Event, Outcome, Purpose};

/// The pane with a set of images of this shape.
fn loaded(shape: Shape) -> Interface {
    let preset = Preset::open("fashion-conv1").unwrap();
    let (mut interface, _) = Interface::new(None, preset, Some("runs".into()));
    interface.resize(80, 24);
    interface.lab.show(PaneId::Train);
    interface.hear(Event::DataLoaded {
        summary: summary("clothes", shape),
        seconds: 0.1,
    });
    interface
}

fn act(interface: &mut Interface, id: &str) -> Vec<Command> {
    interface.act(id).unwrap_or_else(|| panic!("{id}"))
}

fn press(interface: &mut Interface, letter: char) {
    key(interface, KeyCode::Char(letter));
}

fn key(interface: &mut Interface, code: KeyCode) {
    interface.press(KeyEvent::new(code, KeyModifiers::NONE));
}

/// Run 2 is active; run 1 has ended.
fn training() -> Interface {
    let mut interface = loaded(Shape::new(28, 28, 1));
    for run in [1, 2] {
        let commands = act(&mut interface, "train.pause");
        match run {
            1 => assert!(matches!(commands[..], [Command::Train(_)])),
            // The same network continues.
            _ => assert!(matches!(commands[..], [Command::Continue { .. }])),
        }
        interface.hear(Event::RunStarted(Box::new(facts(run))));
        if run == 1 {
            interface.hear(ended(1, Outcome::Completed));
        }
    }
    interface
}

fn run(interface: &Interface) -> &Run {
    interface.lab.run.as_ref().unwrap()
}

#[test]
fn news_of_an_old_run_changes_nothing() {
    let table = ConfusionTable::new(10);
    let old = [
        batch(1, 1, 5),
        epoch(1, 1),
        Event::Confusion {
            run: 1,
            epoch: 1,
            table,
            measured_on: clothes(),
            portion: Portion::Test,
        },
        Event::Paused { run: 1 },
        Event::Resumed { run: 1 },
        ended(
            1,
            Outcome::Failed {
                message: "old".to_owned(),
            },
        ),
        Event::RunStarted(Box::new(facts(1))),
    ];
    for event in old {
        let mut interface = training();
        interface.hear(event.clone());
        let run = run(&interface);
        assert_eq!(run.facts.run, 2, "{event:?}");
        assert_eq!(run.phase, Phase::Training, "{event:?}");
        assert!(run.history.is_empty() && run.batch.is_none() && run.confusion.is_none());
    }
}

#[test]
fn a_run_is_followed_from_start_to_end() {
    let mut interface = training();
    let place = |interface: &Interface| (run(interface).epoch(), run(interface).share());
    assert_eq!(place(&interface), (1, 0.0));
    interface.hear(batch(2, 1, 5));
    assert_eq!(place(&interface), (1, 0.25));
    // 100 images an epoch at 50 images a second, three quarters of two epochs to go.
    assert_eq!(run(&interface).seconds_left(), Some(3.0));
    interface.hear(epoch(2, 1));
    assert_eq!(place(&interface), (2, 0.5));
    assert_eq!(run(&interface).seconds_left(), Some(4.0));
    interface.hear(batch(2, 2, 10));
    interface.hear(epoch(2, 2));
    interface.hear(ended(2, Outcome::Completed));
    assert_eq!(place(&interface), (2, 1.0));
    assert_eq!(run(&interface).seconds_left(), None);
    assert!(!interface.lab.is_training());
    assert_eq!(run(&interface).best().unwrap().val_accuracy_epoch, 1);
}

#[test]
fn phases_follow_the_worker() {
    let mut interface = training();
    assert_eq!(act(&mut interface, "train.pause"), [Command::Pause]);
    assert_eq!(run(&interface).phase, Phase::Pausing);
    interface.hear(Event::Paused { run: 2 });
    assert_eq!(act(&mut interface, "train.pause"), [Command::Resume]);
    assert_eq!(run(&interface).phase, Phase::Paused);
    interface.hear(Event::Resumed { run: 2 });
    assert_eq!(run(&interface).phase, Phase::Training);

    // The worker pauses when it cannot save, and says why until it resumes.
    interface.hear(Event::Failed {
        what: Purpose::SaveRun,
        message: "disk full".to_owned(),
    });
    interface.hear(Event::Paused { run: 2 });
    assert_eq!(run(&interface).phase, Phase::Paused);
    assert_eq!(run(&interface).trouble.as_deref(), Some("disk full"));
    interface.hear(Event::Resumed { run: 2 });
    assert_eq!(run(&interface).trouble, None);

    assert_eq!(act(&mut interface, "train.stop"), [Command::Stop]);
    interface.hear(Event::Paused { run: 2 });
    assert_eq!(run(&interface).phase, Phase::Stopping);
    let outcome = Outcome::Stopped { epochs: 0 };
    interface.hear(ended(2, outcome.clone()));
    assert_eq!(run(&interface).phase, Phase::Ended(outcome));
}

#[test]
fn a_refused_training_can_be_tried_again() {
    let mut interface = loaded(Shape::new(28, 28, 1));
    act(&mut interface, "train.pause");
    assert!(interface.lab.is_starting());
    // A second Space while it starts asks for nothing.
    assert_eq!(act(&mut interface, "train.pause"), []);
    interface.hear(Event::Failed {
        what: Purpose::Train,
        message: "no room".to_owned(),
    });
    assert_eq!(interface.lab.refusal.as_deref(), Some("no room"));
    assert_eq!(interface.lab.status.as_ref().unwrap().notice, Notice::Error);
    let again = act(&mut interface, "train.pause");
    assert!(matches!(again[..], [Command::Train(_)]));
    assert_eq!(interface.lab.refusal, None);
}

#[test]
fn what_does_not_fit_is_not_trained_until_it_is_fitted() {
    let mut interface = loaded(Shape::new(16, 16, 3));
    assert_eq!(act(&mut interface, "train.pause"), []);
    assert!(interface.lab.misfit().unwrap().contains("28×28×1"));
    press(&mut interface, '3');
    press(&mut interface, 'f');
    press(&mut interface, '4');
    assert_eq!(interface.lab.misfit(), None);
    assert_eq!(interface.lab.summary.input, Shape::new(16, 16, 3));
    let commands = act(&mut interface, "train.pause");
    assert!(matches!(commands[..], [Command::Train(_)]));
}

#[test]
fn a_lost_worker_ends_its_run() {
    let mut interface = training();
    interface.lose_worker();
    assert!(!interface.lab.is_training());
    assert_eq!(interface.lab.status.unwrap().notice, Notice::Error);
}

#[test]
fn one_batch_of_an_untrained_network_is_trained_and_told() {
    let mut interface = loaded(Shape::new(28, 28, 1));
    let commands = act(&mut interface, "train.step");
    let [Command::StartAndStep(start)] = &commands[..] else {
        panic!("{commands:?}");
    };
    assert!(matches!(**start, Command::Train(_)), "{start:?}");
    interface.hear(Event::RunStarted(Box::new(facts(1))));
    interface.hear(Event::Paused { run: 1 });
    interface.hear(batch(1, 1, 1));
    let said = interface.lab.status.clone().unwrap().text;
    assert!(
        said.contains("Trained batch 1 of 10 of epoch 1: loss 0.5000, accuracy 0.7500"),
        "{said}"
    );
    // The next is one of the same training, and one that nobody asked for is not told.
    interface.lab.status = None;
    assert_eq!(act(&mut interface, "train.step"), [Command::StepOnce]);
    interface.hear(batch(1, 1, 2));
    assert!(interface.lab.status.is_some());
    interface.lab.status = None;
    interface.hear(batch(1, 1, 3));
    assert_eq!(interface.lab.status, None);
}

#[test]
fn a_reset_says_what_the_next_training_starts_from_and_forgets_the_run() {
    for (transfer, origin) in [
        (None, "initial weights, seed 1"),
        (
            Some(Transfer {
                from: Some("runs/earlier".into()),
                ..Transfer::default()
            }),
            "the weights of earlier",
        ),
    ] {
        let mut interface = training();
        interface.hear(epoch(2, 1));
        interface.hear(ended(2, Outcome::Completed));
        interface.lab.preset.training.transfer = transfer;
        act(&mut interface, "train.reset");
        let question: &Confirm = interface.lab.overlay_of().unwrap();
        let asked = (question.text)(&interface.lab);
        assert!(asked.contains(origin), "{origin}: {asked}");
        let commands = act(&mut interface, "weights.reset");
        assert!(commands.contains(&Command::ResetWeights), "{commands:?}");
        let said = &interface.lab.status.as_ref().unwrap().text;
        assert!(said.contains(origin), "{origin}: {said}");
        assert!(
            interface.lab.run.is_none(),
            "the old run is gone from the screen"
        );
        assert!(drawn(&interface).contains("Press Space to start"));
    }
}

fn form(interface: &Interface) -> &Form<RecipeDraft> {
    interface.lab.overlay_of().expect("the form is open")
}

#[test]
fn a_choice_is_typed_by_its_whole_name() {
    let mut interface = loaded(Shape::new(28, 28, 1));
    for (typed, chosen) in [
        ("adam", "adam"),
        ("mom", "momentum"),
        ("adamw", "adamw"),
        ("sgd", "sgd"),
        ("delta", "adadelta"),
    ] {
        settings::open(&mut interface.lab, "optimizer");
        typed
            .chars()
            .for_each(|letter| press(&mut interface, letter));
        let row = form(&interface).current().unwrap();
        assert_eq!(row.setting.value.to_string(), chosen, "{typed}");
    }
    // The same letter again moves to the next one.
    settings::open(&mut interface.lab, "optimizer");
    let values = ["a", "a", "a"].map(|letter| {
        press(&mut interface, letter.chars().next().unwrap());
        form(&interface)
            .current()
            .unwrap()
            .setting
            .value
            .to_string()
    });
    assert_eq!(values.iter().collect::<HashSet<_>>().len(), 3, "{values:?}");
}

#[test]
fn a_form_that_is_left_leaves_the_training_as_it_was() {
    let mut interface = loaded(Shape::new(28, 28, 1));
    let before = interface.lab.preset.clone();
    for (list, choice) in [("train.weights", "pretrain on"), ("train.settings", "")] {
        act(&mut interface, list);
        if !choice.is_empty() {
            choice
                .chars()
                .for_each(|letter| press(&mut interface, letter));
            key(&mut interface, KeyCode::Enter);
            assert!(form(&interface).draft.recipe.transfer.is_some());
        }
        press(&mut interface, '3');
        assert_ne!(form(&interface).draft.recipe, before.training, "{list}");
        key(&mut interface, KeyCode::Esc);
        assert!(interface.lab.overlay.is_none());
        assert_eq!(interface.lab.preset, before, "{list}");
    }
    // Once applied it stays, also when the reset to random weights is answered with no.
    act(&mut interface, "train.weights");
    "pretrain on"
        .chars()
        .for_each(|letter| press(&mut interface, letter));
    key(&mut interface, KeyCode::Enter);
    key(&mut interface, KeyCode::Enter);
    let transfer = interface.lab.preset.training.transfer.clone();
    assert!(transfer.is_some());
    interface.hear(Event::RunStarted(Box::new(facts(1))));
    interface.hear(epoch(1, 1));
    interface.hear(ended(1, Outcome::Completed));
    for (answer, left) in [('n', transfer), ('y', None)] {
        act(&mut interface, "train.weights");
        "random"
            .chars()
            .for_each(|letter| press(&mut interface, letter));
        key(&mut interface, KeyCode::Enter);
        press(&mut interface, answer);
        assert_eq!(interface.lab.preset.training.transfer, left, "{answer}");
    }
}

#[test]
fn the_end_of_a_long_training_is_announced_unless_it_was_asked_for() {
    let announced = |after: Option<f64>, outcome: Outcome| {
        let mut interface = training();
        interface.lab.announced_after = after;
        interface.hear(epoch(2, 1));
        interface.hear(epoch(2, 2));
        interface.hear(ended(2, outcome));
        interface.lab.terminal_wish.take()
    };
    // Two epochs of four seconds.
    let told = TerminalWish::Announce("fashion-conv1: finished, best 0.7500".to_owned());
    assert_eq!(announced(Some(8.0), Outcome::Completed), Some(told));
    assert_eq!(announced(Some(8.5), Outcome::Completed), None);
    assert_eq!(announced(None, Outcome::Completed), None);
    let stopped = Outcome::Stopped { epochs: 2 };
    assert_eq!(announced(Some(0.0), stopped), None);
}

#[test]
fn a_learning_rate_far_from_the_usual_is_taken_with_a_warning() {
    for is_live in [false, true] {
        let mut interface = match is_live {
            true => training(),
            false => loaded(Shape::new(28, 28, 1)),
        };
        act(&mut interface, "train.settings");
        while !drawn(&interface).contains("▸ learning_rate") {
            interface.press(KeyEvent::new(KeyCode::Down, KeyModifiers::NONE));
        }
        for digit in "121".chars() {
            press(&mut interface, digit);
        }
        let warning = "121 is far above the usual range of adadelta";
        let text = drawn(&interface);
        assert!(text.contains(warning), "{text}");
        let commands = act(&mut interface, "form.accept");
        let said = &interface.lab.status.as_ref().unwrap().text;
        assert!(said.contains(warning), "{said}");
        match is_live {
            true => assert!(!commands.is_empty()),
            false => {
                let recipe = &interface.lab.preset.training;
                assert_eq!(recipe.optimizer.learning_rate(), 121.0);
            }
        }
    }
}

#[test]
fn enter_does_not_answer_a_question_that_names_y_and_n() {
    let mut interface = training();
    interface.hear(epoch(2, 1));
    interface.hear(ended(2, Outcome::Completed));
    act(&mut interface, "train.reset");
    key(&mut interface, KeyCode::Enter);
    assert!(interface.lab.overlay.is_some() && interface.lab.run.is_some());
    let status = interface.lab.status.as_ref().unwrap();
    assert!(status.text.starts_with("y resets"), "{}", status.text);
    press(&mut interface, 'y');
    assert!(interface.lab.run.is_none());
}
