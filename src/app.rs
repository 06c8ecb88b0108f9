//! The event loop: receives keys, worker events and signals, updates the state, sends commands, and redraws the screen when something
//! changed.

mod shot;

use std::env;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use color_eyre::eyre::{Result, WrapErr};
use crossterm::event::{
    self, Event as TerminalEvent, KeyCode, KeyEvent, KeyEventKind, KeyModifiers,
};
use tracing::debug;

use crate::log::kind;
use crate::training::Preset;
use ratatui::buffer::Buffer;

use crate::lab::TerminalWish;
pub use crate::lab::{Colors, PaneId, RUN};
use crate::screen::Interface;
pub use crate::ui::Key;
use crate::ui::terminal::Screen;
use crate::ui::theme::Theme;
pub use crate::ui::theme::{Background, ColorDepth, ColorMap};
use crate::ui::wait_for_hang_up;
use crate::worker::{Command, Event};
pub use shot::{Shot, shot};

/// The shortest time between redraws for a run's progress.
const FRAME: Duration = Duration::from_millis(100);
/// The same over SSH.
const FRAME_OVER_SSH: Duration = Duration::from_millis(250);

#[derive(Clone, Debug)]
pub struct Options {
    /// A known set's name or a path; `None` leaves the choice to the worker.
    pub data: Option<String>,
    pub preset: Preset,
    /// The text of the preset's file.
    pub preset_text: String,
    /// Where run folders are created; `None` keeps runs in memory.
    pub runs_folder: Option<PathBuf>,
    /// Where sweep folders are created.
    pub sweeps_folder: PathBuf,
    /// The colour depth, instead of the detected one.
    pub depth: Option<ColorDepth>,
    pub background: Option<Background>,
    /// The colour maps of pictures.
    pub colors: Colors,
    /// Whether the lab captures the mouse.
    pub mouse: bool,
    /// The shortest duration in seconds of runs whose end is announced.
    pub announced_after: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The user quit.
    Quit,
    /// Ctrl-C or a termination signal.
    Interrupted,
    /// The terminal was closed.
    HungUp,
}

/// Anything that wakes the loop.
enum Input {
    Terminal(TerminalEvent),
    Worker(Box<Event>),
    WorkerGone,
    /// SIGINT or SIGTERM.
    Interrupt,
    /// SIGHUP, or a terminal that is gone; the two often come together.
    HangUp,
}

/// Runs the lab on the terminal until the user quits, then waits for the worker to end (it closes `events`). Returns how it ended, and
/// what the session wrote to disk: what it is, and where.
///
/// # Errors
/// If there is no terminal, or it fails.
pub fn run(
    options: Options,
    commands: Sender<Command>,
    events: Receiver<Event>,
) -> Result<(Ended, Vec<(&'static str, PathBuf)>)> {
    let variable = |name: &str| env::var(name).ok();
    let depth = options.depth;
    let depth = depth.unwrap_or_else(|| ColorDepth::detect(variable));
    let background = options.background;
    let background = background.unwrap_or_else(|| Background::detect(variable));
    let frame = match variable("SSH_CONNECTION") {
        Some(connection) if !connection.is_empty() => FRAME_OVER_SSH,
        _ => FRAME,
    };
    let mut screen = Screen::open().wrap_err("cannot start the lab")?;
    let (mut interface, first) = Interface::new(options.data, options.preset, options.runs_folder);
    interface.lab.know_preset_text(&options.preset_text);
    interface.lab.sweeps_folder = options.sweeps_folder;
    interface.lab.colors = options.colors;
    interface.lab.mouse = options.mouse;
    interface.lab.background = background;
    interface.lab.announced_after = options.announced_after;
    let mut app = App {
        interface,
        theme: Theme::new(depth, background),
        commands,
        worker_is_gone: false,
        interrupted: false,
        hung_up: false,
    };
    let (columns, rows) = screen.size()?;
    debug!(columns, rows, term = variable("TERM"), colors = ?depth, ?background, "the screen is open");
    app.tell(|interface| interface.resize(columns, rows));
    app.paint(&mut screen);

    // Everything else starts only now that something is on the screen.
    app.tell(|_| first);
    let inputs = listen(events)?;
    let ended = app.run(&mut screen, &inputs, frame);
    Ok((ended, app.interface.lab.work))
}

struct App {
    interface: Interface,
    theme: Theme,
    commands: Sender<Command>,
    worker_is_gone: bool,
    interrupted: bool,
    /// Whether the terminal is gone.
    hung_up: bool,
}

/// When the screen must be redrawn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Paint {
    No,
    /// With the next frame.
    Soon,
    Now,
}

