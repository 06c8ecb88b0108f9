//! Sets made of numpy arrays as people have them: pixel ranges, names, labels, orders of channels, and files of one array.

use std::fs;
use std::path::{Path, PathBuf};

use convscope::data::{Dataset, ImageOptions, LoadOptions, Located, Pixels, Progress, browse};
use convscope::shape::Shape;
use tempfile::TempDir;

use super::npz::{Arrays, doubles, error, floats, load_bytes, npy, read, with, zip};

use crate::damage::opened;

const SIDE: usize = 12;
const AREA: usize = SIDE * SIDE;

/// Images of a bright square on a dark ground, from 20 to 220, `count` of them in three classes.
fn levels(count: usize) -> Vec<u8> {
    (0..count * AREA)
        .map(|at| {
            let (image, row, column) = (at / AREA, at % AREA / SIDE, at % SIDE);
            let is_in = row / 4 == image % 3 && column / 4 == image % 3;
            if is_in { 220 } else { 20 + (at % 7) as u8 }
        })
        .collect()
}

fn bytes(shape: &[usize], values: &[u8]) -> Vec<u8> {
    npy("'|u1'", false, shape, values)
}

fn numbers(values: impl IntoIterator<Item = i64>) -> Vec<u8> {
    let values: Vec<i64> = values.into_iter().collect();
    let bytes: Vec<u8> = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    npy("'<i8'", false, &[values.len()], &bytes)
}

fn classes(count: usize) -> Vec<u8> {
    numbers((0..count as i64).map(|image| image % 3))
}

/// 24 training and 12 test images from 20 to 220.
fn set() -> Arrays {
    vec![
        ("x_train", bytes(&[24, SIDE, SIDE], &levels(24))),
        ("y_train", classes(24)),
        ("x_test", bytes(&[12, SIDE, SIDE], &levels(12))),
        ("y_test", classes(12)),
    ]
}

/// The same set with its pixels as floats of these values.
fn as_floats(train: impl Fn(u8) -> f32, test: impl Fn(u8) -> f32) -> Arrays {
    let array = |count, value: &dyn Fn(u8) -> f32| {
        let values: Vec<f32> = levels(count).into_iter().map(value).collect();
        npy("'<f4'", false, &[count, SIDE, SIDE], &floats(&values))
    };
    let set = with(set(), "x_train", array(24, &train));
    with(set, "x_test", array(12, &test))
}

fn named(names: &[&'static str], arrays: Arrays) -> Arrays {
    let arrays = names.iter().copied().zip(arrays);
    arrays.map(|(name, (_, bytes))| (name, bytes)).collect()
}

fn open(path: &Path, images: ImageOptions) -> Result<Dataset, String> {
    let options = LoadOptions {
        images,
        ..LoadOptions::default()
    };
    let located = Located::at(path).map_err(|error| error.to_string())?;
    let set = located.load_with(&options, &Progress::silent());
    set.map_err(|error| {
        error
            .to_string()
            .replace(&path.display().to_string(), "set")
    })
}

/// The set of an npz file of these arrays, with options.
fn open_arrays(arrays: &Arrays, images: ImageOptions) -> Result<Dataset, String> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("set.npz");
    fs::write(&path, zip(arrays, false)).unwrap();
    open(&path, images)
}

fn in_range(least: f64, most: f64) -> ImageOptions {
    ImageOptions {
        pixels: Some((least, most)),
        ..ImageOptions::default()
    }
}

fn note(set: &Dataset) -> String {
    set.summary().note
}

fn image(set: &Dataset, at: usize) -> Vec<f32> {
    let mut image = vec![0.0; set.shape().len()];
    set.train().image(at, &mut image);
    image
}

fn close(found: &[f32], expected: impl Iterator<Item = f32>) {
    let expected: Vec<f32> = expected.collect();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }
}

fn first() -> impl Iterator<Item = u8> {
    levels(1).into_iter()
}

#[test]
fn bytes_and_floats_of_the_usual_ranges_say_so() {
    let set = read(&set()).unwrap();
    assert_eq!(note(&set), "pixels 0 to 255");
    assert_eq!(*set.train().pixels(), Pixels::U8(levels(24)));
    let unit = |value: u8| f32::from(value) / 255.0;
    let set = read(&as_floats(unit, unit)).unwrap();
    assert_eq!(note(&set), "pixels 0 to 1");
    close(&image(&set, 0), first().map(unit));
    let set = read(&as_floats(f32::from, f32::from)).unwrap();
    assert_eq!(note(&set), "pixels 0 to 255");
    close(&image(&set, 0), first().map(unit));
}

