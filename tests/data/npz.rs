//! npz files: everything that numpy may write is read, what we write is read back, and one sentence for each thing that can be wrong.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use convscope::data::idx::IDX;
use convscope::data::npz::{self, Form, NPZ, SaveOptions};
use convscope::data::{Dataset, Limits, Located, Parts, Pixels, Progress, Source, Split, idx};
use convscope::shape::Shape;
use proptest::prelude::*;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// An npy array as numpy would write it.
pub fn npy(code: &str, fortran: bool, shape: &[usize], values: &[u8]) -> Vec<u8> {
    let lengths: String = shape.iter().map(|length| format!("{length}, ")).collect();
    let order = if fortran { "True" } else { "False" };
    let text = format!("{{'descr': {code}, 'fortran_order': {order}, 'shape': ({lengths}), }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((text.len() as u16).to_le_bytes());
    bytes.extend(text.bytes());
    bytes.extend(values);
    bytes
}

pub fn floats(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

pub fn doubles(values: &[f64]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

pub type Arrays = Vec<(&'static str, Vec<u8>)>;

pub fn zip(arrays: &Arrays, packed: bool) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let method = if packed {
        CompressionMethod::Deflated
    } else {
        CompressionMethod::Stored
    };
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in arrays {
        zip.start_file(format!("{name}.npy"), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Three training and two test images of 2×2 in three classes, in Keras's form; tests then change one array.
pub fn keras() -> Arrays {
    vec![
        (
            "x_train",
            npy(
                "'|u1'",
                false,
                &[3, 2, 2],
                &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255],
            ),
        ),
        ("y_train", npy("'|u1'", false, &[3], &[2, 0, 1])),
        (
            "x_test",
            npy("'|u1'", false, &[2, 2, 2], &[9, 8, 7, 6, 5, 4, 3, 2]),
        ),
        ("y_test", npy("'|u1'", false, &[2], &[1, 1])),
    ]
}

/// The same images in the seed GUI's form.
fn seed() -> Arrays {
    let scaled = |values: &[u8]| -> Vec<f32> {
        values
            .iter()
            .map(|&value| f32::from(value) / 255.0)
            .collect()
    };
    let train = scaled(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]);
    let test = scaled(&[9, 8, 7, 6, 5, 4, 3, 2]);
    vec![
        ("arr_0", npy("'<f4'", false, &[3, 2, 2, 1], &floats(&train))),
        (
            "arr_1",
            npy(
                "'<f8'",
                false,
                &[3, 3],
                &doubles(&[0., 0., 1., 1., 0., 0., 0., 1., 0.]),
            ),
        ),
        ("arr_2", npy("'<f4'", false, &[2, 2, 2, 1], &floats(&test))),
        (
            "arr_3",
            npy("'<f8'", false, &[2, 3], &doubles(&[0., 1., 0., 0., 1., 0.])),
        ),
    ]
}

pub fn with(mut arrays: Arrays, name: &str, content: Vec<u8>) -> Arrays {
    for (other, bytes) in &mut arrays {
        if *other == name {
            bytes.clone_from(&content);
        }
    }
    arrays
}

pub fn load_bytes(bytes: &[u8]) -> Result<Dataset, String> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("set.npz");
    fs::write(&path, bytes).unwrap();
    load(&path).map_err(|error| error.replace(&path.display().to_string(), "set.npz"))
}

pub fn load(path: &Path) -> Result<Dataset, String> {
    Located::At(&NPZ, path.to_owned())
        .load(&Limits::default())
        .map_err(|error| error.to_string())
}

pub fn read(arrays: &Arrays) -> Result<Dataset, String> {
    load_bytes(&zip(arrays, false))
}

pub fn error(arrays: &Arrays) -> String {
    read(arrays).unwrap_err()
}

#[test]
fn reads_both_forms_stored_and_deflated() {
    for packed in [false, true] {
        let set = load_bytes(&zip(&keras(), packed)).unwrap();
        assert_eq!(set.shape(), Shape::new(2, 2, 1));
        assert_eq!(
            *set.train().pixels(),
            Pixels::U8(vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255])
        );
        assert_eq!(set.train().labels(), [2, 0, 1]);
        assert_eq!(set.test().labels(), [1, 1]);
        assert_eq!(set.class_names(), ["0", "1", "2"]);
        assert_eq!(set.name, "set");

        let same = load_bytes(&zip(&seed(), packed)).unwrap();
        let (mut pixels, mut expected) = ([0.0; 12], [0.0; 12]);
        set.train().gather(&[0, 1, 2], &mut expected);
        same.train().gather(&[0, 1, 2], &mut pixels);
        assert_eq!(pixels, expected);
        assert_eq!(same.train().labels(), set.train().labels());
        assert_eq!(same.train().image_u8(2), [8, 9, 10, 255]);
    }
}

#[test]
fn reads_every_type_of_number_in_either_byte_order() {
    let whole: [i64; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255];
    let plain = read(&keras()).unwrap();
    macro_rules! check {
        ($($code:literal $type:ty),*) => {$(
            for (order, big) in [("<", false), (">", true)] {
                let bytes: Vec<u8> = whole
                    .iter()
                    .flat_map(|&value| match big {
                        true => (value as $type).to_be_bytes(),
                        false => (value as $type).to_le_bytes(),
                    })
                    .collect();
                let array = npy(&format!("'{order}{}'", $code), false, &[3, 2, 2], &bytes);
                let set = read(&with(keras(), "x_train", array)).unwrap();
                for image in 0..3 {
                    assert_eq!(set.train().image_u8(image), plain.train().image_u8(image), "{order}{}", $code);
                }
            }
        )*};
    }
    check!("u1" u8, "u2" u16, "u4" u32, "u8" u64, "i2" i16, "i4" i32, "i8" i64, "f4" f32, "f8" f64);
    let truth = npy("'|b1'", false, &[2, 2, 2], &[0, 1, 1, 0, 0, 0, 0, 1]);
    let set = read(&with(keras(), "x_test", truth)).unwrap();
    assert_eq!(set.test().image_u8(0), [0, 255, 255, 0]);
}

#[test]
fn reads_fortran_order() {
    // Image i, row r, column c is 100 i + 10 r + c; the first index runs fastest.
    let value = |i, r, c| (100 * i + 10 * r + c) as u8;
    let mut fortran = Vec::new();
    let mut plain = Vec::new();
    for c in 0..4 {
        for r in 0..3 {
            fortran.extend((0..2).map(|i| value(i, r, c)));
        }
    }
    for i in 0..2 {
        for r in 0..3 {
            plain.extend((0..4).map(|c| value(i, r, c)));
        }
    }
    let mut arrays = keras();
    arrays = with(arrays, "x_train", npy("'|u1'", true, &[2, 3, 4], &fortran));
    arrays = with(arrays, "x_test", npy("'|u1'", false, &[2, 3, 4], &plain));
    arrays = with(
        arrays,
        "y_train",
        npy(
            "'<i8'",
            true,
            &[2, 1],
            &[2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
        ),
    );
    let set = read(&arrays).unwrap();
    assert_eq!(set.train().pixels(), set.test().pixels());
    // There is no label 0.
    assert_eq!(set.class_names(), ["1", "2"]);
    assert_eq!(set.train().labels(), [1, 0]);

    let one_hot = npy(
        "'<f8'",
        true,
        &[3, 3],
        &doubles(&[0., 1., 0., 0., 0., 1., 1., 0., 0.]),
    );
    let set = read(&with(seed(), "arr_1", one_hot)).unwrap();
    assert_eq!(set.train().labels(), [2, 0, 1]);
}

#[test]
fn floats_up_to_255_are_scaled_in_both_splits() {
    let train = floats(&[0., 1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 255.]);
    let test = floats(&[1., 0., 1., 0., 0., 0., 1., 1.]);
    let mut arrays = with(keras(), "x_train", npy("'<f4'", false, &[3, 2, 2], &train));
    arrays = with(arrays, "x_test", npy("'<f4'", false, &[2, 2, 2], &test));
    let set = read(&arrays).unwrap();
    assert_eq!(set.train().image_u8(2), [8, 9, 10, 255]);
    assert_eq!(set.test().image_u8(0), [1, 0, 1, 0]);
    // A rounding past 1 is no second scale.
    let rounded = floats(&[0., 1.000_000_1, 0.5, 0., 0., 0., 1., 1.]);
    let set = read(&with(
        seed(),
        "arr_2",
        npy("'<f4'", false, &[2, 2, 2], &rounded),
    ))
    .unwrap();
    let mut image = [0.0; 4];
    set.test().image(0, &mut image);
    assert_eq!(image, [0.0, 1.0, 0.5, 0.0]);
}

#[test]
fn colour_images_and_single_channels_have_their_shape() {
    let pixels: Vec<u8> = (0..24).collect();
    let mut arrays = with(
        keras(),
        "x_train",
        npy("'|u1'", false, &[2, 2, 2, 3], &pixels),
    );
    arrays = with(
        arrays,
        "x_test",
        npy("'|u1'", false, &[2, 2, 2, 3], &pixels),
    );
    arrays = with(arrays, "y_train", npy("'|u1'", false, &[2], &[2, 0]));
    assert_eq!(read(&arrays).unwrap().shape(), Shape::new(2, 2, 3));

    let flat = with(keras(), "x_train", npy("'|u1'", false, &[3, 4], &[0; 12]));
    assert_eq!(
        error(&flat),
        "set.npz, array x_train: expected images (n, height, width) or (n, height, width, channels), found an array of shape (3, 4); reshape it with numpy"
    );
    let five = with(
        keras(),
        "x_train",
        npy("'|u1'", false, &[3, 2, 2, 5], &[0; 60]),
    );
    assert!(error(&five).contains("array x_train: images are 2×2×5; expected 1 to 512 pixels high and wide, with 1 or 3 channels"));
}

#[test]
fn class_names_come_from_the_file_beside_it_or_from_its_name() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("fashion-mnist.npz");
    fs::write(&path, zip(&keras(), false)).unwrap();
    assert_eq!(load(&path).unwrap().class_names()[9], "Ankle boot");
    fs::write(folder.path().join("classes.txt"), "cat\ndog\nbird\n").unwrap();
    assert_eq!(load(&path).unwrap().class_names(), ["cat", "dog", "bird"]);
}

#[test]
fn a_written_file_has_four_arrays_and_its_names_beside_it_and_no_others() {
    let folder = TempDir::new().unwrap();
    let set = |names: [&str; 3]| {
        let set = read(&keras()).unwrap();
        Dataset::new(Parts {
            name: "named".into(),
            source: Source::Digits,
            class_names: names.map(str::to_owned).to_vec(),
            train: set.train().clone(),
            test: set.test().clone(),
            validation: None,
        })
        .unwrap()
    };
    let animals = set(["cat", "hot\ndog ", ""]);
    let fruits = set(["apple", "pear", "plum"]);
    for (form, arrays) in [
        (Form::Seed, ["arr_0", "arr_1", "arr_2", "arr_3"]),
        (Form::Keras, ["x_train", "y_train", "x_test", "y_test"]),
    ] {
        let options = SaveOptions {
            form,
            packed: false,
        };
        for (set, name) in [(&animals, "animals.npz"), (&fruits, "fruits.v2.npz")] {
            let path = folder.path().join(name);
            npz::save(set, &path, options, &Progress::silent()).unwrap();
            let mut archive = ::zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
            let found: Vec<_> = (0..archive.len())
                .map(|index| {
                    archive
                        .by_index(index)
                        .unwrap()
                        .name()
                        .unwrap()
                        .into_owned()
                })
                .collect();
            assert_eq!(found, arrays.map(|name| format!("{name}.npy")));
        }
        let names = |name: &str| {
            load(&folder.path().join(name))
                .unwrap()
                .class_names()
                .to_vec()
        };
        assert_eq!(names("animals.npz"), ["cat", "hot dog", "2"]);
        assert_eq!(names("fruits.v2.npz"), ["apple", "pear", "plum"]);
        // The folder's own file names what has none of its own.
        fs::write(folder.path().join("classes.txt"), "a\nb\nc\n").unwrap();
        assert_eq!(names("animals.npz")[0], "cat");
        fs::remove_file(folder.path().join("animals.classes.txt")).unwrap();
        assert_eq!(names("animals.npz")[0], "a");
    }
}

#[test]
fn a_fifth_array_of_names_as_earlier_versions_wrote_it_is_read() {
    let text: Vec<u8> = ["ab", "c", "é"]
        .iter()
        .flat_map(|name| {
            let letters = name.chars().chain(std::iter::repeat('\0')).take(2);
            letters
                .flat_map(|letter| u32::from(letter).to_le_bytes())
                .collect::<Vec<u8>>()
        })
        .collect();
    let mut arrays = keras();
    arrays.push(("class_names", npy("'<U2'", false, &[3], &text)));
    assert_eq!(read(&arrays).unwrap().class_names(), ["ab", "c", "é"]);
}

#[test]
fn what_is_no_npz_is_told() {
    let whole = zip(&keras(), false);
    for cut in [0, 10, whole.len() / 2, whole.len() - 1] {
        let error = load_bytes(&whole[..cut]).unwrap_err();
        assert!(
            error.starts_with("set.npz: expected an npz file (a zip archive of arrays), but "),
            "{cut}: {error}"
        );
    }
    let arrays = vec![
        ("pictures", keras()[0].1.clone()),
        ("x_train", keras()[0].1.clone()),
    ];
    assert_eq!(
        error(&arrays),
        "set.npz: expected the arrays arr_0 to arr_3, or x_train, y_train, x_test and y_test, found pictures, x_train; rename the arrays, or choose another file"
    );
    assert!(error(&vec![]).contains("found none"));
    let magic = error(&with(
        keras(),
        "y_test",
        b"\x93NUMPX\x01\x00xxxxxxxxxxxxxx".to_vec(),
    ));
    assert_eq!(
        magic,
        "set.npz, array y_test: expected an array in the npy format, but it does not begin with \\x93NUMPY; save it again with numpy.savez"
    );
}

#[test]
fn arrays_that_are_no_numbers_are_told() {
    let objects = error(&with(
        keras(),
        "y_train",
        npy("'|O'", false, &[3], b"\x80\x04pickled"),
    ));
    assert!(objects.contains("array y_train: expected numbers, found Python objects (dtype object), which are never unpickled"), "{objects}");
    let complex = error(&with(
        keras(),
        "x_test",
        npy("'<c16'", false, &[2, 2, 2], &[0; 128]),
    ));
    assert!(
        complex
            .contains("array x_test: expected whole numbers, float32 or float64, found dtype <c16"),
        "{complex}"
    );
    let record = error(&with(
        keras(),
        "x_test",
        npy("[('a', '<f4')]", false, &[2, 2, 2], &[0; 32]),
    ));
    assert!(
        record.contains("found a record of several fields"),
        "{record}"
    );
    let text = error(&with(
        keras(),
        "y_test",
        npy("'<U1'", false, &[2], &[65, 0, 0, 0, 66, 0, 0, 0]),
    ));
    assert!(
        text.contains("array y_test: expected whole-number labels as in the training labels, found labels as text; use the same form for both splits"),
        "{text}"
    );
}

#[test]
fn pixels_that_cannot_be_are_told_with_their_image() {
    for (bad, text) in [
        (f32::NAN, "NaN"),
        (f32::INFINITY, "inf"),
        (f32::NEG_INFINITY, "-inf"),
    ] {
        let mut values = [0.5_f32; 12];
        values[9] = bad;
        for fortran in [false, true] {
            let error = error(&with(
                seed(),
                "arr_0",
                npy("'<f4'", fortran, &[3, 2, 2, 1], &floats(&values)),
            ));
            let image = if fortran { 9 % 3 } else { 9 / 4 };
            assert!(
                error.contains(&format!("array arr_0: expected pixels from 0 to 1 or from 0 to 255, found {text} in image {image};")),
                "{error}"
            );
        }
    }
    for bad in [-0.5_f32, 255.5 * 2.0] {
        let mut values = [0.5_f32; 8];
        values[7] = bad;
        let error = error(&with(
            seed(),
            "arr_2",
            npy("'<f4'", false, &[2, 2, 2, 1], &floats(&values)),
        ));
        assert!(
            error.contains(&format!("found {bad} in image 1")),
            "{error}"
        );
    }
    let wide: Vec<u8> = [0_i16, 1, 2, 256, 0, 0, 0, 0]
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    let error = error(&with(
        keras(),
        "x_test",
        npy("'<i2'", false, &[2, 2, 2], &wide),
    ));
    assert!(error.contains("found 256 in image 0"), "{error}");
}

#[test]
fn labels_that_cannot_be_are_told() {
    for (bad, index) in [
        (&[0.0, 0.5, 1.0], 1),
        (&[0.0, 1.0, 1e300], 2),
        (&[0.0, f64::NAN, 0.0], 1),
    ] {
        let error = error(&with(
            keras(),
            "y_train",
            npy("'<f8'", false, &[3], &doubles(bad)),
        ));
        assert!(
            error.contains("array y_train: expected whole-number labels, found "),
            "{error}"
        );
        assert!(error.contains(&format!("at index {index};")), "{error}");
    }
    for bad in [
        [0., 0., 0.],
        [0.9, 0.1, 0.],
        [0., 2., 0.],
        [1., f64::NAN, 0.],
    ] {
        let rows = [[0., 1., 0.], bad, [1., 0., 0.]].concat();
        let error = error(&with(
            seed(),
            "arr_1",
            npy("'<f8'", false, &[3, 3], &doubles(&rows)),
        ));
        assert_eq!(
            error,
            "set.npz, array arr_1: expected one-hot rows (a single 1, else 0), but row 1 is not one-hot; use one-hot or whole-number labels"
        );
    }
    let columns = npy(
        "'<f8'",
        false,
        &[2, 4],
        &doubles(&[0., 1., 0., 0., 0., 1., 0., 0.]),
    );
    let error = error(&with(seed(), "arr_3", columns));
    assert!(error.contains("array arr_3: expected one-hot rows of 3 classes as in the training labels, found one-hot rows of 4 classes; use the same form for both splits"), "{error}");
}

#[test]
fn one_hot_rows_of_no_or_too_many_classes_are_told() {
    for columns in [0, 1001] {
        for (array, images) in [("arr_1", 3), ("arr_3", 2)] {
            let rows = npy(
                "'|u1'",
                false,
                &[images, columns],
                &vec![0; images * columns],
            );
            assert_eq!(
                error(&with(seed(), array, rows)),
                format!(
                    "set.npz, array {array}: expected 2 to 1000 classes, found {columns}; check the labels"
                )
            );
        }
    }
}

#[test]
fn arrays_that_do_not_go_together_are_told() {
    let counts = error(&with(
        keras(),
        "y_test",
        npy("'|u1'", false, &[3], &[1, 1, 1]),
    ));
    assert_eq!(
        counts,
        "set.npz, array x_test has 2 images, but set.npz, array y_test has 3 labels; the numbers must match"
    );
    let shapes = error(&with(
        keras(),
        "x_test",
        npy("'|u1'", false, &[2, 4, 1], &[0; 8]),
    ));
    assert!(
        shapes.contains("training images are 2×2×1, but test images are 4×1×1"),
        "{shapes}"
    );
    let empty = error(&with(
        keras(),
        "x_test",
        npy("'|u1'", false, &[0, 2, 2], &[]),
    ));
    assert!(
        empty.contains("array x_test: expected at least one image, found none"),
        "{empty}"
    );
}

#[test]
fn an_array_that_promises_more_than_is_there_is_told() {
    for (packed, shape) in [
        (false, [3, 2, 3]),
        (true, [3, 2, 3]),
        (false, [1 << 40, 512, 512]),
        (true, [usize::MAX, 512, 512]),
    ] {
        let arrays = with(keras(), "x_train", npy("'|u1'", false, &shape, &[0; 12]));
        let error = load_bytes(&zip(&arrays, packed)).unwrap_err();
        assert!(
            error.contains(&format!(
                "array x_train: the header declares an array of shape ({}, {}, {})",
                shape[0], shape[1], shape[2]
            )),
            "{error}"
        );
    }
    let more = error(&with(
        keras(),
        "x_train",
        npy("'|u1'", false, &[3, 2, 2], &[0; 13]),
    ));
    assert!(more.contains("(12 bytes), but more bytes follow"), "{more}");
}

#[test]
fn a_flipped_bit_is_told() {
    for packed in [false, true] {
        let noise: Vec<u8> = (0..1200_u32)
            .map(|value| (value.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        let mut arrays = with(
            keras(),
            "x_train",
            npy("'|u1'", false, &[300, 2, 2], &noise),
        );
        arrays = with(arrays, "y_train", npy("'|u1'", false, &[300], &[1; 300]));
        let mut bytes = zip(&arrays, packed);
        bytes[500] ^= 4;
        let error = load_bytes(&bytes).unwrap_err();
        assert!(
            error.contains("array x_train: the compressed data is corrupt after "),
            "{error}"
        );
    }
}

/// Over a megabyte and not compressed, so that two threads read it.
#[test]
fn long_arrays_are_read_in_two_parts_with_the_same_result_and_the_same_errors() {
    let images = 301;
    let mut values: Vec<f32> = (0..images * 64 * 16)
        .map(|place| (place % 997) as f32 / 997.0)
        .collect();
    let labels: Vec<u8> = (0..images).map(|image| (image % 3) as u8).collect();
    let arrays = |values: &[f32]| {
        let x_train = npy("'<f4'", false, &[images, 64, 16], &floats(values));
        let y_train = npy("'|u1'", false, &[images], &labels);
        let x_test = npy("'<f4'", false, &[1, 64, 16], &floats(&[0.5; 1024]));
        let y_test = npy("'|u1'", false, &[1], &[1]);
        let all = [x_train, y_train, x_test, y_test];
        ["x_train", "y_train", "x_test", "y_test"]
            .into_iter()
            .zip(all)
            .collect::<Arrays>()
    };
    for packed in [false, true] {
        let set = load_bytes(&zip(&arrays(&values), packed)).unwrap();
        assert_eq!(floats_of(set.train()), values);
    }
    let bytes: Vec<u8> = values.iter().map(|value| (value * 255.0) as u8).collect();
    let bytes = [bytes.clone(), bytes.clone(), bytes.clone(), bytes].concat();
    let x_train = npy("'|u1'", false, &[images, 64, 64], &bytes);
    let x_test = npy("'|u1'", false, &[1, 64, 64], &[7; 4096]);
    let whole = with(arrays(&values), "x_train", x_train);
    let set = read(&with(whole, "x_test", x_test)).unwrap();
    assert_eq!(set.train().pixels(), &Pixels::U8(bytes));

    let mut broken = zip(&arrays(&values), false);
    for place in [2_000, broken.len() / 2, broken.len() * 9 / 10] {
        // The lowest bit of a value's mantissa: still a number in range.
        let place = place / 4 * 4;
        broken[place] ^= 1;
        let error = load_bytes(&broken).unwrap_err();
        assert!(
            error.contains("x_train") && error.contains("checksum"),
            "{error}"
        );
        broken[place] ^= 1;
    }
    assert!(load_bytes(&broken).is_ok());
    values[250 * 1024 + 5] = f32::NAN;
    let error = error(&arrays(&values));
    assert!(
        error.contains("x_train") && error.contains("250"),
        "{error}"
    );
}

#[test]
fn a_zip_bomb_is_refused_and_the_limit_can_be_raised() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("bomb.npz");
    let zeros = npy("'|u1'", false, &[64, 128, 128], &vec![0; 1 << 20]);
    let mut arrays = with(keras(), "x_train", zeros.clone());
    arrays = with(arrays, "y_train", npy("'|u1'", false, &[64], &[1; 64]));
    arrays = with(arrays, "x_test", zeros);
    arrays = with(arrays, "y_test", npy("'|u1'", false, &[64], &[0; 64]));
    fs::write(&path, zip(&arrays, true)).unwrap();
    assert!(fs::metadata(&path).unwrap().len() < 10_000);
    let load =
        |decompressed_bytes| Located::At(&NPZ, path.clone()).load(&Limits { decompressed_bytes });
    let error = load((1 << 20) - 1).unwrap_err().to_string();
    assert!(
        error.contains("decompresses to 1048576 bytes, more than the limit of 1048575; if you trust the file, raise the limit with --most-memory"),
        "{error}"
    );
    assert_eq!(load(1 << 20).unwrap().train().len(), 64);
}

/// A data set of random pixels, small enough to make many.
fn any_set() -> impl Strategy<Value = Dataset> {
    let shape = (1..6_usize, 1..6_usize, prop_oneof![Just(1_usize), Just(3)]);
    (
        shape,
        2..300_usize,
        1..7_usize,
        1..5_usize,
        any::<bool>(),
        any::<u64>(),
    )
        .prop_map(
            |((height, width, channels), classes, train, test, bytes, seed)| {
                let shape = Shape::new(height, width, channels);
                let mut state = seed;
                let mut random = move || {
                    state = state
                        .wrapping_mul(6364136223846793005)
                        .wrapping_add(1442695040888963407);
                    (state >> 33) as u32
                };
                let mut split = |images: usize| {
                    let pixels = images * shape.len();
                    let pixels = match bytes {
                        true => Pixels::U8((0..pixels).map(|_| random() as u8).collect()),
                        false => Pixels::F32(
                            (0..pixels)
                                .map(|_| (random() % 10_001) as f32 / 10_000.0)
                                .collect(),
                        ),
                    };
                    let labels = (0..images)
                        .map(|_| (random() as usize % classes) as u16)
                        .collect();
                    Split::new(shape, pixels, labels)
                };
                let (train, test) = (split(train), split(test));
                Dataset::new(Parts {
                    name: "random".into(),
                    source: Source::at(&NPZ, "nowhere"),
                    class_names: (0..classes)
                        .map(|class| format!("{class} – käse"))
                        .collect(),
                    train,
                    test,
                    validation: None,
                })
                .unwrap()
            },
        )
}

fn floats_of(split: &Split) -> Vec<f32> {
    let all: Vec<u32> = (0..split.len() as u32).collect();
    let mut pixels = vec![0.0; split.len() * split.shape().len()];
    split.gather(&all, &mut pixels);
    pixels
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_npz_writes_it_reads(set in any_set(), seed_form: bool, packed: bool) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("set.npz");
        let form = if seed_form { Form::Seed } else { Form::Keras };
        npz::save(&set, &path, SaveOptions { form, packed }, &Progress::silent()).unwrap();
        let back = load(&path).unwrap();
        prop_assert_eq!(back.class_names(), set.class_names());
        for (back, set) in [(back.train(), set.train()), (back.test(), set.test())] {
            prop_assert_eq!(back.shape(), set.shape());
            prop_assert_eq!(back.labels(), set.labels());
            prop_assert_eq!(floats_of(back), floats_of(set));
        }
        if !seed_form {
            prop_assert_eq!(back.identity(), set.identity());
        }
        // The arrays, and the classes' names.
        prop_assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_idx_writes_it_reads(set in any_set(), packed: bool) {
        let folder = TempDir::new().unwrap();
        let bytes = matches!(set.train().pixels(), Pixels::U8(_));
        let written = idx::save(&set, folder.path(), packed);
        if bytes {
            written.unwrap();
            let back = Located::At(&IDX, folder.path().to_owned()).load(&Limits::default()).unwrap();
            prop_assert_eq!(back.identity(), set.identity());
            prop_assert_eq!(back.class_names(), set.class_names());
        } else if let Err(error) = written {
            prop_assert!(error.to_string().contains("IDX files store bytes"));
            prop_assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}

#[test]
fn bytes_survive_the_seed_form_and_idx() {
    let folder = TempDir::new().unwrap();
    let set = read(&keras()).unwrap();
    let path = folder.path().join("seed.npz");
    let options = SaveOptions {
        form: Form::Seed,
        packed: false,
    };
    npz::save(&set, &path, options, &Progress::silent()).unwrap();
    let floats = load(&path).unwrap();
    assert!(matches!(floats.train().pixels(), Pixels::F32(_)));
    let target = folder.path().join("idx");
    idx::save(&floats, &target, true).unwrap();
    let back = Located::At(&IDX, target.clone())
        .load(&Limits::default())
        .unwrap();
    assert_eq!(back.identity(), set.identity());

    // Files under another name that would be read first are not left in the way.
    let error = idx::save(&set, &target, false).unwrap_err().to_string();
    assert!(
        error.contains("train-images-idx3-ubyte.gz already exists"),
        "{error}"
    );
}

#[test]
fn a_cancelled_or_failed_save_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let set = read(&keras()).unwrap();
    let options = SaveOptions {
        form: Form::Keras,
        packed: false,
    };
    let cancelled = std::sync::atomic::AtomicBool::new(true);
    let progress = Progress::new(&cancelled, |_, _| {});
    let path = folder.path().join("set.npz");
    let error = npz::save(&set, &path, options, &progress).unwrap_err();
    assert_eq!(error.to_string(), "stopped on request");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

    fs::write(folder.path().join("file"), "").unwrap();
    let error = npz::save(
        &set,
        &folder.path().join("file/set.npz"),
        options,
        &Progress::silent(),
    );
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("file/set.npz: cannot be written: "),
        "{error}"
    );
}

/// Runs where python3 with numpy is installed.
#[test]
fn numpy_reads_what_we_write_and_we_read_what_numpy_writes() {
    let python = std::env::var_os("CONVSCOPE_PYTHON").unwrap_or_else(|| "python3".into());
    let numpy = Command::new(&python).args(["-c", "import numpy"]).output();
    if !numpy.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no python3 with numpy here (CONVSCOPE_PYTHON may name one)");
        return;
    }
    let folder = TempDir::new().unwrap();
    let set = read(&keras()).unwrap();
    for (form, name) in [(Form::Seed, "seed"), (Form::Keras, "keras")] {
        for packed in [false, true] {
            let path = folder.path().join(format!("{name}-{packed}.npz"));
            npz::save(
                &set,
                &path,
                SaveOptions { form, packed },
                &Progress::silent(),
            )
            .unwrap();
        }
    }
    let script = r#"
import numpy as np
x = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]).reshape(3, 2, 2, 1)
t = np.array([9, 8, 7, 6, 5, 4, 3, 2]).reshape(2, 2, 2, 1)
y, z = np.array([2, 0, 1]), np.array([1, 1])
for packed in ("true", "false"):
    a = np.load(f"keras-{packed}.npz")
    assert a["x_train"].dtype == np.uint8 and (a["x_train"] == x).all() and (a["x_test"] == t).all()
    assert a["y_train"].dtype == np.int64 and (a["y_train"] == y).all() and (a["y_test"] == z).all()
    assert sorted(a.files) == ["x_test", "x_train", "y_test", "y_train"]
    # As the seed GUI's loader takes a file: four arrays, in their order.
    train, train_labels, test, test_labels = np.load(f"seed-{packed}.npz").values()
    assert train.shape == (3, 2, 2, 1) and train_labels.shape == (3, 3) and test.shape == (2, 2, 2, 1) and test_labels.shape == (2, 3)
    assert open(f"seed-{packed}.classes.txt").read() == "0\n1\n2\n"
    a = np.load(f"seed-{packed}.npz")
    assert a["arr_0"].dtype == np.float32 and (a["arr_0"] == (x / 255).astype("f4")).all()
    assert (a["arr_1"] == np.eye(3)[y]).all() and (a["arr_3"] == np.eye(3)[z]).all()
    assert (a["arr_2"] == (t / 255).astype("f4")).all()
f = np.asfortranarray
np.savez("own-0.npz", x_train=x.astype("u1"), y_train=y, x_test=t.astype("u1"), y_test=z)
np.savez_compressed("own-1.npz", x_train=f(x.astype(">i4")), y_train=y.astype(">i2"), x_test=f(t.astype("<f8")), y_test=z)
np.savez("own-2.npz", f(x / 255), np.eye(3)[y], (t / 255).astype(">f4"), f(np.eye(3)[z].astype(bool)))
np.savez_compressed("own-3.npz", x[..., 0] / 255, np.eye(3, dtype=int)[y], t[..., 0] / 255, np.eye(3)[z])
"#;
    let output = Command::new(&python)
        .arg("-c")
        .arg(script)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for file in 0..4 {
        let back = load(&folder.path().join(format!("own-{file}.npz"))).unwrap();
        assert_eq!(back.train().labels(), set.train().labels());
        assert_eq!(back.test().labels(), set.test().labels());
        for image in 0..3 {
            assert_eq!(
                back.train().image_u8(image),
                set.train().image_u8(image),
                "own-{file}"
            );
        }
        assert_eq!(back.test().image_u8(1), set.test().image_u8(1));
    }
}

