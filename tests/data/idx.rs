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
