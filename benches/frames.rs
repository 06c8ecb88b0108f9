//! How long each pane takes to draw, how many bytes a page of images sends, and how long the drawing pad takes to classify a stroke.
//!
//! `cargo bench --bench frames [-- PANE]` prints milliseconds per frame (minimum, median) at 80×24 and 160×50, and the bytes that a
//! terminal with 24-bit colour receives when the pane is opened. The lab holds the Fashion-MNIST starter set and a small trained network.
//! `cargo bench --bench frames -- runs` prints the same of the table of runs and of the curves of 200 runs of 100 epochs over each other.
//! `cargo bench --bench frames -- stroke` prints, for the networks of the published experiments, the milliseconds from a key that draws
//! to the frame with the network's prediction (minimum, median, maximum).

use std::cell::RefCell;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

use convscope::data::{CorrectionsFolder, Drafts, Recent};
use convscope::panes::ResultsPane;
use convscope::screen::Interface;
use convscope::training::Preset;
use convscope::ui::theme::{Background, ColorDepth, Theme};
use convscope::worker::{Command, Event, Surroundings, Worker};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::backend::{Backend, CrosstermBackend, TestBackend};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

const SIZES: [(u16, u16); 2] = [(80, 24), (160, 50)];

const PRESET: &str = "\
name: small
input: [28, 28, 1]
classes: 10
layers:
  - conv2d: {filters: 16, kernel: 3}
  - relu
  - max_pool2d: {size: 2}
  - flatten
  - classify
training: {epochs: 2, batch_size: 500}
";

/// A view of the lab: its name and the keys that lead to it from the Data pane.
const VIEWS: &[(&str, &str)] = &[
    ("data", "1"),
    ("view", "2"),
    ("view, enlarged", "2\n"),
    ("view, statistics", "2m"),
    ("view, mean images", "2mv"),
    ("view, augmentation", "2v"),
    ("network", "3"),
    ("train", "4"),
    ("results", "5"),
    ("activations", "6"),
    ("help", "2?"),
];

/// Runs that are laid over each other, and their epochs.
const RUNS: usize = 200;
const EPOCHS: usize = 100;
/// Views of the table of runs, all of them marked.
const RUN_VIEWS: &[(&str, &str)] = &[
    ("runs, table", "4o*"),
    ("runs, side by side", "4o*v"),
    ("runs, over time", "4o*ve"),
];

/// The networks of the published experiments.
const NETWORKS: &[&str] = &[
    "fashion-conv1",
    "fashion-conv2",
    "fashion-conv3",
    "fashion-dense2",
    "fashion-dense4",
    "fashion-bn4",
    "fashion-slim-augmented",
    "fashion-wide",
];
/// Strokes that are timed: each draws on empty paper, since one that changes nothing is not classified again.
const STROKES: usize = 30;
/// As fast as a person's hand.
const BETWEEN_STROKES: Duration = Duration::from_millis(60);

/// A lab with its worker.
struct Bench {
    interface: Interface,
    worker: Worker,
}

impl Bench {
    fn new(preset: Preset, runs: Option<PathBuf>) -> Self {
        let data = Some("fashion-mnist-starter".to_owned());
        let (interface, commands) = Interface::new(data, preset, runs);
        let worker = Worker::start_in(Surroundings {
            recent: Recent::default(),
            corrections: CorrectionsFolder::default(),
            drafts: Drafts::default(),
            ..Surroundings::of_user(None)
        })
        .expect("threads start");
        let mut bench = Self { interface, worker };
        bench.send(commands);
        let commands = bench.interface.resize(80, 24);
        bench.send(commands);
        bench.wait_until(|event| matches!(event, Event::DataLoaded { .. }));
        bench.settle();
        bench
    }

    fn train(&mut self) {
        self.keys("4 ");
        self.wait_until(|event| matches!(event, Event::RunEnded { .. }));
    }

    fn send(&self, commands: Vec<Command>) {
        for command in commands {
            self.worker.commands.send(command).expect("the worker runs");
        }
    }

    fn press(&mut self, event: KeyEvent) {
        let commands = self.interface.press(event);
        self.send(commands);
    }

    fn hear(&mut self, event: Event) {
        let commands = self.interface.hear(event);
        self.send(commands);
    }

    fn keys(&mut self, keys: &str) {
        for key in keys.chars() {
            let code = match key {
                '\n' => KeyCode::Enter,
                other => KeyCode::Char(other),
            };
            let event = KeyEvent::new(code, KeyModifiers::NONE);
            self.press(event);
        }
    }

    fn wait_until(&mut self, is_it: impl Fn(&Event) -> bool) {
        loop {
            let event = self.worker.events.recv().expect("the worker runs");
            let is_last = is_it(&event);
            self.hear(event);
            if is_last {
                return;
            }
        }
    }

    /// Handles events until none has come for a while.
    fn settle(&mut self) {
        let patience = Duration::from_millis(300);
        while let Ok(event) = self.worker.events.recv_timeout(patience) {
            self.hear(event);
        }
    }

    /// Closes whatever is open.
    fn leave(&mut self) {
        for _ in 0..4 {
            self.press(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
        }
    }
}

/// The bytes sent to a terminal.
#[derive(Clone, Default)]
struct Sent(Rc<RefCell<Vec<u8>>>);

impl Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn terminal<B: Backend>(backend: B, (columns, rows): (u16, u16)) -> Terminal<B> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
    let terminal = Terminal::with_options(backend, TerminalOptions { viewport });
    terminal.unwrap_or_else(|_| panic!("a terminal in memory is there"))
}

