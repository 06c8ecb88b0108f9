//! What the bytes of an input are for each target: files of a set. `tests/data/corpus.rs` opens the first inputs with it too.

use std::io::{Cursor, Write};

use convscope::data::Format;
use convscope::data::formats::{ARCHIVE, CIFAR, CSV, IMAGES};
use convscope::data::idx::IDX;
use convscope::data::npy::NPY;
use convscope::data::npz::NPZ;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A format that is fuzzed.
pub struct Target {
    /// Its name, which is that of the folder of its inputs.
    pub name: &'static str,
    pub format: &'static Format,
    /// What an input is; the first byte of most chooses names.
    pub input: fn(&[u8]) -> Input,
}

/// A set: where it is in a folder, and the files there.
pub struct Input {
    pub path: &'static str,
    pub files: Vec<(String, Vec<u8>)>,
}

pub static TARGETS: &[Target] = &[
    Target {
        name: "npz",
        format: &NPZ,
        input: npz,
    },
    Target {
        name: "npy",
        format: &NPY,
        input: npy,
    },
    Target {
        name: "idx",
        format: &IDX,
        input: idx,
    },
    Target {
        name: "cifar",
        format: &CIFAR,
        input: cifar,
    },
    Target {
        name: "images",
        format: &IMAGES,
        input: images,
    },
    Target {
        name: "csv",
        format: &CSV,
        input: csv,
    },
    Target {
        name: "archive",
        format: &ARCHIVE,
        input: archive,
    },
];

fn named<'a>(path: &'static str, files: impl Iterator<Item = (&'a str, Vec<u8>)>) -> Input {
    let files = files.map(|(name, bytes)| (name.to_owned(), bytes));
    Input {
        path,
        files: files.collect(),
    }
}

/// The first byte and the others.
fn chosen(bytes: &[u8]) -> (u8, &[u8]) {
    bytes
        .split_first()
        .map_or((0, bytes), |(choice, bytes)| (*choice, bytes))
}

/// npz files: any bytes, and archives of any arrays, whose checksums are right, so that what lies behind them is reached too.
fn npz(bytes: &[u8]) -> Input {
    // A zip archive begins with its own signature, and arrays with the byte that chooses their names.
    let archive = match bytes {
        [b'P', ..] | [] => bytes.to_vec(),
        [choice, bytes @ ..] => npz_of(*choice, bytes),
    };
    named("set.npz", [("set.npz", archive)].into_iter())
}

fn npz_of(choice: u8, bytes: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let method = match choice >= 128 {
        true => CompressionMethod::Deflated,
        false => CompressionMethod::Stored,
    };
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, array) in names(choice).iter().zip(arrays(bytes)) {
        zip.start_file(format!("{name}.npy"), options)
            .expect("names differ");
        zip.write_all(array).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

/// Folders of npy files: any arrays under usual names.
fn npy(bytes: &[u8]) -> Input {
    let (choice, bytes) = chosen(bytes);
    let files = names(choice).iter().zip(arrays(bytes));
    let files = files.map(|(name, array)| (format!("{name}.npy"), array.to_vec()));
    Input {
        path: "",
        files: files.collect(),
    }
}

/// Folders of IDX files: four files and a mapping, each with its length before it, plain or gzipped.
fn idx(bytes: &[u8]) -> Input {
    let (choice, bytes) = chosen(bytes);
    let names = match choice % 3 {
        0 => [
            "train-images-idx3-ubyte",
            "train-labels-idx1-ubyte",
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte",
            "classes.txt",
        ],
        1 => [
            "emnist-x-train-images-idx3-ubyte.gz",
            "emnist-x-train-labels-idx1-ubyte.gz",
            "emnist-x-test-images-idx3-ubyte.gz",
            "emnist-x-test-labels-idx1-ubyte.gz",
            "emnist-x-mapping.txt",
        ],
        _ => [
            "train-images.idx4-ubyte",
            "train-labels-idx2-int",
            "test-images.idx4-ubyte",
            "test-labels-idx1-short",
            "classes.txt",
        ],
    };
    named("", names.into_iter().zip(measured(bytes)))
}

/// CIFAR's archives: any bytes, and archives of files that are mostly repeated, so that whole records are reached.
fn cifar(bytes: &[u8]) -> Input {
    /// Bytes of a record of CIFAR-10 and CIFAR-100.
    const RECORDS: [usize; 2] = [3073, 3074];
    let (choice, bytes) = chosen(bytes);
    let kind = usize::from(choice % 2);
    let archive = ["cifar-10-binary.tar.gz", "cifar-100-binary.tar.gz"][kind];
    if choice & 2 != 0 {
        return named(archive, [(archive, bytes.to_vec())].into_iter());
    }
    let names: &[&str] = match kind {
        0 => &[
            "data_batch_1.bin",
            "data_batch_2.bin",
            "data_batch_3.bin",
            "data_batch_4.bin",
            "data_batch_5.bin",
            "test_batch.bin",
            "batches.meta.txt",
        ],
        _ => &["train.bin", "test.bin", "fine_label_names.txt"],
    };
    let files = names.iter().copied().zip(measured(bytes));
    let files = files.map(|(name, bytes)| match name.ends_with(".bin") {
        // The labels and first pixels of each record are given, and now and then a byte is missing at the end.
        true => {
            let mut file = Vec::new();
            for start in bytes.chunks(8) {
                file.extend_from_slice(start);
                file.resize(file.len() - start.len() + RECORDS[kind], 7);
            }
            file.truncate(file.len() - usize::from(bytes.last() == Some(&255)));
            (name, file)
        }
        false => (name, bytes),
    });
    named("", files)
}

/// Folders of images: files of any bytes under usual names, with a list of classes or of labels.
fn images(bytes: &[u8]) -> Input {
    let (choice, bytes) = chosen(bytes);
    let names: &[&str] = match choice % 4 {
        0 => &["a/1.png", "b/2.png", "a/3.jpg", "b/4.gif", "classes.txt"],
        1 => &[
            "train/0-a/1.png",
            "train/1-b/2.bmp",
            "test/0-a/1.pgm",
            "val/1-b/1.webp",
            "classes.txt",
        ],
        2 => &["1.png", "2.tif", "3.ppm", "labels.csv"],
        _ => &["cat.0.png", "cat.1.png", "dog.0.jpg", "dog.1.gif"],
    };
    named("", names.iter().copied().zip(measured(bytes)))
}

/// CSV files: one table, or two with a form feed between them, plain or gzipped.
fn csv(bytes: &[u8]) -> Input {
    let (choice, bytes) = chosen(bytes);
    let names = match choice % 3 {
        0 => ["set.csv", "other.csv"],
        1 => ["train.csv", "test.csv"],
        _ => ["a_train.tsv", "classes.txt"],
    };
    let tables = bytes.split(|byte| *byte == b'\x0c').map(<[u8]>::to_vec);
    named(names[0], names.into_iter().zip(tables))
}

/// Zip and tar archives: any bytes, and archives of any files, so that what lies behind their headers is reached too.
fn archive(bytes: &[u8]) -> Input {
    let (choice, bytes) = chosen(bytes);
    let (name, archive) = match choice % 4 {
        0 => ("set.zip", bytes.to_vec()),
        1 => ("set.tar", bytes.to_vec()),
        2 => ("set.zip", zip_of(files(bytes))),
        _ => ("set.tar", tar_of(files(bytes))),
    };
    named(name, [(name, archive)].into_iter())
}

/// Kinds, names and contents: a byte, a byte for the length of the name, the name, two bytes for the length of the content, the content.
fn files(mut bytes: &[u8]) -> Vec<(u8, &[u8], &[u8])> {
    fn take<'a>(bytes: &mut &'a [u8], length: usize) -> &'a [u8] {
        let (taken, rest) = bytes.split_at(length.min(bytes.len()));
        *bytes = rest;
        taken
    }
    let mut files = Vec::new();
    while let [kind, length, rest @ ..] = bytes {
        bytes = rest;
        let name = take(&mut bytes, usize::from(*length));
        let length = take(&mut bytes, 2).iter();
        let length = length.fold(0, |length, byte| length << 8 | usize::from(*byte));
        files.push((*kind, name, take(&mut bytes, length)));
    }
    files
}

