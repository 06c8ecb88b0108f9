//! Files that a person names, and what is told where something is wrong with one.

use std::fs;

use crate::cli_support::Place;
use image::{GrayImage, Luma};

/// A folder with a run, a picture, and what can be wrong with each.
fn place() -> (Place, String) {
    let place = Place::new();
    assert_eq!(
        place.run(&["train", "tiny.yaml", "--epochs", "1"]).code,
        Some(0)
    );
    let run = place.only_run("runs").display().to_string();
    let picture = GrayImage::from_pixel(6, 6, Luma([9]));
    picture.save(place.path("a.png")).unwrap();
    (place, run)
}

#[test]
fn no_command_writes_over_a_file_that_is_there_unless_it_is_forced() {
    let (place, run) = place();
    let writers: &[&[&str]] = &[
        &["explain", &run, "a.png", "--out", "it"],
        &[
            "explain",
            &run,
            "a.png",
            "--method",
            "activations",
            "--layer",
            "1",
            "--out",
            "it",
        ],
        &["eval", &run, "--suspects", "2", "--out", "it"],
        &["runs", "export", &run, "it"],
        &["data", "convert", "data", "it"],
        &["data", "augment", "data", "it", "--train-factor", "1"],
        &[
            "data",
            "digits",
            "it",
            "--train-images",
            "10",
            "--test-images",
            "10",
        ],
    ];
    for writer in writers {
        place.write("it", "mine");
        let refused = place.run(writer);
        assert_eq!(refused.code, Some(2), "{writer:?}: {refused:?}");
        assert_eq!(
            refused.stderr,
            "error: it: already exists; choose another path, or replace it with --force\n",
            "{writer:?}"
        );
        assert_eq!(fs::read(place.path("it")).unwrap(), b"mine", "{writer:?}");
        for force in ["--force", "--overwrite"] {
            place.write("it", "mine");
            let forced = place.run(&[writer, &[force][..]].concat());
            assert_eq!(forced.code, Some(0), "{writer:?}: {forced:?}");
            assert_ne!(fs::read(place.path("it")).unwrap(), b"mine", "{writer:?}");
        }
    }
}

#[test]
fn no_failure_tells_its_cause_twice() {
    let (place, run) = place();
    for (broken, file, bytes) in [
        ("no-weights", "best.safetensors", &b"no weights"[..]),
        ("no-record", "run.yaml", b"preset: 3"),
        ("no-state", "last.state", b""),
        ("no-epochs", "metrics.jsonl", b"{}\n"),
    ] {
        let copied = std::process::Command::new("cp")
            .args(["-r", &run])
            .arg(place.path(broken))
            .status();
        assert!(copied.unwrap().success());
        fs::write(place.path(broken).join(file), bytes).unwrap();
    }
    let other = place.path("other-network");
    fs::create_dir(&other).unwrap();
    for entry in fs::read_dir(&run).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, other.join(path.file_name().unwrap())).unwrap();
        }
    }
    let record = fs::read_to_string(other.join("run.yaml")).unwrap();
    fs::write(
        other.join("run.yaml"),
        record.replace("filters: 4", "filters: 5"),
    )
    .unwrap();
    place.write("plain", "no folder");
    let mut failures = 0;
    let mut check = |arguments: &[&str]| {
        let outcome = place.run(arguments);
        if outcome.code == Some(0) {
            return;
        }
        failures += 1;
        let text = outcome.stderr.trim_end();
        let text = text.strip_prefix("error: ").unwrap_or(text);
        let mut parts: Vec<&str> = text.split([':', ';']).map(str::trim).collect();
        parts.retain(|part| part.len() > 3);
        for (at, part) in parts.iter().enumerate() {
            assert!(
                !parts[at + 1..].contains(part),
                "{arguments:?} tells '{part}' twice: {text}"
            );
        }
        assert!(
            ["os error", "Format error", "invalid Zip"]
                .iter()
                .all(|words| !text.contains(words)),
            "{arguments:?}: {text}"
        );
    };
    let runs = [
        "no-weights",
        "no-record",
        "no-state",
        "no-epochs",
        "other-network",
        "plain",
        "nowhere",
        "data",
    ];
    for run in runs {
        check(&["eval", run]);
        check(&["predict", run, "a.png"]);
        check(&["explain", run, "a.png", "--out", "b.png", "--force"]);
        check(&["train", "--resume", run, "--epochs", "2"]);
        check(&["train", "tiny.yaml", "--from", run, "--epochs", "1"]);
        for action in ["show", "copy", "export"] {
            check(&["runs", action, run]);
        }
        check(&["runs", "compare", run, run]);
        check(&["runs", "list", "--runs", run]);
        check(&["data", "info", run]);
        check(&["check", run]);
    }
    check(&["eval", &run, "--data", "plain"]);
    check(&["eval", &run, "--suspects", "1", "--out", "plain/a"]);
    check(&["runs", "export", &run, "plain/a"]);
    check(&["runs", "export", &run, "no/where"]);
    check(&["train", "tiny.yaml", "--runs", "plain"]);
    check(&["train", "tiny.yaml", "--corrections", "plain"]);
    check(&["data", "convert", "data", "plain/a.npz"]);
    check(&["predict", &run, "plain"]);
    assert!(failures > 60, "{failures}");
}
