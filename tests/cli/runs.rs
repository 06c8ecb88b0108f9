//! `convscope runs`: list, show, compare, export.

use crate::cli_support::Place;
use convscope::runs::RunFolder;
use serde_json::Value;

#[test]
fn runs_are_listed_compared_and_exported() {
    let place = Place::new();
    let outcome = place.run(&["runs", "list"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(
        (outcome.stdout.as_str(), outcome.stderr.as_str()),
        ("", "runs: no runs\n")
    );

    for out in ["runs", "others"] {
        let outcome = place.run(&["train", "tiny.yaml", "--out", out]);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
    }
    let run = place.only_run("runs").display().to_string();
    let other = place.only_run("others").display().to_string();

    let outcome = place.run(&["runs", "list"]);
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{outcome:?}");
    assert!(
        lines[1].contains("-tiny  tiny") && lines[1].contains("3/3"),
        "{outcome:?}"
    );
    let outcome = place.run(&["runs", "list", "--json"]);
    let listed: Value = serde_json::from_str(outcome.stdout.trim_end()).unwrap();
    assert_eq!(
        (&listed["epochs"], &listed["last"]["epoch"]),
        (&3.into(), &3.into())
    );
    let whole = place.run(&["runs", "compare", &run, &other, "--json"]);
    let whole: Value = serde_json::from_str(whole.stdout.trim_end()).unwrap();
    let listed = whole["runs"][0].clone();
    assert_eq!(listed["history"].as_array().unwrap().len(), 3);

    let outcome = place.run(&["runs", "compare", &run, &other, "--every-epoch"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let parts: Vec<&str> = outcome.stdout.split("\n\n").collect();
    assert!(parts[1].starts_with("No differences"), "{outcome:?}");
    let rows: Vec<Vec<&str>> = parts[3]
        .lines()
        .skip(1)
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows.len(), 3, "three epochs: {outcome:?}");
    for row in &rows {
        // The same seed gives the same figures.
        assert_eq!((row[1], row[3]), (row[2], row[4]), "{outcome:?}");
    }
    assert_eq!(place.run(&["runs", "compare", &run]).code, Some(2));

    let outcome = place.run(&["runs", "export", &run]);
    let csv: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(csv.len(), 4);
    assert_eq!(csv[0].split(',').count(), csv[1].split(',').count());
    let val_accuracy: f64 = csv[1].split(',').nth(7).unwrap().parse().unwrap();
    assert_eq!(listed["history"][0]["val_accuracy"], val_accuracy);
    let outcome = place.run(&["runs", "export", &run, "a.json", "--format", "json"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let written = std::fs::read_to_string(place.path("a.json")).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&written).unwrap(),
        listed_of(&run, &listed)
    );
    // What is there is not written over.
    let outcome = place.run(&["runs", "export", &run, "a.json"]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(outcome.stderr.contains("a.json"), "{outcome:?}");
}

#[test]
fn a_run_is_shown_with_each_measurement_of_its_test_set() {
    let place = Place::new();
    let preset = std::fs::read_to_string(place.path("tiny.yaml")).unwrap();
    let preset = preset.replace(
        "batch_size: 16",
        "batch_size: 16, validation: {split: 0.25}",
    );
    place.write("held-out.yaml", &preset);
    let outcome = place.run(&["train", "held-out.yaml"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let run = place.only_run("runs").display().to_string();
    let outcome = place.run(&["runs", "show", &run]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let line = |start: &str| {
        let mut lines = outcome.stdout.lines();
        lines.find(|line| line.starts_with(start)).unwrap()
    };
    assert!(line("epochs").ends_with("3 of 3"), "{outcome:?}");
    assert!(
        line("validated on").ends_with("25 % of the training set"),
        "{outcome:?}"
    );
    let told = place.run(&["runs", "show", &run, "--json"]);
    let told: Value = serde_json::from_str(told.stdout.trim_end()).unwrap();
    let tests = told["tests"].as_array().unwrap();
    assert_eq!((tests.len(), &tests[0]["occasion"]), (1, &"end".into()));
    let accuracy = tests[0]["accuracy"].as_f64().unwrap();
    let expected = format!("test set      accuracy {accuracy:.4}, loss ");
    assert!(line("test set").starts_with(&expected), "{outcome:?}");
    assert!(
        line("test set").contains(": at the end, the best epoch, "),
        "{outcome:?}"
    );
    assert_eq!(told["test"]["accuracy"], tests[0]["accuracy"]);
    // A figure says which set it is of.
    let sha256 = told["stretches"][0]["sha256"].as_str().unwrap();
    for figures in [&tests[0], &told["best"]] {
        assert_eq!(
            (&figures["data"], &figures["sha256"]),
            (&"data".into(), &sha256.into())
        );
    }
    assert!(line("test set").contains(" on data: "), "{outcome:?}");
    assert!(line("best").ends_with(", on data"), "{outcome:?}");
    assert_eq!(line("SHA-256"), format!("SHA-256       {sha256}"));
    assert_eq!(place.run(&["runs", "show", "nowhere"]).code, Some(2));
}

#[test]
fn an_evaluation_of_the_runs_own_test_set_is_noted_and_no_other_one() {
    let place = Place::new();
    let preset = std::fs::read_to_string(place.path("tiny.yaml")).unwrap();
    let split = "batch_size: 16, validation: {split: 0.25}";
    place.write("held-out.yaml", preset.replace("batch_size: 16", split));
    assert_eq!(place.run(&["train", "held-out.yaml"]).code, Some(0));
    let path = place.only_run("runs");
    let run = path.display().to_string();
    let tests = || {
        let told = place.run(&["runs", "show", &run, "--json"]);
        let told: Value = serde_json::from_str(told.stdout.trim_end()).unwrap();
        told["tests"].as_array().unwrap().clone()
    };
    assert_eq!(tests().len(), 1);
    let outcome = place.run(&["eval", &run, "--json"]);
    assert_eq!((outcome.code, &*outcome.stderr), (Some(0), ""));
    let evaluated: Value = serde_json::from_str(outcome.stdout.trim_end()).unwrap();
    let noted = tests();
    assert_eq!(noted.len(), 2);
    assert_eq!(noted[1]["occasion"], "evaluated");
    assert_eq!(noted[1]["accuracy"], evaluated["figures"]["accuracy"]);
    assert_eq!(noted[1]["sha256"], evaluated["sha256"]);
    let words = place.run(&["runs", "show", &run]).stdout;
    assert!(words.contains(": by convscope eval, "), "{words}");

    // Of other data it says nothing.
    std::fs::create_dir(place.path("other")).unwrap();
    for name in crate::cli_support::NAMES {
        let mut bytes = std::fs::read(place.path("data").join(name)).unwrap();
        if name == crate::cli_support::NAMES[2] {
            *bytes.last_mut().unwrap() ^= 1;
        }
        place.write(&format!("other/{name}"), bytes);
    }
    let outcome = place.run(&["eval", &run, "--data", "other"]);
    assert_eq!((outcome.code, &*outcome.stderr), (Some(0), ""));
    assert_eq!(tests().len(), 2);

    // What another process trains is left alone.
    let writer = RunFolder::open(&path).unwrap().claim().unwrap();
    let outcome = place.run(&["eval", &run]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(
        outcome.stderr.contains("cannot record") && outcome.stderr.contains("process"),
        "{outcome:?}"
    );
    // Its words name the run and the set.
    let sha256 = &noted[1]["sha256"].as_str().unwrap()[..12];
    for part in [
        format!("run                {run}\n"),
        format!("SHA-256            {sha256}…\n"),
    ] {
        assert!(outcome.stdout.contains(&part), "{outcome:?}");
    }
    drop(writer);
    assert_eq!(tests().len(), 2);
}

/// The same, by the folder as it was named.
fn listed_of(run: &str, listed: &Value) -> Value {
    let mut listed = listed.clone();
    listed["folder"] = run.into();
    listed
}

#[test]
fn a_damaged_run_hides_no_other_one() {
    let place = Place::new();
    assert_eq!(
        place.run(&["train", "tiny.yaml", "--epochs", "1"]).code,
        Some(0)
    );
    let run = place.only_run("runs");
    let damaged = place.path("runs/20200101-000000-damaged");
    std::fs::create_dir(&damaged).unwrap();
    std::fs::write(damaged.join("run.yaml"), "preset: 3").unwrap();
    let outcome = place.run(&["runs", "list"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(outcome.stdout.lines().count(), 3, "{outcome:?}");
    let first = outcome.stdout.lines().nth(1).unwrap();
    assert!(
        first.starts_with(run.file_name().unwrap().to_str().unwrap()),
        "newest first"
    );
    assert!(outcome.stderr.contains("damaged/run.yaml"), "{outcome:?}");
    let damaged = damaged.display().to_string();
    let outcome = place.run(&["runs", "export", &damaged]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
}

#[test]
fn a_comparison_says_what_differs_and_nothing_else() {
    let place = Place::new();
    for more in [
        &["--seed", "4"][..],
        &["--set", "layers.1.conv2d.filters=5"],
    ] {
        let outcome = place.run(&[&["train", "tiny.yaml", "--epochs", "1"], more].concat());
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
    }
    let runs = RunFolder::list(&place.path("runs")).unwrap();
    let [one, other] = [0, 1].map(|run| runs[run].path().display().to_string());
    let outcome = place.run(&["runs", "compare", &one, &other]);
    let part = outcome.stdout.split("\n\n").nth(1).unwrap();
    let names: Vec<&str> = part
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(names, ["differs", "seed", "layer", "layer"], "{outcome:?}");
    assert!(part.contains("filters: 5"), "{part}");
    let outcome = place.run(&["runs", "compare", &one, &other, "--json"]);
    let told: Value = serde_json::from_str(outcome.stdout.trim_end()).unwrap();
    assert_eq!(told["differences"][0]["what"], "seed");
    assert_eq!(told["runs"][1]["history"].as_array().unwrap().len(), 1);
    let outcome = place.run(&["runs", "compare", &one, &other, "--csv"]);
    let rows: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(rows.len(), 3, "{outcome:?}");
    assert!(
        rows.iter()
            .all(|row| row.split(',').count() == rows[0].split(',').count())
    );
}

#[test]
fn runs_are_found_by_queries_and_kept_tidy() {
    let place = Place::new();
    for (name, tag) in [("first", "final"), ("second", "draft")] {
        let outcome = place.run(&[
            "train",
            "tiny.yaml",
            "--epochs",
            "1",
            "--name",
            name,
            "--tag",
            tag,
        ]);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
    }
    // The runs that a list names.
    let listed = |arguments: &[&str]| -> Vec<String> {
        let outcome = place.run(&[&["runs", "list", "--json"], arguments].concat());
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        let lines = outcome.stdout.lines();
        lines
            .map(|line| {
                let run: Value = serde_json::from_str(line).unwrap();
                let folder = run["folder"].as_str().unwrap();
                folder.rsplit('-').next().unwrap().to_owned()
            })
            .collect()
    };
    assert_eq!(listed(&["tag:final"]), ["first"]);
    assert_eq!(listed(&["--", "-tag:final"]), ["second"]);
    assert_eq!(listed(&["epochs=1", "sort:run"]), ["first", "second"]);
    assert_eq!(listed(&["sort:-run", "--limit", "1"]), ["second"]);
    assert_eq!(listed(&["batch_size=17"]), [] as [&str; 0]);
    let outcome = place.run(&["runs", "list", "acuracy>0.5"]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(
        outcome.stderr.contains("nearest one is `accuracy`"),
        "{outcome:?}"
    );

    let runs = RunFolder::list(&place.path("runs")).unwrap();
    let first = runs.iter().map(|run| run.path().display().to_string());
    let first = first
        .into_iter()
        .find(|run| run.ends_with("first"))
        .unwrap();
    for arguments in [
        &["note", &first, "kept for the report"][..],
        &["tag", &first, "--add", "best", "--remove", "final"],
        &["archive", &first],
    ] {
        let outcome = place.run(&[&["runs"], arguments].concat());
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
    }
    assert_eq!(listed(&[]), ["second"]);
    assert_eq!(listed(&["--all", "tag:best", "report"]), ["first"]);
    let shown = place.run(&["runs", "show", &first]);
    assert!(
        shown.stdout.contains("kept for the report") && shown.stdout.contains("best"),
        "{shown:?}"
    );
    place.run(&["runs", "archive", "--undo", &first]);
    let renamed = place.run(&["runs", "rename", &first, "third"]);
    let third = renamed.stdout.trim_end().to_owned();
    // Their order goes by the second in which each began.
    let both = || {
        let mut both = listed(&[]);
        both.sort();
        both
    };
    assert_eq!(both(), ["second", "third"]);
    let deleted = place.run(&["runs", "delete", &third]);
    assert_eq!(listed(&[]), ["second"]);
    assert_eq!(listed(&["--deleted"]), ["third"]);
    let restored = place.run(&["runs", "restore", deleted.stdout.trim_end()]);
    assert_eq!(restored.stdout.trim_end(), third);
    assert_eq!(both(), ["second", "third"]);
    place.run(&["runs", "delete", &third]);
    let emptied = place.run(&["runs", "empty-bin"]);
    assert_eq!(emptied.stdout, "1 run removed\n");
    assert_eq!(listed(&["--deleted"]), [] as [&str; 0]);
    let bad = place.run(&[
        "runs",
        "tag",
        &place.path("runs").display().to_string(),
        "--add",
        "x",
    ]);
    assert_eq!(bad.code, Some(2), "{bad:?}");
    let bad = place.run(&["train", "tiny.yaml", "--tag", "two words"]);
    assert_eq!(bad.code, Some(2), "{bad:?}");
}

#[test]
fn two_runs_are_compared_image_by_image() {
    let place = Place::new();
    for seed in ["1", "2"] {
        let outcome = place.run(&["train", "tiny.yaml", "--epochs", "1", "--seed", seed]);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
    }
    let runs = RunFolder::list(&place.path("runs")).unwrap();
    let [one, other] = [0, 1].map(|run| runs[run].path().display().to_string());
    let outcome = place.run(&["runs", "compare", &one, &other, "--images", "--json"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let told: Value = serde_json::from_str(outcome.stdout.trim_end()).unwrap();
    let images = &told["images"];
    let count = |name: &str| images["mcnemar"][name].as_u64().unwrap();
    let correct = |run: &str| -> u64 {
        let eval = place.run(&["eval", run, "--json"]);
        let eval: Value = serde_json::from_str(eval.stdout.trim_end()).unwrap();
        let counts = eval["confusion"].as_array().unwrap().iter().enumerate();
        counts
            .map(|(class, row)| row[class].as_u64().unwrap())
            .sum()
    };
    assert_eq!(
        count("both_right") + count("only_first_right"),
        correct(&one)
    );
    assert_eq!(
        count("both_right") + count("only_second_right"),
        correct(&other)
    );
    let rows = images["confusion_difference"].as_array().unwrap();
    for (class, row) in rows.iter().enumerate() {
        let sum: i64 = row
            .as_array()
            .unwrap()
            .iter()
            .map(|count| count.as_i64().unwrap())
            .sum();
        assert_eq!(sum, 0, "class {class} has as many images for both: {row}");
    }
    let differing = images["images"].as_array().unwrap();
    assert!(differing.len() as u64 >= count("only_first_right") + count("only_second_right"));
    assert!(
        differing
            .iter()
            .all(|image| image["predicted"][0] != image["predicted"][1])
    );
    let words = place
        .run(&["runs", "compare", &one, &other, "--images"])
        .stdout;
    assert!(words.contains("McNemar's test: p "), "{words}");
    let three = place.run(&["runs", "compare", &one, &other, &one, "--images"]);
    assert_eq!(three.code, Some(2), "{three:?}");
}
