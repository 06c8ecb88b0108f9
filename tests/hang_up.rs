//! Closed terminals: whoever takes the terminal from a training, in whichever way and however often the program is told, loses no
//! batch, and the training goes on to the same bits as one that was left alone.
//!
//! `cargo test --test hang_up` closes 20 of them, `cargo test --test hang_up -- --ignored` 54.

#![cfg(target_os = "linux")]

mod cli_support;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use convscope::runs::RunFolder;
use convscope::training::Checkpoint;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use cli_support::{NAMES, Outcome, Place, images, labels};

/// Far longer than anything here takes: a hang fails instead of blocking.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks at what no event tells.
const TICK: Duration = Duration::from_millis(5);

const ROWS: u16 = 30;
const COLUMNS: u16 = 100;

const EPOCHS: usize = 4;
const TRAIN_IMAGES: usize = 3200;
/// In an epoch.
const BATCHES: u64 = 200;

/// Longer to train than `tiny.yaml`, so that most moments lie in the middle of an epoch.
const PRESET: &str = "\
name: slow
input: [16, 16, 1]
classes: 3
layers:
  - conv2d: {filters: 24, kernel: 3}
  - batch_norm
  - relu
  - max_pool2d: {size: 2}
  - flatten
  - dropout: {rate: 0.2}
  - classify
data: data
training: {epochs: 4, batch_size: 16}
seed: 5
";

/// Whose terminal it is, and what runs in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Session {
    /// The lab is its session's leader, as after `ssh -t HOST convscope`.
    Leader,
    /// The same with SIGHUP ignored.
    DeafLeader,
    /// A shell leads, and dies of the hang-up itself.
    Shell,
    /// A shell leads and ignores SIGHUP, so that no signal comes: only the terminal is gone.
    DeafShell,
    /// An interactive shell leads, and passes on the hang-up that the lab hears already.
    Interactive,
    /// The lab was suspended by Ctrl-Z before.
    Suspended,
    /// The server is told to end.
    Tmux,
    /// The session is told to end, in which the lab runs under an interactive shell.
    TmuxWithShell,
    /// `convscope train` under a shell.
    Headless,
}

impl Session {
    /// What `sh` is to run. `code` is where a shell that outlives the terminal writes the exit code.
    fn script(self, runs: &str) -> String {
        let program = env!("CARGO_BIN_EXE_convscope");
        let arguments = format!("--data data --threads 1 --out {runs}");
        let lab = format!("'{program}' --preset slow.yaml {arguments}");
        let interactive = format!("bash --norc -i -c \"{lab}; :\"");
        let tmux = format!("exec tmux -f /dev/null -S {runs}-tmux new-session");
        match self {
            Self::Leader => format!("exec {lab}"),
            Self::DeafLeader => format!("trap '' HUP; exec {lab}"),
            Self::Shell => format!("{lab}; :"),
            Self::DeafShell => format!("trap '' HUP; {lab}; echo $? >{runs}-code"),
            Self::Interactive => format!("exec {interactive}"),
            Self::Suspended => format!("set -m; {lab}; read line"),
            Self::Tmux => format!("{tmux} {lab}"),
            Self::TmuxWithShell => format!("{tmux} {interactive}"),
            Self::Headless => format!("'{program}' train slow.yaml {arguments}; :"),
        }
    }
}

/// A terminal with a program in it. Dropping it closes the terminal, and nothing else holds it open.
struct Terminal {
    line: File,
    screen: vt100::Parser,
    leader: Child,
}

