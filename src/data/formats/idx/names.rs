//! The names that IDX files have in the wild, and the sets that the files of a folder make.
//!
//! A name is the set's own, if it has one, then `train`, `t10k` or `test`, then `images` or `labels`, then the kind of values, and `.gz`;
//! joined by dashes, dots or underscores: `train-images-idx3-ubyte`, `t10k-labels.idx1-ubyte.gz`,
//! `emnist-letters-test-images-idx3-ubyte.gz`, `qmnist-train-labels-idx2-int`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::FILES;
use crate::data::error::{DataError, Problem, unreadable};

/// The kinds of images and labels that a file may hold, as they end its name; the first is the one of [`FILES`].
pub(super) const IMAGE_KINDS: &[&str] = &["idx3-ubyte", "idx4-ubyte"];
pub(super) const LABEL_KINDS: &[&str] = &["idx1-ubyte", "idx1-short", "idx2-int", "idx1-int"];

/// The words for a split, with the first of its files in [`FILES`]; of two files, the one with the earlier word is read.
const SPLITS: [(&str, usize); 3] = [("train", 0), ("t10k", 2), ("test", 2)];
const CONTENTS: [(&str, usize, &[&str]); 2] =
    [("images", 0, IMAGE_KINDS), ("labels", 1, LABEL_KINDS)];
const JOINTS: &[char] = &['-', '.', '_'];

/// What a file's name says.
struct Named<'a> {
    /// The set's own name; mostly empty.
    set: &'a str,
    /// Its place among [`FILES`].
    file: usize,
    /// Of several files for one place, the one with the lowest rank is read: split, kind, packing, joint.
    rank: Rank,
}

type Rank = (usize, usize, bool, bool);

fn parse(name: &str) -> Option<Named<'_>> {
    if name.starts_with('.') {
        // What macOS puts beside a file is called like it.
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let plain = lower.strip_suffix(".gz").unwrap_or(&lower);
    let kind_at = plain.rfind("idx")?;
    let (stem, kind) = plain.split_at(kind_at);
    let dotted = stem.ends_with('.');
    let stem = stem.strip_suffix(JOINTS)?;
    let (content, place, kinds) = CONTENTS.iter().find(|(word, ..)| stem.ends_with(word))?;
    let kind = kinds.iter().position(|known| *known == kind)?;
    let stem = stem.strip_suffix(content)?.strip_suffix(JOINTS)?;
    let split = SPLITS.iter().position(|(word, _)| stem.ends_with(word))?;
    let (word, first) = SPLITS[split];
    let set = stem.strip_suffix(word)?;
    let set = match set {
        "" => "",
        set => set.strip_suffix(JOINTS)?,
    };
    Some(Named {
        set: &name[..set.len()],
        file: first + place,
        rank: (split, kind, plain.len() < lower.len(), dotted),
    })
}

/// The files of one set in a folder.
#[derive(Default)]
pub(super) struct Files {
    /// The set's own name, as its files have it; empty for [`FILES`].
    pub set: String,
    pub folder: PathBuf,
    /// In the order of [`FILES`].
    pub paths: [Option<PathBuf>; 4],
}

impl Files {
    /// Those that are there.
    pub fn found(&self) -> impl Iterator<Item = &PathBuf> {
        self.paths.iter().flatten()
    }

    /// The file at this place among [`FILES`].
    pub fn require(&self, file: usize) -> Result<&PathBuf, DataError> {
        let missing = || {
            let name = match &*self.set {
                "" => FILES[file].to_owned(),
                set => format!("{set}-{}", FILES[file].replace("t10k", "test")),
            };
            Problem::MissingFile(name).at(self.folder.display())
        };
        self.paths[file].as_ref().ok_or_else(missing)
    }
}

/// The sets in `folder`, by name; empty where it cannot be read.
pub(super) fn sets(folder: &Path) -> Vec<Files> {
    list(folder).unwrap_or_default()
}

