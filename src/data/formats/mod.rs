//! The formats in which data sets lie on a disk. A new one is one file here, with its [`Format`], and one line in [`FORMATS`]: where sets
//! are found, the browser, the forms and the messages know formats from this list alone.

pub mod idx;
mod image_folder;
pub mod npz;

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
    /// One of its sets, in a sentence: `a folder of IDX files`.
    pub one: &'static str,
    /// Several of them: `folders of IDX files`.
    pub several: &'static str,
    /// What it is recognized by, where a person may not know; else empty.
    pub example: &'static str,
    /// Whether a set is a folder, which a person may also go into.
    pub is_folder: bool,
    /// What a person calls a file of a set's folder, `IDX file`; empty where none would be taken for the set itself.
    pub part: &'static str,
    /// The task that asks for what opening it needs to know.
    pub opens_with: &'static TaskKind,
    /// Whether a set is at a path, told by names alone.
    is_at: fn(&Path) -> bool,
    /// Whether a file is a part of the set in its folder.
    is_part: fn(&Path) -> bool,
    /// What the set at a path is, told by names alone.
    describe: fn(&Path) -> Description,
    /// The known set at a path, told by its content where that is quick, else by its name.
    known_set: fn(&Path) -> Result<Option<&'static KnownSet>, DataError>,
    load: fn(&Path, &LoadOptions, &Progress<'_>) -> Result<Dataset, DataError>,
}

/// A set in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// `images in 10 classes`.
    pub text: String,
    /// Of all its files, where these are few.
    pub bytes: Option<u64>,
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

    /// What the set at `path` is.
    pub fn describe(&self, path: &Path) -> Description {
        (self.describe)(path)
    }

    /// The known set at `path`.
    ///
    /// # Errors
    /// Where its content is asked for and cannot be read.
    pub fn known_set(&self, path: &Path) -> Result<Option<&'static KnownSet>, DataError> {
        (self.known_set)(path)
    }

    /// Reads the set at `path` whole, or not at all.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn load(
        &self,
        path: &Path,
        options: &LoadOptions,
        progress: &Progress<'_>,
    ) -> Result<Dataset, DataError> {
        (self.load)(path, options, progress)
    }
}

/// A set of any format, for a sentence: `an npz file, a folder of IDX files or a folder of images`.
pub fn any() -> String {
    listed(FORMATS.iter().map(|format| format.one.to_owned()), "or")
}

/// As [`any`], with what each is recognized by.
pub fn any_with_examples() -> String {
    let formats = FORMATS.iter().map(|format| match format.example {
        "" => format.one.to_owned(),
        example => format!("{} ({example})", format.one),
    });
    listed(formats, "or")
}

/// All that can be opened, for a sentence: `npz files, folders of IDX files and folders of images`.
pub fn all() -> String {
    listed(
        FORMATS.iter().map(|format| format.several.to_owned()),
        "and",
    )
}

fn listed(words: impl Iterator<Item = String>, joint: &str) -> String {
    let words: Vec<String> = words.collect();
    match &words[..] {
        [others @ .., before, last] => {
            let others: String = others.iter().map(|word| format!("{word}, ")).collect();
            format!("{others}{before} {joint} {last}")
        }
        few => few.concat(),
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
            any_with_examples(),
            "an npz file, a folder of IDX files (train-images-idx3-ubyte and so on) or a folder of images (train/<class>/*.png)"
        );
        for (text, word) in [(any(), "one"), (all(), "several")] {
            for format in FORMATS {
                let named = if word == "one" {
                    format.one
                } else {
                    format.several
                };
                assert!(text.contains(named), "{text}");
            }
        }
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
