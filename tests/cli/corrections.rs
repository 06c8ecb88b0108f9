//! Suspect labels on the command line: listed, written to a file, excluded from a run, and kept by its run.

use std::fs;

use crate::cli_support::{Place, TRAIN_IMAGES};
use serde_json::Value;

/// A place with a run that has seen one wrong label: image 4, a picture of class 1, is said to be of class 2.
fn place() -> (Place, String) {
    let place = Place::new();
    let mut labels = crate::cli_support::labels(TRAIN_IMAGES);
    labels[8 + 4] = 2;
    place.write("data/train-labels-idx1-ubyte", labels);
    let outcome = place.run(&["train", "tiny.yaml", "--epochs", "20", "--batch-size", "8"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let run = place.only_run("runs").display().to_string();
    (place, run)
}

#[test]
fn the_wrong_label_is_found_written_and_left_out() {
    let (place, run) = place();
    let found = place.run(&["eval", &run, "--suspects", "3", "--json"]);
    assert_eq!((found.code, found.stderr.as_str()), (Some(0), ""));
    let answer: Value = serde_json::from_str(&found.stdout).unwrap();
    let suspects = answer["suspects"].as_array().unwrap();
    assert_eq!(suspects.len(), 3);
    assert_eq!(answer["training_images"], TRAIN_IMAGES);
    let worst = &suspects[0];
    assert_eq!(
        (&worst["image"], &worst["label"], &worst["predicted"]),
        (&Value::from(4), &Value::from("2"), &Value::from("1"))
    );
    let losses: Vec<f64> = suspects
        .iter()
        .map(|suspect| suspect["cross_entropy"].as_f64().unwrap())
        .collect();
    assert!(losses.is_sorted_by(|one, other| one >= other));

    let written = place.run(&["eval", &run, "--suspects", "1", "--write", "mine.yaml"]);
    assert_eq!(written.code, Some(0), "{written:?}");
    let mut lines = written.stdout.lines().skip(1);
    let heading: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(
        heading,
        [
            "image",
            "label",
            "predicted",
            "probability",
            "cross-entropy"
        ]
    );
    assert!(lines.next().unwrap().trim_start().starts_with("4  2"));
    assert_eq!(lines.next(), None);
    let again = place.run(&["eval", &run, "--suspects", "1", "--write", "mine.yaml"]);
    assert_eq!(again.code, Some(2), "{again:?}");

    // A class of one's own in place of leaving it out, by hand.
    let text = fs::read_to_string(place.path("mine.yaml")).unwrap();
    assert!(
        text.contains("exclude:\n- image: 4\n  was: '2'\n"),
        "{text}"
    );
    place.write(
        "mine.yaml",
        text + "relabel: [{image: 9, was: 0, becomes: 1}]\n",
    );
    let options = ["train", "tiny.yaml", "--out", "corrected", "--corrections"];
    let trained = place.run(&[&options[..], &["mine.yaml"]].concat());
    assert_eq!(trained.code, Some(0), "{trained:?}");
    assert!(
        trained
            .stderr
            .contains("1 training image excluded, 1 relabelled, from "),
        "{}",
        trained.stderr
    );
    assert!(trained.stderr.contains("69 training and 30 test images"));
    let record = fs::read_to_string(place.only_run("corrected").join("run.yaml")).unwrap();
    assert!(
        record.contains("exclude:") && record.contains("becomes: '1'"),
        "{record}"
    );

    // What is in run.yaml decides when it goes on, not the file.
    fs::remove_file(place.path("mine.yaml")).unwrap();
    let folder = place.only_run("corrected").display().to_string();
    let resumed = place.run(&["train", "--resume", &folder, "--epochs", "5"]);
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    assert!(resumed.stderr.contains("69 training"), "{}", resumed.stderr);
}

#[test]
fn marks_of_the_screen_are_used_only_when_they_are_asked_for() {
    let (place, run) = place();
    let nothing = place.run(&["train", "tiny.yaml", "--corrections", "own"]);
    assert_eq!(nothing.code, Some(2), "{nothing:?}");
    assert!(nothing.stderr.contains("no images of data are marked"));

    let written = place.run(&["eval", &run, "--suspects", "1", "--write", "mine.yaml"]);
    assert_eq!(written.code, Some(0), "{written:?}");
    let text = fs::read_to_string(place.path("mine.yaml")).unwrap();
    let sha256 = text.lines().find_map(|line| line.strip_prefix("sha256: "));
    let name = format!("data-{}.yaml", &sha256.unwrap()[..12]);
    let folder = ".local/share/convscope/corrections";
    fs::create_dir_all(place.path(folder)).unwrap();
    place.write(&format!("{folder}/{name}"), &text);

    let plain = place.run(&["train", "tiny.yaml", "--out", "plain"]);
    assert_eq!(plain.code, Some(0), "{plain:?}");
    assert!(plain.stderr.contains("70 training"), "{}", plain.stderr);
    assert!(
        plain
            .stderr
            .contains("not used: 1 training image excluded, from ")
    );
    let record = fs::read_to_string(place.only_run("plain").join("run.yaml")).unwrap();
    assert!(!record.contains("corrections"), "{record}");
    let own = place.run(&["train", "tiny.yaml", "--out", "own", "--corrections", "own"]);
    assert_eq!(own.code, Some(0), "{own:?}");
    assert!(own.stderr.contains("69 training"), "{}", own.stderr);
    let none = place.run(&[
        "train",
        "tiny.yaml",
        "--out",
        "none",
        "--corrections",
        "none",
    ]);
    assert!(none.stderr.contains("70 training") && !none.stderr.contains("not used"));

    // Of another set they are refused, before there is a run folder.
    place.write(
        "data/train-labels-idx1-ubyte",
        crate::cli_support::labels(TRAIN_IMAGES),
    );
    let other = [
        "train",
        "tiny.yaml",
        "--out",
        "other",
        "--corrections",
        "mine.yaml",
    ];
    let refused = place.run(&other);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(
        refused
            .stderr
            .contains("mine.yaml: the corrections are for data (SHA-256")
    );
    assert!(!place.path("other").exists());
}
