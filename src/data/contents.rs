//! What a folder holds that is no data set, in words: `3 Parquet files and 2 others`.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::class_names::of_path;
use super::formats;
use super::image_file::is_image;
use super::names::has_ending;
use super::unread::Unread;
use crate::wording::counted;

/// Files beyond these are not looked at.
const MOST_FILES: usize = 10_000;

/// Kinds that are named; the rest are others.
const MOST_KINDS: usize = 3;

/// Kinds of files that are read, but not where or as they are.
const READ: [(&str, &[&str]); 3] = [
    ("npz file", &["npz"]),
    (ARRAY, &["npy"]),
    ("CSV file", &["csv", "tsv"]),
];
const ARRAY: &str = "numpy array";
const ARCHIVE: &str = "archive";

/// The files of a folder, counted by kind.
#[derive(Default)]
pub(super) struct Contents {
    kinds: BTreeMap<&'static str, usize>,
    others: usize,
    folders: usize,
    /// A file that is not read, of the kind that there is most of.
    unread: BTreeMap<&'static str, (&'static Unread, PathBuf)>,
    /// The first numpy array.
    array: Option<PathBuf>,
    archive: Option<PathBuf>,
}

impl Contents {
    /// Of the folder itself.
    pub fn of(folder: &Path) -> Self {
        let mut contents = Self::default();
        for path in entries(folder).into_iter().take(MOST_FILES) {
            match path.is_dir() {
                true => contents.folders += 1,
                false => contents.add(path),
            }
        }
        contents
    }

    /// Of the folder and all folders in it.
    pub fn below(root: &Path) -> Self {
        let mut contents = Self::default();
        let mut folders = vec![root.to_owned()];
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            for path in entries(&folder) {
                match path.is_dir() {
                    true => folders.push(path),
                    false => contents.add(path),
                }
                files += 1;
                if files >= MOST_FILES {
                    return contents;
                }
            }
        }
        contents
    }

    fn add(&mut self, path: PathBuf) {
        let unread = Unread::named(&path);
        let read = || READ.iter().find(|(_, endings)| has_ending(&path, endings));
        let kind = match (unread, is_image(&path)) {
            (Some(kind), _) => kind.name,
            (None, true) => "image",
            (None, false) => match read() {
                Some((kind, _)) => kind,
                None if formats::is_archive(&path) => ARCHIVE,
                None => {
                    self.others += 1;
                    return;
                }
            },
        };
        *self.kinds.entry(kind).or_default() += 1;
        if let Some(unread) = unread {
            self.unread.entry(kind).or_insert((unread, path));
        } else if kind == ARRAY {
            self.array.get_or_insert(path);
        } else if kind == ARCHIVE {
            self.archive.get_or_insert(path);
        }
    }

    /// The kinds, those with most files first.
    fn by_count(&self) -> Vec<(&'static str, usize)> {
        let mut kinds: Vec<_> = self
            .kinds
            .iter()
            .map(|(kind, count)| (*kind, *count))
            .collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        kinds
    }

    /// The nearest thing that could work, by the files that there are most of. Paths in it are relative to `base` where they are below it.
    pub fn advice(&self, base: &Path) -> Option<String> {
        self.by_count().into_iter().find_map(|(kind, _)| {
            if let Some((unread, path)) = self.unread.get(kind) {
                return Some(unread.way(path.strip_prefix(base).unwrap_or(path)));
            }
            let array = self.array.as_ref().filter(|_| kind == ARRAY)?;
            // Where it is deeper, its partner may be beside it.
            let folder = array
                .parent()
                .filter(|folder| formats::at(folder).is_some());
            let choose = |folder: &Path| format!("choose {} instead", folder.display());
            Some(folder.map_or_else(|| alone(array), choose))
        })
    }

    /// Whether there is any file.
    pub fn has_files(&self) -> bool {
        self.others > 0 || !self.kinds.is_empty()
    }

    /// The first archive.
    pub fn archive(&self) -> Option<&Path> {
        self.archive.as_deref()
    }
}

impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = self.by_count();
        let named = kinds.len().min(MOST_KINDS);
        let mut parts: Vec<String> = kinds[..named]
            .iter()
            .map(|(kind, count)| counted_of(kind, *count))
            .collect();
        let others = self.others + kinds[named..].iter().map(|(_, count)| count).sum::<usize>();
        if self.folders > 0 {
            parts.push(counted(self.folders, "folder"));
        }
        match (others, parts.is_empty()) {
            (0, true) => parts.push("no files".to_owned()),
            (0, false) => {}
            (count, true) => parts.push(format!("{} of other kinds", counted(count, "file"))),
            (count, false) => parts.push(counted(count, "other")),
        }
        match &parts[..] {
            [all @ .., last] if !all.is_empty() => write!(f, "{} and {last}", all.join(", ")),
            parts => f.write_str(&parts.concat()),
        }
    }
}

/// `3 Parquet files`, `2 parts of a split zip archive`.
fn counted_of(kind: &str, count: usize) -> String {
    match kind.split_once(' ') {
        Some(("part", rest)) => format!("{} {rest}", counted(count, "part")),
        _ => counted(count, kind),
    }
}

/// What is missing beside a numpy array.
pub(super) fn alone(array: &Path) -> String {
    let stem = array.file_stem().unwrap_or_default().to_string_lossy();
    let name = of_path(array);
    match formats::partner(&stem) {
        Some((missing, partner)) => {
            format!("{missing} are missing for {name}: put {partner}.npy beside it")
        }
        None => format!(
            "{name} does not say what it holds: call images x.npy, and put their labels beside it as y.npy"
        ),
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let entries = entries.map(|entry| entry.path());
    let is_hidden = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default();
        name.as_encoded_bytes().starts_with(b".")
    };
    let mut entries: Vec<_> = entries.filter(|path| !is_hidden(path)).collect();
    entries.sort_unstable();
    entries
}
