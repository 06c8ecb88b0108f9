//! Reading IDX files: every name and packing in use, and one clear sentence for each thing that can be wrong.

use std::fs;
use std::io::Write;
use std::path::Path;

use convscope::data::idx::IDX;
use convscope::data::{Dataset, Limits, Located, Pixels};
use convscope::shape::Shape;
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

fn images(count: u32, height: u32, width: u32) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 3];
    for dimension in [count, height, width] {
        bytes.extend(dimension.to_be_bytes());
    }
    bytes.extend((0..count * height * width).map(|pixel| (pixel * 7 % 256) as u8));
    bytes
}

fn labels(labels: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 1];
    bytes.extend((labels.len() as u32).to_be_bytes());
    bytes.extend(labels);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Five training and three test images of 4×3 in three classes, whole; tests then break one file.
fn files() -> [Vec<u8>; 4] {
    [
        images(5, 4, 3),
        labels(&[0, 1, 2, 1, 1]),
        images(3, 4, 3),
        labels(&[2, 0, 1]),
    ]
}

fn folder(files: &[Vec<u8>; 4]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in NAMES.iter().zip(files) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn load(folder: &Path) -> Result<Dataset, String> {
    Located::At(&IDX, folder.to_owned())
        .load(&Limits::default())
        .map_err(|error| error.to_string())
}

/// The message for `files`, without the folder's path.
fn message(files: &[Vec<u8>; 4]) -> String {
    let folder = folder(files);
    let message = load(folder.path()).unwrap_err();
    message.replace(&format!("{}", folder.path().display()), "DIR")
}

fn broken(file: usize, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut files = files();
    change(&mut files[file]);
    message(&files)
}

#[test]
fn reads_pixels_labels_and_counts() {
    let folder = folder(&files());
    let set = load(folder.path()).unwrap();
    assert_eq!(set.shape(), Shape::new(4, 3, 1));
    assert_eq!(set.class_names(), ["0", "1", "2"]);
    assert_eq!(set.train().labels(), [0, 1, 2, 1, 1]);
    assert_eq!(set.test().class_counts(3), [1, 1, 1]);
    assert_eq!(set.train().class_counts(3), [1, 3, 1]);
    assert_eq!(set.memory_bytes(), 8 * (12 + 2));
    assert_eq!(set.train().image_u8(1), set.train().pixels_u8()[12..24]);

    let mut batch = vec![9.0; 2 * 12];
    set.train().gather(&[4, 0], &mut batch);
    for (place, value) in batch.iter().enumerate() {
        let pixel = if place < 12 { 48 + place } else { place - 12 };
        assert_eq!(*value, (pixel * 7 % 256) as f32 / 255.0);
    }
    let mut classes = [9, 9];
    set.test().gather_labels(&[1, 0], &mut classes);
    assert_eq!(classes, [0, 2]);

    let summary = set.summary();
    assert_eq!((summary.train_len(), summary.test_len()), (5, 3));
    assert_eq!(summary.note, "");
    let text = serde_json::to_string(&summary).unwrap();
    assert_eq!(
        serde_json::from_str::<convscope::data::DatasetSummary>(&text).unwrap(),
        summary
    );
}

trait PixelsU8 {
    fn pixels_u8(&self) -> &[u8];
}

impl PixelsU8 for convscope::data::Split {
    fn pixels_u8(&self) -> &[u8] {
        match self.pixels() {
            Pixels::U8(values) => values,
            Pixels::F32(_) => panic!("bytes stay bytes"),
        }
    }
}

#[test]
fn every_name_and_packing_holds_the_same_set() {
    let plain = folder(&files());
    let expected = load(plain.path()).unwrap();
    for dotted in [false, true] {
        for packed in [false, true] {
            let folder = TempDir::new().unwrap();
            for (name, bytes) in NAMES.iter().zip(files()) {
                let name = if dotted {
                    name.replacen("-idx", ".idx", 1)
                } else {
                    (*name).to_owned()
                };
                let (name, bytes) = if packed {
                    (name + ".gz", gzip(&bytes))
                } else {
                    (name, bytes)
                };
                fs::write(folder.path().join(name), bytes).unwrap();
            }
            let set = load(folder.path()).unwrap();
            assert_eq!(set.train(), expected.train());
            assert_eq!(set.test(), expected.test());
            assert_eq!(set.identity(), expected.identity());
        }
    }
}

#[test]
fn a_gzipped_file_without_gz_in_its_name_is_read_too() {
    let mut files = files();
    files[0] = gzip(&files[0]);
    let folder = folder(&files);
    assert_eq!(load(folder.path()).unwrap().train().len(), 5);
}

#[test]
fn identity_is_the_content_alone() {
    let first = folder(&files());
    let second = folder(&files());
    let identity = load(first.path()).unwrap().identity().to_owned();
    assert_eq!(identity.len(), 64);
    assert_eq!(load(second.path()).unwrap().identity(), identity);
    let mut other = files();
    *other[0].last_mut().unwrap() ^= 1;
    assert_ne!(load(folder(&other).path()).unwrap().identity(), identity);
    let mut other = files();
    other[3][8] = 1;
    assert_ne!(load(folder(&other).path()).unwrap().identity(), identity);
}

#[test]
fn class_names_come_from_classes_txt() {
    let folder = folder(&files());
    let path = folder.path().join("classes.txt");
    fs::write(&path, "cat\nkleiner Hund\r\nbird\nfish\n").unwrap();
    let set = load(folder.path()).unwrap();
    assert_eq!(set.class_names(), ["cat", "kleiner Hund", "bird", "fish"]);
    assert_eq!(set.train().class_counts(set.classes()), [1, 3, 1, 0]);

    fs::write(&path, "cat\n\nbird\n").unwrap();
    let error = load(folder.path()).unwrap_err();
    assert!(
        error.contains("classes.txt: expected 2 to 1000 class names, one per line"),
        "{error}"
    );
    assert!(error.contains("found an empty line 2"), "{error}");
    fs::write(&path, "cat\ndog\n").unwrap();
    let error = load(folder.path()).unwrap_err();
    assert!(
        error.contains("label 2 at index 2 is not among the 2 classes (0 to 1)"),
        "{error}"
    );
}

#[test]
fn a_missing_file_is_named() {
    let folder = folder(&files());
    fs::remove_file(folder.path().join(NAMES[2])).unwrap();
    let error = load(folder.path()).unwrap_err();
    assert!(
        error.starts_with(&folder.path().display().to_string()),
        "{error}"
    );
    assert!(
        error.contains("t10k-images-idx3-ubyte not found, with or without .gz"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_named() {
    // A folder with the right name stays invisible; a broken permission does not hold against root, a loop of links does.
    let folder = folder(&files());
    let path = folder.path().join("classes.txt");
    std::os::unix::fs::symlink(&path, &path).unwrap();
    let error = load(folder.path()).unwrap_err();
    assert!(error.contains("classes.txt: cannot be read: "), "{error}");
    assert!(
        error.contains("check the path and its permissions"),
        "{error}"
    );
}

#[test]
fn a_wrong_magic_number_is_told() {
    assert_eq!(
        broken(0, |bytes| bytes[2] = 0x0d),
        "DIR/train-images-idx3-ubyte: expected an IDX file of images (magic number 0x00000803 or 0x00000804), found 0x00000d03; check that the right file has this name"
    );
    let mut files = files();
    files.swap(2, 3);
    let error = message(&files);
    assert!(
        error.contains("images (magic number 0x00000803 or 0x00000804), found 0x00000801"),
        "{error}"
    );
}

#[test]
fn truncation_is_told_with_both_lengths() {
    assert_eq!(
        broken(0, |bytes| bytes.truncate(16 + 50)),
        "DIR/train-images-idx3-ubyte: the header declares 5 images of 4×3×1 (60 bytes), but the file has only 50 of them; it is truncated or its header is wrong: download it again"
    );
    assert_eq!(
        broken(3, |bytes| bytes.truncate(6)),
        "DIR/t10k-labels-idx1-ubyte: the file ends inside its header (6 of 8 bytes); it is truncated: download it again"
    );
    let error = broken(1, Vec::clear);
    assert!(
        error.contains("ends inside its header (0 of 4 bytes)"),
        "{error}"
    );
}

#[test]
fn a_truncated_gzip_file_is_told() {
    for cut in [1, 4, 9, 20] {
        let error = broken(0, |bytes| {
            *bytes = gzip(bytes);
            bytes.truncate(bytes.len() - cut);
        });
        assert!(
            error.contains("truncated") || error.contains("compressed data is corrupt"),
            "{cut}: {error}"
        );
        assert!(
            error.contains("download it again") || error.contains("download the file again"),
            "{error}"
        );
    }
}

#[test]
fn a_header_that_claims_more_than_can_be_there_allocates_nothing() {
    for packed in [false, true] {
        let error = broken(0, |bytes| {
            bytes[4..8].copy_from_slice(&u32::MAX.to_be_bytes());
            bytes[8..12].copy_from_slice(&512_u32.to_be_bytes());
            bytes[12..16].copy_from_slice(&512_u32.to_be_bytes());
            if packed {
                *bytes = gzip(bytes);
            }
        });
        assert!(
            error.contains(
                "the header declares 4294967295 images of 512×512×1 (1125899906580480 bytes)"
            ),
            "{error}"
        );
    }
}

#[test]
fn bytes_after_the_last_image_are_told() {
    let error = broken(2, |bytes| bytes.push(0));
    assert!(
        error.contains("declares 3 images of 4×3×1 (36 bytes), but more bytes follow"),
        "{error}"
    );
}

#[test]
fn corrupt_gzip_is_told() {
    let mut packed = gzip(&images(5, 4, 3));
    let middle = packed.len() / 2;
    packed[middle] ^= 0x55;
    let error = broken(0, |bytes| *bytes = packed);
    assert!(
        error.contains("the compressed data is corrupt after "),
        "{error}"
    );

    // Only the checksum is wrong.
    let mut packed = gzip(&images(5, 4, 3));
    let checksum = packed.len() - 8;
    packed[checksum] ^= 1;
    let error = broken(0, |bytes| *bytes = packed);
    assert!(
        error.contains("the compressed data is corrupt after 76 decompressed bytes"),
        "{error}"
    );
}

#[test]
fn more_than_the_limit_is_refused_before_it_is_unpacked() {
    let folder = folder(&files());
    let limits = Limits {
        decompressed_bytes: 59,
    };
    let error = Located::At(&IDX, folder.path().to_owned())
        .load(&limits)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("decompresses to 60 bytes, more than the limit of 59"),
        "{error}"
    );
    let limits = Limits {
        decompressed_bytes: 60,
    };
    assert!(
        Located::At(&IDX, folder.path().to_owned())
            .load(&limits)
            .is_ok()
    );
}

#[test]
fn counts_that_differ_are_told() {
    assert_eq!(
        broken(3, |bytes| *bytes = labels(&[2, 0, 1, 1])),
        "DIR/t10k-images-idx3-ubyte has 3 images, but DIR/t10k-labels-idx1-ubyte has 4 labels; the numbers must match"
    );
}

#[test]
fn an_empty_split_is_told() {
    let error = broken(2, |bytes| *bytes = images(0, 4, 3));
    assert_eq!(
        error,
        "DIR/t10k-images-idx3-ubyte: expected at least one image, found none; a data set needs training and test images"
    );
}

#[test]
fn shapes_that_differ_or_cannot_be_are_told() {
    let error = broken(2, |bytes| *bytes = images(3, 3, 4));
    assert!(
        error.contains("training images are 4×3×1, but test images are 3×4×1"),
        "{error}"
    );
    let error = broken(0, |bytes| *bytes = images(5, 0, 3));
    assert!(
        error.contains("images are 0×3×1; expected 1 to 512 pixels"),
        "{error}"
    );
}

#[test]
fn labels_that_make_no_classes_are_told() {
    let mut files = files();
    files[1] = labels(&[0; 5]);
    files[3] = labels(&[0; 3]);
    let error = message(&files);
    assert!(
        error.contains("expected 2 to 1000 classes, found 1"),
        "{error}"
    );
}

/// Labels past the ten classes of a known set, which a folder's name says this is.
#[test]
fn labels_out_of_range_are_told() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("fashion-mnist");
    fs::create_dir(&folder).unwrap();
    let mut files = files();
    files[1] = labels(&[0, 9, 10, 255, 1]);
    for (name, bytes) in NAMES.iter().zip(&files) {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let error = load(&folder).unwrap_err();
    assert!(
        error.contains(
            "train-labels-idx1-ubyte: label 10 at index 2 is not among the 10 classes (0 to 9)"
        ),
        "{error}"
    );
}

/// Files under these names.
fn named(files: &[(&str, Vec<u8>)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// `files` under these names, in their order.
fn renamed(names: [&str; 4]) -> TempDir {
    let files: Vec<_> = names.into_iter().zip(files()).collect();
    named(&files)
}

#[test]
fn test_may_be_written_for_t10k() {
    let folder = renamed(
        NAMES
            .map(|name| name.replace("t10k", "test"))
            .each_ref()
            .map(|name| &**name),
    );
    let set = load(folder.path()).unwrap();
    assert_eq!((set.train().len(), set.test().len()), (5, 3));
    // Beside the standard name, it is another thing.
    for (name, bytes) in NAMES.iter().zip(files()).skip(2) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    fs::write(folder.path().join("test-images-idx3-ubyte"), "other").unwrap();
    assert_eq!(load(folder.path()).unwrap().test(), set.test());
}

/// Images of 2×3 pixels, each written column after column, as EMNIST's are: `[[0, 1, 2], [3, 4, 5]]` is 0 3 1 4 2 5.
fn lying(count: u8) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 3, 0, 0, 0, 2];
    bytes.extend((0..count).flat_map(|image| [0, 3, 1, 4, 2, 5].map(|pixel| 10 * image + pixel)));
    bytes
}

fn emnist(split: &str, train: &[u8], test: &[u8]) -> Vec<(String, Vec<u8>)> {
    let name = |rest: &str| format!("emnist-{split}-{rest}");
    vec![
        (
            name("train-images-idx3-ubyte.gz"),
            gzip(&lying(train.len() as u8)),
        ),
        (name("train-labels-idx1-ubyte.gz"), gzip(&labels(train))),
        (
            name("test-images-idx3-ubyte.gz"),
            gzip(&lying(test.len() as u8)),
        ),
        (name("test-labels-idx1-ubyte.gz"), gzip(&labels(test))),
    ]
}

fn write(folder: &Path, files: &[(String, Vec<u8>)]) {
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
}

#[test]
fn emnist_stands_upright_with_letters_as_classes() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), &emnist("letters", &[1, 26, 3], &[26, 2]));
    let set = load(folder.path()).unwrap();
    assert_eq!(set.name, "EMNIST letters");
    assert_eq!(set.shape(), Shape::new(2, 3, 1));
    assert_eq!(
        set.train().pixels_u8()[..12],
        [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15]
    );
    assert_eq!(set.test().pixels_u8()[6..], [10, 11, 12, 13, 14, 15]);
    assert_eq!(
        (
            set.classes(),
            &*set.class_names()[0],
            &*set.class_names()[25]
        ),
        (26, "Aa", "Zz")
    );
    assert_eq!(set.train().labels(), [0, 25, 2]);
    assert_eq!(set.test().labels(), [25, 1]);
    assert_eq!(
        set.summary().note,
        "EMNIST's images, which lie on their side in its files, were turned upright; labels start at 1: label 0 has no images and is no class"
    );
    // As IDX files of another name, they need no turning.
    let out = TempDir::new().unwrap();
    let upright = out.path().join("emnist-letters");
    convscope::data::idx::save(&set, &upright, true).unwrap();
    let again = load(&upright).unwrap();
    assert_eq!(again.identity(), set.identity());
    assert_eq!(
        (again.class_names(), &*again.summary().note),
        (set.class_names(), "")
    );
    // Written beside the files that lie, they would not be read.
    let error = convscope::data::idx::save(&set, folder.path(), true).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("would be read instead of the new files"),
        "{error}"
    );
}

