//! What the fuzz targets share: bytes become files in a folder, and a set is read from there.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use convscope::data::{Format, Limits, Located};
use tempfile::TempDir;

/// The folder of this process.
static FOLDER: LazyLock<TempDir> =
    LazyLock::new(|| TempDir::new().expect("there is room for files"));

/// Reads the set of `format` at `path` in a folder that holds only `files`. It may be refused, but neither panic nor take more than a few
/// megabytes.
pub fn read(format: &'static Format, path: &str, files: &[(&str, &[u8])]) {
    let folder = FOLDER.path();
    for (name, bytes) in files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap_or(folder)).expect("there is room for folders");
        fs::write(file, bytes).expect("there is room for files");
    }
    let limits = Limits {
        decompressed_bytes: 1 << 22,
    };
    let set = Located::At(format, folder.join(path)).load(&limits);
    if let Err(error) = &set {
        assert!(!error.to_string().is_empty());
    }
    drop(set);
    for (name, _) in files {
        remove(&folder.join(name));
    }
    let folders = files
        .iter()
        .flat_map(|(name, _)| Path::new(name).ancestors().skip(1));
    for inner in folders.filter(|inner| *inner != Path::new("")) {
        // One with another file goes with that.
        let _ = fs::remove_dir(folder.join(inner));
    }
}

fn remove(path: &Path) {
    fs::remove_file(path).expect("it was just written");
}

/// The parts of `bytes` between bytes of this kind.
pub fn pieces(bytes: &[u8], joint: u8) -> impl Iterator<Item = &[u8]> {
    bytes.split(move |byte| *byte == joint)
}

/// The parts of `bytes` of which each follows its length, a number of two bytes; the last one may be shorter.
pub fn measured(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (piece, rest) = rest.split_at(usize::from(u16::from_le_bytes(*length)).min(rest.len()));
        bytes = rest;
        Some(piece)
    })
}

/// The npy arrays that follow one another in `bytes`: each begins with numpy's signature.
pub fn arrays(bytes: &[u8]) -> Vec<&[u8]> {
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
pub fn names(choice: u8) -> &'static [&'static str] {
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
