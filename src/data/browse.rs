//! The content of a folder, by what the program can open.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::error::DataError;
use super::format::{Format, file_length};
use super::formats::{self, signature::start_of};
use super::known::{KNOWN_SETS, KnownSet, SYNTHETIC_DIGITS};
use super::locate::{Located, locate_in};
use super::places::Places;
use super::unread::Unread;

/// Maximum number of entries; further ones are only counted.
const MOST_ENTRIES: usize = 5_000;

/// Maximum number of folders inspected: each costs some dozen system calls.
const MOST_LOOKS: usize = 400;

/// The content of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Absolute path.
    pub folder: PathBuf,
    /// The path as a person would write it, with `~`.
    pub title: String,
    /// The kind of the folder itself.
    pub kind: EntryKind,
    /// Folders first, then what can be opened, then the rest; each group by name.
    pub entries: Vec<Entry>,
    /// Number of entries beyond the maximum.
    pub left_out: usize,
}

/// A file or a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the folder.
    pub name: String,
    /// Its path.
    pub path: PathBuf,
    /// Whether it can be entered.
    pub is_folder: bool,
    /// Its kind.
    pub kind: EntryKind,
    /// Size of a file, or of all files of a set.
    pub bytes: Option<u64>,
}

/// The kind of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A folder without anything to open.
    Folder,
    /// A folder that cannot be read.
    Closed,
    /// A folder of several sets, with a short description; each is opened by a file in it.
    Sets(String),
    /// A data set of this format, with a short description.
    Data(&'static Format, String),
    /// A file of a set of this format in its folder; whether it stands for the set.
    Part(&'static Format, bool),
    /// A file that holds data and is not read.
    Unread(&'static Unread),
    /// A file that is named like a set and is this instead: `a web page`.
    Instead(&'static str),
    /// Anything else.
    File,
}

impl EntryKind {
    /// Whether it can be opened.
    pub fn is_data(&self) -> bool {
        matches!(self, Self::Data(..))
    }

    /// A short description.
    pub fn text(&self) -> String {
        match self {
            Self::Folder => "folder".to_owned(),
            Self::Closed => "unreadable folder".to_owned(),
            Self::Data(_, text) | Self::Sets(text) => text.clone(),
            Self::Part(format, true) => format!("{}: opens its set", format.part),
            Self::Part(format, false) => format!("single {} of a set", format.part),
            Self::Unread(kind) => format!("{}: not read", kind.name),
            Self::Instead(what) => format!("{what}, not a data set"),
            Self::File => "not a data set".to_owned(),
        }
    }
}

/// Lists the folder named by `text`, relative to the folder `base`; an empty text is `base` itself.
pub fn list(places: &Places, base: Option<&Path>, text: &str) -> io::Result<Listing> {
    let here = || std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    let base = base.map_or_else(here, Path::to_owned);
    let folder = without_dots(&base.join(places.expand(text)));
    let mut names: Vec<_> = fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .collect();
    names.sort_by_key(|name| name.to_string_lossy().to_lowercase());
    let left_out = names.len().saturating_sub(MOST_ENTRIES);
    names.truncate(MOST_ENTRIES);
    let mut looks = 0;
    let mut entries: Vec<Entry> = names
        .into_iter()
        .map(|name| {
            let path = folder.join(&name);
            let is_folder = path.is_dir();
            looks += usize::from(is_folder);
            let (kind, bytes) = match is_folder && looks > MOST_LOOKS {
                true => (EntryKind::Folder, None),
                false => told(&path),
            };
            Entry {
                name: name.to_string_lossy().into_owned(),
                path,
                is_folder,
                kind,
                bytes,
            }
        })
        .collect();
    entries.sort_by_key(|entry| match &entry.kind {
        _ if entry.is_folder => 0,
        EntryKind::Data(..) | EntryKind::Part(_, true) => 1,
        _ => 2,
    });
    Ok(Listing {
        title: title(places, &folder),
        kind: told(&folder).0,
        folder,
        entries,
        left_out,
    })
}

/// The entry at `path`, named by its full path.
pub fn look(path: &Path) -> Entry {
    let (kind, bytes) = told(path);
    Entry {
        name: path.display().to_string(),
        path: path.to_owned(),
        is_folder: path.is_dir(),
        kind,
        bytes,
    }
}

/// The kind and size of `path`.
fn told(path: &Path) -> (EntryKind, Option<u64>) {
    match formats::at(path) {
        Some(format) if format.is_folder && path.is_file() => {
            (EntryKind::Part(format, true), Some(file_length(path)))
        }
        Some(format) => match instead(format, path) {
            Some(kind) => (kind, Some(file_length(path))),
            None => {
                let (text, bytes) = (format.describe)(path);
                match (format.several_at)(path).is_empty() {
                    true => (EntryKind::Data(format, text), bytes),
                    false => (EntryKind::Sets(text), bytes),
                }
            }
        },
        _ if path.is_dir() => match fs::read_dir(path) {
            Ok(_) => (EntryKind::Folder, None),
            Err(_) => (EntryKind::Closed, None),
        },
        _ => {
            let part = formats::of_part(path).map(|format| EntryKind::Part(format, false));
            let unread = || Unread::named(path).map(EntryKind::Unread);
            let kind = part.or_else(unread).unwrap_or(EntryKind::File);
            (kind, Some(file_length(path)))
        }
    }
}

/// What a file is that is only named like a set of `format`.
fn instead(format: &Format, path: &Path) -> Option<EntryKind> {
    let start = path.is_file().then(|| start_of(path))?.ok()?;
    let what = (format.instead)(&start)?;
    Some(Unread::begins(&start).map_or(EntryKind::Instead(what), EntryKind::Unread))
}

/// A known set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPlace {
    /// The name that opens it.
    pub name: String,
    /// Its place on this machine, in words.
    pub place: String,
    /// Whether the complete set is on this machine.
    pub is_whole: bool,
}

impl KnownPlace {
    /// Whether nothing of it is on this machine, not even a starter set.
    pub fn must_be_fetched(&self) -> bool {
        let known = KnownSet::by_name(&self.name);
        !self.is_whole && known.is_some_and(|set| !set.has_starter)
    }
}

/// The sets that have names, with where they are on this machine: each known set, and its starter set under its own name.
pub fn known(places: &Places) -> Vec<KnownPlace> {
    let known = KNOWN_SETS.iter().flat_map(|set| {
        let located = locate_in(places, Some(set.name));
        let path = located.as_ref().ok().and_then(Located::path);
        let whole = KnownPlace {
            name: set.name.to_owned(),
            is_whole: path.is_some(),
            place: match (path, &located) {
                (Some(path), _) => title(places, path),
                (None, Err(DataError::NotHere(set))) => {
                    format!("not here; {} to fetch", set.to_fetch())
                }
                (None, Err(error)) => error.to_string(),
                (None, Ok(_)) => "only its starter set is here".to_owned(),
            },
        };
        let starter = set.has_starter.then(|| KnownPlace {
            name: set.starter_name(),
            is_whole: true,
            place: "built in: 10,000 + 2,000 images".to_owned(),
        });
        [Some(whole), starter].into_iter().flatten()
    });
    known
        .chain([KnownPlace {
            name: SYNTHETIC_DIGITS.to_owned(),
            place: "drawn when opened; tested on MNIST".to_owned(),
            is_whole: true,
        }])
        .collect()
}

/// A path as a person would write it, with `~` for the home folder.
pub fn title(places: &Places, path: &Path) -> String {
    let below_home = places
        .home
        .as_ref()
        .and_then(|home| path.strip_prefix(home).ok());
    match below_home {
        Some(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

/// The path without `.` and `..`, from its text alone: the parent of a linked folder is the folder of the link.
fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::super::formats::{IMAGES, idx::IDX, npz::NPZ};
    use super::*;

    #[test]
    fn dots_are_worked_out_and_never_lead_above_the_root() {
        for (from, to) in [
            ("/a/b/../c", "/a/c"),
            ("/a/./b/.", "/a/b"),
            ("/../..", "/"),
            ("/a/..", "/"),
        ] {
            assert_eq!(without_dots(Path::new(from)), Path::new(to));
        }
    }

    #[test]
    fn entries_are_told_apart() {
        let home = tempfile::tempdir().unwrap();
        let path = |name: &str| home.path().join(name);
        for folder in ["plain", "idx", "pets/cat", "pets/dog", ".hidden"] {
            fs::create_dir_all(path(folder)).unwrap();
        }
        for (file, bytes) in [
            ("set.npz", 5),
            ("notes.txt", 3),
            ("old.mat", 4),
            ("moved.zip", 0),
            ("moved.tar.gz", 0),
            ("idx/train-images-idx3-ubyte.gz", 7),
            ("idx/t10k-labels.idx1-ubyte", 2),
            ("pets/cat/1.png", 1),
            ("pets/dog/1.JPG", 1),
        ] {
            fs::write(path(file), vec![0; bytes]).unwrap();
        }
        fs::write(path("moved.zip"), "<html>moved</html>").unwrap();
        fs::write(path("moved.tar.gz"), "Rar!\x1a\x07\x01").unwrap();
        let places = Places {
            home: Some(home.path().to_owned()),
            ..Places::default()
        };
        let listing = list(&places, None, "~").unwrap();
        assert_eq!(
            (listing.title.as_str(), &listing.kind),
            ("~", &EntryKind::Folder)
        );
        let found: Vec<_> = listing
            .entries
            .iter()
            .map(|entry| (entry.name.as_str(), entry.kind.clone(), entry.bytes))
            .collect();
        let unread = Unread::named(Path::new("old.mat"))
            .map(EntryKind::Unread)
            .unwrap();
        assert_eq!(unread.text(), "MATLAB file: not read");
        let rar = Unread::begins(b"Rar!\x1a\x07")
            .map(EntryKind::Unread)
            .unwrap();
        let expected = [
            (".hidden", EntryKind::Folder, None),
            (
                "idx",
                EntryKind::Data(&IDX, "IDX files".to_owned()),
                Some(9),
            ),
            (
                "pets",
                EntryKind::Data(&IMAGES, "images in 2 classes".to_owned()),
                None,
            ),
            ("plain", EntryKind::Folder, None),
            ("set.npz", EntryKind::Data(&NPZ, "npz".to_owned()), Some(5)),
            ("moved.tar.gz", rar, Some(7)),
            ("moved.zip", EntryKind::Instead("a web page"), Some(18)),
            ("notes.txt", EntryKind::File, Some(3)),
            ("old.mat", unread, Some(4)),
        ];
        assert_eq!(found, expected);
        // Relative to where one is, and back.
        let inner = list(&places, Some(&listing.folder), "idx").unwrap();
        assert_eq!(
            (inner.title.as_str(), inner.kind.text().as_str()),
            ("~/idx", "IDX files")
        );
        let kinds: Vec<_> = inner
            .entries
            .iter()
            .map(|entry| entry.kind.text())
            .collect();
        assert_eq!(
            kinds,
            ["IDX file: opens its set", "single IDX file of a set"]
        );
        let back = list(&places, Some(&inner.folder), "..").unwrap();
        assert_eq!(back, listing);
        assert!(list(&places, None, "~/nowhere").is_err());
        let file = list(&places, None, "~/notes.txt");
        assert!(file.is_err(), "a file is no folder");
    }

    #[test]
    fn starter_sets_are_listed_by_name_wherever_the_whole_ones_are() {
        let user = tempfile::tempdir().unwrap();
        let places = Places {
            user: Some(user.path().to_owned()),
            ..Places::default()
        };
        let names = || -> Vec<(String, bool)> {
            let known = known(&places).into_iter();
            let with_starter =
                |name: &str| KnownSet::by_name(name).is_none_or(|set| set.has_starter);
            let known = known.filter(|known| with_starter(&known.name));
            known.map(|known| (known.name, known.is_whole)).collect()
        };
        let row = |name: &str, is_whole| (name.to_owned(), is_whole);
        let with_mnist = |is_whole| {
            vec![
                row("fashion-mnist", false),
                row("fashion-mnist-starter", true),
                row("mnist", is_whole),
                row("mnist-starter", true),
                row("synthetic-digits", true),
            ]
        };
        assert_eq!(names(), with_mnist(false));
        fs::create_dir(user.path().join("mnist")).unwrap();
        assert_eq!(names(), with_mnist(true));
    }

    #[test]
    fn pasted_paths_are_understood() {
        let places = Places {
            home: Some(PathBuf::from("/home/me")),
            ..Places::default()
        };
        for (text, path) in [
            ("~", "/home/me"),
            ("~/a b", "/home/me/a b"),
            ("'/x/a b.npz'", "/x/a b.npz"),
            ("\"/x\"", "/x"),
            ("file:///x/y.npz\n", "/x/y.npz"),
            ("~other/x", "~other/x"),
            ("sets/x", "sets/x"),
        ] {
            assert_eq!(places.expand(text), Path::new(path), "{text}");
        }
    }
}
