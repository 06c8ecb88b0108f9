//! CIFAR's binary version: records in files or in their archive, and what is no such thing.

use std::fs;
use std::io::Write;
use std::path::Path;

use convscope::data::formats::CIFAR;
use convscope::data::{Dataset, Limits, LoadOptions, Located, Pixels, Places, Progress, locate_in};
use convscope::shape::Shape;
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

/// Names and contents.
type Files = Vec<(String, Vec<u8>)>;

/// A record: its labels, and an image whose planes are `level`, `level + 1` and `level + 2`, except the first pixel of the second row.
fn record(labels: &[u8], level: u8) -> Vec<u8> {
    let mut bytes = labels.to_vec();
    for plane in 0..3 {
        let mut pixels = vec![level + plane; 1024];
        pixels[32] = 200 + plane;
        bytes.extend(pixels);
    }
    bytes
}

/// Two images in each training file, three in the test file.
fn ten() -> Files {
    let mut files: Vec<_> = (1..=5)
        .map(|batch| {
            let records = [
                record(&[batch % 3], 10 * batch),
                record(&[0], 10 * batch + 5),
            ];
            (format!("data_batch_{batch}.bin"), records.concat())
        })
        .collect();
    let test = [record(&[2], 1), record(&[1], 2), record(&[0], 3)].concat();
    files.push(("test_batch.bin".to_owned(), test));
    files.push((
        "batches.meta.txt".to_owned(),
        b"airplane\ncat\nfrog\n\n".to_vec(),
    ));
    files.push(("readme.html".to_owned(), b"<html>".to_vec()));
    files
}

fn hundred() -> Files {
    vec![
        (
            "train.bin".to_owned(),
            [record(&[9, 1], 10), record(&[8, 0], 20)].concat(),
        ),
        ("test.bin".to_owned(), record(&[9, 1], 30)),
        ("fine_label_names.txt".to_owned(), b"apple\nbear\n".to_vec()),
        (
            "coarse_label_names.txt".to_owned(),
            b"fruit\nbeast\n".to_vec(),
        ),
    ]
}

fn tar(files: &[(String, Vec<u8>)], folder: &str) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    // Last first: the order in an archive means nothing.
    for (name, bytes) in files.iter().rev() {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        let name = format!("{folder}/{name}");
        archive.append_data(&mut header, name, &bytes[..]).unwrap();
    }
    archive.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn write(folder: &Path, files: &[(String, Vec<u8>)]) {
    fs::create_dir_all(folder).unwrap();
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
}

fn load(path: &Path) -> Result<Dataset, String> {
    load_within(path, Limits::default())
}

fn load_within(path: &Path, limits: Limits) -> Result<Dataset, String> {
    let located =
        locate_in(&Places::default(), path.to_str()).map_err(|error| error.to_string())?;
    assert_eq!(located, Located::At(&CIFAR, path.to_owned()));
    let options = LoadOptions {
        limits,
        ..LoadOptions::default()
    };
    let set = located.load_with(&options, &Progress::silent());
    set.map_err(|error| error.to_string())
}

fn check_ten(set: &Dataset) {
    assert_eq!(
        (&*set.name, set.shape()),
        ("CIFAR-10", Shape::new(32, 32, 3))
    );
    assert_eq!(set.class_names(), ["airplane", "cat", "frog"]);
    assert_eq!(set.train().labels(), [1, 0, 2, 0, 0, 0, 1, 0, 2, 0]);
    assert_eq!(set.test().labels(), [2, 1, 0]);
    let Pixels::U8(pixels) = set.train().pixels() else {
        panic!("bytes are bytes");
    };
    // Pixel by pixel, each with its three channels, row by row.
    assert_eq!(pixels[..6], [10, 11, 12, 10, 11, 12]);
    assert_eq!(pixels[32 * 3..][..6], [200, 201, 202, 10, 11, 12]);
    assert_eq!(pixels[3 * 3072..][..3], [25, 26, 27]);
}