/// One value of 1.002 must not make a set of 255ths of it; nor bicubic overshoots, nor a change of level.
#[test]
fn overshoots_are_clamped_and_counted() {
    let unit = |value: u8| f32::from(value) / 255.0;
    let mut one: Vec<f32> = levels(24).into_iter().map(unit).collect();
    one[100] = 1.002;
    let array = npy("'<f4'", false, &[24, SIDE, SIDE], &floats(&one));
    let set = read(&with(as_floats(unit, unit), "x_train", array)).unwrap();
    assert_eq!(
        note(&set),
        "pixels 0 to 1; 1 value beyond that clamped (0 to 1.002)"
    );
    assert_eq!(image(&set, 0)[100], 1.0);
    close(&image(&set, 0)[..100], first().take(100).map(unit));

    // Many small ones below, as in an image enlarged by cubic splines.
    let zoomed = |value: u8| {
        if value < 24 {
            -0.1
        } else {
            f32::from(value) / 180.0
        }
    };
    let set = read(&as_floats(zoomed, unit)).unwrap();
    assert!(
        note(&set).ends_with("values beyond that clamped (-0.1 to 1.2222)"),
        "{}",
        note(&set)
    );
    close(
        &image(&set, 0),
        first().map(|value| zoomed(value).clamp(0.0, 1.0)),
    );

    // Noise and level beyond white, in float64, as augmented sets of the seed GUI have them.
    let augmented: Vec<f64> = (0..24 * AREA)
        .map(|at| match at % 10 {
            0..5 => 0.0,
            5..8 => 0.7,
            8 => 0.9,
            _ => 1.0 + (at % 88) as f64 / 100.0,
        })
        .collect();
    let array = npy("'<f8'", false, &[24, SIDE, SIDE, 1], &doubles(&augmented));
    let set = with(as_floats(unit, unit), "x_train", array);
    let set = read(&set).unwrap();
    assert!(note(&set).contains("pixels 0 to 1; 3"), "{}", note(&set));
    assert!(
        note(&set).ends_with("values beyond that clamped (0 to 1.87)"),
        "{}",
        note(&set)
    );
    close(
        &image(&set, 0)[..10],
        [0., 0., 0., 0., 0., 0.7, 0.7, 0.7, 0.9, 1.0].into_iter(),
    );

    let bytes = |value: u8| f32::from(value) * 1.2 - 30.0 + 0.25;
    let set = read(&as_floats(bytes, f32::from)).unwrap();
    assert!(
        note(&set).starts_with("pixels 0 to 255; "),
        "{}",
        note(&set)
    );
    close(
        &image(&set, 0),
        first().map(|value| (bytes(value) / 255.0).clamp(0.0, 1.0)),
    );

    let mut wild: Vec<f32> = levels(24).into_iter().map(unit).collect();
    wild.iter_mut().step_by(20).for_each(|value| *value = 40.0);
    let array = npy("'<f4'", false, &[24, SIDE, SIDE], &floats(&wild));
    let refused = error(&with(as_floats(unit, unit), "x_train", array));
    assert!(
        refused.contains(
            "array x_train: expected pixels from 0 to 1 or from 0 to 255, found 40 in image 0"
        ),
        "{refused}"
    );
    assert!(refused.contains("--pixels"), "{refused}");
}

#[test]
fn parts_of_different_ranges_are_refused_with_both_ranges() {
    let unit = |value: u8| f32::from(value) / 255.0;
    for (arrays, sentence) in [
        (
            as_floats(unit, f32::from),
            "set.npz, array x_train has pixels from 0 to 0.8627, but set.npz, array x_test has pixels from 0 to 220; scale one like the other, or, if both have one range, name it with --pixels, such as --pixels 0..255",
        ),
        (
            as_floats(f32::from, unit),
            "set.npz, array x_train has pixels from 0 to 220, but set.npz, array x_test has pixels from 0 to 0.8627; scale one like the other, or, if both have one range, name it with --pixels, such as --pixels 0..255",
        ),
    ] {
        assert_eq!(error(&arrays), sentence);
        let set = open_arrays(&arrays, in_range(0.0, 255.0)).unwrap();
        assert_eq!(note(&set), "pixels 0 to 255");
    }
    let black_and_white: Vec<u8> = levels(24)
        .iter()
        .map(|&level| u8::from(level == 220))
        .collect();
    let array = bytes(&[24, SIDE, SIDE], &black_and_white);
    assert!(
        error(&with(set(), "x_train", array))
            .contains("array x_train has pixels from 0 to 1, but ")
    );
}

#[test]
fn zeros_and_ones_are_black_and_white() {
    let ones: Vec<u8> = levels(24)
        .iter()
        .map(|&level| u8::from(level == 220))
        .collect();
    let white: Vec<u8> = ones.iter().map(|one| one * 255).collect();
    let wide: Vec<u8> = ones
        .iter()
        .flat_map(|&one| i64::from(one).to_le_bytes())
        .collect();
    let (train, test) = ([24, SIDE, SIDE], [12, SIDE, SIDE]);
    for (code, values, width, words) in [
        ("'|u1'", &ones, 1, "pixels 0 and 1, black and white"),
        ("'<i8'", &wide, 8, "pixels 0 and 1, black and white"),
        ("'|b1'", &ones, 1, "pixels false and true, black and white"),
    ] {
        let arrays = with(set(), "x_train", npy(code, false, &train, values));
        let arrays = with(
            arrays,
            "x_test",
            npy(code, false, &test, &values[..12 * AREA * width]),
        );
        let set = read(&arrays).unwrap();
        assert_eq!(note(&set), words);
        assert_eq!(*set.train().pixels(), Pixels::U8(white.clone()), "{code}");
        assert_eq!(
            *set.test().pixels(),
            Pixels::U8(white[..12 * AREA].to_vec()),
            "{code}"
        );
    }
    // A few values of 1 may as well be very dark bytes: the other part says which.
    let few = with(set(), "x_test", bytes(&[1, SIDE, SIDE], &[1; AREA]));
    let set = read(&with(few, "y_test", numbers([0]))).unwrap();
    assert_eq!(set.test().image_u8(0), [1; AREA]);
}

