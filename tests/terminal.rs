//! The real program on a pseudo-terminal, as a person uses it: start, look at every pane, train an epoch, quit.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};
use std::{fs, thread};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

#[path = "terminal/drafts.rs"]
mod drafts;
#[path = "terminal/inline.rs"]
mod inline;

/// Far longer than anything here takes: a hang fails instead of blocking.
const PATIENCE: Duration = Duration::from_secs(120);

const PRESET: &str = "\
name: quick # and small
input: [28, 28, 1]
classes: 10
layers:
  - conv2d: {filters: 4, kernel: 3}
  - relu
  - max_pool2d: {size: 2}
  - flatten
  - classify
training: {epochs: 1}
";

/// The program and what it shows.
struct Terminal {
    screen: vt100::Parser,
    /// Every byte so far.
    sent: Vec<u8>,
    output: Receiver<Vec<u8>>,
    input: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// Keeps the terminal open until the end.
    master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    fn start(folder: &Path, columns: u16, rows: u16) -> Self {
        let named = ["--data", "fashion-mnist-starter", "--preset", "quick.yaml"];
        Self::start_with(&named, folder, (columns, rows))
    }

    /// The lab.
    fn start_with(arguments: &[&str], folder: &Path, size: (u16, u16)) -> Self {
        let places = ["--threads", "2", "--runs", "runs"];
        Self::run(&[arguments, &places[..]].concat(), folder, size)
    }

    /// Any command.
    fn run(arguments: &[&str], folder: &Path, (columns, rows): (u16, u16)) -> Self {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_convscope"));
        command.args(arguments);
        command.cwd(folder);
        command.env("TERM", "xterm-256color");
        command.env("HOME", folder);
        command.env_remove("CONVSCOPE_DATA");
        command.env_remove("TMUX");
        // Else the user's settings and drafts would not be below the home folder.
        command.env_remove("XDG_STATE_HOME");
        command.env_remove("XDG_CONFIG_HOME");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            screen: vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0),
            sent: Vec::new(),
            output,
            input: pair.master.take_writer().unwrap(),
            child,
            master: pair.master,
        }
    }

    fn keys(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    fn take(&mut self, bytes: &[u8]) {
        self.screen.process(bytes);
        self.sent.extend(bytes);
    }

    /// Makes the terminal so large; what has no room is lost.
    fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.screen
            .set_size(rows.try_into().unwrap(), columns.try_into().unwrap());
        self.master.resize(size).unwrap();
    }

    /// Reads until the screen holds each of `texts`.
    fn wait_for(&mut self, texts: &[&str]) {
        let until = Instant::now() + PATIENCE;
        loop {
            let shown = self.screen.screen().contents();
            if texts.iter().all(|text| shown.contains(text)) {
                return;
            }
            let left = until.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                Err(error) => panic!("expected {texts:?} on the screen ({error}):\n{shown}"),
            }
        }
    }

    /// Reads to the end of the output and gives the exit code.
    fn wait_for_end(&mut self) -> u32 {
        while let Ok(bytes) = self.output.recv_timeout(PATIENCE) {
            self.take(&bytes);
        }
        self.child.wait().unwrap().exit_code()
    }
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("quick.yaml"), PRESET).unwrap();
    folder
}

