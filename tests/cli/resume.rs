//! `convscope train --resume` and `convscope reproduce`, as a shell runs them.

use std::fs;
use std::path::Path;

use crate::cli_support::Place;

/// `--resume` with the only run in `runs`, and what else is asked.
fn resume(place: &Place, more: &[&str]) -> crate::cli_support::Outcome {
    let run = place.only_run("runs");
    let mut arguments = vec!["train", "--resume", run.to_str().unwrap()];
    arguments.extend(more);
    place.run(&arguments)
}

fn same_file(name: &str, a: &Path, b: &Path) {
    let read = |folder: &Path| fs::read(folder.join(name)).unwrap();
    assert!(read(a) == read(b), "{name}");
}

#[cfg(unix)]
#[test]
fn a_run_ended_by_ctrl_c_and_resumed_equals_the_uninterrupted_one_to_the_byte() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};

    let place = Place::new();
    let epochs = "400";
    let options = ["train", "tiny.yaml", "--json", "--epochs", epochs];
    let mut training = place
        .command(&options)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(training.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    let id = training.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    // Nobody has to read on for it to end.
    lines.for_each(drop);
    assert_eq!(training.wait().unwrap().code(), Some(130));

    let resumed = resume(&place, &["--json"]);
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    let one = place.only_run("runs");
    let mut whole = options.to_vec();
    whole.extend(["--out", "whole", "--threads", "1"]);
    assert_eq!(place.run(&whole).code, Some(0));
    let other = place.only_run("whole");
    for name in ["best.safetensors", "last.safetensors", "confusion.csv"] {
        same_file(name, &one, &other);
    }
    let lines = fs::read_to_string(one.join("metrics.jsonl")).unwrap();
    assert_eq!(lines.lines().count().to_string(), epochs);
}

#[test]
fn a_finished_run_goes_on_when_told_how_far() {
    let place = Place::new();
    assert_eq!(place.run(&["train", "tiny.yaml"]).code, Some(0));
    let refused = resume(&place, &[]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    for part in ["3 epochs are done", "--epochs, 4 or more"] {
        assert!(refused.stderr.contains(part), "{part}: {refused:?}");
    }
    let on = resume(&place, &["--epochs", "5"]);
    assert_eq!(on.code, Some(0), "{on:?}");
    assert!(
        on.stdout.contains("epoch 5/5") && !on.stdout.contains("epoch 3/5"),
        "{on:?}"
    );
    let record = fs::read_to_string(place.only_run("runs").join("run.yaml")).unwrap();
    assert!(record.contains("after_epoch: 3"), "{record}");
}

#[test]
fn other_data_are_refused_unless_asked_for() {
    let place = Place::new();
    assert_eq!(place.run(&["train", "tiny.yaml"]).code, Some(0));
    // One pixel is another.
    let file = place.path("data").join(crate::cli_support::NAMES[0]);
    let mut bytes = fs::read(&file).unwrap();
    fs::create_dir(place.path("other")).unwrap();
    for name in crate::cli_support::NAMES {
        fs::copy(
            place.path("data").join(name),
            place.path("other").join(name),
        )
        .unwrap();
    }
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(
        place.path("other").join(crate::cli_support::NAMES[0]),
        bytes,
    )
    .unwrap();

    let refused = resume(&place, &["--epochs", "4", "--data", "other"]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    for part in ["SHA-256", "was trained on", "--data"] {
        assert!(refused.stderr.contains(part), "{part}: {refused:?}");
    }
    let switched = resume(
        &place,
        &["--epochs", "4", "--data", "other", "--switch-data"],
    );
    assert_eq!(switched.code, Some(0), "{switched:?}");
    let metrics = fs::read_to_string(place.only_run("runs").join("metrics.jsonl")).unwrap();
    assert!(
        metrics.lines().last().unwrap().contains("data "),
        "{metrics}"
    );
}

#[test]
fn pretraining_and_training_are_two_runs_of_one_command() {
    let place = Place::new();
    let text = crate::cli_support::PRESET.replace(
        "epochs: 3,",
        "epochs: 2, transfer: {pretrain: {data: data, epochs: 1}, frozen_layers: 2},",
    );
    place.write("two.yaml", text);
    let outcome = place.run(&["train", "two.yaml"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    for part in ["epoch 1/1", "epoch 2/2"] {
        assert!(outcome.stdout.contains(part), "{part}: {outcome:?}");
    }
    let runs = || -> Vec<_> {
        let runs = fs::read_dir(place.path("runs")).unwrap();
        runs.map(|run| format!("runs/{}", run.unwrap().file_name().display()))
            .collect()
    };
    assert_eq!(runs().len(), 2);

    // The pretraining knows where the training after it is, and does not begin it again.
    let is_first = |run: &String| run.ends_with("-pretrain");
    let first = runs().into_iter().find(is_first).unwrap();
    let record = fs::read_to_string(place.path(format!("{first}/run.yaml"))).unwrap();
    let outcome = place.run(&["train", "--resume", &first]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    let second = runs().into_iter().find(|run| !is_first(run)).unwrap();
    assert!(outcome.stderr.contains(&second), "{outcome:?}");

    // As if the program had been killed between the two.
    let begun = format!("\n  run: {second}");
    assert!(record.contains(&begun), "{record}");
    place.write(&format!("{first}/run.yaml"), record.replace(&begun, ""));
    let outcome = place.run(&["train", "--resume", &first]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stdout.contains("epoch 2/2"), "{outcome:?}");
    assert_eq!(runs().len(), 3);
}

#[test]
fn reproduce_prints_and_saves_one_table_of_published_and_measured_figures() {
    let place = Place::new();
    let options = [
        "reproduce",
        "fashion-conv3",
        "--data",
        "fashion-mnist-starter",
        "--epochs",
        "1",
    ];
    let outcome = place.run(&options);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let table = fs::read_to_string(place.path("runs/reproduce.md")).unwrap();
    assert!(outcome.stdout.ends_with(&table), "{outcome:?}");
    let csv = fs::read_to_string(place.path("runs/reproduce.csv")).unwrap();
    let name = "\"fashion-conv3, edited\",";
    let row = csv.lines().nth(1).unwrap().strip_prefix(name);
    let row = row.unwrap_or_else(|| panic!("{csv}"));
    let fields: Vec<&str> = row.split(',').collect();
    assert_eq!((fields[6], fields[7]), ("1", "3610"));
    let measured: f64 = fields[1].parse().unwrap();
    assert!(measured > 0.3, "{csv}");
    // Nothing was published of one epoch, and nothing of a part of the set.
    assert_eq!((fields[0], fields[3]), ("", ""), "{csv}");
    assert!(table.contains("| fashion-conv3, edited |"), "{table}");
    let why = "fashion-conv3: published figures omitted: they are for 20 epochs on all of fashion-mnist, but this run is for 1 on \
               Fashion-MNIST starter\n";
    assert!(outcome.stderr.contains(why), "{outcome:?}");

    let unknown = place.run(&["reproduce", "fashion-conv9"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("fashion-conv1"), "{unknown:?}");
}