#[test]
fn every_division_of_emnist_has_its_classes() {
    for (split, count, last) in [
        ("balanced", 47, "t"),
        ("byclass", 62, "z"),
        ("bymerge", 47, "t"),
        ("digits", 10, "9"),
        ("letters", 26, "Zz"),
        ("mnist", 10, "9"),
    ] {
        let folder = TempDir::new().unwrap();
        write(folder.path(), &emnist(split, &[1, 2, 3], &[1, 1]));
        let set = load(folder.path()).unwrap();
        assert_eq!(
            (set.classes(), &*set.class_names()[count - 1]),
            (count, last),
            "{split}"
        );
        let label = if split == "letters" { 0 } else { 1 };
        assert_eq!(set.train().labels()[0], label, "{split}");
    }
}

#[test]
fn a_mapping_names_the_classes_and_says_that_it_is_emnist() {
    let mut files: Vec<_> = NAMES
        .map(str::to_owned)
        .into_iter()
        .zip([lying(3), labels(&[2, 3, 4]), lying(2), labels(&[4, 2])])
        .collect();
    files.push((
        "emnist-letters-mapping.txt".to_owned(),
        b"2 66 98\n3 67 99\n4 68 100\n".to_vec(),
    ));
    let folder = TempDir::new().unwrap();
    write(folder.path(), &files);
    let set = load(folder.path()).unwrap();
    assert_eq!(set.class_names(), ["Bb", "Cc", "Dd"]);
    assert_eq!(set.train().labels(), [0, 1, 2]);
    assert_eq!(set.shape(), Shape::new(2, 3, 1));
    assert!(
        set.summary()
            .note
            .ends_with("labels start at 2: labels 0 to 1 have no images and are no classes")
    );
    for (mapping, problem) in [
        ("2 66\n4 68\n", "found label 4 in line 2"),
        ("2 66\nB\n", "found line 2"),
        ("", "found 0 lines"),
    ] {
        fs::write(folder.path().join("emnist-letters-mapping.txt"), mapping).unwrap();
        let error = load(folder.path()).unwrap_err();
        assert!(error.contains(problem), "{error}");
    }
    fs::write(
        folder.path().join("emnist-letters-mapping.txt"),
        "2 66\n3 67\n",
    )
    .unwrap();
    let error = load(folder.path()).unwrap_err();
    assert!(
        error.contains("label 4 at index 2 is not among the 2 classes (2 to 3)"),
        "{error}"
    );
}

