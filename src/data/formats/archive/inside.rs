//! What is in an archive: the set, or why there is none.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::image_folder::MOST_FOLDERS;
use super::super::image_folder::note::named;
use super::super::{FORMATS, why_not};
use super::ARCHIVE;
use super::unpack::entry_path;
use crate::data::contents::Contents;
use crate::data::format::Format;
use crate::data::image_file::is_image;

/// What an unpacked archive holds.
pub(super) enum Inside {
    Set(&'static Format, PathBuf),
    /// The names of several sets.
    Several(String),
    Nothing {
        found: String,
        advice: String,
    },
}

/// The set in `root`: the folder itself, its only folder, or the only thing in one of them that is a set.
pub(super) fn find(root: &Path) -> Inside {
    let mut folder = root.to_owned();
    for _ in 0..MOST_FOLDERS {
        if let Some(format) = format_at(&folder) {
            return set_at(format, folder);
        }
        let entries = entries(&folder);
        let mut sets = sets(&entries);
        match sets.len() {
            0 => {}
            1 => {
                let (format, path) = sets.remove(0);
                return set_at(format, path);
            }
            _ => {
                let names = sets.iter().map(|(_, path)| relative(root, path));
                return Inside::Several(named(&names.collect::<Vec<_>>()));
            }
        }
        let mut folders = entries.iter().filter(|entry| entry.is_dir());
        match (folders.next(), folders.next()) {
            (Some(only), None) => folder = only.clone(),
            _ => break,
        }
    }
    nothing(root)
}

/// The set at `path`, or the sets of which it holds several.
fn set_at(format: &'static Format, path: PathBuf) -> Inside {
    let names = (format.several_at)(&path);
    match names.is_empty() {
        true => Inside::Set(format, path),
        false => Inside::Several(names.join(", ")),
    }
}

/// The format of the set at `path`. An archive in an archive is not unpacked.
fn format_at(path: &Path) -> Option<&'static Format> {
    let formats = FORMATS.iter().copied();
    let mut formats = formats.filter(|format| **format != ARCHIVE);
    formats.find(|format| (format.is_at)(path))
}

/// Those of `entries` that are sets; of files that together are one set, the first.
fn sets(entries: &[PathBuf]) -> Vec<(&'static Format, PathBuf)> {
    let mut sets: Vec<(&'static Format, PathBuf)> = Vec::new();
    for entry in entries {
        let Some(format) = format_at(entry) else {
            continue;
        };
        let is_part = (format.is_part)(entry);
        let of_the_same =
            |(other, path): &(&'static Format, PathBuf)| *other == format && (format.is_part)(path);
        if !(is_part && sets.iter().any(of_the_same)) {
            sets.push((format, entry.clone()));
        }
    }
    sets
}

fn nothing(root: &Path) -> Inside {
    let contents = Contents::below(root);
    let advice = why_not(root).or_else(|| {
        let advice = contents.advice(root)?;
        Some(format!("unpack the archive, and {advice}"))
    });
    let advice = advice.unwrap_or_else(|| match contents.archive() {
        Some(inner) => format!(
            "unpack it, since an archive in an archive is not opened: {}",
            relative(root, inner)
        ),
        None => "choose another file".to_owned(),
    });
    Inside::Nothing {
        found: contents.to_string(),
        advice,
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries: Vec<_> = entries.map(|entry| entry.path()).collect();
    entries.sort_unstable();
    entries
}

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.display().to_string()
}

/// The number of folders of different names with images right in them, which are as many classes in all usual arrangements.
pub(super) fn image_folders<'a>(names: impl Iterator<Item = &'a [u8]>) -> usize {
    let paths = names.filter_map(|name| entry_path(name).ok().flatten());
    let images = paths.filter(|path| is_image(path));
    let folders = images.filter_map(|path| Some(path.parent()?.file_name()?.to_owned()));
    folders.collect::<HashSet<OsString>>().len()
}
