//! What is written in any form and read again is the same set.

use std::fs;
use std::path::{Path, PathBuf};

use convscope::data::npz::NPZ;
use convscope::data::{
    Dataset, FORMS, Limits, Located, Parts, Pixels, Progress, Source, Split, WrittenForm,
};
use convscope::shape::Shape;
use proptest::prelude::*;
use tempfile::TempDir;

/// A set with images in no order of their classes.
fn set(shape: Shape, names: &[&str], is_float: bool, has_validation: bool) -> Dataset {
    let mut state = 5_u32;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    let mut split = |count: usize| {
        let levels: Vec<u8> = (0..count * shape.len())
            .map(|_| random(256) as u8)
            .collect();
        let labels = (0..count).map(|at| if at < 2 { at } else { random(names.len()) } as u16);
        let labels = labels.collect();
        let pixels = match is_float {
            true => Pixels::F32(
                levels
                    .iter()
                    .map(|&level| f32::from(level) / 254.9)
                    .map(|it| it.min(1.0))
                    .collect(),
            ),
            false => Pixels::U8(levels),
        };
        Split::new(shape, pixels, labels)
    };
    Dataset::new(Parts {
        name: "random".into(),
        source: Source::at(&NPZ, "nowhere"),
        class_names: names.iter().map(|&name| name.to_owned()).collect(),
        train: split(23),
        test: split(11),
        validation: has_validation.then(|| split(7)),
    })
    .unwrap()
}

/// Where a form is written to in `folder`.
fn place(folder: &Path, form: &WrittenForm) -> PathBuf {
    match form.extension {
        Some(extension) => folder.join("set").with_extension(extension),
        None => folder.join("set"),
    }
}

fn write(set: &Dataset, path: &Path, form: &WrittenForm, packed: bool) -> Result<(), String> {
    let written = (form.save)(set, path, packed, &Progress::silent());
    written.map_err(|error| error.to_string())
}

fn read(path: &Path) -> Dataset {
    let located = Located::at(path).unwrap();
    located.load(&Limits::default()).unwrap()
}

fn named(name: &str) -> &'static WrittenForm {
    WrittenForm::named(name).unwrap()
}

/// The pixels as floats, and the labels.
fn values(split: &Split) -> (Vec<f32>, Vec<u16>) {
    let all: Vec<u32> = (0..split.len() as u32).collect();
    let mut pixels = vec![0.0; split.len() * split.shape().len()];
    split.gather(&all, &mut pixels);
    (pixels, split.labels().to_vec())
}

const FASHION: [&str; 4] = ["T-shirt/top", "Trouser", "Pullover", "Dress"];

#[test]
fn every_form_of_bytes_comes_back_as_the_same_set() {
    for form in FORMS {
        for (channels, names) in [(1, FASHION), (3, ["b", "a", "käse – brot", "10"])] {
            for (packed, has_validation) in [(false, false), (true, false), (false, true)] {
                let what = format!(
                    "{form:?}, {channels} channels, packed {packed}, validation {has_validation}"
                );
                let set = set(Shape::new(5, 7, channels), &names, false, has_validation);
                let folder = TempDir::new().unwrap();
                let path = place(folder.path(), form);
                let written = write(&set, &path, form, packed);
                if has_validation && ["npz", "idx"].contains(&form.name) {
                    let error = written.unwrap_err();
                    assert!(
                        error.contains("choose the format keras, csv or images"),
                        "{what}: {error}"
                    );
                    continue;
                }
                written.unwrap_or_else(|error| panic!("{what}: {error}"));
                let back = read(&path);
                assert_eq!(back.class_names(), names, "{what}");
                // Every form but the first keeps bytes.
                if form.name == "npz" {
                    for (back, set) in [(back.train(), set.train()), (back.test(), set.test())] {
                        assert_eq!(values(back), values(set), "{what}");
                    }
                } else {
                    assert_eq!(back.identity(), set.identity(), "{what}");
                }
            }
        }
    }
}

#[test]
fn floats_come_back_as_the_same_floats_or_are_refused() {
    for form in FORMS {
        for has_validation in [false, true] {
            if has_validation && ["npz", "idx"].contains(&form.name) {
                continue;
            }
            let set = set(Shape::new(5, 7, 1), &FASHION, true, has_validation);
            let folder = TempDir::new().unwrap();
            let path = place(folder.path(), form);
            let written = write(&set, &path, form, false);
            match form.name {
                "idx" | "images" => {
                    assert!(
                        written
                            .unwrap_err()
                            .contains("has pixels between two levels")
                    );
                    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{form:?}");
                }
                _ => assert_eq!(read(&path).identity(), set.identity(), "{form:?}"),
            }
        }
    }
}

#[test]
fn floats_that_are_whole_levels_are_written_as_bytes() {
    let levels = set(Shape::new(5, 7, 1), &FASHION, false, false);
    let folder = TempDir::new().unwrap();
    let floats = folder.path().join("floats.npz");
    write(&levels, &floats, named("npz"), false).unwrap();
    let floats = read(&floats);
    for form in ["idx", "images"] {
        let path = folder.path().join(form);
        write(&floats, &path, named(form), false).unwrap();
        assert_eq!(read(&path).identity(), levels.identity(), "{form}");
    }
}