fn list(folder: &Path) -> Result<Vec<Files>, DataError> {
    let mut sets = BTreeMap::<String, [Option<(Rank, PathBuf)>; 4]>::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        let Some(named) = path.file_name().and_then(|name| parse(name.to_str()?)) else {
            continue;
        };
        if !path.is_file() {
            continue;
        }
        let places = sets.entry(named.set.to_owned()).or_default();
        let place = &mut places[named.file];
        if place.as_ref().is_none_or(|(rank, _)| named.rank < *rank) {
            *place = Some((named.rank, path));
        }
    }
    let sets = sets.into_iter().map(|(set, places)| Files {
        set,
        folder: folder.to_owned(),
        paths: places.map(|place| place.map(|(_, path)| path)),
    });
    Ok(sets.collect())
}

/// The set at `path`: the only one in a folder, or the one that a file is part of.
pub(super) fn at(path: &Path) -> Result<Files, DataError> {
    if is_file_of_a_set(path) {
        let folder = folder_of(path);
        let name = path.file_name().and_then(|name| parse(name.to_str()?));
        let set = name.map_or("", |named| named.set);
        let mut sets = list(folder)?.into_iter();
        return sets
            .find(|files| files.set == set)
            .ok_or_else(|| Problem::MissingFile(FILES[0].to_owned()).at(folder.display()));
    }
    let mut sets = list(path)?;
    match sets.len() {
        0 => Ok(Files {
            folder: path.to_owned(),
            ..Files::default()
        }),
        1 => Ok(sets.remove(0)),
        _ => {
            let file = sets[0].found().next().cloned().unwrap_or_default();
            let names: Vec<_> = sets.iter().map(name_of).collect();
            let names = names.join(", ");
            Err(Problem::SeveralSets { names, file }.at(path.display()))
        }
    }
}

/// The names of the sets in a folder with several.
pub(super) fn several(path: &Path) -> Vec<String> {
    let sets = if path.is_dir() {
        sets(path)
    } else {
        Vec::new()
    };
    match sets.len() {
        0 | 1 => Vec::new(),
        _ => sets.iter().map(name_of).collect(),
    }
}

fn name_of(files: &Files) -> String {
    match &*files.set {
        "" => format!("{} and so on", FILES[0]),
        set => set.to_owned(),
    }
}

/// Whether `path` is a file that by its name belongs to a set.
pub(super) fn is_file_of_a_set(path: &Path) -> bool {
    place_of(path).is_some() && path.is_file()
}

/// The place among [`FILES`] that the name of the file at `path` gives it.
pub(super) fn place_of(path: &Path) -> Option<usize> {
    Some(parse(path.file_name()?.to_str()?)?.file)
}

/// The file in `folder` of the same set and place as one called `name`, under any of its names.
pub(in crate::data) fn like(folder: &Path, name: &str) -> Option<PathBuf> {
    let named = parse(name)?;
    let mut sets = sets(folder).into_iter();
    let mut files = sets.find(|files| files.set == named.set)?;
    files.paths[named.file].take()
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_use_are_understood() {
        for (name, set, file) in [
            ("train-images-idx3-ubyte", "", 0),
            ("train-labels.idx1-ubyte", "", 1),
            ("t10k-images.idx3-ubyte.gz", "", 2),
            ("test-labels-idx1-ubyte.gz", "", 3),
            ("train_images.idx3-ubyte", "", 0),
            (
                "emnist-letters-train-images-idx3-ubyte.gz",
                "emnist-letters",
                0,
            ),
            ("emnist-mnist-test-labels-idx1-ubyte", "emnist-mnist", 3),
            ("qmnist-train-labels-idx2-int.gz", "qmnist", 1),
            ("Train-Images-IDX3-UByte", "", 0),
            ("K49.train-images-idx4-ubyte", "K49", 0),
        ] {
            let named = parse(name).unwrap();
            assert_eq!((named.set, named.file), (set, file), "{name}");
        }
    }

    #[test]
    fn other_names_are_not() {
        for name in [
            "",
            "idx",
            "-idx3-ubyte",
            "train-images",
            "images-idx3-ubyte",
            "train-images-idx1-ubyte",
            "train-labels-idx3-ubyte",
            "train-images-idx3-ubyte.zip",
            "xtrain-images-idx3-ubyte",
            "._train-images-idx3-ubyte",
            "train-images-idx3-ubyte-old",
            "xnist-images-idx3-ubyte.xz",
            "trainé-images-idx3-ubyte",
        ] {
            assert!(parse(name).is_none(), "{name}");
        }
    }
}