#[test]
fn start_look_at_every_pane_train_an_epoch_and_quit() {
    let folder = folder();
    let mut terminal = Terminal::start(folder.path(), 80, 24);
    terminal.wait_for(&["1 Data", "Fashion-MNIST starter", "Ankle boot", "10,000"]);
    assert!(terminal.screen.screen().alternate_screen());
    terminal.keys("2");
    terminal.wait_for(&["Fashion-MNIST starter · training", "▀"]);
    terminal.keys("3");
    terminal.wait_for(&["quick", "conv2d", "14×14×4", "classify"]);
    terminal.keys("4");
    terminal.wait_for(&["Press Space to start"]);
    terminal.keys("5");
    terminal.wait_for(&["No results yet"]);
    terminal.keys("6");
    terminal.wait_for(&["untrained"]);

    terminal.keys("4 ");
    terminal.wait_for(&["finished", "Accuracy · best 0."]);
    terminal.keys("5");
    terminal.wait_for(&["Confusion", "accuracy 0."]);
    terminal.keys("6");
    terminal.wait_for(&["epoch 1, < earlier"]);

    terminal.keys("q");
    assert_eq!(terminal.wait_for_end(), 0);
    let screen = terminal.screen.screen();
    assert!(!screen.alternate_screen(), "the terminal is as it was");
    assert!(!screen.hide_cursor() && !screen.bracketed_paste());

    let run = fs::read_dir(folder.path().join("runs")).unwrap().next();
    let run = run.unwrap().unwrap();
    let metrics = fs::read_to_string(run.path().join("metrics.jsonl")).unwrap();
    assert_eq!(metrics.lines().count(), 1, "{metrics}");
    // Whoever leaves is told where the work is.
    let left = format!("run  runs/{}", run.file_name().to_str().unwrap());
    assert_eq!(screen.contents().trim(), left);

    let mut terminal = Terminal::start(folder.path(), 80, 24);
    terminal.wait_for(&["last run: ", ", 1 epoch, 0.", ": Enter opens it"]);
    terminal.keys("\r");
    terminal.wait_for(&["1 of 1 epoch is done"]);
    terminal.keys("q");
    assert_eq!(terminal.wait_for_end(), 0);
    assert_eq!(
        terminal.screen.screen().contents().trim(),
        "",
        "it only looked"
    );
}

#[test]
fn a_first_start_shows_pictures_and_what_to_do_next_and_trains_in_seconds() {
    let folder = folder();
    let data = ["--data", "fashion-mnist-starter"];
    let mut terminal = Terminal::start_with(&data, folder.path(), (80, 24));
    terminal.wait_for(&["0 T-shirt/top", "▀", "2 view · 4 Space train"]);
    // It is measured, not promised.
    terminal.wait_for(&["4 Space train, about ", "5 d draw"]);
    terminal.keys("4");
    terminal.wait_for(&["fashion-conv1", "Press Space to start"]);
    terminal.keys("q");
    assert_eq!(terminal.wait_for_end(), 0);
    assert_eq!(terminal.screen.screen().contents().trim(), "");
}

#[test]
fn a_preset_brings_its_data_and_the_mouse_draws_and_clicks() {
    let folder = folder();
    let preset = format!("{PRESET}data: mnist-starter\n");
    fs::write(folder.path().join("digits.yaml"), preset).unwrap();
    let arguments = ["--preset", "digits.yaml"];
    let mut terminal = Terminal::start_with(&arguments, folder.path(), (80, 24));
    terminal.wait_for(&["MNIST starter", "10,000"]);
    terminal.keys("5d");
    terminal.wait_for(&["Draw something"]);
    // Pressed, dragged downwards and released, as xterm reports it; rows and columns from 1.
    terminal.keys("\x1b[<0;16;6M");
    for row in 7..=14 {
        terminal.keys(&format!("\x1b[<32;16;{row}M"));
    }
    terminal.keys("\x1b[<0;16;14m");
    terminal.wait_for(&["untrained", "⣿", "centred", "pen up"]);
    // One stroke: undone, the paper is empty.
    terminal.keys("u");
    terminal.wait_for(&["Draw something"]);
    terminal.keys("\x1b[<0;12;1M\x1b[<0;12;1m");
    terminal.wait_for(&["MNIST starter · training"]);
    terminal.keys("q");
    assert_eq!(terminal.wait_for_end(), 0);
}

