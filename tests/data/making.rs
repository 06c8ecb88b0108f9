//! Sets that are made: augmented ones and synthetic digits.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use convscope::data::augmented_set::{self, AugmentedSettings, Changes, PixelChanges};
use convscope::data::digits::{self, DigitSettings, Style};
use convscope::data::npz::{Form, NPZ, SaveOptions};
use convscope::data::{
    AugmentSettings, Dataset, Limits, Located, Parts, Pixels, Progress, Source, Split,
};
use convscope::shape::Shape;
use tempfile::TempDir;

const SEED_FORM: SaveOptions = SaveOptions {
    form: Form::Seed,
    packed: false,
};

/// Images that are told apart by the level of their one bright pixel, in the middle.
fn set() -> Dataset {
    let shape = Shape::new(11, 11, 1);
    let split = |images: usize| {
        let mut pixels = vec![0; images * shape.len()];
        (0..images).for_each(|image| pixels[image * shape.len() + 60] = 100 + image as u8);
        Split::new(
            shape,
            Pixels::U8(pixels),
            (0..images).map(|image| (image % 3) as u16).collect(),
        )
    };
    Dataset::new(Parts {
        name: "points".into(),
        source: Source::at(&NPZ, "points.npz"),
        class_names: ["a", "b", "c"].map(String::from).to_vec(),
        train: split(50),
        test: split(20),
        validation: None,
    })
    .unwrap()
}

fn write(settings: &AugmentedSettings, options: SaveOptions, threads: usize) -> (Vec<u8>, Dataset) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("augmented.npz");
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    pool.install(|| augmented_set::write(&set(), settings, &path, options, &Progress::silent()))
        .unwrap();
    let back = Located::At(&NPZ, path.clone())
        .load(&Limits::default())
        .unwrap();
    (fs::read(&path).unwrap(), back)
}

fn shifts(shift: usize) -> AugmentedSettings {
    AugmentedSettings {
        train_factor: 20,
        test_factor: 5,
        changes: Changes::Pixels(PixelChanges {
            shift,
            noise: 0.0,
            level: 0.0,
            normalise: false,
        }),
        ..AugmentedSettings::default()
    }
}

