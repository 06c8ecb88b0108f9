//! Texts that people write: in whatever encoding their editor has, and with the usual slips.

use std::fs;

use crate::cli_support::Place;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// As Notepad saves it.
fn marked(text: &str) -> Vec<u8> {
    [MARK, text.as_bytes()].concat()
}

fn utf16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xff, 0xfe].into_iter().chain(units).collect()
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_text() {
    let place = Place::new();
    place.write("data/classes.txt", marked("cat\r\ndog\r\nowl\r\n"));
    let info = place.run(&["data", "info", "data"]);
    assert_eq!(info.code, Some(0), "{info:?}");
    assert!(
        !info.stdout.contains('\u{feff}') && info.stdout.contains("cat"),
        "{info:?}"
    );

    let preset = fs::read_to_string(place.path("tiny.yaml")).unwrap();
    place.write("marked.yaml", marked(&preset));
    let check = place.run(&["check", "marked.yaml"]);
    assert_eq!(check.code, Some(0), "{check:?}");

    for class in ["a", "b"] {
        for number in 0..3 {
            let path = place.path("photos").join(format!("{class}{number}.png"));
            fs::create_dir_all(place.path("photos")).unwrap();
            image::GrayImage::from_pixel(4, 4, image::Luma([number]))
                .save(path)
                .unwrap();
        }
    }
    let lines = "a0,cat\na1,cat\na2,cat\nb0,dog\nb1,dog\nb2,dog\n";
    place.write("photos/labels.csv", marked(lines));
    let info = place.run(&["data", "info", "photos"]);
    assert_eq!(info.code, Some(0), "{info:?}");
    // The first file's name has no mark either.
    assert!(!info.stdout.contains("no images"), "{info:?}");

    // Other encodings are named.
    for (bytes, guess) in [
        (b"caf\xe9,cat\n".to_vec(), "Latin-1"),
        (utf16(lines), "UTF-16"),
    ] {
        place.write("photos/labels.csv", &bytes);
        place.write("data/classes.txt", &bytes);
        place.write("other.yaml", &bytes);
        place.write("other.corrections", &bytes);
        for (arguments, file) in [
            (&["data", "info", "photos"][..], "photos/labels.csv"),
            (&["data", "info", "data"], "data/classes.txt"),
            (&["check", "other.yaml"], "other.yaml"),
            (&["sweep", "other.yaml"], "other.yaml"),
        ] {
            let outcome = place.run(arguments);
            let expected = format!("{file}: is not UTF-8 ({guess}?): save it as UTF-8");
            assert_eq!(outcome.code, Some(2), "{outcome:?}");
            assert!(outcome.stderr.contains(&expected), "{outcome:?}");
        }
    }
}

#[test]
fn slips_in_a_preset_are_told_as_what_they_are() {
    let network = "name: t\ninput: [28, 28, 1]\nclasses: 3\nlayers:\n  - flatten\n  - classify\n";
    let with = |line: &str| format!("{network}{line}\n");
    for (text, expected) in [
        (
            with("training: {optimizer: adam, learning_rate: 0.01}"),
            "line 7: unknown key `learning_rate` here; it belongs under `optimizer: {adam: {learning_rate: …}}`",
        ),
        (
            with("training: {class_weight: {0: 1.0, 1: 5.0}}"),
            "line 7: unknown key `class_weight`; the nearest known one is `class_weights`",
        ),
        (
            with("training: {class_weights: {Shirts:2}}"),
            "line 7: a space is missing after the colon of `Shirts:2`",
        ),
        (
            with("training: {epochs:3}"),
            "line 7: a space is missing after the colon of `epochs:3`",
        ),
        (
            with("training: {epochs: 10.0}"),
            "epochs: expected a whole number",
        ),
        (
            network.replace("classes: 3", "classes: \"3\""),
            "line 3: classes: expected a whole number, got `3` in quotes; remove the quotes",
        ),
        (
            network.replace("  - ", "\t- "),
            "line 5: a tab at the beginning of the line; YAML is indented by spaces only",
        ),
    ] {
        let place = Place::new();
        place.write("slip.yaml", &text);
        let outcome = place.run(&["check", "slip.yaml"]);
        assert_eq!(outcome.code, Some(2), "{text}: {outcome:?}");
        assert!(outcome.stderr.contains(expected), "{text}: {outcome:?}");
    }
}