/// Adds a layer by its letter, fills its first fields in, and waits until it stands in the table.
fn add(terminal: &mut Terminal, letter: &str, fields: &[&str], row: &str) {
    terminal.keys("a");
    terminal.wait_for(&["Press a letter to add its layer"]);
    terminal.keys(letter);
    if !fields.is_empty() {
        terminal.wait_for(&["╭ Add "]);
        for field in fields {
            terminal.keys(field);
            terminal.keys("\t");
        }
        terminal.keys("\r");
    }
    terminal.wait_for(&[row, "╭ Facts "]);
}

#[test]
fn the_walk_through_network_is_built_by_keys_alone() {
    let folder = folder();
    let mut terminal = Terminal::start(folder.path(), 80, 40);
    terminal.wait_for(&["Ankle boot"]);
    terminal.keys("3n");
    terminal.wait_for(&["No layers yet"]);
    let convolutions = [
        (["16", "2", "1"], "f16 k2 "),
        (["128", "3", "2"], "conv2d_1 "),
        (["128", "3", "2"], "conv2d_2 "),
        (["128", "3", "2"], "conv2d_3 "),
    ];
    for (number, (fields, row)) in convolutions.into_iter().enumerate() {
        add(&mut terminal, "c", &fields, row);
        let row = |name: &str| match number {
            0 => format!("{name} "),
            number => format!("{name}_{number} "),
        };
        add(&mut terminal, "b", &["0.99"], &row("batch_norm"));
        add(&mut terminal, "r", &[], &row("relu"));
    }
    add(&mut terminal, "f", &[], "flatten ");
    add(&mut terminal, "e", &["128", "r"], "dense ");
    add(&mut terminal, "i", &[], "classify ");
    terminal.wait_for(&["parameters 578,970", "trainable 578,170", "4×4×128"]);

    // All of it can be undone, back to the network that was opened by its path, with its comment.
    for _ in 0..16 {
        terminal.keys("u");
    }
    terminal.wait_for(&["╭ quick · input"]);
    terminal.keys("t");
    terminal.wait_for(&["name: quick # and small"]);
    terminal.keys("\x03");
    assert_eq!(terminal.wait_for_end(), 130);
}

#[test]
fn control_c_ends_a_training_and_leaves_the_terminal_as_it_was() {
    let folder = folder();
    let preset = PRESET.replace("epochs: 1", "epochs: 100000");
    fs::write(folder.path().join("quick.yaml"), preset).unwrap();
    let mut terminal = Terminal::start(folder.path(), 100, 30);
    terminal.wait_for(&["Ankle boot"]);
    terminal.keys("4 ");
    terminal.wait_for(&["training  quick", "images/s"]);
    terminal.keys("\x03");
    assert_eq!(terminal.wait_for_end(), 130);
    assert!(!terminal.screen.screen().alternate_screen());
    let run = fs::read_dir(folder.path().join("runs")).unwrap().next();
    let run = run.unwrap().unwrap().path();
    assert!(run.join("last.state").exists(), "the weights are kept");
}

#[test]
fn a_log_is_written_and_nothing_of_it_is_on_the_screen() {
    let folder = folder();
    let named = ["--data", "fashion-mnist-starter", "--preset", "quick.yaml"];
    let arguments = [&named[..], &["--log", "lab.log"]].concat();
    let mut terminal = Terminal::start_with(&arguments, folder.path(), (80, 24));
    terminal.wait_for(&["1 Data", "Ankle boot", "10,000"]);
    assert!(!terminal.screen.screen().contents().contains("DEBUG"));
    terminal.keys("2");
    terminal.wait_for(&["Fashion-MNIST starter · training", "▀"]);
    assert!(!terminal.screen.screen().contents().contains("DEBUG"));
    terminal.keys("q");
    assert_eq!(terminal.wait_for_end(), 0);
    assert!(!terminal.screen.screen().contents().contains("DEBUG"));
    let log = fs::read_to_string(folder.path().join("lab.log")).unwrap();
    let parts = [
        "vector_instructions=",
        "columns=80 rows=24",
        "data is loaded",
        "command=\"Ask(Quick(Page",
        "what=show images seconds=",
    ];
    for part in parts {
        assert!(log.contains(part), "no {part} in {log}");
    }
}

