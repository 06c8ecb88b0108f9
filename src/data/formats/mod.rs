//! The formats in which data sets lie on a disk. A new one is one file here, with its [`Format`], and one line in [`FORMATS`]: where sets
//! are found, the browser, the forms and the messages know formats from this list alone.

pub mod idx;
mod image_folder;
pub mod npz;
mod source;

use std::fmt;
use std::path::Path;

pub use image_folder::{IMAGES, ImageOptions};

use super::LoadOptions;
use super::dataset::Dataset;
use super::error::DataError;
use super::known::KnownSet;
use super::progress::Progress;
use super::tasks::TaskKind;

/// Every format, in the order in which messages name them; the first that is at a path has it.
pub static FORMATS: &[&Format] = &[&npz::NPZ, &idx::IDX, &IMAGES];

/// What is known of a format before anything of it is read.
pub struct Format {
    /// `npz`. A folder's follows its path: `/sets/clothes (IDX)`.
    pub name: &'static str,
    /// One of its sets, and what it is recognized by: `a folder of IDX files (train-images-idx3-ubyte and so on)`.
    pub one: &'static str,
    /// Several of them: `folders of IDX files`.
    pub several: &'static str,
    /// Whether a set is a folder, which a person may also go into.
    pub is_folder: bool,
    /// What a person calls a file of a set's folder, `IDX file`; empty where none would be taken for the set itself.
    pub part: &'static str,
    /// The task that asks for what opening it needs to know.
    pub opens_with: &'static TaskKind,
    /// Whether a set is at a path, told by names alone.
    pub is_at: fn(&Path) -> bool,
    /// Whether a file is a part of the set in its folder.
    pub is_part: fn(&Path) -> bool,
    /// What the set at a path is, `images in 10 classes`, and the bytes of all its files where these are few; told by names alone.
    pub describe: fn(&Path) -> (String, Option<u64>),
    /// The known set at a path, told by its content where that is quick, else by its name.
    pub known_set: fn(&Path) -> Result<Option<&'static KnownSet>, DataError>,
    /// Reads the set at a path whole, or not at all.
    pub load: fn(&Path, &LoadOptions, &Progress<'_>) -> Result<Dataset, DataError>,
}

impl Format {
    /// The format of the set at `path`, told by names alone.
    pub fn at(path: &Path) -> Option<&'static Self> {
        FORMATS.iter().copied().find(|format| (format.is_at)(path))
    }

    /// The format of the set of which the file at `path` is a part.
    pub fn of_part(path: &Path) -> Option<&'static Self> {
        FORMATS
            .iter()
            .copied()
            .find(|format| (format.is_part)(path))
    }
}

/// A set of any format, for a sentence: `an npz file, a folder of … or a folder of …`.
pub fn any() -> String {
    listed(|format| format.one, "or")
}

/// All that can be opened, for a sentence: `npz files, folders of IDX files and folders of images`.
pub fn all() -> String {
    listed(|format| format.several, "and")
}

fn listed(words: fn(&Format) -> &'static str, joint: &str) -> String {
    let words: Vec<_> = FORMATS.iter().copied().map(words).collect();
    let (last, others) = words.split_last().expect("there are formats");
    format!("{} {joint} {last}", others.join(", "))
}

/// Refuses so many images with another number of labels, which are in the array or file after the `first`.
fn check_counts(
    images: usize,
    labels: usize,
    place: impl Fn(usize) -> String,
    first: usize,
) -> Result<(), DataError> {
    match images == labels {
        true => Ok(()),
        false => Err(DataError::CountsDiffer {
            images_place: place(first),
            images,
            labels_place: place(first + 1),
            labels,
        }),
    }
}

/// Bytes of a file; 0 where it cannot be asked for.
pub(super) fn file_length(path: &Path) -> u64 {
    path.metadata().map_or(0, |facts| facts.len())
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_name_every_format() {
        assert_eq!(
            any(),
            "an npz file, a folder of IDX files (train-images-idx3-ubyte and so on) or a folder of images (train/<class>/*.png)"
        );
        assert_eq!(
            all(),
            "npz files, folders of IDX files and folders of images"
        );
    }

    #[test]
    fn names_are_unique_and_nowhere_is_nothing() {
        for (place, format) in FORMATS.iter().enumerate() {
            assert!(FORMATS[..place].iter().all(|other| other != format));
        }
        assert_eq!(Format::at(Path::new("/no/such/place")), None);
        assert_eq!(Format::of_part(Path::new("/no/such/place")), None);
    }
}
