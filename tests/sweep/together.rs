//! Processes that train a sweep without a coordinator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use convscope::sweep::{SweepFile, SweepFolder, Trials};
use serde_json::Value;

use crate::cli_support::Place;
use crate::support::{VARY, only_sweep, place, results, signal_to, status, trainers, wait_for};

/// The sweep of `sweep.yaml`, of which nothing is trained yet.
fn made(place: &Place) -> PathBuf {
    let text = fs::read_to_string(place.path("sweep.yaml")).unwrap();
    let file = SweepFile::parse(&text, "sweep.yaml").unwrap();
    let trials = Trials::of(&file, "sweep.yaml").unwrap();
    let made = SweepFolder::create(&place.path("sweeps"), &file, &trials).unwrap();
    // It was made by this process, which works in another folder.
    let plan = made.path().join("plan.json");
    let mut text: Value = serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap();
    text["working_folder"] = place.path("").to_str().unwrap().into();
    fs::write(&plan, text.to_string()).unwrap();
    made.path().to_owned()
}

fn free(place: &Place, sweep: &Path, jobs: &str) -> Child {
    let sweep = sweep.to_str().unwrap();
    let arguments = [
        "sweep",
        "trial",
        "--free",
        "--jobs",
        jobs,
        "--threads",
        "1",
        sweep,
    ];
    let mut command = place.command(&arguments);
    // Not a task of a cluster, even if this test is.
    command.env_remove("SLURM_JOB_ID");
    command.stderr(Stdio::null()).spawn().unwrap()
}

fn whole(place: &Place) -> PathBuf {
    let arguments = [
        "sweep",
        "sweep.yaml",
        "--sweeps",
        "whole",
        "--jobs",
        "1",
        "--nice",
        "0",
    ];
    let whole = place.run(&arguments);
    assert_eq!(whole.code, Some(0), "{whole:?}");
    only_sweep(place, "whole")
}

#[test]
fn several_processes_share_the_trials_whichever_of_them_is_killed() {
    let place = place(12, &format!("{VARY}  seeds: [1, 2]\n"));
    let whole = whole(&place);
    let sweep = made(&place);
    let mut workers: Vec<Child> = (0..3).map(|_| free(&place, &sweep, "1")).collect();
    let killed = wait_for(|| trainers(&sweep).first().copied());
    signal_to(killed, "KILL");
    // One that comes later, and trains two at once.
    workers.push(free(&place, &sweep, "2"));
    for mut worker in workers {
        let is_killed = worker.id() == killed;
        let code = worker.wait().unwrap().code();
        assert_eq!(code, (!is_killed).then_some(0));
    }
    // All others may have ended before it was known that the one was killed.
    assert_eq!(free(&place, &sweep, "1").wait().unwrap().code(), Some(0));
    assert_eq!(results(&sweep).len(), 8);
    assert!(results(&sweep) == results(&whole));
}

#[test]
fn each_of_them_decides_the_same_about_halving() {
    let lines = format!("{VARY}  seeds: [1, 2]\n  halving: {{after: 2, keep: 0.5}}\n");
    let place = place(8, &lines.replace("0.003", "0.0001"));
    let whole = whole(&place);
    let sweep = made(&place);
    let workers: Vec<Child> = (0..3).map(|_| free(&place, &sweep, "1")).collect();
    for mut worker in workers {
        assert_eq!(worker.wait().unwrap().code(), Some(0));
    }
    assert!(results(&sweep) == results(&whole));
    let stopped = |sweep: &Path| -> Vec<Value> {
        let states = status(&place, sweep).into_iter();
        states
            .map(|trial| trial["is_stopped_early"].clone())
            .collect()
    };
    assert_eq!(stopped(&sweep), stopped(&whole));
    assert!(stopped(&sweep).contains(&true.into()));
}

#[test]
fn the_time_limit_and_a_cancellation_end_them() {
    let endless = |lines: &str| place(1_000_000, &format!("{VARY}{lines}"));
    let place = endless("  limits: {minutes: 0.01}\n");
    let sweep = made(&place);
    assert_eq!(free(&place, &sweep, "2").wait().unwrap().code(), Some(0));
    let states = status(&place, &sweep);
    let is = |state: &str| {
        states
            .iter()
            .filter(|trial| trial["state"] == state)
            .count()
    };
    assert_eq!((is("training"), is("finished")), (0, 0), "{states:?}");

    let place = endless("");
    let sweep = made(&place);
    let mut worker = free(&place, &sweep, "1");
    wait_for(|| trainers(&sweep).first().copied());
    let cancelled = place.run(&["sweep", "cancel", sweep.to_str().unwrap()]);
    assert_eq!(cancelled.code, Some(0), "{cancelled:?}");
    assert_eq!(worker.wait().unwrap().code(), Some(0));
    assert!(trainers(&sweep).is_empty());
}

#[test]
fn a_trial_whose_process_is_lost_again_and_again_has_failed() {
    let place = place(2, "  seeds: [1, 2]\n");
    let sweep = made(&place);
    // As a process leaves it that was killed for the third time, such as for lack of memory.
    let trial = sweep.join("trials/00001");
    fs::create_dir_all(&trial).unwrap();
    let line =
        r#"{"process":4194304,"host":"HOST","since":"2026-12-01T00:00:00Z","released":false}"#;
    let host = rustix::system::uname();
    let line = line.replace("HOST", host.nodename().to_str().unwrap());
    fs::write(trial.join("claim-3"), line + "\n").unwrap();
    fs::write(trial.join("losses.json"), r#"{"epochs":0,"times":2}"#).unwrap();
    assert_eq!(free(&place, &sweep, "1").wait().unwrap().code(), Some(0));
    let states = status(&place, &sweep);
    assert_eq!(states[0]["state"], "failed", "{states:?}");
    let reason = states[0]["reason"].as_str().unwrap();
    assert!(reason.contains("3 times after epoch 0"), "{reason}");
    assert_eq!(states[1]["state"], "finished");

    let again = [
        "sweep",
        "resume",
        sweep.to_str().unwrap(),
        "--retry-failed",
        "--jobs",
        "1",
    ];
    assert_eq!(place.run(&again).code, Some(0));
    assert_eq!(status(&place, &sweep)[0]["state"], "finished");
}