#[test]
fn of_several_sets_in_a_folder_one_is_chosen_by_its_training_images() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), &emnist("letters", &[1, 26, 3], &[26, 2]));
    write(folder.path(), &emnist("digits", &[7, 0], &[9]));
    let error = load(folder.path()).unwrap_err();
    let path = folder
        .path()
        .join("emnist-digits-train-images-idx3-ubyte.gz");
    assert_eq!(
        error,
        format!(
            "{}: the IDX files of several sets, emnist-digits, emnist-letters; choose one by its training images, such as {}",
            folder.path().display(),
            path.display()
        )
    );
    let set = load(&path).unwrap();
    assert_eq!(
        (&*set.name, set.train().len(), set.classes()),
        ("EMNIST digits", 2, 10)
    );
    let (text, bytes) = (IDX.describe)(folder.path());
    assert_eq!(text, "IDX files of 2 sets");
    let sizes = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().len());
    assert_eq!(bytes, Some(sizes.sum()));
}

#[test]
fn a_missing_file_is_named_as_its_set_names_it() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), &emnist("letters", &[1, 2], &[2])[..3]);
    let error = load(folder.path()).unwrap_err();
    assert!(
        error.contains("emnist-letters-test-labels-idx1-ubyte not found, with or without .gz"),
        "{error}"
    );
}

