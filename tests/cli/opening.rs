//! How a set was opened is part of what it is: every command opens it that way again.

use std::fs;
use std::path::Path;
use std::process::Command;

use image::{Rgb, RgbImage};

use crate::cli_support::{Outcome, Place};

/// Thirty pictures in three classes, which a bright row tells apart, of different sizes and saved in colour.
fn photos(place: &Place) {
    for (class, name) in ["cat", "dog", "owl"].into_iter().enumerate() {
        let folder = place.path("photos").join(name);
        fs::create_dir_all(&folder).unwrap();
        for number in 0..10 {
            let side = 12 + 6 * (number % 2);
            let mut picture = RgbImage::from_pixel(side, side, Rgb([10, 10, 10 + number as u8]));
            for column in 0..side {
                for row in 0..side / 6 {
                    picture.put_pixel(
                        column,
                        side / 6 * (2 * class as u32) + row,
                        Rgb([250, 200, 220]),
                    );
                }
            }
            picture.save(folder.join(format!("{number}.png"))).unwrap();
        }
    }
}

const CHOICES: &str = "height=6&width=6&colors=grey&test_share=0.4&test_seed=3";

#[test]
fn a_folder_is_opened_again_as_it_was() {
    let place = Place::new();
    photos(&place);
    let opened = [
        "--data",
        "photos",
        "--resize",
        "6x6",
        "--colors",
        "grey",
        "--test-share",
        "0.4",
        "--test-seed",
        "3",
    ];
    let train = [&["train", "tiny.yaml", "--epochs", "2"][..], &opened].concat();
    let outcome = place.run(&train);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let run = place.only_run("runs");
    let record = fs::read_to_string(run.join("run.yaml")).unwrap();
    assert!(record.contains(&format!("photos?{CHOICES}")), "{record}");

    // Nobody says it again.
    let run = run.to_str().unwrap();
    let eval = place.run(&["eval", run]);
    assert_eq!(eval.code, Some(0), "{}", eval.stderr);
    assert!(eval.stdout.contains(" of 12 correct"), "{}", eval.stdout);
    let resumed = place.run(&["train", "--resume", run, "--epochs", "3"]);
    assert_eq!(resumed.code, Some(0), "{}", resumed.stderr);

    // In one word, the same set; with another share it is another one, and is told apart.
    let word = format!("photos?{CHOICES}");
    let [same, other] = [&word, "photos?height=6&width=6&colors=grey&test_share=0.5"].map(|data| {
        let told = place.run(&["data", "info", data, "--json"]);
        assert_eq!(told.code, Some(0), "{}", told.stderr);
        let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
        (told["sha256"].clone(), told["test_counts"].clone())
    });
    assert_eq!(
        (&same.1, &other.1),
        (&serde_json::json!([4, 4, 4]), &serde_json::json!([5, 5, 5]))
    );
    assert!(record.contains(same.0.as_str().unwrap()), "{record}");
    assert_ne!(same.0, other.0);
    let refused = place.run(&[
        "train",
        "--resume",
        run,
        "--epochs",
        "4",
        "--test-share",
        "0.5",
    ]);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
}

