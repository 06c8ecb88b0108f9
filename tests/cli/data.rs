//! `convscope data …`: what it writes, what it says, and that bad input leaves nothing behind.

use std::fs;

use crate::cli_support::{Place, TEST_IMAGES, TRAIN_IMAGES};
use convscope::data::KNOWN_SETS;
use serde_json::Value;

fn info(place: &Place, data: &str) -> Value {
    let outcome = place.run(&["data", "info", data, "--json"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).unwrap()
}

fn total(counts: &Value) -> u64 {
    counts
        .as_array()
        .unwrap()
        .iter()
        .map(|count| count.as_u64().unwrap())
        .sum()
}

#[test]
fn every_format_holds_the_same_set() {
    let place = Place::new();
    let original = info(&place, "data");
    assert_eq!(total(&original["train_counts"]), TRAIN_IMAGES as u64);
    assert_eq!(total(&original["test_counts"]), TEST_IMAGES as u64);
    for (target, format) in [
        ("keras.npz", "keras"),
        ("folder", "idx"),
        ("tables", "csv"),
        ("pictures", "images"),
    ] {
        let outcome = place.run(&["data", "convert", "data", target, "--format", format]);
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        let written = info(&place, target);
        assert_eq!(
            written["sha256"], original["sha256"],
            "{format} keeps bytes as they are"
        );
    }
    let outcome = place.run(&["data", "convert", "keras.npz", "seed.npz", "--packed"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let written = info(&place, "seed.npz");
    for part in ["shape", "train_counts", "test_counts"] {
        assert_eq!(written[part], original[part]);
    }
}

#[test]
fn augmented_sets_have_every_image_several_times_and_are_repeatable() {
    let place = Place::new();
    for target in ["one.npz", "two.npz"] {
        let outcome = place.run(&[
            "data",
            "augment",
            "data",
            target,
            "--train-factor",
            "3",
            "--test-factor",
            "2",
        ]);
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    }
    let made = info(&place, "one.npz");
    assert_eq!(total(&made["train_counts"]), 3 * TRAIN_IMAGES as u64);
    assert_eq!(total(&made["test_counts"]), 2 * TEST_IMAGES as u64);
    let bytes = |name| fs::read(place.path(name)).unwrap();
    assert_eq!(bytes("one.npz"), bytes("two.npz"), "same seed, same bytes");
}

#[test]
fn digits_are_drawn_for_ten_classes() {
    let place = Place::new();
    let outcome = place.run(&[
        "data",
        "digits",
        "digits.npz",
        "--train",
        "200",
        "--test",
        "50",
    ]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let made = info(&place, "digits.npz");
    assert_eq!(
        made["train_counts"],
        serde_json::json!([20, 20, 20, 20, 20, 20, 20, 20, 20, 20])
    );
    assert_eq!(made["shape"], serde_json::json!([28, 28, 1]));
}

#[test]
fn statistics_tell_balance_brightness_and_images_that_are_there_twice() {
    let place = Place::new();
    let outcome = place.run(&["data", "stats", "data", "--json"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let measured: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let train = &measured["train"];
    assert_eq!(train["images"], TRAIN_IMAGES as u64);
    assert_eq!(train["classes"][0]["images"], 24);
    let mean = train["classes"][0]["brightness"]["mean"].as_f64().unwrap();
    assert!((0.2..0.5).contains(&mean), "{mean}");
    // The images of this set repeat after sixty, and its test images are the first of its training images.
    let duplicates = &measured["duplicates"];
    assert_eq!(duplicates["test_in_train"], TEST_IMAGES as u64);
    assert_eq!(duplicates["contradicting"], 0);
    assert_eq!(duplicates["within_train"], TRAIN_IMAGES as u64 - 60);
    assert_eq!(duplicates["within_test"], 0);

    let outcome = place.run(&["data", "stats", "data"]);
    let text = outcome.stdout;
    assert!(text.contains("30 of 30 test images (100.00 %)"), "{text}");
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect();
    let mut rows = text.lines().map(words);
    let first = rows.find(|row: &Vec<String>| row.first().is_some_and(|word| word == "0"));
    assert_eq!(
        first.unwrap()[..8],
        ["0", "0", "24", "34.3", "%", "10", "33.3", "%"]
    );
}

#[test]
fn known_sets_are_listed_with_their_places() {
    let outcome = Place::new().run(&["data", "list", "--json"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let sets: Vec<Value> = serde_json::from_str(&outcome.stdout).unwrap();
    let names: Vec<_> = sets
        .iter()
        .map(|set| set["name"].as_str().unwrap())
        .collect();
    // Where this machine has a whole set, its starter set stands behind it.
    let (starters, others): (Vec<&str>, Vec<&str>) =
        names.iter().partition(|name| name.ends_with("-starter"));
    let known = KNOWN_SETS.iter().map(|set| set.name);
    let known: Vec<&str> = known.chain(["synthetic-digits"]).collect();
    assert_eq!(others, known);
    let cifar = sets.iter().find(|set| set["name"] == "cifar10").unwrap();
    assert_eq!(cifar["bytes_to_fetch"], 170_052_171);
    assert_eq!(cifar["training_images"], 50_000);
    assert_eq!(cifar["licence"], "none stated");
    for starter in starters {
        let place = names.iter().position(|name| *name == starter).unwrap();
        assert_eq!(starter.strip_suffix("-starter"), Some(names[place - 1]));
    }
}

#[test]
fn known_sets_are_a_table_of_80_columns() {
    let place = Place::new();
    let text = place.run(&["data", "list"]).stdout;
    let (table, here) = text.split_once("\n\n").unwrap();
    let too_wide = table.lines().find(|line| line.chars().count() > 80);
    assert_eq!(too_wide, None, "{text}");
    let words = |name: &str| -> Vec<String> {
        let mut lines = table
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>());
        let line = lines.find(|words| words[0] == name).unwrap();
        line.into_iter().map(str::to_owned).collect()
    };
    // Once for the archive that brings all six.
    assert_eq!(words("emnist-balanced")[3..5], ["561.8", "MB"]);
    assert_eq!(
        words("emnist-letters"),
        [
            "emnist-letters",
            "124,800",
            "20,800",
            "with",
            "it",
            "none",
            "stated",
            "no"
        ]
    );
    assert_eq!(words("mnist-starter"), ["mnist-starter", "yes"]);
    assert!(
        here.contains("fashion-mnist-starter  built in: 10,000 + 2,000 images"),
        "{text}"
    );
    assert!(
        text.ends_with("convscope data fetch NAME downloads the others.\n"),
        "{text}"
    );
}

#[test]
fn a_known_set_that_is_not_here_is_bad_input_with_advice() {
    let place = Place::new();
    for arguments in [
        &["data", "info", "organcmnist"][..],
        &["train", "fashion-dense2", "--data", "organcmnist"],
    ] {
        let outcome = place.run(arguments);
        assert_eq!(outcome.code, Some(2), "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains("organcmnist is not on this machine; `convscope data fetch organcmnist` downloads it (15.5 MB, licence: CC BY 4.0)"),
            "{}",
            outcome.stderr
        );
    }
    let outcome = place.run(&["data", "fetch", "chestmnist"]);
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome
            .stderr
            .contains("chestmnist cannot be used: it is multi-label"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn the_size_and_the_licence_are_told_before_a_fetch() {
    let place = Place::new();
    let outcome = place.run(&[
        "data",
        "fetch",
        "emnist-digits",
        "--from",
        ".",
        "--into",
        "sets",
    ]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("EMNIST digits: 561.8 MB for 6 sets to fetch in one archive; each gets a folder of its own; licence: none stated."),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.contains("gzip.zip not found"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn images_that_lie_on_their_side_are_turned_on_request() {
    let place = Place::new();
    let converted = place.run(&[
        "data",
        "convert",
        "data",
        "turned",
        "--format",
        "idx",
        "--transpose",
    ]);
    assert_eq!(converted.code, Some(0), "{}", converted.stderr);
    let back = place.run(&[
        "data",
        "convert",
        "turned",
        "back",
        "--format",
        "idx",
        "--transpose",
    ]);
    assert_eq!(back.code, Some(0), "{}", back.stderr);
    let sha256 = |path: &str| -> Value {
        let outcome = place.run(&["data", "info", path, "--json"]);
        serde_json::from_str::<Value>(&outcome.stdout).unwrap()["sha256"].clone()
    };
    assert_ne!(sha256("turned"), sha256("data"));
    assert_eq!(sha256("back"), sha256("data"));
}

#[test]
fn bad_input_is_one_sentence_and_exit_code_2_and_leaves_nothing() {
    let cases: [(&[&str], &str); 11] = [
        (&["data", "info", "nowhere"], "`nowhere` is not a file"),
        (
            &["data", "convert", "data", "tiny.yaml"],
            "tiny.yaml: already exists; choose another path, or replace it with --force",
        ),
        (
            &["data", "convert", "nowhere", "new.npz"],
            "`nowhere` is not a file",
        ),
        (
            &["data", "augment", "data", "new.npz", "--shift", "9"],
            "shift: expected a whole number from 0 to 4, found 9",
        ),
        (
            &["data", "augment", "data", "new.npz", "--train-factor", "21"],
            "train_factor: expected",
        ),
        (
            &["data", "augment", "data", "new.npz", "--warps", "{zoon: 1}"],
            "--warps {zoon: 1}: unknown key `zoon`; the nearest known one is `zoom`",
        ),
        (
            &["data", "digits", "new.npz", "--style", "{rotation: 900}"],
            "rotation: expected",
        ),
        (
            &["data", "fetch", "cifar"],
            "cifar: not a known data set; sets to fetch are fashion-mnist, mnist",
        ),
        (
            &["data", "fetch", "mnist-starter"],
            "mnist-starter: built in, nothing to fetch",
        ),
        (
            &["data", "info", "picture.png"],
            "found a single image; put images into one folder per class, and choose the folder that holds those",
        ),
        (
            &["data", "info", "tiny.yaml"],
            "found a file of another kind; choose another path, or a known set by its name",
        ),
    ];
    for (arguments, sentence) in cases {
        let place = Place::new();
        place.write("picture.png", "any");
        let before = fs::read_dir(place.path(".")).unwrap().count();
        let outcome = place.run(arguments);
        assert_eq!(outcome.code, Some(2), "{arguments:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains(sentence),
            "{arguments:?}: {}",
            outcome.stderr
        );
        assert_eq!(
            fs::read_dir(place.path(".")).unwrap().count(),
            before,
            "{arguments:?}"
        );
    }
}

/// Each is bad input in the sense of the exit codes, whatever the format, and says which file.
#[test]
fn files_that_cannot_be_read_are_bad_input() {
    let place = Place::new();
    fs::create_dir(place.path("idx")).unwrap();
    fs::create_dir(place.path("broken.npz")).unwrap();
    for (name, bytes) in [
        ("cut.npz", &b"PK\x03\x04 and no more"[..]),
        (
            "idx/train-images-idx3-ubyte.gz",
            b"\x1f\x8b\x08\x00 no gzip",
        ),
        (
            "idx/train-labels-idx1-ubyte",
            b"\0\0\x08\x01\0\0\0\x02\0\x01",
        ),
        ("idx/t10k-images-idx3-ubyte", b"\0\0\x08\x03"),
        ("idx/t10k-labels-idx1-ubyte", b"\0\0\x08\x01\0\0\0\x01\0"),
    ] {
        fs::write(place.path(name), bytes).unwrap();
    }
    for name in ["cut.npz", "idx", "broken.npz"] {
        let outcome = place.run(&["data", "info", name]);
        assert_eq!(outcome.code, Some(2), "{name}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(name), "{name}: {}", outcome.stderr);
        assert!(outcome.stdout.is_empty());
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_the_permission_to_read_it_is_bad_input() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let outcome = place.run(&["data", "convert", "data", "closed.npz"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let closed = place.path("closed.npz");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&closed).is_ok() {
        eprintln!("skipped: this user may read every file");
        return;
    }
    let outcome = place.run(&["data", "info", "closed.npz"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("closed.npz: cannot be read"),
        "{}",
        outcome.stderr
    );
}
