//! Figures of the right images: sets with other classes, sets that change on the way, and runs without a finished epoch.

use std::fs;
use std::path::Path;

use crate::cli_support::{NAMES, Outcome, Place, images, labels};
use serde_json::Value;

/// A set of `train` training images and 30 test images in a folder, whose class `i` (see [`images`]) has the number `numbers[i]`.
fn write_set(place: &Place, folder: &str, train: usize, numbers: [u8; 3], names: [&str; 3]) {
    fs::create_dir_all(place.path(folder)).unwrap();
    let numbered = |count: usize| {
        let mut bytes = labels(count);
        for label in &mut bytes[8..] {
            *label = numbers[usize::from(*label)];
        }
        bytes
    };
    let files = [
        images(train, 6),
        numbered(train),
        images(30, 6),
        numbered(30),
    ];
    for (name, bytes) in NAMES.iter().zip(files) {
        place.write(&format!("{folder}/{name}"), bytes);
    }
    place.write(&format!("{folder}/classes.txt"), names.join("\n") + "\n");
}

/// A place with the set `data` of cats, dogs and owls.
fn place() -> Place {
    let place = Place::new();
    write_set(&place, "data", 70, [0, 1, 2], ["cat", "dog", "owl"]);
    place
}

fn only_run(place: &Place) -> String {
    place.only_run("runs").to_str().unwrap().to_owned()
}

fn json(outcome: &Outcome) -> Value {
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    serde_json::from_str(&outcome.stdout).unwrap()
}

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn classes_are_compared_by_name_before_anything_is_measured() {
    let place = place();
    let trained = place.run(&["train", "tiny.yaml", "--epochs", "8"]);
    assert_eq!(trained.code, Some(0), "{trained:?}");
    let run = only_run(&place);
    let own = json(&place.run(&["eval", &run, "--json"]));

    // The same names in another order: matched, with a note.
    write_set(&place, "order", 71, [1, 2, 0], ["owl", "cat", "dog"]);
    let outcome = place.run(&["eval", &run, "--data", "order", "--json"]);
    has(
        &outcome.stderr,
        &["classes in another order", "matched by name"],
    );
    let matched = json(&outcome);
    assert_eq!(
        matched["figures"], own["figures"],
        "the images are the same"
    );
    assert_eq!(matched["confusion"], own["confusion"]);
    assert_eq!(matched["classes"][0]["name"], "cat");

    // Others: refused, unless they are said to be the same.
    write_set(&place, "others", 72, [0, 1, 2], ["cat", "owl", "zebra"]);
    for command in [
        &["eval", &run][..],
        &["eval", &run, "--suspects", "3"],
        &["explain", &run, "--method", "health"],
    ] {
        let mut others = command.to_vec();
        others.extend(["--data", "others"]);
        let refused = place.run(&others);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        let parts = [
            "cat, owl, zebra",
            "cat, dog, owl",
            "only the set has zebra, only the network dog",
            "--same-classes",
        ];
        has(&refused.stderr, &parts);
        others.push("--same-classes");
        let taken = place.run(&others);
        assert_eq!(taken.code, Some(0), "{taken:?}");
    }
    let same = ["eval", &run, "--data", "others", "--same-classes", "--json"];
    let same = json(&place.run(&same));
    assert_eq!(same["figures"], own["figures"]);
    assert_eq!(same["classes"][2]["name"], "zebra");
    // The very images under other names are the network's own.
    write_set(&place, "renamed", 70, [0, 1, 2], ["Katze", "Hund", "Eule"]);
    let renamed = json(&place.run(&["eval", &run, "--data", "renamed", "--json"]));
    assert_eq!(renamed["figures"], own["figures"]);
}

#[test]
fn figures_say_which_network_which_images_and_which_epoch() {
    let place = place();
    assert_eq!(place.run(&["train", "tiny.yaml"]).code, Some(0));
    let run = only_run(&place);
    let answer = json(&place.run(&["eval", &run, "--json"]));
    assert_eq!(answer["split"], "test");
    assert_eq!(answer["figures"]["images"], 30);
    assert_eq!(answer["trained_on"]["sha256"], answer["sha256"]);
    let epoch = answer["epochs"].as_u64().unwrap();
    assert_eq!(answer["batches"], epoch * 5);
    let words = place.run(&["eval", &run]).stdout;
    has(
        &words,
        &[&format!(
            "tiny after epoch {epoch} on the test images of data"
        )],
    );
}