#[test]
fn a_reading_tells_how_far_it_is_and_can_be_given_up() {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, Ordering};

    use convscope::data::{LoadOptions, Located, Progress};

    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("set.npz");
    let set = convscope::data::load(Some("mnist-starter")).unwrap();
    let options = npz::SaveOptions {
        form: npz::Form::Seed,
        packed: false,
    };
    npz::save(&set, &path, options, &Progress::silent()).unwrap();
    let located = Located::At(&NPZ, path);
    let wish = AtomicBool::new(false);
    let told = Mutex::new(Vec::new());
    let progress = Progress::new(&wish, |done, all| told.lock().unwrap().push((done, all)));
    located
        .load_with(&LoadOptions::default(), &progress)
        .unwrap();
    drop(progress);
    let told = told.into_inner().unwrap();
    let all = told[0].1;
    assert!(
        told.iter()
            .all(|&(done, other)| done <= all && other == all)
    );
    // All but the arrays' headers.
    let most = told.iter().map(|&(done, _)| done).max().unwrap();
    assert!(most <= all && all - most < 1024, "{most} of {all}");

    let progress = Progress::new(&wish, |_, _| wish.store(true, Ordering::Relaxed));
    let error = located
        .load_with(&LoadOptions::default(), &progress)
        .unwrap_err();
    assert_eq!(error.to_string(), "stopped on request");
}