#[test]
fn sixteen_is_white_where_nearly_all_say_so_and_any_range_can_be_named() {
    let sixteenths = |value: u8| (f32::from(value) / 16.0).floor();
    let arrays = as_floats(sixteenths, sixteenths);
    let set = read(&arrays).unwrap();
    assert_eq!(note(&set), "pixels 0 to 16, scaled to 0 to 1");
    close(
        &image(&set, 0),
        first().map(|value| sixteenths(value) / 16.0),
    );
    let named = open_arrays(&arrays, in_range(0.0, 16.0)).unwrap();
    assert_eq!(named.identity(), set.identity());
    let darker = open_arrays(&arrays, in_range(0.0, 26.0)).unwrap();
    close(
        &image(&darker, 0),
        first().map(|value| sixteenths(value) / 26.0),
    );

    // Five levels of grey, or of five kinds of tissue?
    let five = |value: u8| f32::from(value % 5);
    let refused = error(&as_floats(five, five));
    assert!(refused.contains("array x_train: pixels go from 0 to 4, and none of 1, 16 and 255 is surely white; name the values of black and white with --pixels, such as --pixels 0..4"), "{refused}");
    let set = open_arrays(&as_floats(five, five), in_range(0.0, 4.0)).unwrap();
    assert_eq!(note(&set), "pixels 0 to 4, scaled to 0 to 1");
    let fractions = |value: u8| f32::from(value) / 30.0;
    assert!(error(&as_floats(fractions, fractions)).contains("such as --pixels 0..16"));

    // Bytes that do not reach far are dark, and that is said.
    let dark: Vec<u8> = levels(24).iter().map(|level| level / 8).collect();
    let dark = with(self::set(), "x_train", bytes(&[24, SIDE, SIDE], &dark));
    let dark = with(dark, "x_test", bytes(&[12, SIDE, SIDE], &[3; 12 * AREA]));
    assert!(error(&dark).contains("array x_test: pixels go from 0 to 3"));
    let dark = with(dark, "x_test", bytes(&[12, SIDE, SIDE], &[23; 12 * AREA]));
    assert_eq!(
        note(&read(&dark).unwrap()),
        "pixels 0 to 255, but none brighter than 27; if that is white, name it with --pixels"
    );
    let levels = open_arrays(&dark, in_range(0.0, 27.0)).unwrap();
    assert_eq!(levels.test().image_u8(0)[0], 217);
    for (least, most) in [
        (1.0, 1.0),
        (2.0, 1.0),
        (f64::NAN, 1.0),
        (0.0, f64::INFINITY),
    ] {
        let refused = open_arrays(&dark, in_range(least, most)).unwrap_err();
        assert!(
            refused.contains("pixels: expected the values of black and of white"),
            "{refused}"
        );
    }
}

#[test]
fn normalised_pixels_are_named_as_such_and_open_with_their_range() {
    let tanh = |value: u8| f32::from(value) / 110.0 - 1.0;
    let arrays = as_floats(tanh, tanh);
    let refused = error(&arrays);
    assert!(
        refused.contains("pixels go from -0.8182 to 1, as after normalising"),
        "{refused}"
    );
    let whole = |value: u8| (f32::from(value) - 20.0) / 100.0 - 1.0;
    let refused = error(&as_floats(whole, whole));
    assert!(refused.contains("pixels go from -1 to 1, as after a shift that centres them on 0; name the values of black and white with --pixels, such as --pixels -1..1"), "{refused}");
    let set = open_arrays(&as_floats(whole, whole), in_range(-1.0, 1.0)).unwrap();
    assert_eq!(note(&set), "pixels -1 to 1, scaled to 0 to 1");
    close(
        &image(&set, 0),
        first().map(|value| (whole(value) + 1.0) / 2.0),
    );
    let normalised = |value: u8| (f32::from(value) / 255.0 - 0.1307) / 0.3081;
    let refused = error(&as_floats(|value| normalised(value - 20), normalised));
    assert!(
        refused.contains("to 2.1214, as after normalising by mean and standard deviation"),
        "{refused}"
    );
}

#[test]
fn wide_whole_numbers_open_with_their_range() {
    let wide: Vec<u8> = levels(24)
        .iter()
        .flat_map(|&level| (u16::from(level) * 257).to_le_bytes())
        .collect();
    let array = |count: usize| {
        npy(
            "'<u2'",
            false,
            &[count, SIDE, SIDE],
            &wide[..count * AREA * 2],
        )
    };
    let arrays = with(set(), "x_train", array(24));
    let arrays = with(arrays, "x_test", array(12));
    let refused = error(&arrays);
    assert!(
        refused.contains("found 56,540 in image 0") && refused.contains("--pixels"),
        "{refused}"
    );
    let set = open_arrays(&arrays, in_range(0.0, 65535.0)).unwrap();
    close(
        &image(&set, 0),
        first().map(|level| f32::from(level) / 255.0),
    );
}