/// Rows of eight numbers, as QMNIST's labels: the class, then what else is known of the image.
fn rows(classes: &[i32]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 12, 2];
    bytes.extend((classes.len() as u32).to_be_bytes());
    bytes.extend(8_u32.to_be_bytes());
    for class in classes {
        bytes.extend(
            [*class, 4, 2600, -1, 70_000, 5, 6, 7]
                .iter()
                .flat_map(|value: &i32| value.to_be_bytes()),
        );
    }
    bytes
}

fn qmnist(train: Vec<u8>) -> TempDir {
    named(&[
        ("qmnist-train-images-idx3-ubyte.gz", gzip(&images(5, 4, 3))),
        ("qmnist-train-labels-idx2-int.gz", gzip(&train)),
        ("qmnist-test-images-idx3-ubyte.gz", gzip(&images(3, 4, 3))),
        ("qmnist-test-labels-idx2-int.gz", gzip(&rows(&[9, 0, 1]))),
    ])
}

#[test]
fn labels_of_qmnist_are_the_first_of_eight_columns() {
    let set = load(qmnist(rows(&[5, 0, 4, 1, 9])).path()).unwrap();
    assert_eq!((&*set.name, set.classes()), ("QMNIST", 10));
    assert_eq!(set.train().labels(), [5, 0, 4, 1, 9]);
    assert_eq!(set.test().labels(), [9, 0, 1]);
    assert_eq!(set.shape(), Shape::new(4, 3, 1));
    assert_eq!(set.summary().note, "");
}

