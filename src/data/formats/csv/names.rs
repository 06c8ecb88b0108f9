//! The names of CSV files, and which of them make a set.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::arrays::{Part, part_in};
use super::super::image_folder::{LABELS, is_list};
use crate::data::class_names;
use crate::data::error::{DataError, Problem};

const ENDINGS: [&str; 4] = [".csv", ".tsv", ".csv.gz", ".tsv.gz"];

/// The name without its ending, where it is one of a table; `labels.csv` is none.
fn stem(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    let lower = name.to_ascii_lowercase();
    if name.starts_with('.') || lower == LABELS {
        return None;
    }
    let ending = ENDINGS.iter().find(|ending| lower.ends_with(**ending))?;
    name.get(..name.len() - ending.len())
}

/// Whether `path` is a file that is named like a table, and not like the classes of image files beside it.
pub(super) fn is_table(path: &Path) -> bool {
    stem(path).is_some() && path.is_file() && !is_list(path)
}

/// The files of one set.
pub(super) struct Files {
    /// What the set is called.
    pub name: String,
    /// One file, or training images first and test images last.
    pub parts: Vec<(Part, PathBuf)>,
}

impl Files {
    /// Those of a set with words of its own, or else called like its folder.
    fn of_set(name: &str, folder: &Path, parts: Vec<(Part, PathBuf)>) -> Self {
        let name = match name {
            "" => class_names::of_path(folder),
            name => name.to_owned(),
        };
        Self { name, parts }
    }
}

/// The sets in `folder` that have training images, with the words that only their own names have.
fn sets(folder: &Path) -> Vec<(String, Vec<(Part, PathBuf)>)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let tables = entries.map(|entry| entry.path());
    let named = tables.filter_map(|path| {
        let (part, set) = part_in(stem(&path)?);
        (part != Part::Whole && path.is_file()).then_some((set, part, path))
    });
    let mut named: Vec<_> = named.collect();
    // Of a file and its compressed copy, the former comes first.
    named.sort();
    named.dedup_by(|(set, part, _), (kept, of_kept, _)| (set, part) == (kept, of_kept));
    let mut sets: Vec<(String, Vec<(Part, PathBuf)>)> = Vec::new();
    for (set, part, path) in named {
        match sets.last_mut().filter(|(name, _)| *name == set) {
            Some((_, parts)) => parts.push((part, path)),
            None => sets.push((set, vec![(part, path)])),
        }
    }
    sets.retain(|(_, parts)| parts[0].0 == Part::Train);
    sets
}

/// Whether a set is at `path`: a file, or a folder with a file of training images.
pub(super) fn is_set(path: &Path) -> bool {
    is_table(path) || path.is_dir() && !sets(path).is_empty()
}

/// The files of the set at `path`: a file with the others of its set, or those in a folder.
///
/// # Errors
/// Where a folder has several sets, or has changed since it was found.
pub(super) fn files_of(path: &Path) -> Result<Files, DataError> {
    if !path.is_dir() {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let mut sets = sets(folder).into_iter();
        let is_this = |other: &Path| other.file_name() == path.file_name();
        let of_set = sets.find(|(_, parts)| parts.iter().any(|(_, other)| is_this(other)));
        return Ok(match of_set {
            Some((name, parts)) if parts.len() > 1 => Files::of_set(&name, folder, parts),
            _ => Files {
                name: stem(path).unwrap_or_default().to_owned(),
                parts: vec![(Part::Whole, path.to_owned())],
            },
        });
    }
    let mut sets = sets(path);
    match sets.len() {
        1 => {
            let (name, parts) = sets.remove(0);
            Ok(Files::of_set(&name, path, parts))
        }
        0 => Err(Problem::NotThere("a CSV file of training images").at(path.display())),
        _ => Err(Problem::SeveralSetsOfArrays(first_files(&sets)).at(path.display())),
    }
}

/// The names of the first files of the sets in a folder with several.
pub(super) fn several(path: &Path) -> Vec<String> {
    let sets = if path.is_dir() {
        sets(path)
    } else {
        Vec::new()
    };
    match sets.len() {
        0 | 1 => Vec::new(),
        _ => first_files(&sets),
    }
}

fn first_files(sets: &[(String, Vec<(Part, PathBuf)>)]) -> Vec<String> {
    let files = sets
        .iter()
        .map(|(_, parts)| class_names::of_path(&parts[0].1));
    files.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            fs::write(folder.path().join(name), "").unwrap();
        }
        folder
    }

    fn parts(path: &Path) -> Vec<(Part, String)> {
        let parts = files_of(path).unwrap().parts.into_iter();
        let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        parts.map(|(part, path)| (part, name(path))).collect()
    }

    #[test]
    fn files_belong_together_by_their_names() {
        use Part::{Test, Train, Validation, Whole};
        let named = |part, name: &str| (part, name.to_owned());
        let kaggle = folder(&[
            "train.csv",
            "test.csv",
            "test.csv.gz",
            "sample_submission.csv",
        ]);
        let both = [named(Train, "train.csv"), named(Test, "test.csv")];
        assert!(is_set(kaggle.path()));
        for path in ["", "train.csv", "test.csv"] {
            assert_eq!(parts(&kaggle.path().join(path)), both, "{path}");
        }
        let other = kaggle.path().join("sample_submission.csv");
        assert_eq!(parts(&other), [named(Whole, "sample_submission.csv")]);

        // As in Google's Colab.
        let samples = [
            "mnist_test.csv",
            "mnist_train_small.csv",
            "california_housing_train.csv",
            "california_housing_test.csv",
        ];
        let samples = folder(&samples);
        let error = files_of(samples.path()).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("several sets: "), "{error}");
        for alone in ["mnist_test.csv", "mnist_train_small.csv"] {
            assert_eq!(parts(&samples.path().join(alone)), [named(Whole, alone)]);
        }

        let three = folder(&["a-val.tsv", "a-test.tsv", "a-train.tsv.gz"]);
        let found = parts(three.path()).into_iter().map(|(part, _)| part);
        assert_eq!(found.collect::<Vec<_>>(), [Train, Validation, Test]);
        for none in [
            &["digits.csv"][..],
            &["labels.csv"],
            &["test.csv"],
            &[".train.csv"],
        ] {
            assert!(!is_set(folder(none).path()), "{none:?}");
        }
        assert!(!is_set(&folder(&["labels.csv"]).path().join("labels.csv")));
        assert!(is_set(&folder(&["digits.CSV"]).path().join("digits.CSV")));
    }
}
