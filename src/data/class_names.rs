//! The class names of a data set: from `classes.txt` beside the files, or numbers.

use std::io;
use std::path::{Path, PathBuf};

use super::dataset::CLASSES;
use super::error::{DataError, Problem, unreadable};
use super::whole_file::WholeFile;
use crate::text_file;
use crate::wording::counted;

/// The file with the class names for the sets in its folder, one per line, class 0 first.
pub(super) const FILE: &str = "classes.txt";

/// The file with the class names for the file at `path` alone: `clothes.npz` has `clothes.classes.txt`.
pub(super) fn beside(path: &Path) -> PathBuf {
    path.with_extension(FILE)
}

/// The lines of `classes.txt` in `folder`, if it exists.
pub(super) fn read(folder: &Path) -> Result<Option<Vec<String>>, DataError> {
    read_file(folder.join(FILE))
}

/// The names in a file for the set at `path`: in its folder, or for a file alone beside it.
pub(super) fn for_set(path: &Path) -> Result<Option<Vec<String>>, DataError> {
    if path.is_dir() {
        return read(path);
    }
    match read_file(beside(path))? {
        Some(names) => Ok(Some(names)),
        None => read(path.parent().unwrap_or(Path::new("."))),
    }
}

/// The lines of the file at `path`, if it exists.
pub(super) fn read_file(path: PathBuf) -> Result<Option<Vec<String>>, DataError> {
    let text = match text_file::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(unreadable(&path)(source)),
    };
    let names: Vec<String> = text
        .trim_end()
        .lines()
        .map(|line| line.trim().to_owned())
        .collect();
    let wrong = |found| Problem::ClassNames(found).at(path.display());
    if let Some(line) = names.iter().position(String::is_empty) {
        return Err(wrong(format!("an empty line {}", line + 1)));
    }
    if !CLASSES.contains(&names.len()) {
        return Err(wrong(counted(names.len(), "line")));
    }
    Ok(Some(names))
}

/// A file for `path` with these class names, not yet in its place.
pub(super) fn write(path: &Path, names: &[String]) -> Result<WholeFile, DataError> {
    WholeFile::of(path, as_lines(names).join("\n") + "\n")
}

/// Class names as a file has them: line breaks become spaces, an empty name its number.
pub(super) fn as_lines(names: &[String]) -> Vec<String> {
    let lines = names.iter().enumerate().map(|(class, name)| {
        let words: Vec<_> = name.lines().map(str::trim).collect();
        match words.join(" ").trim() {
            "" => class.to_string(),
            name => name.to_owned(),
        }
    });
    lines.collect()
}

/// The last part of a path: the name of a folder's class, or of its data set.
pub(super) fn of_path(path: &Path) -> String {
    let whole = path.canonicalize();
    let whole = whole.as_deref().unwrap_or(path);
    match path.file_name().or(whole.file_name()) {
        Some(name) => name.to_string_lossy().into_owned(),
        None => path.display().to_string(),
    }
}