#[test]
fn a_run_without_a_finished_epoch_takes_its_latest_weights_and_says_so() {
    let place = place();
    assert_eq!(place.run(&["train", "tiny.yaml"]).code, Some(0));
    let run = only_run(&place);
    // As an end within the first epoch leaves it.
    for name in ["best.safetensors", "metrics.jsonl", "confusion.csv"] {
        fs::remove_file(Path::new(&run).join(name)).unwrap();
    }
    place.write("x.png", png());
    let explain = [
        "explain", &run, "x.png", "--method", "saliency", "--out", "why.png",
    ];
    for command in [
        &["eval", &run][..],
        &["eval", &run, "--suspects", "2"],
        &["predict", &run, "x.png"],
        &explain,
        &["explain", &run, "--method", "health"],
    ] {
        let outcome = place.run(command);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        let note = "no epoch of this run is finished yet; using its weights after 15 batches";
        has(&outcome.stderr, &[note]);
    }
    has(
        &place.run(&["eval", &run]).stdout,
        &["tiny after 15 batches on"],
    );
    let predicted = place.run(&["predict", &run, "x.png"]).stdout;
    let names = ["cat", "dog", "owl"];
    assert!(
        names.iter().any(|name| predicted.contains(name)),
        "{predicted}"
    );
    for command in [
        &["runs", "list"][..],
        &["runs", "compare", &run, &run],
        &["runs", "export", &run],
    ] {
        assert_eq!(place.run(command).code, Some(0));
    }

    // Where there are no weights at all, the reason is told once.
    fs::remove_file(Path::new(&run).join("last.safetensors")).unwrap();
    let outcome = place.run(&["eval", &run]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    has(&outcome.stderr, &["last.safetensors: cannot be read"]);
    let reason = "no such file or folder";
    assert_eq!(outcome.stderr.matches(reason).count(), 1, "{outcome:?}");
}

/// A grey image of 6×6.
fn png() -> Vec<u8> {
    let image =
        image::GrayImage::from_fn(6, 6, |_, row| image::Luma([if row < 2 { 250 } else { 5 }]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// What every command says of a run of two epochs on `data` and one on `clothes`.
fn check_of_two_sets(place: &Place) {
    let run = only_run(place);
    let metrics = fs::read_to_string(Path::new(&run).join("metrics.jsonl")).unwrap();
    let stretches: Vec<Option<u64>> = metrics
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["stretch"].as_u64())
        .collect();
    assert_eq!(stretches, [None, None, Some(2)]);
    let record = fs::read_to_string(Path::new(&run).join("run.yaml")).unwrap();
    has(
        &record,
        &[
            "after_epoch: 2",
            "from_epoch: 3",
            "name: clothes",
            "- shirt",
        ],
    );

    // The new set is found again from any working directory, and its figures are those of the epoch.
    let answer = json(&place.run(&["eval", &run, "--json"]));
    assert_eq!(
        (&answer["data"], &answer["epochs"]),
        (&"clothes".into(), &3.into())
    );
    let last: Value = serde_json::from_str(metrics.lines().last().unwrap()).unwrap();
    let measured = answer["figures"]["accuracy"].as_f64().unwrap();
    assert!((measured - last["val_accuracy"].as_f64().unwrap()).abs() < 1e-12);
    assert_eq!(answer["classes"][0]["name"], "shirt");
    place.write("x.png", png());
    let predicted = json(&place.run(&["predict", &run, "x.png", "--json"]));
    assert!(["shirt", "shoe", "bag"].contains(&predicted["name"].as_str().unwrap()));
    assert_eq!(predicted["data"], "clothes");

    // Weights of an epoch on the first set have its names, and are measured on it.
    let health = [
        "explain", &run, "--method", "health", "--epoch", "2", "--json",
    ];
    assert_eq!(json(&place.run(&health))["data"], "data");

    // An explanation says which set its weights know, not which one the run has come to since.
    place.write("x.png", png());
    for (epoch, set) in [("2", "data"), ("3", "clothes")] {
        let explain = [
            "explain", &run, "x.png", "--method", "saliency", "--json", "--epoch", epoch,
        ];
        assert_eq!(json(&place.run(&explain))["data"], set, "epoch {epoch}");
    }

    let list = json(&place.run(&["runs", "list", "--json"]));
    assert_eq!(list["data"], "clothes");
    let rows = list["stretches"].as_array().unwrap();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| (&row["from_epoch"], &row["data"]))
        .collect();
    assert_eq!(
        rows,
        [(&1.into(), &"data".into()), (&3.into(), &"clothes".into())]
    );
    let words = place.run(&["runs", "list"]).stdout;
    let row = words.lines().nth(1).unwrap();
    let cells: Vec<&str> = row
        .split("  ")
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .collect();
    assert_eq!((cells[2], cells[5]), ("clothes", "3"), "{words}");
    let compared = place.run(&["runs", "compare", &run, &run]).stdout;
    has(
        &compared,
        &[
            "on data, from epoch 3 on clothes",
            "best of the epochs on clothes only",
        ],
    );
    let csv = place.run(&["runs", "export", &run]).stdout;
    let lines: Vec<&str> = csv.lines().collect();
    assert!(
        lines[0].ends_with("changes,stretch,data,validation"),
        "{csv}"
    );
    assert!(lines[2].ends_with(",1,\"data\",\"the test set\""), "{csv}");
    assert!(
        lines[3].ends_with(",2,\"clothes\",\"the test set\""),
        "{csv}"
    );
}

/// Two epochs are done, and a third one follows on another set.
fn third_epoch_on(place: &Place, run: &str, set: &str) -> Outcome {
    let on = [
        "train",
        "--resume",
        run,
        "--epochs",
        "3",
        "--switch-data",
        "--data",
        set,
    ];
    let on = place.run(&on);
    assert_eq!(on.code, Some(0), "{on:?}");
    on
}

#[test]
fn a_run_that_goes_on_with_other_data_has_a_best_epoch_and_names_of_its_own() {
    let place = place();
    write_set(&place, "clothes", 60, [1, 2, 0], ["shirt", "shoe", "bag"]);
    assert_eq!(
        place.run(&["train", "tiny.yaml", "--epochs", "2"]).code,
        Some(0)
    );
    let run = only_run(&place);
    let on = third_epoch_on(&place, &run, "clothes");
    has(
        &on.stdout,
        &["best validation accuracy", "at epoch 3 on clothes"],
    );
    check_of_two_sets(&place);
}

#[test]
fn a_planned_change_of_data_is_recorded_as_one_by_hand_is() {
    let place = place();
    write_set(&place, "clothes", 60, [1, 2, 0], ["shirt", "shoe", "bag"]);
    let planned = crate::cli_support::PRESET.replace(
        "batch_size: 16}",
        "batch_size: 16, plan: [{epoch: 3, data: clothes}]}",
    );
    place.write("plan.yaml", planned);
    let trained = place.run(&["train", "plan.yaml"]);
    assert_eq!(trained.code, Some(0), "{trained:?}");
    has(&trained.stdout, &["at epoch 3 on clothes"]);
    check_of_two_sets(&place);

    // Ended before its time, nothing of it is true.
    let place = self::place();
    write_set(&place, "clothes", 60, [1, 2, 0], ["shirt", "shoe", "bag"]);
    let planned = crate::cli_support::PRESET
        .replace(
            "batch_size: 16}",
            "batch_size: 16, validation: {split: 0.2}, early_stopping: {patience: 1}, plan: [{epoch: 3, data: clothes}]}",
        )
        .replace("  - batch_norm\n", "")
        .replace("training: {await_batch_norm: false,", "training: {optimizer: {sgd: {learning_rate: 0.0}},");
    place.write("plan.yaml", planned);
    let trained = place.run(&["train", "plan.yaml"]);
    assert_eq!(trained.code, Some(0), "{trained:?}");
    has(&trained.stdout, &["stopped early"]);
    let run = only_run(&place);
    let record = fs::read_to_string(Path::new(&run).join("run.yaml")).unwrap();
    assert!(!record.contains("continued"), "{record}");
    assert_eq!(json(&place.run(&["eval", &run, "--json"]))["data"], "data");
}

#[test]
fn a_set_with_the_classes_in_another_order_is_trained_on_by_name() {
    let figures = |numbers: [u8; 3], names: [&str; 3]| {
        let place = place();
        write_set(&place, "other", 60, numbers, names);
        let trained = place.run(&["train", "tiny.yaml", "--epochs", "2"]);
        assert_eq!(trained.code, Some(0), "{trained:?}");
        let run = only_run(&place);
        let on = third_epoch_on(&place, &run, "other");
        // It is resumed with the classes where they were.
        let more = place.run(&["train", "--resume", &run, "--epochs", "4"]);
        assert_eq!(more.code, Some(0), "{more:?}");
        let answer = json(&place.run(&["eval", &run, "--json"]));
        assert_eq!(answer["classes"][0]["name"], "cat");
        let metrics = fs::read_to_string(Path::new(&run).join("metrics.jsonl")).unwrap();
        let losses: Vec<u64> = metrics
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .map(|line| line["val_loss"].as_f64().unwrap().to_bits())
            .collect();
        (on.stderr, losses, answer["figures"].clone())
    };
    let same = figures([0, 1, 2], ["cat", "dog", "owl"]);
    let reordered = figures([1, 2, 0], ["owl", "cat", "dog"]);
    has(&reordered.0, &["data other, its classes matched by name"]);
    assert_eq!(same.1.len(), 4);
    assert_eq!(same.1, reordered.1, "to the bit");
    assert_eq!(same.2, reordered.2);
}
