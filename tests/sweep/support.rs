//! Small sweeps, and how to look at what came of them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use convscope::runs::Claim;
use serde_json::Value;

use crate::cli_support::{PRESET, Place};

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(120);
const TICK: Duration = Duration::from_millis(5);

/// Epochs of a trial that still trains when something happens to it, on a fast machine too.
pub const LONG: usize = 600;

/// Two settings with two values each.
pub const VARY: &str = concat!(
    "  vary:\n",
    "    training.optimizer.adam.learning_rate: [0.01, 0.003]\n",
    "    layers.1.conv2d.filters: [2, 4]\n",
);

/// A place with `sweep.yaml`: the tiny preset for so many epochs, with these lines under `sweep:`.
pub fn place(epochs: usize, lines: &str) -> Place {
    let place = Place::new();
    let preset = PRESET.replace("epochs: 3", &format!("epochs: {epochs}"));
    place.write("sweep.yaml", format!("{preset}sweep:\n{lines}"));
    place
}

/// The only sweep in `folder`.
pub fn only_sweep(place: &Place, folder: &str) -> PathBuf {
    place.only_run(folder)
}

/// What each trial's run came to, by its number; fails if one has more than one, or one that was not begun.
pub fn results(sweep: &Path) -> BTreeMap<String, Vec<Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(sweep.join("runs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with('.') {
            continue;
        }
        let record = fs::read_to_string(path.join("run.yaml")).unwrap();
        let (_, trial) = name.split_once("-trial-").unwrap();
        let trial = trial.split('-').next().unwrap();
        let pretraining = if record.contains("\nthen:") {
            " pretraining"
        } else {
            ""
        };
        let trial = format!("{trial}{pretraining}");
        let read = |file: &str| fs::read(path.join(file)).unwrap();
        let files = ["best.safetensors", "last.safetensors", "confusion.csv"].map(read);
        let epochs = String::from_utf8(read("metrics.jsonl")).unwrap();
        let epochs = epochs.lines().count().to_string().into_bytes();
        let all = files.into_iter().chain([epochs]).collect();
        assert!(found.insert(trial, all).is_none(), "{name}");
    }
    found
}

/// The lines of `sweep status --json`.
pub fn status(place: &Place, sweep: &Path) -> Vec<Value> {
    let outcome = place.run(&["sweep", "status", sweep.to_str().unwrap(), "--json"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let lines = outcome.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A sweep's coordinator, and the lines of its stderr.
pub struct Running(pub Child, std::io::Lines<BufReader<ChildStderr>>);

impl Running {
    pub fn start(place: &Place, arguments: &[&str]) -> Self {
        let mut child = place
            .command(
                &[
                    &["sweep"],
                    arguments,
                    &["--jobs", "2", "--threads", "1", "--nice", "0"],
                ]
                .concat(),
            )
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        Self(child, lines)
    }

    /// Waits until so many lines about trials were said; whether the sweep has not ended before.
    pub fn heard(&mut self, trials: usize) -> bool {
        let lines = self.1.by_ref().map(Result::unwrap);
        lines
            .filter(|line| line.starts_with("trial "))
            .take(trials)
            .count()
            == trials
    }

    pub fn signal(&self, signal: &str) {
        signal_to(self.0.id(), signal);
    }

    /// How it ends, and what it still says.
    pub fn end(mut self) -> (Option<i32>, String) {
        let rest: Vec<String> = self.1.map(Result::unwrap).collect();
        (self.0.wait().unwrap().code(), rest.join("\n"))
    }
}

pub fn signal_to(process: u32, signal: &str) {
    // It may have ended.
    let _ = Command::new("kill")
        .args([&format!("-{signal}"), &process.to_string()])
        .stderr(Stdio::null())
        .status()
        .unwrap();
}

/// The processes that train trials now, as their claims name them.
pub fn trainers(sweep: &Path) -> Vec<u32> {
    let folders = fs::read_dir(sweep.join("trials")).unwrap();
    let claims = folders.filter_map(|folder| Claim::holder(&folder.unwrap().path()));
    claims
        .map(|by| by.process)
        .filter(|&process| process > 0)
        .collect()
}

pub fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        match look() {
            Some(found) => return found,
            None => assert!(began.elapsed() < PATIENCE, "waited in vain"),
        }
        thread::sleep(TICK);
    }
}
