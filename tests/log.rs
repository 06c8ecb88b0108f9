//! The log: a file where it is asked for, nothing where it is not.

mod cli_support;

use std::fs;

use cli_support::{Outcome, Place};

const STATE: &str = ".local/state/convscope/convscope.log";
const TRAIN: [&str; 4] = ["train", "tiny.yaml", "--epochs", "1"];

#[test]
fn without_being_asked_for_nothing_is_written() {
    let place = Place::new();
    assert_eq!(place.run(&TRAIN).code, Some(0));
    assert!(!place.path(STATE).exists());
}

#[test]
fn a_report_tells_what_a_training_did() {
    let place = Place::new();
    let quiet = place.run(&TRAIN);
    let told = place.run(&[&TRAIN[..], &["--log", "here/report.log"]].concat());
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    // Of the log nothing is seen.
    let lines = |outcome: &Outcome| {
        (
            outcome.stdout.lines().count(),
            outcome.stderr.lines().count(),
        )
    };
    assert_eq!(lines(&told), lines(&quiet));
    let log = fs::read_to_string(place.path("here/report.log")).unwrap();
    let parts = [
        env!("CARGO_PKG_VERSION"),
        "tiny.yaml",
        "vector_instructions=",
        "data is loaded",
        "a run starts",
        "an epoch ends",
        "run.yaml",
        "best.safetensors",
    ];
    for part in parts {
        assert!(log.contains(part), "no {part} in {log}");
    }
    assert!(!place.path(STATE).exists());
}

#[test]
fn the_environment_asks_for_a_level() {
    let place = Place::new();
    let run = |level: &str| {
        let mut command = place.command(&TRAIN);
        Outcome::of(&command.env("CONVSCOPE_LOG", level).output().unwrap())
    };
    assert_eq!(run("off").code, Some(0));
    assert!(!place.path(STATE).exists());
    assert_eq!(run("debug").code, Some(0));
    let log = fs::read_to_string(place.path(STATE)).unwrap();
    assert!(log.contains("a run starts"), "{log}");
    let outcome = run("loud");
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.contains("CONVSCOPE_LOG: expected error")
            && outcome.stderr.contains("got \"loud\""),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_log_that_cannot_be_written_is_bad_input() {
    let place = Place::new();
    let outcome = place.run(&["presets", "--log", "tiny.yaml/report.log"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""));
    assert!(
        outcome
            .stderr
            .contains("tiny.yaml/report.log: the log cannot be written"),
        "{}",
        outcome.stderr
    );
}