#[test]
fn classes_without_images_and_odd_names_come_back() {
    // Class 2 has no training images, and 3 none at all.
    let shape = Shape::new(2, 2, 1);
    let split = |labels: &[u16]| {
        let pixels = (0..labels.len() * 4)
            .map(|at| (at * 37 % 251) as u8)
            .chain([255; 4]);
        let pixels = pixels.take(labels.len() * 4).collect();
        Split::new(shape, Pixels::U8(pixels), labels.to_vec())
    };
    let long = "x".repeat(300);
    for names in [
        ["10", "9", "1", "0"],
        ["b", "B", "a/b", ".."],
        ["same", "same", "same", "other"],
        ["0-b", "b", "1-b", "c"],
        [".x", " ", "__MACOSX", &long],
        ["train", "test", "val", "猫"],
    ] {
        for name in ["csv", "images", "keras", "idx"] {
            let set = Dataset::new(Parts {
                name: "odd".into(),
                source: Source::at(&NPZ, "nowhere"),
                class_names: names.iter().map(|&name| name.to_owned()).collect(),
                train: split(&[1, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0]),
                test: split(&[2, 1, 0]),
                validation: None,
            })
            .unwrap();
            let folder = TempDir::new().unwrap();
            let path = place(folder.path(), named(name));
            write(&set, &path, named(name), false).unwrap();
            let back = read(&path);
            assert_eq!(back.identity(), set.identity(), "{name}: {names:?}");
            // A name without letters is written as its number.
            let expected = names.map(|name| if name == " " { "1" } else { name });
            assert_eq!(back.class_names(), expected, "{name}");
        }
    }
}

#[test]
fn what_would_not_come_back_is_refused_and_leaves_nothing() {
    let split = |pixels: Vec<u8>, shape: Shape, labels: &[u16]| {
        Split::new(shape, Pixels::U8(pixels), labels.to_vec())
    };
    let of = |train: Split, test: Split| {
        Dataset::new(Parts {
            name: "odd".into(),
            source: Source::at(&NPZ, "nowhere"),
            class_names: vec!["a".into(), "b".into()],
            train,
            test,
            validation: None,
        })
        .unwrap()
    };
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("set");
    let refused = |set: &Dataset, form: &str| {
        let error = write(set, &path, named(form), false).unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{form}");
        error
    };
    let color = Shape::new(1, 2, 3);
    let grey = of(
        split(vec![9, 9, 9, 70, 72, 71, 1, 1, 1, 2, 2, 2], color, &[0, 1]),
        split(vec![5; 6], color, &[0]),
    );
    let error = refused(&grey, "images");
    assert!(
        error.contains("no pixel has colour") && error.contains("--colors grey"),
        "{error}"
    );
    let dark = Shape::new(1, 2, 1);
    let dark = of(
        split(vec![1; 4], dark, &[0, 1]),
        split(vec![0, 1], dark, &[0]),
    );
    for form in ["csv", "keras"] {
        let error = refused(&dark, form);
        assert!(
            error.contains("the brightest of 255 levels is 1"),
            "{form}: {error}"
        );
    }
    let one = Shape::new(1, 2, 1);
    let one = of(
        split(vec![90; 4], one, &[0, 0]),
        split(vec![90; 2], one, &[1]),
    );
    let error = refused(&one, "images");
    assert!(
        error.contains("only 1 of the classes has training images"),
        "{error}"
    );
    let fine = set(Shape::new(3, 3, 1), &["a", "b"], false, false);
    let error = write(&fine, &path.with_extension("csv"), named("csv"), false).unwrap_err();
    assert!(
        error.contains("expected a folder, for train.csv"),
        "{error}"
    );
    for form in ["csv", "images"] {
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("mine.txt"), "mine").unwrap();
        let error = write(&fine, &path, named(form), false).unwrap_err();
        assert!(error.contains("mine.txt is already there"), "{error}");
        assert_eq!(fs::read_dir(&path).unwrap().count(), 1, "{form}");
        let cancelled = std::sync::atomic::AtomicBool::new(true);
        let other = folder.path().join("other");
        let stopped = Progress::new(&cancelled, |_, _| {});
        let error = (named(form).save)(&fine, &other, false, &stopped).unwrap_err();
        assert_eq!(error.to_string(), "stopped on request");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{form}");
    }
}

#[test]
fn folders_of_other_programs_keep_their_order() {
    // A list that names other folders is not used.
    let set = set(Shape::new(5, 7, 1), &["b", "a", "c"], false, false);
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("set");
    write(&set, &path, named("images"), false).unwrap();
    let ours = read(&path);
    assert_eq!(ours.class_names(), ["b", "a", "c"]);
    fs::write(path.join("classes.txt"), "x\ny\nz\n").unwrap();
    let other = read(&path);
    assert_eq!(other.class_names(), ["a", "b", "c"]);
    assert!(other.train().labels().is_sorted());
    assert!(
        other.summary().note.contains("classes.txt is not used"),
        "{}",
        other.summary().note
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_floats_survive_a_table(values in proptest::collection::vec(0.0_f32..=1.0, 12..=12)) {
        let shape = Shape::new(1, 3, 1);
        let split = |values: &[f32]| Split::new(shape, Pixels::F32(values.to_vec()), vec![0, 1]);
        let set = Dataset::new(Parts {
            name: "random".into(),
            source: Source::at(&NPZ, "nowhere"),
            class_names: vec!["a".into(), "b".into()],
            train: split(&values[..6]),
            test: split(&values[6..]),
            validation: None,
        })
        .unwrap();
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("set");
        write(&set, &path, named("csv"), true).unwrap();
        let back = read(&path);
        prop_assert_eq!(back.identity(), set.identity());
    }
}