fn paint<B: Backend>(terminal: &mut Terminal<B>, interface: &Interface, theme: &Theme) {
    let painted = terminal.draw(|frame| interface.draw(frame.area(), frame.buffer_mut(), theme));
    assert!(painted.is_ok(), "a terminal in memory takes everything");
}

fn main() {
    let wanted = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with("--"))
        .unwrap_or_default();
    crossterm::style::force_color_output(true);
    let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
    if !wanted.starts_with("stroke") && !wanted.starts_with("runs") {
        let mut bench = Bench::new(small(), None);
        bench.train();
        draw_views(&mut bench, VIEWS, &wanted, &theme);
    }
    if wanted.is_empty() || wanted.starts_with("runs") {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let runs = many_runs(folder.path()).expect("runs can be written");
        let mut bench = Bench::new(small(), Some(runs));
        draw_views(&mut bench, RUN_VIEWS, &wanted, &theme);
    }
    if wanted.is_empty() || wanted.starts_with("stroke") {
        read_strokes(&theme);
    }
}

fn small() -> Preset {
    Preset::parse(PRESET, "small").expect("the preset is legal")
}

/// Copies of one run with other seeds and other curves.
fn many_runs(folder: &Path) -> io::Result<PathBuf> {
    let runs = folder.join("runs");
    let mut bench = Bench::new(small(), Some(runs.clone()));
    bench.train();
    drop(bench);
    let run = fs::read_dir(&runs)?.flatten().map(|entry| entry.path());
    let run = run.into_iter().find(|path| path.is_dir());
    let run = run.expect("the run has a folder");
    let record = fs::read_to_string(run.join("run.yaml"))?;
    let epochs = fs::read_to_string(run.join("metrics.jsonl"))?;
    let mut epoch: serde_json::Value = serde_json::from_str(epochs.lines().next().unwrap_or("{}"))?;
    for number in 0..RUNS {
        let copy = runs.join(format!("20261129-{:06}-small", 100_000 + number));
        fs::create_dir(&copy)?;
        fs::write(
            copy.join("run.yaml"),
            record.replace("seed: 1\n", &format!("seed: {number}\n")),
        )?;
        let mut lines = String::new();
        for at in 1..=EPOCHS {
            let x = at as f64 / EPOCHS as f64;
            let wave = (x * (number % 17) as f64).sin() / 40.0;
            epoch["epoch"] = at.into();
            epoch["accuracy"] = (0.95 - 0.6 * (-5.0 * x).exp() + wave).into();
            epoch["val_accuracy"] = (0.9 - 0.6 * (-5.0 * x).exp() + wave).into();
            epoch["val_loss"] = (0.3 + (-5.0 * x).exp() - wave).into();
            lines += &format!("{epoch}\n");
        }
        fs::write(copy.join("metrics.jsonl"), lines)?;
    }
    Ok(runs)
}

fn draw_views(bench: &mut Bench, views: &[(&str, &str)], wanted: &str, theme: &Theme) {
    println!(
        "{:20} {:>8}  {:>18}  {:>12}",
        "view", "size", "minimum, median", "when opened"
    );
    for size in SIZES {
        let commands = bench.interface.resize(size.0, size.1);
        bench.send(commands);
        for (name, keys) in views.iter().filter(|(name, _)| name.contains(wanted)) {
            bench.leave();
            // From a pane with little on it.
            bench.keys("1");
            bench.settle();
            let sent = Sent::default();
            let mut real = terminal(CrosstermBackend::new(sent.clone()), size);
            paint(&mut real, &bench.interface, theme);
            for key in keys.chars() {
                bench.keys(&key.to_string());
                // What the next key is for may first have to be found out.
                bench.settle();
            }
            sent.0.borrow_mut().clear();
            paint(&mut real, &bench.interface, theme);
            let bytes = sent.0.borrow().len();

            let mut test = terminal(TestBackend::new(size.0, size.1), size);
            let mut times = Vec::new();
            let begin = Instant::now();
            while times.len() < 20 || begin.elapsed().as_secs_f64() < 0.5 {
                let start = Instant::now();
                paint(&mut test, black_box(&bench.interface), theme);
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
            times.sort_by(f64::total_cmp);
            let (columns, rows) = size;
            println!(
                "{name:20} {:>8}  {:7.3} {:7.3} ms  {:>10} B",
                format!("{columns}×{rows}"),
                times[0],
                times[times.len() / 2],
                bytes
            );
        }
    }
}

fn read_strokes(theme: &Theme) {
    println!("{:24} minimum, median, maximum", "stroke to prediction");
    for name in NETWORKS {
        let mut bench = Bench::new(Preset::open(name).expect("the preset is built in"), None);
        let mut screen = terminal(TestBackend::new(80, 24), SIZES[0]);
        bench.keys("5d ");
        bench.settle();
        let mut times: Vec<f64> = (0..STROKES)
            .map(|stroke| {
                let start = Instant::now();
                bench.keys(["l", "j", "h", "k"][stroke / 8 % 4]);
                while !bench.interface.pane::<ResultsPane>().pad.is_read() {
                    bench.wait_until(|event| matches!(event, Event::Answered));
                }
                paint(&mut screen, black_box(&bench.interface), theme);
                let took = start.elapsed();
                std::thread::sleep(BETWEEN_STROKES);
                took.as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!(
            "{name:24} {:7.2} {:7.2} {:7.2} ms",
            times[0],
            times[times.len() / 2],
            times[times.len() - 1]
        );
    }
}
