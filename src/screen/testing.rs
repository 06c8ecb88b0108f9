//! Support for tests of panes: the lab with its panes, and events of a worker.

use super::Interface;
use crate::lab::{PaneId, testing};
use crate::shape::Shape;
use crate::training::Preset;
use crate::ui::Key;
use crate::ui::theme::{Background, ColorDepth, Theme};
use crate::worker::{Command, Event, Outcome, Pending, Question, RunFacts};
use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub(crate) use crate::lab::testing::{epoch, facts};

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
        summary: testing::summary(name, Shape::new(28, 28, 1)),
        seconds: 0.1,
    })
}

/// Runs an action of this pane, or of the overlay over it.
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

/// What is on the screen, row by row.
pub(crate) fn drawn(interface: &Interface) -> String {
    let area = Rect::new(0, 0, interface.lab.columns, interface.lab.rows);
    let mut buffer = Buffer::empty(area);
    let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
    interface.draw(area, &mut buffer, &theme);
    let rows = area.rows().map(|row| {
        let cells = row.positions().map(|at| buffer[at].symbol());
        cells.collect::<String>()
    });
    rows.collect::<Vec<_>>().join("\n")
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

pub(crate) fn run_started(facts: RunFacts) -> Event {
    Event::RunStarted(Box::new(facts))
}

pub(crate) fn ended(run: u64) -> Event {
    testing::ended(run, Outcome::Completed)
}