impl App {
    fn run(&mut self, screen: &mut Screen, inputs: &Receiver<Input>, frame: Duration) -> Ended {
        let mut painted = Instant::now();
        let mut paint = Paint::No;
        while !self.is_done() {
            let wait = match paint {
                Paint::No => None,
                Paint::Soon => Some(frame.saturating_sub(painted.elapsed())),
                Paint::Now => Some(Duration::ZERO),
            };
            let input = match wait {
                None => inputs.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(wait) => inputs.recv_timeout(wait),
            };
            match input {
                // All pending input is handled before the next redraw.
                Ok(input) => paint = paint.max(self.take(input)),
                Err(RecvTimeoutError::Timeout) => {
                    self.paint(screen);
                    painted = Instant::now();
                    paint = Paint::No;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if let Some(wish) = self.interface.lab.terminal_wish.take() {
                if self.grant(wish, screen).is_err() {
                    self.hang_up();
                }
                paint = Paint::Now;
            }
            if self.hung_up {
                paint = Paint::No;
            }
        }
        match (self.hung_up, self.interrupted) {
            (true, _) => Ended::HungUp,
            (false, true) => Ended::Interrupted,
            (false, false) => Ended::Quit,
        }
    }

    fn paint(&mut self, screen: &mut Screen) {
        let (interface, theme) = (&self.interface, &self.theme);
        let paint = |area, buffer: &mut Buffer| interface.draw(area, buffer, theme);
        if screen.draw(interface.wants_mouse(), paint).is_err() {
            self.hang_up();
        }
    }

    fn grant(&mut self, wish: TerminalWish, screen: &mut Screen) -> io::Result<()> {
        match wish {
            TerminalWish::Suspend => {
                screen.suspend()?;
                let (columns, rows) = screen.size()?;
                self.tell(|interface| interface.resize(columns, rows));
                Ok(())
            }
            TerminalWish::Redraw => screen.clear(),
            TerminalWish::Announce(text) => screen.announce(&text),
        }
    }

    /// Whether the user is quitting and the worker has saved everything.
    fn is_done(&self) -> bool {
        self.interface.lab.quitting && self.worker_is_gone
    }

    fn take(&mut self, input: Input) -> Paint {
        match input {
            Input::Terminal(event) => self.take_terminal(event),
            Input::Worker(event) => {
                // Answers are shown immediately; the progress of a run can wait for the next frame.
                if !matches!(*event, Event::Batch(_)) {
                    debug!(event = kind(&*event));
                }
                let paint = match *event {
                    Event::Batch(_) | Event::Epoch { .. } | Event::Confusion { .. } => Paint::Soon,
                    _ => Paint::Now,
                };
                self.tell(|interface| interface.hear(*event));
                paint
            }
            Input::WorkerGone => {
                self.worker_is_gone = true;
                self.tell(Interface::lose_worker);
                Paint::Now
            }
            Input::Interrupt => {
                self.interrupt();
                Paint::No
            }
            Input::HangUp => {
                self.hang_up();
                Paint::No
            }
        }
    }

    fn take_terminal(&mut self, event: TerminalEvent) -> Paint {
        if matches!(event, TerminalEvent::Key(key) if is_interrupt(key)) {
            self.interrupt();
            return Paint::Now;
        }
        if self.interface.lab.quitting {
            return Paint::No;
        }
        match event {
            TerminalEvent::Key(key) if key.kind != KeyEventKind::Release => {
                self.tell(|interface| interface.press(key));
            }
            TerminalEvent::Resize(columns, rows) => {
                self.tell(|interface| interface.resize(columns, rows));
                // A terminal that was smaller for a moment has lost its contents, even if it has its old size again.
                self.interface.lab.terminal_wish = Some(TerminalWish::Redraw);
            }
            TerminalEvent::Mouse(event) => self.tell(|interface| interface.mouse(event)),
            TerminalEvent::Paste(text) => self.tell(|interface| interface.paste(text)),
            _ => return Paint::No,
        }
        Paint::Now
    }

    /// Quits in good order; on a second request, immediately.
    fn interrupt(&mut self) {
        let quits_by_hang_up = self.hung_up && !self.interrupted;
        self.worker_is_gone |= self.interface.lab.quitting && !quits_by_hang_up;
        self.interrupted = true;
        self.quit();
    }

    /// Quits in good order, however often it is called. Without a terminal the user cannot be asked, but the weights are saved.
    fn hang_up(&mut self) {
        self.hung_up = true;
        self.quit();
    }

    fn quit(&mut self) {
        if !self.interface.lab.quitting {
            self.tell(Interface::quit);
        }
    }

    /// Updates the interface, and sends the resulting commands to the worker. A worker that is gone closes its events, so failures to send
    /// are ignored.
    fn tell(&mut self, news: impl FnOnce(&mut Interface) -> Vec<Command>) {
        for command in news(&mut self.interface) {
            debug!(command = kind(&command));
            let _ = self.commands.send(command);
        }
    }
}

/// Whether it is Ctrl-C, which raw mode delivers as a key.
fn is_interrupt(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('c')
        && key.modifiers == KeyModifiers::CONTROL
        && key.kind == KeyEventKind::Press
}

/// Merges keys, worker events and signals into one channel.
fn listen(events: Receiver<Event>) -> Result<Receiver<Input>> {
    let (sender, inputs) = mpsc::channel();
    let keys = sender.clone();
    spawn("keys", move || {
        while let Ok(event) = event::read() {
            if keys.send(Input::Terminal(event)).is_err() {
                return;
            }
        }
        let _ = keys.send(Input::HangUp);
    })?;
    let terminal = sender.clone();
    spawn("terminal", move || {
        if wait_for_hang_up() {
            let _ = terminal.send(Input::HangUp);
        }
    })?;
    listen_to_signals(sender.clone())?;
    spawn("news", move || {
        for event in events {
            if sender.send(Input::Worker(Box::new(event))).is_err() {
                return;
            }
        }
        let _ = sender.send(Input::WorkerGone);
    })?;
    Ok(inputs)
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let thread = thread::Builder::new().name(name.to_owned());
    thread.spawn(work).map(drop)
}

#[cfg(unix)]
fn listen_to_signals(sender: Sender<Input>) -> Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    spawn("signals", move || {
        for signal in signals.forever() {
            let input = match signal {
                SIGHUP => Input::HangUp,
                _ => Input::Interrupt,
            };
            if sender.send(input).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

/// On other systems Ctrl-C arrives as a key, and other requests to end cannot be caught.
#[cfg(not(unix))]
fn listen_to_signals(_: Sender<Input>) -> Result<()> {
    Ok(())
}