#[test]
fn arrays_of_any_usual_name_open() {
    let plain = read(&set()).unwrap();
    for names in [
        ["X_train", "y_train", "X_test", "y_test"],
        ["X_TRAIN", "Y_TRAIN", "X_TEST", "Y_TEST"],
        ["train_images", "train_labels", "test_images", "test_labels"],
        ["images_train", "labels_train", "images_test", "labels_test"],
        ["trainX", "trainY", "testX", "testY"],
        ["train_data", "train_target", "test_data", "test_target"],
        ["train", "train_label", "test", "test_label"],
        ["x_train", "y_train", "x_valid", "y_valid"],
        ["arr_0", "arr_1", "arr_2", "arr_3"],
    ] {
        let set = read(&named(&names, set())).unwrap();
        assert_eq!(set.identity(), plain.identity(), "{names:?}");
    }
    // As train_test_split returns them.
    let set = read(&named(&["arr_0", "arr_2", "arr_1", "arr_3"], set())).unwrap();
    assert_eq!(set.identity(), plain.identity());
    let unknown = error(&vec![("x_train", set_of(0)), ("pictures", set_of(0))]);
    assert!(unknown.contains("found pictures, x_train"), "{unknown}");
    assert_eq!(
        error(&vec![("images", set_of(0))]),
        "set.npz: labels are missing; save the file again with an array labels too"
    );
}

fn set_of(array: usize) -> Vec<u8> {
    set().swap_remove(array).1
}

/// MedMNIST's form: six arrays, labels of one column.
#[test]
fn medmnist_opens_as_it_is() {
    let colours: Vec<u8> = levels(24)
        .iter()
        .flat_map(|&level| [level, level / 2, 9])
        .collect();
    let images = |count: usize| bytes(&[count, SIDE, SIDE, 3], &colours[..count * AREA * 3]);
    let labels = |count: usize| {
        let labels: Vec<u8> = (0..count).map(|image| (image % 3) as u8).collect();
        bytes(&[count, 1], &labels)
    };
    let arrays = vec![
        ("train_images", images(24)),
        ("val_images", images(6)),
        ("test_images", images(12)),
        ("train_labels", labels(24)),
        ("val_labels", labels(6)),
        ("test_labels", labels(12)),
    ];
    let set = read(&arrays).unwrap();
    assert_eq!((set.train().len(), set.test().len()), (24, 12));
    assert_eq!(set.shape(), Shape::new(SIDE, SIDE, 3));
    assert_eq!(set.validation().unwrap().len(), 6);
    assert_eq!(note(&set), "pixels 0 to 255");
}

#[test]
fn one_pair_is_divided_by_the_test_share() {
    for names in [
        ["x_train", "y_train"],
        ["X", "y"],
        ["images", "labels"],
        ["data", "target"],
        ["arr_0", "arr_1"],
        ["X_test", "y_test"],
    ] {
        let arrays = named(&names, set());
        let set = read(&arrays).unwrap();
        assert_eq!(set.train().class_counts(3), [6, 6, 6], "{names:?}");
        assert_eq!(set.test().class_counts(3), [2, 2, 2]);
        assert_eq!(
            note(&set),
            "pixels 0 to 255; 6 of 24 images are test images: 20 % of each class, seed 1"
        );
        let options = |test_share, seed| ImageOptions {
            test_share,
            seed,
            ..ImageOptions::default()
        };
        let same = open_arrays(&arrays, options(0.2, 1)).unwrap();
        assert_eq!(same.identity(), set.identity());
        assert_ne!(
            open_arrays(&arrays, options(0.2, 2)).unwrap().identity(),
            set.identity()
        );
        assert_eq!(
            open_arrays(&arrays, options(0.5, 1)).unwrap().test().len(),
            12
        );
        let refused = open_arrays(&arrays, options(0.0, 1)).unwrap_err();
        assert_eq!(
            refused,
            "set: test images: expected at least one image, found none: a test share of 0 takes none of 24 images; set another share with --test-share, or test_share on the screen, or add images"
        );
    }
    // Each image is in one of the parts, with its label.
    let own = |image: usize| vec![100 + image as u8; 64];
    let pixels: Vec<u8> = (0..20).flat_map(own).collect();
    let set = read(&vec![
        ("x", bytes(&[20, 8, 8], &pixels)),
        ("y", numbers((0..20).map(|image| image / 5))),
    ])
    .unwrap();
    let mut found: Vec<(u8, u16)> = [set.train(), set.test()]
        .into_iter()
        .flat_map(|split| (0..split.len()).map(|at| (split.image_u8(at)[0], split.labels()[at])))
        .collect();
    assert!(found[..16].is_sorted());
    found.sort_unstable();
    assert_eq!(
        found,
        (0..20)
            .map(|image| (100 + image, u16::from(image) / 5))
            .collect::<Vec<_>>()
    );
    // Test images without labels are told.
    let arrays = named(&["x_train", "y_train", "x_test"], self::set());
    assert!(note(&read(&arrays).unwrap()).ends_with("; not used: x_test"));
}

fn with_labels(train: Vec<u8>, test: Vec<u8>) -> Arrays {
    with(with(set(), "y_train", train), "y_test", test)
}