#[test]
fn every_image_comes_as_often_as_asked_in_random_order() {
    let (_, made) = write(&shifts(4), SEED_FORM, 2);
    assert_eq!((made.train().len(), made.test().len()), (1000, 100));
    assert_eq!(made.class_names(), ["a", "b", "c"]);
    let mut counts = HashMap::new();
    let mut places = HashMap::new();
    let mut neighbours = 0;
    let mut last = 0;
    for image in 0..1000 {
        let pixels = made.train().image_u8(image);
        let bright: Vec<usize> = (0..121).filter(|&place| pixels[place] > 0).collect();
        assert_eq!(bright.len(), 1);
        let which = pixels[bright[0]] - 100;
        assert_eq!(made.train().labels()[image], u16::from(which) % 3);
        *counts.entry(which).or_insert(0) += 1;
        *places.entry((bright[0] / 11, bright[0] % 11)).or_insert(0) += 1;
        neighbours += usize::from(which == last);
        last = which;
    }
    assert_eq!(counts.len(), 50);
    assert!(counts.values().all(|&count| count == 20));
    // The middle is (5, 5); every shift of up to 4 pixels comes about.
    assert_eq!(places.len(), 81);
    assert!(
        places
            .keys()
            .all(|(row, column)| (1..=9).contains(row) && (1..=9).contains(column))
    );
    // Copies of one image do not lie together: by chance 20 neighbours are the same.
    assert!(neighbours < 60, "{neighbours}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_whatever_the_threads() {
    for changes in [
        Changes::Pixels(PixelChanges::default()),
        Changes::Warps(AugmentSettings {
            rotation: 20.0,
            noise: 0.1,
            ..AugmentSettings::default()
        }),
    ] {
        let settings = AugmentedSettings {
            train_factor: 3,
            changes,
            ..AugmentedSettings::default()
        };
        let (bytes, made) = write(&settings, SEED_FORM, 1);
        assert_eq!(bytes, write(&settings, SEED_FORM, 3).0);
        assert_ne!(
            bytes,
            write(
                &AugmentedSettings {
                    seed: 2,
                    ..settings
                },
                SEED_FORM,
                1
            )
            .0
        );
        let mut image = vec![0.0; 121];
        for index in 0..made.train().len() {
            made.train().image(index, &mut image);
            assert!(image.iter().all(|value| (0.0..=1.0).contains(value)));
        }
    }
}

#[test]
fn bytes_stay_bytes_in_keras_form_and_originals_can_stay() {
    let settings = AugmentedSettings {
        train_factor: 2,
        keep_originals: true,
        ..shifts(4)
    };
    let (_, made) = write(
        &settings,
        SaveOptions {
            form: Form::Keras,
            packed: true,
        },
        2,
    );
    assert!(matches!(made.train().pixels(), Pixels::U8(_)));
    let in_the_middle = (0..100)
        .filter(|&image| made.train().image_u8(image)[60] > 0)
        .count();
    // 50 originals, and of the 50 copies one in 81.
    assert!((50..56).contains(&in_the_middle), "{in_the_middle}");
}

#[test]
fn a_cancelled_set_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("augmented.npz");
    let cancelled = AtomicBool::new(false);
    let progress = Progress::new(&cancelled, |done, all| {
        assert_eq!(all, 1100);
        if done > 0 {
            cancelled.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    });
    let error = augmented_set::write(&set(), &shifts(1), &path, SEED_FORM, &progress).unwrap_err();
    assert_eq!(error.to_string(), "stopped on request");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn factors_out_of_range_are_named() {
    for (settings, text) in [
        (
            AugmentedSettings {
                train_factor: 21,
                ..shifts(1)
            },
            "train_factor: expected a whole number from 1 to 20, found 21;",
        ),
        (
            AugmentedSettings {
                test_factor: 0,
                ..shifts(1)
            },
            "test_factor: expected a whole number from 1 to 5, found 0;",
        ),
        (
            shifts(5),
            "shift: expected a whole number from 0 to 4, found 5;",
        ),
    ] {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("augmented.npz");
        let error = augmented_set::write(&set(), &settings, &path, SEED_FORM, &Progress::silent())
            .unwrap_err();
        assert!(error.to_string().starts_with(text), "{error}");
        assert!(!path.exists());
    }
}

fn some_digits() -> DigitSettings {
    DigitSettings {
        train_images: 600,
        test_images: 200,
        ..DigitSettings::default()
    }
}

#[test]
fn digits_are_the_same_for_a_seed_whatever_the_threads() {
    let make = |settings: &DigitSettings, threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| digits::make(settings, &Progress::silent()))
            .unwrap()
    };
    let set = make(&some_digits(), 1);
    assert_eq!(set.identity(), make(&some_digits(), 3).identity());
    assert_ne!(
        set.identity(),
        make(
            &DigitSettings {
                seed: 2,
                ..some_digits()
            },
            1
        )
        .identity()
    );
    assert_eq!(set.train().class_counts(10), [60; 10]);
    assert_eq!(set.test().class_counts(10), [20; 10]);
    assert_ne!(set.train().labels()[..10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn digits_lie_in_the_middle_and_have_ink() {
    let set = digits::make(&some_digits(), &Progress::silent()).unwrap();
    for image in 0..600 {
        let pixels = set.train().image_u8(image);
        let ink: u32 = pixels.iter().map(|&pixel| u32::from(pixel)).sum();
        assert!(
            (10 * 255..350 * 255).contains(&ink),
            "image {image} has ink {ink}"
        );
        let row: u32 = (0..784)
            .map(|place| place as u32 / 28 * u32::from(pixels[place]))
            .sum();
        let column: u32 = (0..784)
            .map(|place| place as u32 % 28 * u32::from(pixels[place]))
            .sum();
        for centre in [row, column] {
            let centre = centre as f32 / ink as f32;
            assert!(
                (10.5..16.5).contains(&centre),
                "image {image} lies at {centre}"
            );
        }
    }
}

#[test]
fn strokes_are_as_thick_as_asked() {
    let ink = |stroke: f32| {
        let style = Style {
            stroke_least: stroke,
            stroke_most: stroke,
            ink_loss: 0.0,
            ..Style::default()
        };
        let set = digits::make(
            &DigitSettings {
                style,
                ..some_digits()
            },
            &Progress::silent(),
        )
        .unwrap();
        (0..600)
            .flat_map(|image| set.train().image_u8(image))
            .map(u64::from)
            .sum::<u64>()
    };
    let (thin, thick) = (ink(0.07), ink(0.18));
    assert!(thick > thin * 3 / 2, "{thin} {thick}");
}

#[test]
fn fonts_of_the_system_are_used_on_request() {
    let fonts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/fonts");
    let settings = DigitSettings {
        fonts: vec![fonts.join("caveat.ttf"), fonts],
        ..some_digits()
    };
    assert_eq!(
        digits::make(&settings, &Progress::silent())
            .unwrap()
            .train()
            .len(),
        600
    );

    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("no.ttf"), "no font").unwrap();
    let settings = DigitSettings {
        fonts: vec![folder.path().to_owned()],
        ..some_digits()
    };
    let error = digits::make(&settings, &Progress::silent())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(
            "expected a font file with the digits 0 to 9, or a folder with such files, found none"
        ),
        "{error}"
    );
    let settings = DigitSettings {
        fonts: vec!["/no/such/folder".into()],
        ..some_digits()
    };
    let error = digits::make(&settings, &Progress::silent())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("/no/such/folder: cannot be read"),
        "{error}"
    );
    let settings = DigitSettings {
        train_images: 0,
        ..some_digits()
    };
    let error = digits::make(&settings, &Progress::silent())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("train_images: expected a whole number from 1 to 1200000, found 0"),
        "{error}"
    );
}

#[test]
fn normalised_images_reach_from_black_to_white() {
    let mut settings = shifts(1);
    settings.changes = Changes::Pixels(PixelChanges {
        shift: 1,
        noise: 0.0,
        level: 0.1,
        normalise: true,
    });
    let (_, made) = write(&settings, SEED_FORM, 2);
    let mut pixels = vec![0.0; 121];
    for image in 0..made.train().len() {
        made.train().image(image, &mut pixels);
        let least = pixels.iter().copied().fold(f32::INFINITY, f32::min);
        let most = pixels.iter().copied().fold(0.0, f32::max);
        assert_eq!((least, most), (0.0, 1.0), "image {image}");
    }
}
