//! What a trial may be: with pretraining, with early stopping, renamed, copied.

use std::fs;
use std::path::Path;

use crate::cli_support::{PRESET, Place};
use crate::support::{LONG, Running, only_sweep, place, results, status, wait_for};

/// The run folders of a sweep, in order.
fn runs(sweep: &Path) -> Vec<String> {
    let entries = fs::read_dir(sweep.join("runs")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    names
}

fn resume(place: &Place, sweep: &Path) -> String {
    let sweep = sweep.to_str().unwrap();
    let done = place.run(&["sweep", "resume", sweep, "--jobs", "1", "--nice", "0"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    done.stderr
}

#[test]
fn a_renamed_run_is_still_its_trials_and_a_copy_is_not() {
    let place = place(2, "  seeds: [1, 2, 3]\n");
    let done = place.run(&["sweep", "sweep.yaml", "--nice", "0"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let sweep = only_sweep(&place, "sweeps");
    let first = sweep.join("runs").join(&runs(&sweep)[0]);
    let second = sweep.join("runs").join(&runs(&sweep)[1]);
    let [first, second] = [first, second].map(|path| path.to_str().unwrap().to_owned());
    let folder = sweep.join("runs");
    let folder = folder.to_str().unwrap();
    let renamed = place.run(&["runs", "rename", &first, "my-favourite"]);
    assert_eq!(renamed.code, Some(0), "{renamed:?}");
    let copied = place.run(&["runs", "copy", &second, "--runs", folder]);
    assert_eq!(copied.code, Some(0), "{copied:?}");
    let before = runs(&sweep);
    assert_eq!(before.len(), 4);

    assert!(resume(&place, &sweep).contains("0 trials left"));
    assert_eq!(runs(&sweep), before);
    let states = status(&place, &sweep);
    let run = states[0]["run"].as_str().unwrap();
    assert!(run.ends_with("-my-favourite"), "{run}");
    assert_eq!(states[1]["run"], second.as_str());
}

#[test]
fn an_epoch_without_improvement_ends_a_trial_for_good() {
    let sweep = "  vary:\n    training.optimizer.sgd.learning_rate: [1e-12, 1e-11]\n";
    let early = "epochs: 40, optimizer: sgd, early_stopping: {patience: 1}";
    let place = Place::new();
    let preset = PRESET.replace("epochs: 3", early);
    place.write("sweep.yaml", format!("{preset}sweep:\n{sweep}"));
    let done = place.run(&["sweep", "sweep.yaml", "--jobs", "1", "--nice", "0"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let sweep = only_sweep(&place, "sweeps");
    for trial in status(&place, &sweep) {
        assert_eq!(trial["state"], "finished", "{trial}");
        assert!(trial["done"].as_u64().unwrap() < 40, "{trial}");
    }
    let before = runs(&sweep);
    assert!(resume(&place, &sweep).contains("0 trials left"));
    assert_eq!(runs(&sweep), before);
}

#[test]
fn pretraining_belongs_to_the_trial_and_is_not_done_twice() {
    let transfer = "epochs: 6, transfer: {pretrain: {data: data, epochs: 6}, frozen_layers: 1}";
    let place = Place::new();
    let preset = PRESET.replace("epochs: 3", transfer);
    let sweep = "  seeds: [1, 2, 3]\n  halving: {after: 2}\n";
    place.write("sweep.yaml", format!("{preset}sweep:\n{sweep}"));
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
    let whole = only_sweep(&place, "whole");
    // Each of them has its pretraining and the run that follows it.
    assert_eq!(runs(&whole).len(), 6);

    let running = Running::start(&place, &["sweep.yaml"]);
    let sweep = wait_for(|| {
        let mut entries = fs::read_dir(place.path("sweeps")).ok()?;
        entries.find_map(|entry| {
            let path = entry.unwrap().path();
            let is_begun = path.join("runs").exists() && !runs(&path).is_empty();
            (is_begun && !path.file_name()?.to_str()?.starts_with('.')).then_some(path)
        })
    });
    running.signal("TERM");
    let (code, said) = running.end();
    assert_eq!(code, Some(130), "{said}");
    resume(&place, &sweep);
    assert_eq!(runs(&sweep).len(), 6);
    assert!(results(&sweep) == results(&whole));
}

#[test]
fn a_request_to_end_saves_what_runs_and_the_rest_is_the_same() {
    let place = place(LONG, "  seeds: [1, 2, 3, 4]\n");
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
    assert_eq!(place.run(&arguments).code, Some(0));
    let running = Running::start(&place, &["sweep.yaml"]);
    let sweep = wait_for(|| {
        let mut entries = fs::read_dir(place.path("sweeps")).ok()?;
        entries.find_map(|entry| {
            let path = entry.unwrap().path();
            let is_begun = path.join("runs").exists() && !runs(&path).is_empty();
            (is_begun && !path.file_name()?.to_str()?.starts_with('.')).then_some(path)
        })
    });
    running.signal("TERM");
    let (code, said) = running.end();
    assert_eq!(code, Some(130), "{said}");
    let states = status(&place, &sweep);
    assert!(
        states.iter().all(|trial| trial["state"] != "training"),
        "{states:?}"
    );
    resume(&place, &sweep);
    assert!(results(&sweep) == results(&only_sweep(&place, "whole")));
}