#[test]
fn labels_of_every_kind_are_the_same_classes() {
    let plain = read(&set()).unwrap();
    let one_hot = |count: usize, code: &str| {
        let rows: Vec<u8> = (0..count * 3)
            .map(|at| u8::from(at / 3 % 3 == at % 3))
            .collect();
        npy(code, false, &[count, 3], &rows)
    };
    let column = |count: usize| {
        let labels: Vec<u8> = (0..count).map(|image| (image % 3) as u8).collect();
        bytes(&[count, 1], &labels)
    };
    let whole = |count: usize| {
        let labels: Vec<f64> = (0..count).map(|image| (image % 3) as f64).collect();
        npy("'<f8'", false, &[count], &doubles(&labels))
    };
    for (train, test) in [
        (one_hot(24, "'|u1'"), one_hot(12, "'|u1'")),
        (one_hot(24, "'|b1'"), one_hot(12, "'|b1'")),
        (column(24), column(12)),
        (whole(24), whole(12)),
    ] {
        let set = read(&with_labels(train, test)).unwrap();
        assert_eq!(set.identity(), plain.identity());
        assert_eq!(set.class_names(), ["0", "1", "2"]);
    }
}

/// Texts of dtype U or S.
fn texts(code: char, words: &[&str]) -> Vec<u8> {
    let longest = words.iter().map(|word| word.chars().count()).max().unwrap();
    let letters = words
        .iter()
        .flat_map(|word| word.chars().chain(std::iter::repeat('\0')).take(longest));
    let bytes: Vec<u8> = match code {
        'U' => letters
            .flat_map(|letter| u32::from(letter).to_le_bytes())
            .collect(),
        _ => letters.map(|letter| letter as u8).collect(),
    };
    npy(
        &format!("'|{code}{longest}'"),
        false,
        &[words.len()],
        &bytes,
    )
}

