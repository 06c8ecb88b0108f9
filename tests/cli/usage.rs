//! The command line: what it prints, and what it says and leaves behind when something is wrong with what it got.

use std::fs;

use crate::cli_support::{NAMES, PRESET, Place, images, labels};
use convscope::network::NetworkSummary;
use convscope::training::BUILT_IN;

/// Parameters, and how many of them are trained, of every built-in preset.
const TOTALS: [(&str, usize, usize); 21] = [
    ("fashion-bn4", 578_970, 578_170),
    ("fashion-conv1", 31_450, 31_450),
    ("fashion-conv2", 8_970, 8_970),
    ("fashion-conv3", 3_610, 3_610),
    ("fashion-dense2", 468_874, 468_874),
    ("fashion-dense2-dropout", 468_874, 468_874),
    ("fashion-dense4", 151_306, 151_306),
    ("fashion-dense4-dropout", 151_306, 151_306),
    ("fashion-record", 607_466, 606_058),
    ("fashion-wide", 8_305_674, 8_305_674),
    ("fashion-wide-augmented", 8_305_674, 8_305_674),
    ("fashion-slim-alternating", 1_213_450, 1_213_450),
    ("fashion-slim-augmented", 1_213_450, 1_213_450),
    ("googlenet-small", 74_778, 73_810),
    ("lenet5", 61_706, 61_706),
    ("mnist-record", 310_858, 310_026),
    ("mobilenet-small", 38_346, 36_874),
    ("resnet-small", 176_650, 175_530),
    ("resnet20", 274_826, 273_258),
    ("synthetic-digits", 422_026, 421_834),
    ("vgg-small", 585_962, 585_066),
];