fn zip_of(files: Vec<(u8, &[u8], &[u8])>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (kind, name, content) in files {
        let name = String::from_utf8_lossy(name);
        let method = match kind >= 128 {
            true => CompressionMethod::Deflated,
            false => CompressionMethod::Stored,
        };
        let options = SimpleFileOptions::default().compression_method(method);
        let begun = match kind % 128 {
            0 => zip.start_file(name, options),
            1 => zip.add_directory(name, options),
            _ => zip.add_symlink(name, "../cat", options),
        };
        // Names that are there already are refused.
        if begun.is_ok() && kind % 128 == 0 {
            zip.write_all(content).expect("memory takes it");
        }
    }
    zip.finish().expect("memory takes it").into_inner()
}

/// Written by hand: whatever a header may hold.
fn tar_of(files: Vec<(u8, &[u8], &[u8])>) -> Vec<u8> {
    let mut archive = Vec::new();
    for (kind, name, content) in files {
        let mut header = [0; 512];
        let length = name.len().min(100);
        header[..length].copy_from_slice(&name[..length]);
        header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
        header[156] = kind;
        header[257..265].copy_from_slice(b"ustar  \0");
        let sum: u32 = 8 * 32 + header.iter().map(|byte| u32::from(*byte)).sum::<u32>();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        archive.extend(header);
        archive.extend(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// The parts of `bytes` of which each follows its length, a number of two bytes; the last one may be shorter.
fn measured(mut bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    std::iter::from_fn(move || {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (piece, rest) = rest.split_at(usize::from(u16::from_le_bytes(*length)).min(rest.len()));
        bytes = rest;
        Some(piece.to_vec())
    })
}

/// The npy arrays that follow one another in `bytes`: each begins with numpy's signature.
fn arrays(bytes: &[u8]) -> Vec<&[u8]> {
    const SIGNATURE: &[u8] = b"\x93NUMPY";
    let is_start = |&at: &usize| bytes[at..].starts_with(SIGNATURE);
    let starts: Vec<usize> = (0..bytes.len()).filter(is_start).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| &bytes[start..end])
        .collect()
}

/// Names that arrays have, by the first byte of an input.
fn names(choice: u8) -> &'static [&'static str] {
    const NAMES: [&[&str]; 6] = [
        &["x_train", "y_train", "x_test", "y_test"],
        &["arr_0", "arr_1", "arr_2", "arr_3"],
        &["arr_0", "arr_2", "arr_1", "arr_3"],
        &["X", "y", "class_names"],
        &[
            "train_images",
            "train_labels",
            "val_images",
            "val_labels",
            "test_images",
            "test_labels",
        ],
        &["data", "target"],
    ];
    NAMES[usize::from(choice) % NAMES.len()]
}
