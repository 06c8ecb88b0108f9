//! Zip and tar archives of sets of any other format, opened as they are: unpacked into a temporary folder, read from there, and called by
//! their own name.

mod inside;
mod problem;
mod temporary;
mod unpack;

use std::path::Path;

use self::inside::Inside;
pub use self::problem::ArchiveProblem;
use self::temporary::Temporary;
use super::signature;
use super::zip_archive;
use crate::data::dataset::{Dataset, Source};
use crate::data::error::{DataError, Problem, unreadable};
use crate::data::format::{Format, LoadOptions, file_length};
use crate::data::known::KnownSet;
use crate::data::progress::Progress;
use crate::data::unread::Unread;
use crate::wording::counted;

/// One file, recognized by its extension.
pub static ARCHIVE: Format = Format {
    name: "archive",
    one: "a zip or tar archive of one of these",
    several: "zip and tar archives of these",
    is_folder: false,
    // What is in it is known only when it is unpacked.
    asks: true,
    part: "",
    is_at: |path| path.is_file() && ending(path).is_some(),
    is_part: |_| false,
    instead,
    several_at: |_| Vec::new(),
    describe: |path| (described(path), Some(file_length(path))),
    known_set: |path| Ok(KnownSet::by_name(&stem(path))),
    load,
};

const ZIP: &str = ".zip";

/// Longer ones first.
const ENDINGS: [&str; 4] = [ZIP, ".tar.gz", ".tgz", ".tar"];

/// The ending of an archive's name, as it is written there.
fn ending(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    let mut endings = ENDINGS.into_iter();
    endings.find(|ending| name.ends_with(ending))
}

/// Whether the file at `path` is named like an archive.
pub fn is_archive(path: &Path) -> bool {
    ending(path).is_some()
}

/// Whether the file at `path` is named like a tar archive.
pub(super) fn is_tar(path: &Path) -> bool {
    ending(path).is_some_and(|ending| ending != ZIP)
}

/// What a file is that begins like this and is no archive.
pub(super) fn instead(start: &[u8]) -> Option<&'static str> {
    match signature::is_zip(start) || signature::is_gzip(start) {
        true => None,
        false => signature::binary(start),
    }
}

/// The name of an archive without its ending.
fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let end = ending(path).map_or(0, str::len);
    let stem = name.get(..name.len() - end).unwrap_or(&name);
    let stem = stem.trim_matches('.');
    if stem.is_empty() { "archive" } else { stem }.to_owned()
}

/// `zip archive of images in 10 classes`, where its list of names is short.
fn described(path: &Path) -> String {
    if ending(path) != Some(ZIP) {
        return "tar archive".to_owned();
    }
    let names = zip_archive::few_names(path).unwrap_or_default();
    match inside::image_folders(names.iter().map(String::as_bytes)) {
        0 | 1 => "zip archive".to_owned(),
        classes => format!("zip archive of images in {}", counted(classes, "class")),
    }
}

/// The kind of an archive, by its content.
enum Packed {
    Zip,
    Tar,
}

impl Packed {
    fn of(path: &Path) -> Result<Self, DataError> {
        let start = signature::start_of(path).map_err(unreadable(path))?;
        if signature::is_zip(&start) {
            return Ok(Self::Zip);
        }
        if signature::is_gzip(&start) {
            return Ok(Self::Tar);
        }
        match instead(&start) {
            Some(found) => {
                let unread = Unread::begins(&start).map(|kind| kind.way(path));
                let again = || "get the file again from its source".to_owned();
                let problem = ArchiveProblem::AnotherThing {
                    found: found.to_owned(),
                    advice: unread.unwrap_or_else(again),
                };
                Err(Problem::from(problem).at(path.display()))
            }
            // A zip archive may begin with a program that unpacks it.
            None if ending(path) == Some(ZIP) => Ok(Self::Zip),
            None => Ok(Self::Tar),
        }
    }
}

/// The data set in the archive at `path`. Nothing of it remains on the disk.
fn load(path: &Path, options: &LoadOptions, progress: &Progress<'_>) -> Result<Dataset, DataError> {
    let temporary = Temporary::new(&stem(path), options.limits.decompressed_bytes)?;
    let root = temporary.root();
    let refused = |problem: ArchiveProblem| Problem::from(problem).at(path.display());
    let packed = Packed::of(path)?;
    if matches!(packed, Packed::Zip)
        && let Some(outline) = unpack::outline(path, &temporary)
        && let Inside::Several(names) = inside::find(outline.path())
    {
        return Err(refused(ArchiveProblem::SeveralSets(names)));
    }
    let skipped = match packed {
        Packed::Zip => unpack::zip(path, &temporary, &progress.part(0, 2))?,
        Packed::Tar => unpack::tar(path, &temporary, &progress.part(0, 2))?,
    };
    let renamed = |text: &str| renamed(text, root, path);
    let set = match inside::find(root) {
        Inside::Set(format, place) => (format.load)(&place, options, &progress.part(1, 2)),
        Inside::Several(names) => Err(refused(ArchiveProblem::SeveralSets(names))),
        Inside::Nothing { found, advice } => Err(refused(ArchiveProblem::NoSet { found, advice })),
    };
    let set = set.map_err(|error| match error {
        DataError::Cancelled => DataError::Cancelled,
        error => DataError::InArchive(renamed(&error.to_string())),
    })?;
    let note = renamed(&set.summary().note);
    let set = set.moved(Source::at(&ARCHIVE, path), note);
    Ok(skipped.into_iter().fold(set, Dataset::with_note))
}

/// A text that calls a place in the archive by the archive's name: `photos.zip, cat/1.png`.
fn renamed(text: &str, root: &Path, archive: &Path) -> String {
    let (root, archive) = (root.display().to_string(), archive.display().to_string());
    text.replace(&format!("{root}/"), &format!("{archive}, "))
        .replace(&root, &archive)
}
