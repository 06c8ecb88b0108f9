//! What a format in which data sets lie on a disk has to say of itself, and how a set is read.

use std::fmt;
use std::path::Path;

use super::dataset::Dataset;
use super::error::DataError;
use super::known::KnownSet;
use super::progress::Progress;

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

/// How much a file may grow in memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most bytes that one array may unpack to.
    pub decompressed_bytes: u64,
}

impl Default for Limits {
    /// 4 GiB an array: a million float32 images of 28×28 fit, a zip bomb does not.
    fn default() -> Self {
        Self {
            decompressed_bytes: 4 << 30,
        }
    }
}

/// How a data set is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadOptions {
    /// What is refused unread.
    pub limits: Limits,
    /// What is done with a folder of images.
    pub images: ImageOptions,
}

/// What is done with the images of a folder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImageOptions {
    /// Height and width that every image gets; without it all must have the same.
    pub size: Option<(usize, usize)>,
    /// 1 makes every image grey, 3 coloured; without it they are grey where no file has colour.
    pub channels: Option<usize>,
    /// The share of each class that becomes its test images, where the folder has no `train/` and `test/`.
    pub test_share: f64,
    /// Decides which ones these are.
    pub seed: u64,
}

impl Default for ImageOptions {
    fn default() -> Self {
        Self {
            size: None,
            channels: None,
            test_share: 0.2,
            seed: 1,
        }
    }
}

/// Refuses so many images with another number of labels, which are in the array or file after the `first`.
pub(super) fn check_counts(
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
