//! Pictures that lie otherwise than the images that a network was trained on.

use crate::cli_support::{Outcome, Place};
use convscope::data;
use image::GrayImage;
use serde_json::Value;

const DIGITS: usize = 60;

/// The classes that were told, one an image.
fn classes(outcome: &Outcome) -> Vec<u64> {
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let answers = outcome.stdout.lines();
    let class = |answer| {
        serde_json::from_str::<Value>(answer).unwrap()["class"]
            .as_u64()
            .unwrap()
    };
    answers.map(class).collect()
}

#[test]
fn dark_digits_on_bright_paper_and_out_of_place_are_read_as_well_as_the_test_set_s_own() {
    let place = Place::new();
    let digits = data::load(Some("mnist-starter")).unwrap();
    let split = digits.test();
    place.write(
        "digits.yaml",
        "{name: digits, input: [28, 28, 1], classes: 10, layers: [flatten, classify], data: mnist-starter, \
         training: {epochs: 2, optimizer: adam}}",
    );
    assert_eq!(place.run(&["train", "digits.yaml"]).code, Some(0));
    let run = place.only_run("runs").display().to_string();
    let (mut own, mut dark, mut away) = (Vec::new(), Vec::new(), Vec::new());
    for index in 0..DIGITS {
        let pixels = split.image_u8(index);
        let image = GrayImage::from_raw(28, 28, pixels).unwrap();
        let save = |kind: &str, image: &GrayImage| {
            let name = format!("{kind}-{index}.png");
            image.save(place.path(&name)).unwrap();
            name
        };
        own.push(save("own", &image));
        let mut inverted = image.clone();
        inverted
            .pixels_mut()
            .for_each(|pixel| pixel[0] = 255 - pixel[0]);
        dark.push(save("dark", &inverted));
        // In a corner of a sheet of grey paper, which is larger and no square.
        let mut sheet = GrayImage::from_pixel(90, 60, image::Luma([210]));
        for (x, y, pixel) in image.enumerate_pixels() {
            sheet.put_pixel(x + 2, y + 1, image::Luma([210 - pixel[0] / 4 * 3]));
        }
        away.push(save("away", &sheet));
    }
    let predict = |files: &[String], options: &[&str]| {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        place.run(&[&["predict", &run, "--json"], options, &files[..]].concat())
    };
    let right = |outcome: &Outcome| {
        let labels = split.labels().iter().map(|label| u64::from(*label));
        let pairs = classes(outcome).into_iter().zip(labels);
        pairs.filter(|(class, label)| class == label).count()
    };
    let plain = predict(&own, &[]);
    assert_eq!(plain.stderr, "", "the set's own images need nothing");
    let best = right(&plain);
    assert!(best * 10 >= DIGITS * 8, "{best}");
    assert_eq!(classes(&predict(&own, &["--auto"])), classes(&plain));

    let before = predict(&dark, &[]);
    assert!(right(&before) * 2 < DIGITS, "{}", right(&before));
    let set = &digits.name;
    assert_eq!(
        before.stderr,
        format!(
            "dark-0.png: dark on bright, while {set} is bright on dark; --auto inverts it, and would change {} more images\n",
            DIGITS - 1
        )
    );
    let after = predict(&dark, &["--auto"]);
    assert_eq!((right(&after), after.stderr.as_str()), (best, ""));
    assert!(
        after.stdout.contains("\"inverted\":true"),
        "{}",
        after.stdout
    );

    let before = predict(&away, &[]);
    assert!(right(&before) * 2 < DIGITS, "{}", right(&before));
    assert!(
        before.stderr.contains("--auto inverts and centres it"),
        "{before:?}"
    );
    let after = predict(&away, &["--auto"]);
    assert!(
        right(&after) + DIGITS / 20 >= best,
        "{} of {best}",
        right(&after)
    );

    // In words, and asked why.
    let told = place.run(&["predict", &run, "away-0.png", "--auto"]);
    assert!(
        told.stdout.ends_with(", inverted and centred\n"),
        "{told:?}"
    );
    let why = place.run(&[
        "explain",
        &run,
        "dark-0.png",
        "--method",
        "saliency",
        "--out",
        "why.png",
    ]);
    assert!(why.stderr.contains("--auto inverts it"), "{why:?}");
    for options in [["--auto", "--invert"], ["--auto", "--centre"]] {
        let both = place.run(&[&["predict", &run, "own-0.png"], &options[..]].concat());
        assert_eq!(both.code, Some(2), "{both:?}");
    }
}