#[test]
fn texts_are_class_names() {
    let labels = |code, words: [&str; 3]| {
        let of = |count: usize| -> Vec<&str> { (0..count).map(|image| words[image % 3]).collect() };
        with_labels(texts(code, &of(24)), texts(code, &of(12)))
    };
    for code in ['U', 'S'] {
        let set = read(&labels(code, ["owl", "cat", "dog"])).unwrap();
        assert_eq!(set.class_names(), ["cat", "dog", "owl"]);
        assert_eq!(set.train().labels()[..4], [2, 0, 1, 2]);
        let set = read(&labels(code, ["10", "9", "-1"])).unwrap();
        assert_eq!(set.class_names(), ["-1", "9", "10"]);
        assert_eq!(set.train().labels()[..3], [2, 1, 0]);
    }
    let set = read(&labels('U', ["Eule", "Bär", "犬"])).unwrap();
    assert_eq!(set.class_names(), ["Bär", "Eule", "犬"]);
    // A text that only the test part has is a class too.
    let words = ["cat", "dog"].repeat(12);
    let more = with_labels(
        texts('U', &words),
        texts('U', &["cat", "dog", "cow"].repeat(4)),
    );
    assert_eq!(read(&more).unwrap().class_names(), ["cat", "cow", "dog"]);
    // The file of names gives the order.
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("set.npz");
    fs::write(&path, zip(&labels('U', ["owl", "cat", "dog"]), false)).unwrap();
    fs::write(folder.path().join("classes.txt"), "owl\ndog\ncat\n").unwrap();
    let set = open(&path, ImageOptions::default()).unwrap();
    assert_eq!(set.class_names(), ["owl", "dog", "cat"]);
    assert_eq!(set.train().labels()[..3], [0, 2, 1]);

    let many: Vec<String> = (0..1001).map(|word| format!("w{word}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let refused = error(&with_labels(texts('S', &many), classes(12)));
    assert!(
        refused.contains("array y_train: expected 2 to 1000 classes, found 1001"),
        "{refused}"
    );
}

#[test]
fn numbers_begin_anywhere_and_gaps_are_told() {
    let of = |count: usize, values: &[i64]| {
        numbers((0..count).map(|image| values[image % values.len()]))
    };
    let opened = |values: &[i64]| {
        let set = read(&with_labels(of(24, values), of(12, values))).unwrap();
        let note = note(&set);
        let note = note.strip_prefix("pixels 0 to 255").unwrap().to_owned();
        (
            set.class_names().join(" "),
            set.train().labels()[..values.len()].to_vec(),
            note,
        )
    };
    let told = |names: &str, labels: &[u16], note: &str| {
        (names.to_owned(), labels.to_vec(), note.to_owned())
    };
    assert_eq!(opened(&[1, 2, 3]), told("1 2 3", &[0, 1, 2], ""));
    assert_eq!(opened(&[-1, 0, -2]), told("-2 -1 0", &[1, 2, 0], ""));
    assert_eq!(opened(&[-1, 1]), told("-1 1", &[0, 1], ""));
    assert_eq!(opened(&[1000, 0]), told("0 1000", &[1, 0], ""));
    assert_eq!(
        opened(&[0, 1, 3]),
        told("0 1 2 3", &[0, 1, 3], "; class 2 has no images")
    );
    assert_eq!(
        opened(&[5, 6, 7, 9, 10, 11]),
        told(
            "5 6 7 8 9 10 11",
            &[0, 1, 2, 4, 5, 6],
            "; class 8 has no images"
        )
    );
    assert_eq!(
        opened(&[0, 6]),
        told(
            "0 1 2 3 4 5 6",
            &[0, 6],
            "; 5 classes have no images: 1, 2, 3 and more"
        )
    );
    let refused = error(&with_labels(
        numbers((0..24).map(|label| label * 50)),
        numbers((0..12).map(|_| 1 << 60)),
    ));
    assert!(
        refused.contains("array y_test: expected whole-number labels, found "),
        "{refused}"
    );
    let refused = error(&with_labels(numbers([7; 24]), numbers([7; 12])));
    assert!(
        refused.contains("expected 2 to 1000 classes, found 1"),
        "{refused}"
    );

    // Letters from 1 on, with names.
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("set.npz");
    let open = |values: &[i64]| {
        fs::write(
            &path,
            zip(&with_labels(of(24, values), of(12, values)), false),
        )
        .unwrap();
        open(&path, ImageOptions::default())
    };
    fs::write(folder.path().join("classes.txt"), "a\nb\nc\n").unwrap();
    assert_eq!(open(&[1, 2, 3]).unwrap().train().labels()[..3], [0, 1, 2]);
    assert_eq!(open(&[1, 3]).unwrap().train().labels()[..2], [0, 2]);
    assert_eq!(open(&[1, 2]).unwrap().train().labels()[..2], [1, 2]);
    let refused = open(&[0, 1, 7]).unwrap_err();
    assert!(
        refused.contains("array y_train: label 7 at index 2 is not among the 3 classes (0 to 2)"),
        "{refused}"
    );
}

#[test]
fn several_classes_of_one_image_are_named_as_such() {
    let mut rows: Vec<u8> = (0..72).map(|at| u8::from(at / 3 % 3 == at % 3)).collect();
    rows[3] = 1;
    assert_eq!(
        error(&with_labels(bytes(&[24, 3], &rows), classes(12))),
        "set.npz, array y_train: row 1 has 2 ones: the labels give an image several classes (multi-label), and a set needs one class for each image; keep one"
    );
}

#[test]
fn channels_first_are_turned_and_told() {
    let pixels: Vec<u8> = (0..2 * 3 * 4 * 5).map(|at| at as u8).collect();
    let arrays = |shape: &[usize]| {
        let images = with(set(), "x_train", bytes(shape, &pixels));
        let images = with(images, "x_test", bytes(shape, &pixels));
        with(
            with(images, "y_train", numbers([0, 1])),
            "y_test",
            numbers([0, 1]),
        )
    };
    let set = read(&arrays(&[2, 3, 4, 5])).unwrap();
    assert_eq!(set.shape(), Shape::new(4, 5, 3));
    assert_eq!(set.train().image_u8(0)[..6], [0, 20, 40, 1, 21, 41]);
    assert_eq!(set.train().image_u8(1)[57..], [79, 99, 119]);
    assert!(
        note(&set).contains("; channels first (n, channels, height, width), turned"),
        "{}",
        note(&set)
    );
    let grey = read(&arrays(&[6, 1, 4, 5])).map(|set| set.shape());
    assert!(grey.unwrap_err().contains("array x_train has 6 images"));
    // Both ways are possible: channels are last.
    let same: Vec<u8> = (0..36).collect();
    let both = with(self::set(), "x_train", bytes(&[2, 3, 2, 3], &same));
    let both = with(
        with(both, "x_test", bytes(&[2, 3, 2, 3], &same)),
        "y_train",
        numbers([0, 1]),
    );
    let set = read(&with(both, "y_test", numbers([0, 1]))).unwrap();
    assert_eq!(
        (set.shape(), set.train().image_u8(0)[..3].to_vec()),
        (Shape::new(3, 2, 3), vec![0, 1, 2])
    );
    assert!(!note(&set).contains("channels"));

    let fortran: Vec<u8> = (0..pixels.len())
        .map(|at| {
            let (image, channel, row, column) = (at % 2, at / 2 % 3, at / 6 % 4, at / 24);
            pixels[((image * 3 + channel) * 4 + row) * 5 + column]
        })
        .collect();
    let plain = read(&arrays(&[2, 3, 4, 5])).unwrap();
    let set = read(&with(
        arrays(&[2, 3, 4, 5]),
        "x_train",
        npy("'|u1'", true, &[2, 3, 4, 5], &fortran),
    ))
    .unwrap();
    assert_eq!(set.train().pixels(), plain.train().pixels());
}

#[test]
fn rows_of_square_images_are_images() {
    let flat = with(set(), "x_train", bytes(&[24, AREA], &levels(24)));
    let set = read(&with(flat, "x_test", bytes(&[12, AREA], &levels(12)))).unwrap();
    assert_eq!(set.identity(), read(&self::set()).unwrap().identity());
    assert_eq!(
        note(&set),
        "pixels 0 to 255; rows of 144 values, taken as 12×12"
    );
    let three = with(self::set(), "x_train", bytes(&[3, 192], &[7; 576]));
    assert!(error(&three).contains("found an array of shape (3, 192)"));
}

fn folder_of(arrays: &[(&str, Vec<u8>)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in arrays {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// `names` with the arrays of the set, each alone in its file.
fn files(names: [&'static str; 4]) -> Vec<(&'static str, Vec<u8>)> {
    let arrays = set().into_iter().zip(names);
    let file = |((_, bytes), name): ((_, Vec<u8>), &'static str)| match name.ends_with(".npz") {
        true => (name, zip(&vec![("arr_0", bytes)], true)),
        false => (name, bytes),
    };
    arrays.map(file).collect()
}

#[test]
fn a_folder_of_single_arrays_is_a_set_and_so_is_each_of_its_files() {
    let plain = read(&set()).unwrap();
    let kmnist = [
        "kmnist-train-imgs.npz",
        "kmnist-train-labels.npz",
        "kmnist-test-imgs.npz",
        "kmnist-test-labels.npz",
    ];
    for names in [
        ["x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"],
        ["X_train.npy", "Y_train.npy", "X_test.npy", "Y_test.npy"],
        [
            "train_images.npy",
            "train_labels.npy",
            "test_images.npy",
            "test_labels.npy",
        ],
        kmnist,
    ] {
        let folder = folder_of(&files(names));
        fs::write(folder.path().join("notes.txt"), "where they come from").unwrap();
        let places: Vec<PathBuf> = names.iter().map(|name| folder.path().join(name)).collect();
        for path in places.iter().chain([&folder.path().to_owned()]) {
            let set = open(path, ImageOptions::default()).unwrap();
            assert_eq!(set.identity(), plain.identity(), "{}", path.display());
            assert_eq!(set.class_names(), ["0", "1", "2"]);
            assert_eq!(note(&set), "pixels 0 to 255");
        }
    }
    let pair = folder_of(&files(["x.npy", "y.npy", "a.txt", "b.txt"]));
    let told = |path: &Path| browse::look(path).kind.text();
    assert_eq!(told(pair.path()), "npy files");
    assert_eq!(
        told(&pair.path().join("x.npy")),
        "numpy array: opens its set"
    );
    assert_eq!(told(&pair.path().join("a.txt")), "not a data set");
    assert_eq!(
        open(pair.path(), ImageOptions::default())
            .unwrap()
            .test()
            .len(),
        6
    );
    let names = folder_of(&files([
        "x_train.npy",
        "y_train.npy",
        "x_test.npy",
        "y_test.npy",
    ]));
    fs::write(names.path().join("classes.txt"), "cat\ndog\nowl\n").unwrap();
    assert_eq!(
        open(names.path(), ImageOptions::default())
            .unwrap()
            .class_names(),
        ["cat", "dog", "owl"]
    );

    // Two sets in one folder: each by one of its files.
    let both = folder_of(&files(kmnist));
    for (name, bytes) in files([
        "k49-train-imgs.npz",
        "k49-train-labels.npz",
        "k49-test-imgs.npz",
        "k49-test-labels.npz",
    ]) {
        fs::write(both.path().join(name), bytes).unwrap();
    }
    assert!(
        open(both.path(), ImageOptions::default())
            .unwrap_err()
            .contains("set: found several sets: k49, kmnist; choose one of their files")
    );
    assert!(
        open(
            &both.path().join("k49-test-labels.npz"),
            ImageOptions::default()
        )
        .is_ok()
    );

    let alone = folder_of(&files(["x_train.npy", "a.npy", "b.npy", "c.npy"]));
    assert!(open(alone.path(), ImageOptions::default()).is_err());
    assert!(open(&alone.path().join("x_train.npy"), ImageOptions::default()).is_err());
}

#[test]
fn a_file_of_one_array_that_is_wrong_is_told() {
    let whole = files(["x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"]);
    for (change, sentence) in [
        (
            &(|bytes: &[u8]| bytes[..bytes.len() - 1].to_vec()) as &dyn Fn(&[u8]) -> Vec<u8>,
            "only 3455 of them",
        ),
        (&|bytes| bytes[..40].to_vec(), "ends inside its header"),
        (&|bytes| [bytes, &[0]].concat(), "but more bytes follow"),
        (
            &|_| b"<!DOCTYPE html>".to_vec(),
            "does not begin with \\x93NUMPY",
        ),
        (&|_| Vec::new(), "ends inside its header"),
        (
            &|_| npy("'<f8'", false, &[1 << 40, 512, 512], &[0; 8]),
            "declares an array of shape (1099511627776, 512, 512)",
        ),
    ] {
        let folder = folder_of(&whole);
        let path = folder.path().join("x_train.npy");
        fs::write(&path, change(&whole[0].1)).unwrap();
        let refused = open(folder.path(), ImageOptions::default()).unwrap_err();
        assert!(
            refused.starts_with("set/x_train.npy: ") && refused.contains(sentence),
            "{refused}"
        );
    }
    let several = folder_of(&files([
        "kmnist-train-imgs.npz",
        "kmnist-train-labels.npz",
        "a",
        "b",
    ]));
    fs::write(
        several.path().join("kmnist-train-imgs.npz"),
        zip(&set(), false),
    )
    .unwrap();
    let refused = open(several.path(), ImageOptions::default()).unwrap_err();
    assert!(
        refused.contains("expected a file of one array, found 4"),
        "{refused}"
    );
}

#[test]
fn other_packers_are_named() {
    for (method, name) in [
        (12, "bzip2"),
        (14, "LZMA"),
        (93, "Zstandard"),
        (77, "a method that is rarely used"),
    ] {
        let mut bytes = zip(&set(), false);
        // The method is in each entry's own header and in the list at the end.
        for (signature, place) in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)] {
            let starts: Vec<usize> = (0..bytes.len() - 4)
                .filter(|&at| &bytes[at..at + 4] == signature)
                .collect();
            assert_eq!(starts.len(), 4);
            for start in starts {
                bytes[start + place] = method;
            }
        }
        assert_eq!(
            load_bytes(&bytes).unwrap_err(),
            format!(
                "set.npz, array x_train: packed by {name}, which is not read; save the file again with numpy.savez or numpy.savez_compressed"
            )
        );
    }
}

/// Made by `tests/reference/make-digits` with numpy from scikit-learn's digits.
#[test]
fn digits_of_scikit_learn_open_in_each_form() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/digits");
    let range = "pixels 0 to 16, scaled to 0 to 1";
    let images = open(&folder.join("images.npz"), ImageOptions::default()).unwrap();
    assert_eq!(images.shape(), Shape::new(8, 8, 1));
    assert!(note(&images).starts_with(range), "{}", note(&images));
    assert_eq!(
        images.class_names(),
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
    );
    let counts = |set: &Dataset| {
        let (train, test) = (set.train().class_counts(10), set.test().class_counts(10));
        train
            .iter()
            .zip(test)
            .map(|(train, test)| train + test)
            .collect::<Vec<_>>()
    };
    assert_eq!(counts(&images), [21, 19, 20, 21, 19, 20, 21, 20, 19, 20]);
    let rows = open(&folder.join("rows.npz"), ImageOptions::default()).unwrap();
    assert_eq!(rows.identity(), images.identity());
    let parted = open(&folder.join("npy"), ImageOptions::default()).unwrap();
    assert_eq!((parted.train().len(), parted.test().len()), (150, 50));
    assert_eq!(note(&parted), range);
    // The first row of the first digit, a 0.
    assert_eq!(
        image(&parted, 0)[..8],
        [0.0, 0.0, 0.3125, 0.8125, 0.5625, 0.0625, 0.0, 0.0]
    );
    assert_eq!(
        parted.train().labels()[..10],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    );
}

/// As MATLAB writes them.
#[test]
fn images_with_their_number_last_are_named_with_the_way_to_turn_them() {
    for (shape, images, size) in [
        (&[5, 4, 30][..], "30 images", "5×4"),
        (&[5, 4, 600], "600 images", "5×4"),
        (&[5, 4, 3, 30], "30 images", "5×4×3"),
        (&[5, 4, 1, 2], "2 images", "5×4×1"),
    ] {
        let count = shape[shape.len() - 1];
        let pixels = bytes(shape, &vec![7; shape.iter().product()]);
        let error = error(&vec![("x", pixels), ("y", classes(count))]);
        let shape: Vec<String> = shape.iter().map(ToString::to_string).collect();
        let expected = format!(
            "array x: an array of shape ({}) looks like {images} of {size} with their number last, as MATLAB writes them; turn it with numpy and save it again: `x = numpy.moveaxis(x, -1, 0)`",
            shape.join(", ")
        );
        assert!(error.ends_with(&expected), "{error}");
    }
    // Only a wrong number of labels.
    let few = vec![("x", bytes(&[24, 4, 5], &[7; 480])), ("y", classes(20))];
    let error = error(&few);
    assert!(error.contains("has 24 images, but"), "{error}");
    // Small images with their channels first.
    let first = vec![
        ("x", bytes(&[24, 3, 3, 5], &[200; 1080])),
        ("y", classes(24)),
    ];
    assert_eq!(read(&first).unwrap().shape().channels, 3);
}

/// Arrays with a few wrong bytes in archives whose checksums are right: refused or read, without a panic. `fuzz/` looks further.
#[test]
fn damaged_arrays_are_refused_or_read() {
    let half = |value: u8| f32::from(value) / 255.0;
    let one_hot: Vec<u8> = (0..36).map(|at| u8::from(at / 3 % 3 == at % 3)).collect();
    let sets = [
        set(),
        as_floats(half, half),
        with_labels(texts('U', &["a", "bc"].repeat(12)), texts('S', &["a"; 12])),
        with(set(), "y_test", bytes(&[12, 3], &one_hot)),
        named(&["arr_0", "arr_1", "arr_2", "arr_3"], set()),
    ];
    let opened = opened(600, "set.npz", |round, random| {
        let mut arrays = sets[round % sets.len()].clone();
        for _ in 0..=random.below(3) {
            let array = random.below(arrays.len());
            let array = &mut arrays[array].1;
            // Mostly in the header, where a byte says most.
            let is_anywhere = random.below(3) == 0;
            let place = random.below(if is_anywhere {
                array.len()
            } else {
                array.len().min(128)
            });
            array[place] = match random.below(3) {
                0 => b'0' + random.below(10) as u8,
                1 => array[place] ^ 1 << random.below(8),
                _ => random.below(256) as u8,
            };
        }
        load_bytes(&zip(&arrays, random.below(2) == 0)).map(drop)
    });
    assert!((50..550).contains(&opened), "{opened}");
}
