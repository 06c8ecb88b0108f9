//! The description of a data set format, and the options for reading a set.

use std::fmt;
use std::path::Path;

use super::dataset::Dataset;
use super::error::{DataError, Problem};
use super::known::KnownSet;
use super::opening::Opening;
use super::progress::Progress;

/// A data set format.
pub struct Format {
    /// `npz`. For a folder it follows the path: `/sets/clothes (IDX)`.
    pub name: &'static str,
    /// One of its sets, and how it is recognized: `a folder of IDX files (train-images-idx3-ubyte and so on)`.
    pub one: &'static str,
    /// Several of them: `folders of IDX files`.
    pub several: &'static str,
    /// Whether a set is a folder, which can also be entered.
    pub is_folder: bool,
    /// Whether its sets can rarely be opened without choices, so that the screen asks first.
    pub asks: bool,
    /// The name of a file in a set's folder, `IDX file`; empty where no such file could be mistaken for the set.
    pub part: &'static str,
    /// Whether a path is a set, judging by names alone; a file may stand for the folder that it is in.
    pub is_at: fn(&Path) -> bool,
    /// Whether a file is part of the set in its folder.
    pub is_part: fn(&Path) -> bool,
    /// What a file that is named like a set is instead, `a web page`, where its first bytes make that sure.
    pub instead: fn(&[u8]) -> Option<&'static str>,
    /// The names of the sets in a folder with the files of several, of which each is opened by a file of its own, else none; by names
    /// alone.
    pub several_at: fn(&Path) -> Vec<String>,
    /// A description of the set at a path, `images in 10 classes`, and the size of all its files where these are few; by names alone.
    pub describe: fn(&Path) -> (String, Option<u64>),
    /// The known set at a path, recognized by its content where that is quick, else by its name.
    pub known_set: fn(&Path) -> Result<Option<&'static KnownSet>, DataError>,
    /// Reads the set at a path, completely or not at all.
    pub load: fn(&Path, &LoadOptions, &Progress<'_>) -> Result<Dataset, DataError>,
}

/// Memory limits for reading files.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest decompressed size of one array, in bytes.
    pub decompressed_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        LoadOptions::default().limits
    }
}

/// Options for reading a data set: what [`Opening::options`] makes of the choices.
#[derive(Clone, Copy, Debug)]
pub struct LoadOptions {
    /// Memory limits.
    pub limits: Limits,
    /// Options for a folder of images.
    pub images: ImageOptions,
}

impl Default for LoadOptions {
    fn default() -> Self {
        let options = Opening::default().options();
        options.expect("the defaults fit one another")
    }
}

/// Options for a folder of images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImageOptions {
    /// Height and width to scale every image to; without it all images must have the same size.
    pub size: Option<(usize, usize)>,
    /// 1 for grey, 3 for colour; without it images are grey where no file has colour.
    pub channels: Option<usize>,
    /// The share of each class used as test images, where the folder has no `train/` and `test/`.
    pub test_share: f64,
    /// The seed that selects the test images.
    pub seed: u64,
    /// The pixel values that are black and white, such as 0 and 16, in files of numbers; without it they are found from the values.
    pub pixels: Option<(f64, f64)>,
}

impl Default for ImageOptions {
    fn default() -> Self {
        LoadOptions::default().images
    }
}

impl ImageOptions {
    /// Refuses a range of pixels for the set at `place`, whose files leave no doubt about black and white.
    pub(super) fn refuse_pixels(&self, place: impl fmt::Display) -> Result<(), DataError> {
        match self.pixels {
            None => Ok(()),
            Some(_) => Err(Problem::PixelsAreKnown.at(place)),
        }
    }
}

/// Checks that there are as many images as labels, which are in the array or file after the `first`.
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

/// Size of a file in bytes; 0 where it cannot be read.
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