#[test]
fn summary_has_keras_totals_as_json() {
    let place = Place::new();
    assert_eq!(TOTALS.len(), BUILT_IN.len());
    for (preset, parameters, trainable) in TOTALS {
        let outcome = place.run(&["summary", preset, "--json"]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
        let summary: NetworkSummary = serde_json::from_str(&outcome.stdout).unwrap();
        let found = (summary.parameters, summary.trainable, summary.non_trainable);
        let expected = (parameters, trainable, parameters - trainable);
        assert_eq!(found, expected, "{preset}");
        assert_eq!(summary.name, preset);
        assert_eq!(summary.problem, None);
    }
}

#[test]
fn summary_measures_how_long_an_epoch_takes() {
    let place = Place::new();
    place.write(
        "net.yaml",
        "name: a\ninput: [28, 28, 1]\nclasses: 10\ndata: fashion-mnist-starter\nlayers: [flatten, classify]\n",
    );
    let measured = ["summary", "net.yaml", "--measure", "--threads", "1"];
    let outcome = place.run(&measured);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let last = outcome.stdout.lines().last().unwrap();
    assert!(
        last.starts_with("One epoch: about ")
            && last.contains(" on 1 thread; 10,000 images to train on, then 2,000 to validate on)"),
        "{last}"
    );
    let outcome = place.run(&[&measured[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(json["parameters"], 7850);
    assert_eq!(json["pace"]["batch_size"], 128);
    let seconds = json["epoch_seconds"].as_f64().unwrap();
    let training = json["pace"]["training_seconds"].as_f64().unwrap();
    assert!(seconds > 10_000.0 * training, "{json}");
    assert_eq!(
        place.run(&["summary", "net.yaml", "--data", "mnist"]).code,
        Some(2)
    );
}

#[test]
fn summary_is_an_aligned_table() {
    let outcome = Place::new().run(&["summary", "fashion-bn4"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(outcome.stdout);
}

#[test]
fn presets_lists_every_built_in_one() {
    let outcome = Place::new().run(&["presets"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    let names: Vec<_> = outcome
        .stdout
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    let expected: Vec<_> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, expected);
}

#[test]
fn check_accepts_what_can_be_trained() {
    let place = Place::new();
    let outcome = place.run(&["check", "tiny.yaml"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        outcome.stdout,
        "tiny.yaml: can be trained: 7 layers, 167 parameters\n"
    );
}

#[test]
fn help_and_version_are_no_failures() {
    let place = Place::new();
    for arguments in [&["--help"][..], &["--version"], &["train", "--help"]] {
        let outcome = place.run(arguments);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
        assert!(!outcome.stdout.is_empty());
    }
}

#[test]
fn without_a_terminal_there_is_no_screen_but_a_hint() {
    refused(&Place::new(), &[], &["needs a terminal", "convscope train"]);
}

#[test]
fn wrong_usage_ends_with_2() {
    let place = Place::new();
    let wrong: [&[&str]; 7] = [
        &["nonsense"],
        &["train"],
        &["train", "tiny.yaml", "--nonsense"],
        &["train", "tiny.yaml", "--threads", "0"],
        &["train", "tiny.yaml", "--epochs", "-1"],
        &["train", "tiny.yaml", "--seed", "x"],
        &["summary"],
    ];
    for arguments in wrong {
        let outcome = place.run(arguments);
        assert_eq!(outcome.code, Some(2), "{arguments:?}: {outcome:?}");
        assert!(outcome.stderr.starts_with("error: "), "{outcome:?}");
        assert_eq!(outcome.stdout, "", "{arguments:?}");
    }
    assert!(!place.path("runs").exists());
}

/// One sentence on stderr that says all of `parts`, exit code 2, and nothing left behind.
fn refused(place: &Place, arguments: &[&str], parts: &[&str]) {
    let outcome = place.run(arguments);
    assert_eq!(outcome.code, Some(2), "{arguments:?}: {outcome:?}");
    assert_eq!(outcome.stdout, "", "{arguments:?}");
    assert!(outcome.stderr.starts_with("error: "), "{outcome:?}");
    assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
    for part in parts {
        assert!(outcome.stderr.contains(part), "{part}: {}", outcome.stderr);
    }
    assert!(!place.path("runs").exists(), "{arguments:?}");
}

#[test]
fn a_preset_that_is_not_there_or_not_readable() {
    let place = Place::new();
    refused(
        &place,
        &["train", "missing.yaml"],
        &["missing.yaml", "no such preset or file"],
    );
    let near = ["fashion-con1", "Did you mean fashion-conv1?"];
    refused(&place, &["summary", near[0]], &near);
    refused(
        &place,
        &["check", "data"],
        &["data: cannot be read: it is a folder; choose a preset"],
    );
    place.write("latin1.yaml", b"name: caf\xe9\n");
    refused(
        &place,
        &["check", "latin1.yaml"],
        &["latin1.yaml: is not UTF-8 (Latin-1?): save it as UTF-8"],
    );
    place.write("empty.yaml", "");
    refused(&place, &["check", "empty.yaml"], &["empty.yaml", "name"]);
}

#[test]
fn a_preset_that_does_not_fit_together() {
    let place = Place::new();
    let cases = [
        (
            "epochs: 3",
            "epochz: 3",
            &["line 13", "unknown key `epochz`", "`epochs`"][..],
        ),
        (
            "dropout: {rate",
            "dropout: {ratio",
            &["line 10", "unknown key `ratio`", "`rate`"],
        ),
        (
            "batch_norm",
            "batchnorm",
            &["line 6", "unknown key `batchnorm`", "`batch_norm`"],
        ),
        (
            "kernel: 3",
            "kernel: 7, padding: valid",
            &[
                "layer 1, conv2d",
                "7×7 kernel does not fit a 6×6 input",
                "smaller",
            ],
        ),
        (
            "  - classify\n",
            "",
            &["ends with dropout", "add `- classify`"],
        ),
        (
            "epochs: 3",
            "epochs: 0",
            &["epochs", "from 1 to 1000000, got 0"],
        ),
        (
            "epochs: 3",
            "epochs: 3, augment: {rotation: 1200}",
            &["augment", "rotation", "from 0 to 180"],
        ),
    ];
    for (from, to, parts) in cases {
        let text = PRESET.replacen(from, to, 1);
        assert_ne!(text, PRESET, "{from}");
        place.write("bad.yaml", text);
        for command in ["train", "check"] {
            refused(&place, &[command, "bad.yaml"], parts);
        }
    }
}

#[test]
fn figures_out_of_range() {
    let place = Place::new();
    let train = |option| ["train", "tiny.yaml", option, "0"];
    refused(
        &place,
        &train("--epochs"),
        &["epochs", "from 1 to 1000000, got 0"],
    );
    refused(
        &place,
        &train("--batch-size"),
        &["batch_size", "from 1 to 65536, got 0"],
    );
}

#[test]
fn data_that_is_missing_broken_or_another() {
    let place = Place::new();
    refused(
        &place,
        &["train", "tiny.yaml", "--data", "nowhere"],
        &["nowhere"],
    );
    refused(
        &place,
        &["train", "fashion-conv1", "--data", "data"],
        &["28×28×1", "6×6×1"],
    );
    let four = PRESET.replacen("classes: 3", "classes: 4", 1);
    place.write("four.yaml", four);
    refused(&place, &["train", "four.yaml"], &["has 4 classes", "has 3"]);

    let whole = images(30, 6);
    let broken: [(usize, &[u8], &str); 4] = [
        (2, &whole[..whole.len() - 1], "declares"),
        (2, &whole[..10], "header"),
        (2, b"\0\0\x08\x01 nonsense", "magic"),
        (3, &labels(29), "29 labels"),
    ];
    for (file, bytes, part) in broken {
        let place = Place::new();
        fs::write(place.path("data").join(NAMES[file]), bytes).unwrap();
        refused(&place, &["train", "tiny.yaml"], &[NAMES[file], part]);
    }
    fs::remove_file(place.path("data").join(NAMES[1])).unwrap();
    refused(&place, &["train", "tiny.yaml"], &[NAMES[1], "not found"]);
}

#[test]
fn a_run_folder_that_cannot_be_made() {
    let place = Place::new();
    place.write("file", "in the way");
    let arguments = ["train", "tiny.yaml", "--out", "file/runs"];
    refused(
        &place,
        &arguments,
        &["file/runs", "cannot create a run folder here", "--runs"],
    );
    refused(
        &place,
        &["train", "tiny.yaml", "--out", "file"],
        &["file: cannot create a run folder"],
    );
    assert_eq!(fs::read(place.path("file")).unwrap(), b"in the way");
}

#[test]
fn a_reader_that_went_away_is_no_panic() {
    let place = Place::new();
    for arguments in [&["summary", "fashion-bn4"][..], &["presets"], &["--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = place.command(arguments).stdout(writer).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), stderr.as_str()), (Some(0), ""));
    }
}