#[test]
fn rows_of_labels_that_cannot_be_are_told() {
    let wrong = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = rows(&[5, 0, 4, 1, 9]);
        change(&mut bytes);
        load(qmnist(bytes).path()).unwrap_err()
    };
    let error = load(qmnist(rows(&[5, 0, -3, 1, 9])).path()).unwrap_err();
    assert!(
        error.contains("whole-number labels, found -3 at index 2"),
        "{error}"
    );
    let error = load(qmnist(rows(&[5, 0, 65_541, 1, 9])).path()).unwrap_err();
    assert!(error.contains("found 65541 at index 2"), "{error}");
    let error = wrong(&|bytes| bytes.truncate(100));
    assert!(
        error.contains(
            "declares 5 labels of 8 columns (160 bytes), but the file has only 88 of them"
        ),
        "{error}"
    );
    let error = wrong(&|bytes| bytes[8..12].fill(0xff));
    assert!(
        error.contains("5 labels of 4294967295 columns (85899345900 bytes)"),
        "{error}"
    );
    let error = wrong(&|bytes| bytes[4..12].fill(0xff));
    assert!(
        error.contains("4294967295 labels of 4294967295 columns"),
        "{error}"
    );
    let error = wrong(&|bytes| bytes[8..12].fill(0));
    assert!(error.contains("expected at least one image"), "{error}");
    let error = wrong(&|bytes| bytes.push(0));
    assert!(error.contains("more bytes follow"), "{error}");
}

