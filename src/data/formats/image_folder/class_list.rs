//! The classes of a folder's images: which folder holds which class, and what they are called.
//!
//! Without a list, a class is called like its folder, and classes are in the order of these names. A `classes.txt` beside the folders gives
//! other orders and names: it lists the classes, whose folders have their names, or their numbers and names as in `0-T-shirt-top`, where a
//! name cannot be one of a folder.

use std::collections::HashSet;
use std::path::Path;

use super::layout::{APPLE, ClassFolder};
use crate::data::class_names;
use crate::data::names::as_file_name;

/// The classes of a set.
#[derive(Debug)]
pub(super) struct ClassList {
    pub names: Vec<String>,
    /// The name of the folder of each class.
    folders: Vec<String>,
    /// Whether it is that of a `classes.txt`.
    pub is_written: bool,
    /// Why such a file is not used.
    pub note: Option<String>,
}

impl ClassList {
    /// The classes whose folders `found` are, by the list in `root` where it fits these; any other file of its name is left alone.
    pub fn of(root: &Path, found: &[ClassFolder]) -> Self {
        let found: Vec<&str> = found.iter().map(|class| class.name.as_str()).collect();
        let list = class_names::read(root).ok().flatten();
        let is_there = list.is_some();
        let listed = list.and_then(|names| {
            let mut fitting = folders(&names).into_iter().filter(|folders| {
                let mut found = found.iter();
                found.all(|name| folders.iter().any(|folder| folder == name))
            });
            fitting.next().map(|folders| (names, folders))
        });
        let is_written = listed.is_some();
        let note = || {
            let file = class_names::FILE;
            format!("{file} is not used, since it does not name the class folders")
        };
        let own = || {
            let names: Vec<String> = found.iter().map(|&name| name.to_owned()).collect();
            (names.clone(), names)
        };
        let (names, folders) = listed.unwrap_or_else(own);
        Self {
            names,
            folders,
            is_written,
            note: (is_there && !is_written).then(note),
        }
    }

    /// The class of the folder of this name.
    pub fn class(&self, folder: &str) -> Option<u16> {
        let place = self.folders.iter().position(|other| other == folder)?;
        Some(place as u16)
    }
}

/// The names that the folders of classes may have, the first choice first.
fn folders(names: &[String]) -> [Vec<String>; 2] {
    let numbered = names.iter().enumerate();
    let numbered = numbered.map(|(class, name)| format!("{class}-{}", as_file_name(name, 40, "")));
    [names.to_vec(), numbered.collect()]
}

/// The names for the folders of these classes: their own, where all can be names of folders.
pub(super) fn folders_for(names: &[String]) -> Vec<String> {
    let [plain, numbered] = folders(names);
    let mut seen = HashSet::new();
    // Where letter case makes no difference, they would share a folder.
    let are_usable = plain
        .iter()
        .all(|name| is_usable(name) && seen.insert(name.to_lowercase()));
    // A name that could be another one's folder would leave it open which one is meant.
    let is_open = plain.iter().any(|name| numbered.contains(name));
    if are_usable && !is_open {
        plain
    } else {
        numbered
    }
}

/// Whether a folder may have this name, on any system, and holds images then.
fn is_usable(name: &str) -> bool {
    let is_plain = |letter: char| !letter.is_control() && !"/\\<>:\"|?*".contains(letter);
    !name.is_empty()
        && name.len() <= 100
        && name.chars().all(is_plain)
        && !name.starts_with(['.', ' '])
        && !name.ends_with(['.', ' '])
        && name != APPLE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn names_that_no_folder_can_have_are_numbered() {
        let fine = names(&["b", "a", "käse brot", "10"]);
        assert_eq!(folders_for(&fine), fine);
        let long = "x".repeat(101);
        for odd in [
            "T-shirt/top",
            "",
            "..",
            ".hidden",
            "a\\b",
            "C:",
            "end ",
            "end.",
            "B",
            "1-2",
            "__MACOSX",
            &long,
        ] {
            let folders = folders_for(&names(&["b", "2", odd]));
            assert_eq!(folders[..2], ["0-b", "1-2"], "{odd:?}");
            assert!(is_usable(&folders[2]), "{odd:?}: {}", folders[2]);
        }
        assert_eq!(
            folders_for(&names(&["T-shirt/top", "x"]))[0],
            "0-T-shirt-top"
        );
    }
}
