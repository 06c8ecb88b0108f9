//! One run, several programs: one trains it, and the others are refused, list it, copy it, or take it up when it is free.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;

use crate::cli_support::{Outcome, Place};
use serde_json::Value;

/// A training that lasts until it is ended.
struct Training(Child);

impl Training {
    /// With its first epoch done and written.
    fn start(place: &Place) -> Self {
        let mut child = place
            .command(&["train", "tiny.yaml", "--json", "--epochs", "1000000"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        lines.next().unwrap().unwrap();
        // It waits for nobody who reads.
        thread::spawn(move || lines.for_each(drop));
        // The folder is written beside the training, the table among the last.
        let run = place.only_run("runs");
        while !run.join("confusion.csv").exists() {
            thread::yield_now();
        }
        Self(child)
    }

    /// As others name it.
    fn name(&self) -> String {
        format!("process {} on ", self.0.id())
    }

    fn end(mut self, signal: &str) -> ExitStatus {
        let id = self.0.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.unwrap().success());
        self.0.wait().unwrap()
    }
}

impl Drop for Training {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn epochs_in(run: &Path) -> usize {
    let text = fs::read_to_string(run.join("metrics.jsonl")).unwrap();
    let epochs: Vec<u64> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| line["epoch"].as_u64().unwrap())
        .collect();
    let each_once: Vec<u64> = (1..=epochs.len() as u64).collect();
    assert_eq!(epochs, each_once, "each epoch once, in order");
    epochs.len()
}

fn resume(place: &Place, run: &Path, epochs: usize) -> Command {
    let (run, epochs) = (run.to_str().unwrap(), epochs.to_string());
    place.command(&["train", "--resume", run, "--epochs", &epochs])
}

fn outcome(mut command: Command) -> Outcome {
    Outcome::of(&command.output().unwrap())
}

#[test]
fn a_run_under_training_is_refused_and_listed_with_the_process_that_trains_it() {
    let place = Place::new();
    let training = Training::start(&place);
    let run = place.only_run("runs");
    let name = training.name();
    for _ in 0..3 {
        let refused = outcome(resume(&place, &run, 2_000_000));
        assert_eq!(refused.code, Some(2), "{refused:?}");
        let is_trained = format!("is being trained by {name}");
        for part in [is_trained.as_str(), " since ", "convscope runs copy"] {
            assert!(refused.stderr.contains(part), "{part}: {refused:?}");
        }
    }
    let listed = place.run(&["runs", "list"]);
    let row = listed.stdout.lines().nth(1).unwrap();
    assert!(row.contains(&format!("training, {name}")), "{listed:?}");
    let listed = place.run(&["runs", "list", "--json"]);
    let summary: Value = serde_json::from_str(listed.stdout.trim_end()).unwrap();
    let id = u64::from(training.0.id());
    assert_eq!(summary["trained_by"]["process"], id, "{listed:?}");

    assert_eq!(training.end("-INT").code(), Some(130));
    let done = epochs_in(&run);
    let listed = place.run(&["runs", "list"]);
    assert!(!listed.stdout.contains("training, "), "{listed:?}");
    let listed = place.run(&["runs", "list", "--json"]);
    assert!(!listed.stdout.contains("trained_by"), "{listed:?}");
    let resumed = outcome(resume(&place, &run, done + 2));
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    assert_eq!(epochs_in(&run), done + 2);
}

#[test]
fn a_killed_training_leaves_its_run_free() {
    let place = Place::new();
    let training = Training::start(&place);
    let run = place.only_run("runs");
    assert_eq!(training.end("-KILL").code(), None);
    let most = fs::read_to_string(run.join("metrics.jsonl")).unwrap();
    let most = most.lines().count() + 1;
    let resumed = outcome(resume(&place, &run, most));
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    assert_eq!(epochs_in(&run), most);
}

#[test]
fn of_several_that_resume_a_run_at_once_one_trains_it() {
    let place = Place::new();
    assert_eq!(place.run(&["train", "tiny.yaml"]).code, Some(0));
    let run = place.only_run("runs");
    let racers: Vec<Child> = (0..6)
        .map(|_| {
            let mut racer = resume(&place, &run, 43);
            racer.stdout(Stdio::null()).stderr(Stdio::piped());
            racer.spawn().unwrap()
        })
        .collect();
    let outcomes = racers
        .into_iter()
        .map(|racer| Outcome::of(&racer.wait_with_output().unwrap()));
    let (trained, refused): (Vec<_>, Vec<_>) = outcomes.partition(|one| one.code == Some(0));
    assert_eq!(trained.len(), 1, "{trained:?} {refused:?}");
    // One that comes when all is over finds no more epochs to do.
    let is_refusal = |one: &Outcome| {
        let reasons = ["is being trained by process", "43 epochs are done"];
        one.code == Some(2) && reasons.iter().any(|reason| one.stderr.contains(reason))
    };
    assert!(refused.iter().all(is_refusal), "{refused:?}");
    assert_eq!(epochs_in(&run), 43);
}

#[test]
fn a_run_under_training_is_copied_and_the_copy_goes_on_to_the_same_bits() {
    let place = Place::new();
    let training = Training::start(&place);
    let run = place.only_run("runs");
    let (path, out) = (run.to_str().unwrap(), "copies");
    let copied = place.run(&["runs", "copy", path, "--out", out]);
    assert_eq!(copied.code, Some(0), "{copied:?}");
    let copy = place.only_run("copies");
    assert_eq!(copied.stdout.trim_end(), format!("copies/{}", name(&copy)));
    let record = fs::read_to_string(copy.join("run.yaml")).unwrap();
    let from = format!("copied:\n  from: {path}\n");
    assert!(record.contains(&from), "{record}");
    // More than tiny.yaml's own three, with which the network would not be called edited.
    let epochs = epochs_in(&copy) + 4;
    let resumed = outcome(resume(&place, &copy, epochs));
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    assert_eq!(training.end("-INT").code(), Some(130));
    epochs_in(&run);

    let whole = epochs.to_string();
    let whole = ["train", "tiny.yaml", "--epochs", &whole, "--out", "whole"];
    assert_eq!(place.run(&whole).code, Some(0));
    let whole = place.only_run("whole");
    for file in ["best.safetensors", "last.safetensors", "confusion.csv"] {
        let read = |folder: &Path| fs::read(folder.join(file)).unwrap();
        assert!(read(&copy) == read(&whole), "{file}");
    }

    // Beside its run where no other place is named; and only a run can be copied.
    assert_eq!(place.run(&["runs", "copy", path]).code, Some(0));
    assert_eq!(fs::read_dir(place.path("runs")).unwrap().count(), 2);
    let refused = place.run(&["runs", "copy", "data"]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(
        refused.stderr.contains("expected a run folder"),
        "{refused:?}"
    );
}

fn name(folder: &Path) -> &str {
    folder.file_name().unwrap().to_str().unwrap()
}
