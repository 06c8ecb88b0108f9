//! Folders with each numpy array in a file of its own: `x_train.npy` and so on, or KMNIST's `kmnist-train-imgs.npz`, one array a file.

use std::fs;
use std::path::{Path, PathBuf};

use super::arrays::{self, ArrayAt, Arrays};
use crate::data::class_names;
use crate::data::dataset::{Dataset, Source};
use crate::data::error::{DataError, Problem};
use crate::data::format::{Format, LoadOptions, file_length};
use crate::data::known::KnownSet;
use crate::data::names::has_ending;
use crate::data::progress::Progress;

/// A folder of files whose names say what they are; any of these files stands for it.
pub static NPY: Format = Format {
    name: "npy",
    one: "a folder of npy files (x_train.npy and so on)",
    several: "folders of npy files",
    is_folder: true,
    asks: false,
    part: "numpy array",
    is_at: |path| !files_of(path).is_empty(),
    is_part: |path| path.is_file() && !files_of(path).is_empty(),
    instead: |_| None,
    several_at: |path| match path.is_dir() {
        true => several(path),
        false => Vec::new(),
    },
    describe: |path| {
        let files = files_of(path);
        let bytes = files.iter().map(|file| file_length(file)).sum();
        ("npy files".to_owned(), Some(bytes))
    },
    known_set: |path| Ok(KnownSet::by_name(&class_names::of_path(folder_of(path)))),
    load,
};

/// The folder at `path`, or that of the file there.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if path.is_file() && folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) if path.is_file() => folder,
        _ => path,
    }
}

/// The files in `folder` that may be arrays.
fn arrays_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.map(|entry| entry.path());
    let mut files: Vec<PathBuf> = files.filter(|path| is_array(path)).collect();
    files.sort();
    files
}

fn is_array(path: &Path) -> bool {
    has_ending(path, &["npy", "npz"])
}

/// The sets that these files are, each with the word that only its own names have.
fn sets(files: &[PathBuf]) -> Vec<(String, Vec<usize>)> {
    let stems = files.iter().map(|file| file.file_stem()?.to_str());
    let stems: Vec<&str> = stems.map(Option::unwrap_or_default).collect();
    arrays::sets(stems.into_iter())
}

/// The names of the sets in a folder with several.
fn several(folder: &Path) -> Vec<String> {
    let sets = sets(&arrays_in(folder));
    match sets.len() {
        0 | 1 => Vec::new(),
        _ => sets.into_iter().map(|(name, _)| name).collect(),
    }
}

/// The files of the set at `path`: of all sets in a folder, or of the one that a file belongs to.
fn files_of(path: &Path) -> Vec<PathBuf> {
    let has_role = || path.file_stem()?.to_str().map(arrays::has_role);
    // Most files need no look at their folder.
    if path.is_file() && !(is_array(path) && has_role() == Some(true)) {
        return Vec::new();
    }
    let files = arrays_in(folder_of(path));
    let sets = sets(&files).into_iter().map(|(_, set)| set);
    let of_set = |set: &Vec<usize>| set.iter().map(|&at| files[at].clone()).collect();
    let mut sets = sets.map(|set| of_set(&set));
    match path.is_file() {
        true => sets.find(|set: &Vec<PathBuf>| {
            let mut names = set.iter().map(|file| file.file_name());
            names.any(|name| name == path.file_name())
        }),
        false => Some(sets.flatten().collect()),
    }
    .unwrap_or_default()
}

/// The data set at `path`.
fn load(path: &Path, options: &LoadOptions, progress: &Progress<'_>) -> Result<Dataset, DataError> {
    let mut all = Vec::new();
    for file in files_of(path) {
        match has_ending(&file, &["npz"]) {
            false => all.push(ArrayAt::in_npy(&file)),
            true => match <[ArrayAt; 1]>::try_from(ArrayAt::in_npz(&file)?) {
                Ok([only]) => all.push(only.named_by_file()),
                Err(several) => {
                    return Err(Problem::SeveralArrays(several.len()).at(file.display()));
                }
            },
        }
    }
    let arrays = Arrays {
        source: Source::at(&NPY, path),
        path: path.to_owned(),
        name: class_names::of_path(folder_of(path)),
        all,
    };
    arrays::load(&arrays, options, progress)
}