impl Terminal {
    fn start(place: &Place, script: &str) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let line = openpt(flags).unwrap();
        grantpt(&line).unwrap();
        unlockpt(&line).unwrap();
        let size = Winsize {
            ws_row: ROWS,
            ws_col: COLUMNS,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&line, size).unwrap();
        let end = ioctl_tiocgptpeer(&line, flags).unwrap();
        let stdio = || Stdio::from(end.try_clone().unwrap());
        let mut command = Command::new("setsid");
        command
            .args(["--ctty", "sh", "-c", script])
            .current_dir(place.path(""))
            .env("HOME", place.path(""))
            .env("TERM", "xterm-256color")
            .env_remove("TMUX")
            .env_remove("CONVSCOPE_DATA")
            .env_remove("XDG_DATA_HOME")
            .stdin(stdio())
            .stdout(stdio())
            .stderr(stdio());
        Self {
            line: File::from(line),
            screen: vt100::Parser::new(ROWS.try_into().unwrap(), COLUMNS.try_into().unwrap(), 0),
            leader: command.spawn().unwrap(),
        }
    }

    fn keys(&mut self, keys: &str) {
        self.line.write_all(keys.as_bytes()).unwrap();
    }

    /// Shows what comes within `time`, or until `text` is on the screen.
    fn show(&mut self, time: Duration, text: Option<&str>) -> bool {
        let until = Instant::now() + time;
        let mut bytes = [0; 4096];
        loop {
            if text.is_some_and(|text| self.screen.screen().contents().contains(text)) {
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            let left = Timespec::try_from(left).unwrap();
            let mut watched = [PollFd::new(&self.line, PollFlags::IN)];
            if poll(&mut watched, Some(&left)).unwrap() == 0 {
                return false;
            }
            match self.line.read(&mut bytes) {
                Ok(count @ 1..) => self.screen.process(&bytes[..count]),
                _ => return false,
            }
        }
    }

    fn wait_for(&mut self, text: &str) {
        let is_there = self.show(PATIENCE, Some(text));
        let shown = self.screen.screen().contents();
        assert!(is_there, "expected {text} on the screen:\n{shown}");
    }

    /// Starts the lab's training, from the first screen on.
    fn train(&mut self) {
        self.wait_for("3,200");
        self.keys("4");
        self.wait_for("Press Space to start");
        self.keys(" ");
    }

    /// Closes the terminal and waits for the leader of its session.
    fn close(self) -> ExitStatus {
        let Self {
            line, mut leader, ..
        } = self;
        drop(line);
        wait(&mut leader)
    }
}

fn wait(child: &mut Child) -> ExitStatus {
    let mut status = None;
    wait_until("a program ends", || {
        status = child.try_wait().unwrap();
        status.is_some()
    });
    status.unwrap()
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < until, "waited in vain until {what}");
        thread::sleep(TICK);
    }
}

/// Whether there is a process with this path in its command line; one that has ended and is not waited for has none.
fn is_running(path: &Path) -> bool {
    let path = path.to_str().unwrap();
    let processes = fs::read_dir("/proc").unwrap();
    processes.flatten().any(|process| {
        let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(path)
    })
}

/// How many steps the screen, or the line of a training without one, tells of.
fn shown_steps(screen: &str) -> u64 {
    let before = |ends: [String; 2]| -> Option<u64> {
        let before = ends.iter().find_map(|end| screen.split_once(end))?.0;
        let digits = before.rsplit(|letter: char| !letter.is_ascii_digit());
        digits.take(1).next()?.parse().ok()
    };
    let epoch = before([format!(" of {EPOCHS} "), format!("/{EPOCHS} ")]).unwrap_or(1);
    let batch = before([format!(" of {BATCHES} "), format!("/{BATCHES} ")]).unwrap_or(0);
    (epoch - 1) * BATCHES + batch
}

/// A place with data, and a training that nobody disturbed.
struct Reference {
    place: Place,
    run: PathBuf,
    /// How long it took.
    time: Duration,
}

impl Reference {
    fn place() -> Place {
        let place = Place::new();
        place.write("slow.yaml", PRESET);
        let files = [
            images(TRAIN_IMAGES, 16),
            labels(TRAIN_IMAGES),
            images(100, 16),
            labels(100),
        ];
        for (name, bytes) in NAMES.iter().zip(files) {
            place.write(&format!("data/{name}"), bytes);
        }
        place
    }

    fn new() -> Self {
        let place = Self::place();
        let begin = Instant::now();
        let outcome = place.run(&["train", "slow.yaml", "--threads", "1", "--out", "whole"]);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        let run = place.only_run("whole");
        Self {
            time: begin.elapsed(),
            place,
            run,
        }
    }