/// The bytes that were sent of a training's end, with these options.
fn announced(options: &[&str]) -> String {
    let folder = folder();
    let named = ["--data", "fashion-mnist-starter", "--preset", "quick.yaml"];
    let arguments = [&named[..], options].concat();
    let mut terminal = Terminal::start_with(&arguments, folder.path(), (80, 24));
    terminal.wait_for(&["Ankle boot"]);
    terminal.keys("4 ");
    terminal.wait_for(&["finished", "Accuracy · best 0."]);
    terminal.keys("q");
    assert_eq!(terminal.wait_for_end(), 0);
    String::from_utf8_lossy(&terminal.sent).into_owned()
}

#[test]
fn the_end_of_a_long_training_rings_titles_and_notifies_between_two_frames() {
    let sent = announced(&["--alert-after", "0"]);
    let notification = sent
        .find("\x1b]9;convscope: quick: finished, best 0.")
        .expect(&sent);
    let (before, after) = sent.split_at(notification);
    assert!(
        after[after.find('\x07').unwrap()..].starts_with("\x07\x07"),
        "a bell"
    );
    assert!(
        before.contains("\x1b[22;2t\x1b]2;convscope: quick: finished"),
        "a title"
    );
    assert!(after.contains("\x1b[23;2t"), "the title as it was");
    let count = |text: &str| before.matches(text).count();
    assert_eq!(count("\x1b[?2026h"), count("\x1b[?2026l"), "within a frame");

    for options in [&["--no-alert"][..], &["--alert-after", "3600"]] {
        let sent = announced(options);
        assert!(
            !sent.contains("\x1b]9;") && !sent.contains("\x1b]2;"),
            "{options:?}"
        );
    }
}

#[test]
fn nothing_is_missing_after_a_moment_of_another_size_and_nothing_left_at_the_end() {
    let folder = folder();
    let mut terminal = Terminal::start(folder.path(), 100, 30);
    terminal.wait_for(&["1 Data", "Ankle boot", "10,000", "? help"]);
    terminal.resize(40, 10);
    terminal.resize(100, 30);
    assert!(!terminal.screen.screen().contents().contains("? help"));
    terminal.wait_for(&["1 Data", "Ankle boot", "10,000", "? help"]);
    terminal.keys("q");
    assert_eq!(terminal.wait_for_end(), 0);
    // tmux puts back on the shell's screen what lies above the cursor.
    let sent = String::from_utf8_lossy(&terminal.sent);
    assert!(sent.contains("\x1b[1;1H\x1b[2J\x1b[?1049l"), "{sent:?}");
}

/// A terminal without bracketed paste sends what is pasted as keys, faster than they are taken in.
#[test]
fn a_long_paste_does_not_stop_the_keys() {
    let folder = folder();
    let mut terminal = Terminal::start(folder.path(), 80, 24);
    terminal.wait_for(&["Ankle boot"]);
    terminal.keys("1o");
    terminal.wait_for(&["Open a data set"]);
    let mut input = std::mem::replace(&mut terminal.input, Box::new(std::io::sink()));
    let (sender, written) = mpsc::channel();
    thread::spawn(move || {
        input.write_all(&[b'y'; 12_000]).unwrap();
        let _ = sender.send(input);
    });
    let input = written.recv_timeout(PATIENCE);
    terminal.input = input.expect("the keys are taken in");
    terminal.wait_for(&["yyyyyyyyyy"]);
    terminal.keys("\x1b");
    terminal.wait_for(&["Ankle boot"]);
    terminal.keys("q");
    assert_eq!(terminal.wait_for_end(), 0);
}
