//! What tests of panes begin with: the lab with its panes, and what a worker might tell.

use super::Interface;
use crate::data::DatasetSummary;
use crate::lab::PaneId;
use crate::shape::Shape;
use crate::training::{EpochMetrics, Preset};
use crate::ui::Key;
use crate::worker::{Command, Event, InUse, Outcome, Pending, Question, RunFacts, SetNames};
use crossterm::event::KeyCode;

/// `fashion-conv1` on a small screen, before anything is loaded.
pub(crate) fn started() -> Interface {
    let preset = Preset::open("fashion-conv1").unwrap();
    let (mut interface, _) = Interface::new(None, preset, Some("runs".into()));
    interface.resize(80, 24);
    interface
}

pub(crate) fn loaded() -> Interface {
    let mut interface = started();
    load(&mut interface, "clothes");
    interface
}

pub(crate) fn load(interface: &mut Interface, name: &str) -> Vec<Command> {
    interface.hear(Event::DataLoaded {
        summary: DatasetSummary {
            name: name.to_owned(),
            source: "memory".to_owned(),
            names: Vec::new(),
            shape: Shape::new(28, 28, 1),
            class_names: (0..10).map(|class| format!("class {class}")).collect(),
            train_counts: vec![10; 10],
            test_counts: vec![5; 10],
            memory: 1000,
            note: String::new(),
        },
        seconds: 0.1,
    })
}

/// Does an action of this pane, or of what lies over it.
pub(crate) fn act(interface: &mut Interface, pane: PaneId, id: &str) -> Vec<Command> {
    if interface.lab.overlay.is_none() {
        interface.lab.show(pane);
    }
    let commands = interface.act(id);
    commands.unwrap_or_else(|| panic!("{id} is no action here"))
}

pub(crate) fn press(interface: &mut Interface, key: Key) -> Vec<Command> {
    interface.press(key.event())
}

pub(crate) fn keys(interface: &mut Interface, text: &str) -> Vec<Command> {
    let keys = text.chars().map(Key::char);
    keys.flat_map(|key| press(interface, key)).collect()
}

pub(crate) fn enter(interface: &mut Interface) -> Vec<Command> {
    press(interface, Key::code(KeyCode::Enter))
}

pub(crate) fn escape(interface: &mut Interface) -> Vec<Command> {
    press(interface, Key::code(KeyCode::Esc))
}

/// The latest question of this type that is asked.
pub(crate) fn asked<Q: Question>(commands: Vec<Command>) -> Option<Pending<Q>> {
    let asks = commands.into_iter().filter_map(|command| match command {
        Command::Ask(ask) => ask.downcast().ok(),
        _ => None,
    });
    asks.last()
}

/// Answers a question.
pub(crate) fn answer<Q: Question>(
    interface: &mut Interface,
    pending: &Pending<Q>,
    answer: Q::Answer,
) -> Vec<Command> {
    pending.answer(answer);
    interface.hear(Event::Answered)
}

/// Of a run of `fashion-conv1`.
pub(crate) fn facts(run: u64) -> RunFacts {
    let preset = Preset::open("fashion-conv1").unwrap();
    RunFacts {
        run,
        network: preset.network(),
        in_use: InUse {
            learning_rate: 1.0,
            augment: None,
            set: SetNames {
                dataset: "clothes".to_owned(),
                class_names: Vec::new(),
            },
            stops_after_epoch: false,
        },
        recipe: preset.training,
        then: None,
        name: "fashion-conv1".to_owned(),
        folder: None,
        epochs: 2,
        batches_per_epoch: 10,
        train_images: 100,
        validation_images: 50,
        trained_before: vec![0; 5],
        frozen_layers: 0,
        parameters: 31_450,
        threads: 1,
        history: Vec::new(),
        notes: Vec::new(),
    }
}

pub(crate) fn run_started(facts: RunFacts) -> Event {
    Event::RunStarted(Box::new(facts))
}

pub(crate) fn epoch(run: u64, epoch: usize) -> Event {
    Event::Epoch {
        run,
        metrics: EpochMetrics {
            epoch,
            seconds: 4.0,
            images_per_second: 30.0,
            learning_rate: 1.0,
            loss: 0.5,
            accuracy: 0.8,
            val_loss: 0.6,
            val_accuracy: 0.75,
            changes: Vec::new(),
            stretch: 1,
        },
    }
}

pub(crate) fn ended(run: u64) -> Event {
    Event::RunEnded {
        run,
        outcome: Outcome::Completed,
        best: None,
    }
}
