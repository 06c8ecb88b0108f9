//! The lab without a terminal: opened, keys pressed, and drawn once everything that it asked for has come.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use crate::lab::{PaneId, Phase};
use crate::screen::{Interface, picture_for};
use crate::ui::Key;
use crate::worker::{
    Asked, Command, Course, Event, Network, NetworkDesk, Outbox, Question, Tell, Worker,
};

use super::Options;

/// Between two looks at whether questions are answered.
const TICK: Duration = Duration::from_millis(5);

/// What is shown.
pub struct Shot {
    pub pane: PaneId,
    pub columns: u16,
    pub rows: u16,
    /// A run to open first.
    pub run: Option<PathBuf>,
    /// Pressed on the pane, one after the other.
    pub keys: Vec<Key>,
}

/// Shows a pane of the lab, and returns the content of `file`: a picture of the screen as SVG or PNG by its ending. A run that the keys
/// start is trained to its end first.
///
/// # Errors
/// A sentence if the file has another ending, the run cannot be opened, or the worker is gone.
pub fn shot(options: Options, worker: Worker, shot: &Shot, file: &Path) -> Result<Vec<u8>, String> {
    let (mut interface, first) = Interface::new(options.data, options.preset, options.runs_folder);
    interface.lab.know_preset_text(&options.preset_text);
    interface.lab.colors = options.colors;
    interface.lab.background = options.background.unwrap_or_default();
    let mut looker = Looker {
        interface,
        commands: worker.commands,
        events: worker.events,
        courses: Vec::new(),
        passed: Asked::default(),
    };
    looker.tell(|_| first);
    looker.tell(|interface| interface.resize(shot.columns, shot.rows));
    looker.wait()?;
    if let Some(folder) = shot.run.clone() {
        looker.tell(|interface| {
            interface.lab.tell(Command::OpenRun { folder });
            interface.settle()
        });
        looker.wait()?;
        // It says that the run is opened, over a part of the pane, or why it is not.
        let status = looker.interface.lab.status.take();
        if looker.interface.lab.run.is_none() {
            return Err(status.map_or_else(String::new, |status| status.text));
        }
    }
    looker.tell(|interface| {
        interface.lab.show(shot.pane);
        interface.settle()
    });
    looker.wait()?;
    for key in &shot.keys {
        looker.tell(|interface| interface.press(key.event()));
        looker.wait()?;
    }
    picture_for(file, &looker.interface.picture())
}

/// Answered once the worker has done everything that it was told before and that concerns the network.
#[derive(Clone, Debug, PartialEq)]
struct Passed;

impl Question for Passed {
    type Answer = ();
    type Lane = Network;
    const PURPOSE: &'static str = "wait for the worker";

    fn find_out(self, _desk: &mut NetworkDesk, tell: &Tell<Self>) -> Result<(), String> {
        tell.tell(());
        Ok(())
    }
}

/// The lab with its worker.
struct Looker {
    interface: Interface,
    commands: Sender<Command>,
    events: Receiver<Event>,
    /// Of the questions that may still be open.
    courses: Vec<Course>,
    passed: Asked<Passed>,
}

impl Looker {
    fn tell(&mut self, news: impl FnOnce(&mut Interface) -> Vec<Command>) {
        let commands = news(&mut self.interface);
        self.send(commands);
    }

    fn send(&mut self, commands: Vec<Command>) {
        for command in commands {
            if let Command::Ask(ask) = &command {
                self.courses.push(ask.course());
            }
            // A worker that is gone closes its events.
            let _ = self.commands.send(command);
        }
    }

    /// Waits until nothing is asked, told or trained any more.
    fn wait(&mut self) -> Result<(), String> {
        loop {
            self.pass()?;
            let is_training = self.interface.lab.run.as_ref().is_some_and(|run| {
                matches!(
                    run.phase,
                    Phase::Training | Phase::Pausing | Phase::Stopping
                )
            });
            let is_starting = self.interface.lab.is_starting();
            self.courses.retain(|course| !course.is_over());
            // Answers are sent before a course is over.
            let has_heard = self.hear_all()?;
            if !(is_training || is_starting || has_heard) && self.courses.is_empty() {
                return Ok(());
            }
            self.hear_next()?;
        }
    }

    /// Waits until the training thread has done what it was told so far.
    fn pass(&mut self) -> Result<(), String> {
        let mut out = Outbox::default();
        self.passed.ask(Passed, &mut out);
        self.send(out.commands);
        while self.passed.is_waiting() {
            self.hear_next()?;
            self.passed.receive(&mut Outbox::default());
        }
        Ok(())
    }

    /// Hears of all that has come; whether that was anything.
    fn hear_all(&mut self) -> Result<bool, String> {
        let mut has_heard = false;
        while let Ok(event) = self.events.try_recv() {
            self.tell(|interface| interface.hear(event));
            has_heard = true;
        }
        Ok(has_heard)
    }

    fn hear_next(&mut self) -> Result<(), String> {
        match self.events.recv_timeout(TICK) {
            Ok(event) => self.tell(|interface| interface.hear(event)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err("the worker has ended; the log says why".to_owned());
            }
        }
        Ok(())
    }
}