#[test]
fn labels_may_start_anywhere() {
    let mut files = files();
    files[1] = labels(&[7, 5, 6, 7, 7]);
    files[3] = labels(&[6, 6, 5]);
    let folder = folder(&files);
    let set = load(folder.path()).unwrap();
    assert_eq!(set.class_names(), ["5", "6", "7"]);
    assert_eq!(set.train().labels(), [2, 0, 1, 2, 2]);
    assert_eq!(
        set.summary().note,
        "labels start at 5: labels 0 to 4 have no images and are no classes"
    );
    // Names for three classes are for those that have images; names for eight start at label 0.
    let path = folder.path().join("classes.txt");
    fs::write(&path, "cat\ndog\nfox\n").unwrap();
    let set = load(folder.path()).unwrap();
    assert_eq!((set.train().labels()[0], set.classes()), (2, 3));
    fs::write(&path, "a\nb\nc\nd\ne\ncat\ndog\nfox\n").unwrap();
    let set = load(folder.path()).unwrap();
    assert_eq!((set.train().labels()[0], set.classes()), (7, 8));
    assert_eq!(set.summary().note, "");
}

#[test]
fn a_web_page_in_a_files_place_is_named() {
    let page = b"<!DOCTYPE html>\n<html><head><title>Moved</title></head></html>\n";
    let told = "this is a web page, not data: expected an IDX file of ";
    let error = broken(0, |bytes| *bytes = page.to_vec());
    assert!(
        error.starts_with(&format!(
            "DIR/{}: {told}images; get the file again",
            NAMES[0]
        )),
        "{error}"
    );
    let error = broken(3, |bytes| *bytes = gzip(page));
    assert!(error.contains(&format!("{told}labels")), "{error}");
    let error = broken(2, |bytes| *bytes = b"PK\x03\x04 and so on".to_vec());
    assert!(error.contains("this is a zip archive, not data"), "{error}");
}