    /// Closes one terminal at this moment of its training, and tells where the training stood then.
    fn close_one(&self, session: Session, name: &str, moment: f64) -> Checkpoint {
        let place = &self.place;
        let runs = place.path(name);
        let mut terminal = Terminal::start(place, &session.script(runs.to_str().unwrap()));
        if session != Session::Headless {
            terminal.train();
        }
        let run = || RunFolder::list(&runs).unwrap_or_default().pop();
        let until = Instant::now() + PATIENCE;
        while run().is_none() {
            let shown = terminal.screen.screen().contents();
            assert!(Instant::now() < until, "no training begins:\n{shown}");
            terminal.show(TICK, None);
        }
        terminal.show(self.time.mul_f64(moment), None);
        if session == Session::Suspended {
            terminal.keys("\x1a");
            terminal.show(TICK, None);
        }
        let ending = match session {
            Session::Tmux => Some("kill-server"),
            Session::TmuxWithShell => Some("kill-session"),
            _ => None,
        };
        if let Some(ending) = ending {
            let socket = format!("{}-tmux", runs.display());
            let ended = Command::new("tmux").args(["-S", &socket, ending]).status();
            assert!(ended.unwrap().success());
        }
        let shown = terminal.screen.screen().contents();
        let status = terminal.close();
        match session {
            Session::Leader | Session::DeafLeader => assert_eq!(status.code(), Some(129)),
            Session::DeafShell => {
                let code = fs::read_to_string(format!("{}-code", runs.display())).unwrap();
                assert_eq!(code, "129\n");
            }
            // Nobody is left to ask.
            _ => assert!(status.code().is_some() || status.signal().is_some()),
        }
        wait_until("nothing of it runs", || !is_running(&runs));
        let left = run().unwrap().checkpoint().unwrap();
        let steps = shown_steps(&shown);
        assert!(
            left.position.steps >= steps,
            "{session:?} at {moment}: {steps} steps lost some:\n{:?}\n{shown}",
            left.position
        );
        left
    }

    /// Trains the only run in `runs` to its end and compares it with the undisturbed one.
    fn resume(&self, runs: &str, left: &Checkpoint) {
        let run = self.place.only_run(runs);
        if left.position.epochs < EPOCHS {
            let path = run.to_str().unwrap();
            let outcome = self
                .place
                .run(&["train", "--resume", path, "--threads", "1"]);
            assert_eq!(outcome.code, Some(0), "{runs}: {outcome:?}");
        }
        for name in ["best.safetensors", "last.safetensors", "confusion.csv"] {
            let read = |run: &Path| fs::read(run.join(name)).unwrap();
            assert!(read(&run) == read(&self.run), "{runs}: {name}");
        }
        let state = |run: &Path| RunFolder::open(run).unwrap().checkpoint().unwrap();
        assert!(state(&run) == state(&self.run), "{runs}: last.state");
        let figures = |run: &Path| {
            let mut epochs = RunFolder::open(run).unwrap().metrics().unwrap();
            for metrics in &mut epochs {
                (metrics.seconds, metrics.images_per_second) = (0.0, 0.0);
            }
            epochs
        };
        assert_eq!(figures(&run), figures(&self.run), "{runs}");
    }

    /// Closes so many terminals of each session at random moments of the training.
    fn close(&self, sessions: &[Session], times: usize) {
        let mut random = Pcg64Mcg::seed_from_u64(19);
        let mut in_epoch = 0;
        for number in 0..times {
            for session in sessions {
                let mut moment = random.random_range(0.0..0.9);
                let position = loop {
                    let name = format!("{session:?}-{number}-{moment:.3}");
                    let left = self.close_one(*session, &name, moment);
                    self.resume(&name, &left);
                    if left.position.epochs < EPOCHS {
                        break left.position;
                    }
                    // It was faster than the undisturbed one, and had ended before.
                    moment /= 2.0;
                };
                in_epoch += usize::from(position.sums.images > 0);
            }
        }
        let all = times * sessions.len();
        eprintln!("{sessions:?}: {in_epoch} of {all} closed in the middle of an epoch");
        // Hardly ever does a terminal close before the first batch, or just between two epochs.
        assert!(2 * in_epoch > all, "only {in_epoch} of {all}");
    }
}

const LEADERS: [Session; 2] = [Session::Leader, Session::DeafLeader];
const SHELLS: [Session; 5] = [
    Session::Shell,
    Session::DeafShell,
    Session::Interactive,
    Session::Suspended,
    Session::Headless,
];

fn has_tmux() -> bool {
    let has = Command::new("tmux").arg("-V").output().is_ok();
    if !has {
        eprintln!("SKIPPED: tmux is not installed, so no server of it is ended here");
    }
    has
}