#[test]
fn files_and_archives_are_the_same_set() {
    let folder = TempDir::new().unwrap();
    let (plain, outer) = (folder.path().join("plain"), folder.path().join("outer"));
    write(&plain, &ten());
    write(&outer.join("cifar-10-batches-bin"), &ten());
    let archive = tar(&ten(), "cifar-10-batches-bin");
    let packed = folder.path().join("cifar-10-binary.tar.gz");
    let unpacked = folder.path().join("cifar-10-binary.tar");
    fs::write(&packed, gzip(&archive)).unwrap();
    fs::write(&unpacked, &archive).unwrap();
    for path in [&plain, &outer, &packed, &unpacked] {
        check_ten(&load(path).unwrap());
    }
    let hundred = hundred();
    let packed = folder.path().join("cifar-100-binary.tar.gz");
    fs::write(&packed, gzip(&tar(&hundred, "cifar-100-binary"))).unwrap();
    let set = load(&packed).unwrap();
    assert_eq!(
        (&*set.name, set.class_names()),
        ("CIFAR-100", &["apple".to_owned(), "bear".to_owned()][..])
    );
    assert_eq!(
        (set.train().labels(), set.test().labels()),
        (&[1, 0][..], &[1][..])
    );
}

#[test]
fn without_names_they_are_the_known_ones() {
    let folder = TempDir::new().unwrap();
    let mut files = ten();
    files.retain(|(name, _)| name != "batches.meta.txt");
    write(folder.path(), &files);
    let set = load(folder.path()).unwrap();
    assert_eq!(set.class_names()[..3], ["airplane", "automobile", "bird"]);
    assert_eq!(set.classes(), 10);
}

#[test]
fn what_is_wrong_is_told() {
    let folder = TempDir::new().unwrap();
    let told = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        load(&path).unwrap_err()
    };
    let archive = |change: &dyn Fn(&mut Files)| {
        let mut files = ten();
        change(&mut files);
        tar(&files, "cifar-10-batches-bin")
    };
    let name = "cifar-10-binary.tar.gz";
    let whole = gzip(&archive(&|_| {}));
    for (bytes, expected) in [
        (
            gzip(&archive(&|files| drop(files.remove(2)))),
            "data_batch_3.bin not found among the files",
        ),
        (
            gzip(&archive(&|files| files[1].1.truncate(5000))),
            "data_batch_2.bin: expected records of 3073 bytes, label and image of 32×32 in colour, found 5000 bytes",
        ),
        (gzip(&archive(&|files| files[0].1.clear())), "found 0 bytes"),
        (
            gzip(&archive(&|files| files[0].1[0] = 7)),
            "label 7 at index 0 is not among the 3 classes",
        ),
        (
            whole[..whole.len() / 2].to_vec(),
            "the compressed data is corrupt after",
        ),
        (b"<html>not found</html>".to_vec(), "corrupt"),
        (Vec::new(), "not found among the files"),
    ] {
        let error = told(name, &bytes);
        assert!(error.contains(expected), "{expected}: {error}");
    }
    let limits = Limits {
        decompressed_bytes: 5000,
    };
    fs::write(folder.path().join(name), &whole).unwrap();
    let error = load_within(&folder.path().join(name), limits).unwrap_err();
    assert!(error.contains("more than the limit of 5000"), "{error}");
    let error = told("cifar-10-python.tar.gz", &whole);
    assert!(error.contains("`convscope data fetch cifar10`"), "{error}");
    let python = folder.path().join("cifar-100-python");
    write(
        &python,
        &[
            ("meta".to_owned(), Vec::new()),
            ("test".to_owned(), Vec::new()),
        ],
    );
    let error = load(&python).unwrap_err();
    assert!(error.contains("pickles are not read"), "{error}");
}

#[test]
fn damaged_archives_are_refused_or_read() {
    let archive = tar(&hundred(), "cifar-100-binary");
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("cifar-100-binary.tar");
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % below
    };
    for _ in 0..300 {
        let mut bytes = archive.clone();
        for _ in 0..=random(3) {
            // Mostly in the headers.
            let header = 512 * random(bytes.len() / 512);
            let place = header + random(512);
            bytes[place] = random(256) as u8;
        }
        bytes.truncate(bytes.len() - random(2) * random(bytes.len()));
        fs::write(&path, &bytes).unwrap();
        if let Err(error) = load(&path) {
            assert!(
                error.starts_with(&path.display().to_string()) || error.contains("images"),
                "{error}"
            );
        }
    }
}
