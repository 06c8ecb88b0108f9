//! Sweeps, as a shell runs them: whatever is killed at whatever moment, each trial is trained once, to the same bits.

#![cfg(unix)]

mod apart;
#[path = "../cli_support/mod.rs"]
mod cli_support;
mod kinds;
mod slurm;
mod support;
mod together;

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use convscope::sweep::{SweepFile, SweepFolder, Trials};
use serde_json::Value;

use cli_support::{NAMES, Outcome, images, labels};
use support::{Running, VARY, only_sweep, place, results, signal_to, status, trainers, wait_for};

#[test]
fn a_sweep_trains_every_trial_and_its_runs_are_like_any_other() {
    let place = place(2, &format!("{VARY}  seeds: [1, 2]\n"));
    let dry = place.run(&["sweep", "sweep.yaml", "--dry-run"]);
    assert_eq!(dry.code, Some(0), "{dry:?}");
    assert_eq!(dry.stdout.lines().count(), 9, "{dry:?}");
    assert!(dry.stderr.contains("8 trials"), "{dry:?}");
    assert!(!place.path("sweeps").exists());

    let done = place.run(&["sweep", "start", "sweep.yaml", "--nice", "0"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    for part in [
        "learning_rate",
        "1.conv2d.filters",
        "seed",
        "0.003",
        "2/2",
        "finished",
    ] {
        assert!(done.stdout.contains(part), "{part}: {done:?}");
    }
    let sweep = only_sweep(&place, "sweeps");
    assert_eq!(results(&sweep).len(), 8);
    let given = fs::read(place.path("sweep.yaml")).unwrap();
    assert!(fs::read(sweep.join("sweep.yaml")).unwrap() == given);
    let states = status(&place, &sweep);
    assert!(
        states.iter().all(|trial| trial["state"] == "finished"),
        "{states:?}"
    );

    // One of them is what `train` makes of the same settings.
    let sets = [
        "training.optimizer.adam.learning_rate=0.003",
        "layers.1.conv2d.filters=2",
        "training.epochs=2",
    ];
    let sets = sets.iter().flat_map(|set| ["--set", set]);
    let train: Vec<&str> = ["train", "tiny.yaml", "--seed", "2"]
        .into_iter()
        .chain(sets)
        .collect();
    assert_eq!(place.run(&train).code, Some(0));
    let read = |run: &Path| fs::read(run.join("last.safetensors")).unwrap();
    let trial = states.iter().find(|trial| trial["trial"] == 6).unwrap();
    assert_eq!(trial["seed"], 2);
    assert!(read(&place.only_run("runs")) == read(Path::new(trial["run"].as_str().unwrap())));

    let runs = sweep.join("runs");
    let listed = place.run(&["runs", "list", "--runs", runs.to_str().unwrap()]);
    assert_eq!(listed.stdout.lines().count(), 9, "{listed:?}");
    assert!(
        listed
            .stdout
            .contains("learning_rate 0.01, 1.conv2d.filters 2, seed 1"),
        "{listed:?}"
    );
    let sweeps = place.run(&["sweep", "list"]);
    assert!(
        sweeps
            .stdout
            .contains(sweep.file_name().unwrap().to_str().unwrap()),
        "{sweeps:?}"
    );
    let sweep_name = sweep.to_str().unwrap();
    let effects = place.run(&["sweep", "effects", sweep_name]);
    assert_eq!(effects.code, Some(0), "{effects:?}");
    for part in [
        "best validation accuracy of each trial, on the test images of data (SHA-256",
        ": 8 trials",
        "learning_rate 0.01 instead of 0.003: ",
        "1.conv2d.filters 4 instead of 2: ",
        "the seed alone",
    ] {
        assert!(effects.stdout.contains(part), "{part}: {effects:?}");
    }
    let as_json = place.run(&["sweep", "effects", sweep_name, "--by", "loss", "--json"]);
    let as_json: Value = serde_json::from_str(&as_json.stdout).unwrap();
    assert_eq!(as_json["effects"]["trials"], 8);
    let csv = place.run(&["sweep", "export", sweep_name]);
    let rows: Vec<&str> = csv.stdout.lines().collect();
    assert_eq!(rows.len(), 9, "{csv:?}");
    let settings = "training.optimizer.adam.learning_rate,layers.1.conv2d.filters,";
    assert!(rows[0].contains(settings), "{csv:?}");
    assert!(
        rows[6].starts_with("6,3,2,\"0.003\",\"2\",finished,2,"),
        "{csv:?}"
    );
    let study = place.run(&["sweep", "export", sweep_name, "study.log", "--optuna"]);
    assert_eq!(study.code, Some(0), "{study:?}");
    let journal = fs::read_to_string(place.path("study.log")).unwrap();
    let operations: Vec<Value> = journal
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let count = |code| {
        let of_code = operations
            .iter()
            .filter(|operation| operation["op_code"] == code);
        of_code.count()
    };
    // A trial, its two parameters, its two epochs, its end.
    assert_eq!([4, 5, 7, 6].map(count), [8, 16, 16, 8]);
    let ends = operations
        .iter()
        .filter(|operation| operation["op_code"] == 6);
    let values: Vec<f64> = ends.map(|end| end["values"][0].as_f64().unwrap()).collect();
    let best: Vec<f64> = states
        .iter()
        .map(|trial| trial["best"]["val_accuracy"].as_f64().unwrap())
        .collect();
    assert_eq!(values, best);
    let again = place.run(&["sweep", "export", sweep_name, "study.log", "--optuna"]);
    assert_eq!(again.code, Some(2), "{again:?}");
    // Nothing is left to do.
    let again = place.run(&["sweep", "resume", sweep.to_str().unwrap()]);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(again.stderr.contains("0 trials left"), "{again:?}");
}

#[test]
fn mistakes_are_bad_input_and_leave_nothing_behind() {
    let refusal = |lines: &str, arguments: &[&str]| -> Outcome {
        let place = place(2, lines);
        let outcome = place.run(&[&["sweep"], arguments].concat());
        let left = fs::read_dir(place.path("sweeps")).map_or(0, Iterator::count);
        assert_eq!((outcome.code, left), (Some(2), 0), "{outcome:?}");
        outcome
    };
    let start = ["start", "sweep.yaml"];
    let vary = |what: &str| format!("  vary:\n    {what}\n");
    for (lines, part) in [
        (
            vary("training.epoch: [1]"),
            "sweep.yaml: line 18: training.epoch",
        ),
        (vary("data: [data, nowhere]"), "nowhere"),
        (
            vary("layers.1.conv2d.kernel: [3, 11]\n    layers.1.conv2d.padding: [valid]"),
            "1 of 2 combinations",
        ),
        // Data are looked at before the first trial.
        (vary("input: [[5, 5, 1], [4, 4, 1]]"), "trial 1 (input"),
        (vary("input: [[6, 6, 1], [4, 4, 1]]"), "trial 2 (input"),
    ] {
        let outcome = refusal(&lines, &start);
        assert!(outcome.stderr.contains(part), "{part}: {outcome:?}");
    }
    for (arguments, part) in [
        (
            &["start", "missing.yaml"][..],
            "missing.yaml: cannot be read",
        ),
        (&["status", "data"], "data: expected a sweep folder"),
        (&["resume", "data"], "data: expected a sweep folder"),
        (&["start", "sweep.yaml", "--jobs", "0"], "--jobs"),
        (&["start", "sweep.yaml", "--executor", "cloud"], "local"),
    ] {
        let outcome = refusal(VARY, arguments);
        assert!(outcome.stderr.contains(part), "{part}: {outcome:?}");
    }
}

#[test]
fn killed_at_any_moment_and_resumed_it_equals_the_uninterrupted_one_to_the_byte() {
    let place = place(12, &format!("{VARY}  seeds: [1, 2]\n"));
    let whole = place.run(&[
        "sweep",
        "sweep.yaml",
        "--sweeps",
        "whole",
        "--jobs",
        "1",
        "--threads",
        "2",
        "--nice",
        "0",
    ]);
    assert_eq!(whole.code, Some(0), "{whole:?}");

    let mut running = Running::start(&place, &["sweep.yaml"]);
    wait_for(|| place.path("sweeps").exists().then_some(()));
    let sweep = wait_for(|| {
        let mut entries = fs::read_dir(place.path("sweeps")).unwrap();
        entries.find_map(|entry| {
            let path = entry.unwrap().path();
            let is_hidden = path.file_name().unwrap().to_str().unwrap().starts_with('.');
            (!is_hidden && path.join("trials").exists()).then_some(path)
        })
    });
    // The coordinator in the first trials, a child, the coordinator after a trial, both.
    wait_for(|| trainers(&sweep).first().copied());
    running.signal("KILL");
    running.0.wait().unwrap();
    let resume = ["resume", sweep.to_str().unwrap()];

    running = Running::start(&place, &resume);
    let child = wait_for(|| trainers(&sweep).first().copied());
    signal_to(child, "KILL");
    assert!(running.heard(1), "ended before it was killed");
    running.signal("KILL");
    running.0.wait().unwrap();

    running = Running::start(&place, &resume);
    assert!(running.heard(2), "ended before it was killed");
    for child in trainers(&sweep) {
        signal_to(child, "KILL");
    }
    running.signal("KILL");
    running.0.wait().unwrap();

    let (code, said) = Running::start(&place, &resume).end();
    assert_eq!(code, Some(0), "{said}");
    let (one, other) = (results(&sweep), results(&only_sweep(&place, "whole")));
    assert_eq!(one.len(), 8);
    for (trial, files) in &one {
        assert!(*files == other[trial], "trial {trial}");
    }
}

#[test]
fn only_one_process_runs_a_sweep_and_only_one_trains_a_trial() {
    // The second trial lasts until it is cancelled.
    let place = place(3, "  vary:\n    training.epochs: [3, 1000000]\n");
    let text = fs::read_to_string(place.path("sweep.yaml")).unwrap();
    let file = SweepFile::parse(&text, "sweep.yaml").unwrap();
    let trials = Trials::of(&file, "sweep.yaml").unwrap();
    let made = SweepFolder::create(&place.path("sweeps"), &file, &trials).unwrap();
    let sweep = made.path().to_str().unwrap();
    // It was made by this process, which works in another folder.
    let plan = made.path().join("plan.json");
    let mut text: Value = serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap();
    text["working_folder"] = place.path("").to_str().unwrap().into();
    fs::write(&plan, text.to_string()).unwrap();

    // Four at once: one trains it, the others find it finished.
    let race: Vec<Child> = (0..4)
        .map(|_| {
            let mut command = place.command(&["sweep", "trial", sweep, "1", "--threads", "1"]);
            command.stdout(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut racer in race {
        assert_eq!(racer.wait().unwrap().code(), Some(0));
    }
    assert_eq!(results(made.path()).len(), 1);

    let running = Running::start(&place, &["resume", sweep]);
    wait_for(|| trainers(made.path()).first().copied());
    let second = place.run(&["sweep", "resume", sweep]);
    assert_eq!(second.code, Some(2), "{second:?}");
    assert!(
        second.stderr.contains("is already run by process"),
        "{second:?}"
    );

    // Cancelled from elsewhere, it saves what runs.
    let cancelled = place.run(&["sweep", "cancel", sweep]);
    assert_eq!(cancelled.code, Some(0), "{cancelled:?}");
    let (code, said) = running.end();
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("sweep resume"), "{said}");
    let states = status(&place, made.path());
    let is = |state: &str| {
        states
            .iter()
            .filter(|trial| trial["state"] == state)
            .count()
    };
    assert!(is("stopped") > 0 && is("training") == 0, "{states:?}");
}

#[test]
fn ctrl_c_once_finishes_what_runs_and_twice_saves_it() {
    let place = place(30, &format!("{VARY}  seeds: [1, 2]\n"));
    let running = Running::start(&place, &["sweep.yaml"]);
    let sweep = wait_for(|| {
        let entries = fs::read_dir(place.path("sweeps")).ok()?;
        let mut paths = entries.map(|entry| entry.unwrap().path());
        paths.find(|path| path.join("trials").exists() && !trainers(path).is_empty())
    });
    running.signal("INT");
    let (code, said) = running.end();
    assert_eq!(code, Some(130), "{said}");
    let count = |state: &str| {
        let states = status(&place, &sweep);
        states
            .iter()
            .filter(|trial| trial["state"] == state)
            .count()
    };
    assert!(
        (1..=4).contains(&count("finished")) && count("stopped") == 0,
        "{said}"
    );

    let before = count("finished");
    let running = Running::start(&place, &["resume", sweep.to_str().unwrap()]);
    wait_for(|| trainers(&sweep).first().copied());
    running.signal("INT");
    thread::sleep(Duration::from_millis(50));
    running.signal("INT");
    let (code, said) = running.end();
    assert_eq!(code, Some(130), "{said}");
    assert!(count("stopped") > 0 || count("finished") > before, "{said}");
    assert!(trainers(&sweep).is_empty());
}

#[test]
fn halving_stops_the_worse_ones_and_does_the_same_when_interrupted() {
    let lines = format!("{VARY}  halving: {{after: 2, keep: 0.5}}\n");
    let place = place(8, &lines.replace("0.003", "0.0001"));
    let whole = place.run(&[
        "sweep",
        "sweep.yaml",
        "--sweeps",
        "whole",
        "--jobs",
        "1",
        "--nice",
        "0",
    ]);
    assert_eq!(whole.code, Some(0), "{whole:?}");
    assert!(
        whole
            .stderr
            .contains("after 2 epochs: 2 of 4 trials continue"),
        "{whole:?}"
    );
    assert!(whole.stdout.contains("stopped early"), "{whole:?}");
    let whole = only_sweep(&place, "whole");
    let epochs = |sweep: &Path| {
        let states = status(&place, sweep);
        let mut epochs: Vec<u64> = states
            .iter()
            .map(|trial| trial["done"].as_u64().unwrap())
            .collect();
        epochs.sort_unstable();
        epochs
    };
    assert_eq!(epochs(&whole), [2, 2, 4, 8]);

    let mut running = Running::start(&place, &["sweep.yaml"]);
    assert!(running.heard(3));
    running.signal("KILL");
    running.0.wait().unwrap();
    let sweep = only_sweep(&place, "sweeps");
    let (code, said) = Running::start(&place, &["resume", sweep.to_str().unwrap()]).end();
    assert_eq!(code, Some(0), "{said}");
    assert!(results(&sweep) == results(&whole));
}

#[test]
fn a_trial_that_fails_is_told_and_not_tried_again_unless_asked() {
    let place = place(2, "  invalid: skip\n  vary:\n    data: [data, other]\n");
    let write = |side: usize| {
        fs::create_dir_all(place.path("other")).unwrap();
        let files = [images(70, side), labels(70), images(30, side), labels(30)];
        for (name, bytes) in NAMES.iter().zip(files) {
            place.write(&format!("other/{name}"), bytes);
        }
    };
    write(5);
    let done = place.run(&["sweep", "sweep.yaml", "--jobs", "1", "--nice", "0"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.stderr.contains("1 trial failed"), "{done:?}");
    let sweep = only_sweep(&place, "sweeps");
    let states = status(&place, &sweep);
    assert_eq!(
        (&states[0]["state"], &states[1]["state"]),
        (&"finished".into(), &"failed".into())
    );
    assert!(
        states[1]["reason"].as_str().unwrap().contains("5×5"),
        "{states:?}"
    );

    write(6);
    let resume = [
        "sweep",
        "resume",
        sweep.to_str().unwrap(),
        "--jobs",
        "1",
        "--nice",
        "0",
    ];
    assert!(place.run(&resume).stderr.contains("0 trials left"));
    let again = place.run(&[&resume[..], &["--retry-failed"]].concat());
    assert_eq!(again.code, Some(0), "{again:?}");
    assert_eq!(status(&place, &sweep)[1]["state"], "finished");
}

#[test]
fn a_time_limit_ends_it_with_what_is_left() {
    // No trial ends by itself before the limit is noticed.
    let place = place(
        1_000_000,
        &format!("{VARY}  limits: {{minutes: 0.000001, runs: 3}}\n"),
    );
    let done = place.run(&["sweep", "sweep.yaml", "--jobs", "1", "--nice", "0"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    for part in ["3 trials, as many as", "with 3 trials left"] {
        assert!(done.stderr.contains(part), "{part}: {done:?}");
    }
}