#[test]
fn a_preset_and_a_command_line_may_name_the_choices() {
    let place = Place::new();
    photos(&place);
    let preset = crate::cli_support::PRESET.replace("data: data", "data: photos?height=6&width=6");
    place.write("photos.yaml", preset);
    // What the command line says comes last.
    let outcome = place.run(&["train", "photos.yaml", "--epochs", "1", "--colors", "grey"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    for (data, told) in [
        (
            "photos?hight=6",
            "`photos?hight=6`: `hight` is no choice of how a set is opened; did you mean `height`?",
        ),
        (
            "photos?height=6",
            "height and width: expected both or neither, found 6×0",
        ),
        ("photos?height=1000&width=6", "height: expected"),
    ] {
        let outcome = place.run(&["data", "info", data]);
        assert_eq!(outcome.code, Some(2), "{data}");
        assert!(outcome.stderr.contains(told), "{data}: {}", outcome.stderr);
    }
}

#[test]
fn a_network_is_fitted_to_a_set_of_another_shape() {
    let place = Place::new();
    photos(&place);
    let train = ["train", "tiny.yaml", "--epochs", "1", "--data", "photos"];
    let train = [&train[..], &["--resize", "8x8", "--colors", "colour"]].concat();
    let refused = place.run(&train);
    assert_eq!(refused.code, Some(2));
    let told = "expects 6×6×1 images, but photos has 8×8×3 images; change `input:` to [8, 8, 3], fit the network to the set (train --fit";
    assert!(refused.stderr.contains(told), "{}", refused.stderr);
    let fitted = place.run(&[&train[..], &["--fit"]].concat());
    assert_eq!(fitted.code, Some(0), "{}", fitted.stderr);
    let record = fs::read_to_string(place.only_run("runs").join("run.yaml")).unwrap();
    assert!(record.contains("tiny, edited"), "{record}");
}

/// A range may begin with a minus sign.
#[test]
fn pixels_may_be_negative() {
    let place = Place::new();
    let written = place.run(&["data", "convert", "data", "floats.npz"]);
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    for range in [&["--pixels", "-1..1"][..], &["--pixels=-1..1"]] {
        let outcome = place.run(&[&["data", "info", "floats.npz"], range].concat());
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        // The levels of these are known.
        let outcome = place.run(&[&["data", "info", "data"], range].concat());
        assert_eq!(outcome.code, Some(2), "{}", outcome.stdout);
        let expected = "so that --pixels changes nothing; leave it out";
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    }
}

#[test]
fn grey_and_colour_are_spelled_in_either_way() {
    let place = Place::new();
    for (written, meant) in [
        ("gray", "grey"),
        ("grey", "grey"),
        ("color", "colour"),
        ("colour", "colour"),
    ] {
        let option = ["data", "info", "data", "--colors", written, "--json"];
        let name = format!("data?colors={written}");
        for outcome in [
            place.run(&option),
            place.run(&["data", "info", &name, "--json"]),
        ] {
            assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
            let told: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
            let source = told["source"].as_str().unwrap();
            assert!(source.ends_with(&format!("colors {meant})")), "{source}");
        }
    }
}

/// `data info` tells the same on its output.
#[test]
fn what_was_skipped_is_told_when_a_set_is_written() {
    let place = Place::new();
    photos(&place);
    fs::write(place.path("photos/cat/broken.png"), "").unwrap();
    let expected = [
        "6 of 30 images are test images: 20 % of each class, seed 1",
        "skipped 1 file that cannot be read as an image: cat/broken.png (the file is empty)",
    ];
    let told = place.run(&["data", "info", "photos", "--resize", "6x6"]);
    let convert = ["data", "convert", "photos", "new.npz", "--resize", "6x6"];
    let augment = ["data", "augment", "photos", "more.npz", "--resize", "6x6"];
    for text in [
        told.stdout,
        place.run(&convert).stderr,
        place.run(&augment).stderr,
    ] {
        assert!(expected.iter().all(|note| text.contains(note)), "{text}");
    }
}

#[test]
fn an_option_overrides_what_the_name_says_even_with_the_default() {
    let place = Place::new();
    let source = |arguments: &[&str]| {
        let data = "data?height=12&width=9&colors=colour";
        let outcome = place.run(&[&["data", "info", data, "--json"], arguments].concat());
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        let told: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        told["source"].as_str().unwrap().to_owned()
    };
    assert!(source(&[]).ends_with("(IDX, height 12, width 9, colors colour)"));
    assert!(source(&["--colors", "auto"]).ends_with("(IDX, height 12, width 9)"));
    let plain = source(&["--colors", "auto", "--height", "0", "--width", "0"]);
    assert!(plain.ends_with("(IDX)"), "{plain}");
    assert!(source(&["--pixels", "auto"]).ends_with("colors colour)"));
}

#[test]
fn any_set_is_scaled_on_request() {
    let place = Place::new();
    let info = |arguments: &[&str]| {
        let outcome = place.run(&[&["data", "info", "data", "--json"], arguments].concat());
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        serde_json::from_str::<serde_json::Value>(&outcome.stdout).unwrap()
    };
    let plain = info(&[]);
    let scaled = info(&["--resize", "12x9", "--colors", "colour"]);
    let shape = serde_json::json!([12, 9, 3]);
    assert_eq!(scaled["shape"], shape);
    assert_eq!(scaled["note"], "scaled from 6×6×1 to 12×9×3");
    assert!(
        scaled["source"]
            .as_str()
            .unwrap()
            .ends_with("(IDX, height 12, width 9, colors colour)")
    );
    assert_ne!(scaled["sha256"], plain["sha256"]);
}

#[test]
fn an_archive_is_unpacked_where_there_is_room_and_nothing_of_it_stays() {
    let place = Place::new();
    let packed = Command::new("tar")
        .args(["czf", "digits.tar.gz", "-C", "data", "."])
        .current_dir(place.path(""))
        .status();
    assert!(packed.is_ok_and(|status| status.success()));
    let temporary = place.path("temporary");
    fs::create_dir(&temporary).unwrap();
    let info = |temporary: &Path| {
        let mut command = place.command(&["data", "info", "digits.tar.gz"]);
        Outcome::of(&command.env("TMPDIR", temporary).output().unwrap())
    };
    let outcome = info(&temporary);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);

    let outcome = info(&place.path("nowhere"));
    assert_eq!(outcome.code, Some(2));
    let expected = "nowhere: an archive cannot be unpacked here: no such file or folder; free some space, or set TMPDIR to another folder";
    assert!(outcome.stderr.contains(expected), "{outcome:?}");

    // A run finds it again.
    let trained = place.run(&[
        "train",
        "tiny.yaml",
        "--data",
        "digits.tar.gz",
        "--epochs",
        "1",
        "--runs",
        "runs",
    ]);
    assert_eq!(trained.code, Some(0), "{trained:?}");
    let run = place.only_run("runs").display().to_string();
    for command in [
        &["eval", &run][..],
        &["train", "--resume", &run, "--epochs", "2"],
    ] {
        let outcome = place.run(command);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
    }
}