const TMUX: [Session; 2] = [Session::Tmux, Session::TmuxWithShell];

#[test]
fn a_lab_that_leads_its_session_loses_nothing_with_its_terminal() {
    Reference::new().close(&LEADERS, 3);
}

#[test]
fn a_training_under_a_shell_loses_nothing_with_its_terminal() {
    Reference::new().close(&SHELLS, 2);
}

#[test]
fn a_lab_in_tmux_loses_nothing_with_its_server() {
    if has_tmux() {
        Reference::new().close(&TMUX, 2);
    }
}

/// Tells a program five times, faster than it can save.
fn hang_up(leader: &Child) {
    let hang_up = format!("for time in 1 2 3 4 5; do kill -HUP {}; done", leader.id());
    let sent = Command::new("sh").args(["-c", &hang_up]).status();
    assert!(sent.unwrap().success());
}

/// A place whose training does not end by itself.
fn endless() -> Place {
    let place = Reference::place();
    place.write("slow.yaml", PRESET.replace("epochs: 4", "epochs: 100000"));
    place
}

#[test]
fn hang_ups_of_a_terminal_that_is_still_there_give_it_back_after_the_save() {
    for is_interrupted in [false, true] {
        let place = endless();
        let runs = place.path("runs");
        let script = Session::Leader.script(runs.to_str().unwrap());
        let mut terminal = Terminal::start(&place, &script);
        terminal.train();
        terminal.wait_for("images/s");
        assert!(terminal.screen.screen().alternate_screen());
        let steps = shown_steps(&terminal.screen.screen().contents());
        if is_interrupted {
            terminal.keys("\x03");
        }
        hang_up(&terminal.leader);
        terminal.show(PATIENCE, Some("the weights are in the run folder"));
        let screen = terminal.screen.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor());
        let code = wait(&mut terminal.leader).code();
        // The lab may have ended by Ctrl-C alone.
        let interrupted = is_interrupted && code == Some(130);
        assert!(code == Some(129) || interrupted, "{code:?}");
        let left = RunFolder::open(&place.only_run("runs"))
            .unwrap()
            .checkpoint();
        assert!(left.unwrap().position.steps >= steps.max(1));
    }
}

#[test]
fn a_training_without_a_screen_saves_and_ends_however_often_it_is_hung_up() {
    let place = endless();
    let mut training = place
        .command(&["train", "slow.yaml", "--json", "--threads", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(training.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    hang_up(&training);
    lines.for_each(drop);
    let outcome = Outcome::of(&training.wait_with_output().unwrap());
    assert_eq!(outcome.code, Some(129), "{outcome:?}");
    let folder = RunFolder::open(&place.only_run("runs")).unwrap();
    let epochs = folder.metrics().unwrap().len();
    assert_eq!(folder.checkpoint().unwrap().position.epochs, epochs);
    let done = match epochs {
        1 => "1 whole epoch".to_owned(),
        _ => format!("{epochs} whole epochs"),
    };
    let end = format!("hung up after {done} of 100000; the weights are in runs/");
    assert!(outcome.stderr.contains(&end), "{}", outcome.stderr);
}

/// As under `nohup`, but with its output on the terminal.
#[test]
fn a_training_that_hears_no_hang_up_ends_where_its_lines_are_seen_no_more() {
    let place = endless();
    let program = env!("CARGO_BIN_EXE_convscope");
    let script = format!("trap '' HUP; '{program}' train slow.yaml --threads 1; echo $? >code");
    let mut terminal = Terminal::start(&place, &script);
    terminal.wait_for("epoch      1/100000");
    terminal.close();
    assert_eq!(fs::read_to_string(place.path("code")).unwrap(), "129\n");
    let folder = RunFolder::open(&place.only_run("runs")).unwrap();
    let epochs = folder.metrics().unwrap().len();
    assert_eq!(folder.checkpoint().unwrap().position.epochs, epochs);
}

#[test]
#[ignore = "takes minutes"]
fn more_than_fifty_terminals_are_closed() {
    let reference = Reference::new();
    reference.close(&LEADERS, 6);
    reference.close(&SHELLS, 6);
    if has_tmux() {
        reference.close(&TMUX, 6);
    }
}
