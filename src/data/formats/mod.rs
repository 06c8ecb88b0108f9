//! The data set formats. A new one is one file here, with its [`Format`], and one line in [`FORMATS`]: the search for sets, the browser,
//! the forms and the messages know formats from this list alone.

mod archive;
mod arrays;
mod cifar;
pub(super) mod csv;
pub mod idx;
pub(super) mod image_folder;
mod labels;
pub mod npy;
pub mod npz;
mod parts;
mod pixel_range;
pub(super) mod signature;
mod source;
mod tar_archive;
mod zip_archive;

use std::fs;
use std::path::{Path, PathBuf};

pub use archive::ARCHIVE;
pub(super) use archive::{ArchiveProblem, is_archive};
pub(super) use arrays::partner;
pub use cifar::CIFAR;
pub use csv::CSV;
pub use image_folder::IMAGES;
pub(super) use image_folder::why_not;

use super::format::Format;

/// Every format, in the order of messages; the first one that matches a path is used.
pub static FORMATS: &[&Format] = &[
    &npz::NPZ,
    &idx::IDX,
    &npy::NPY,
    &CIFAR,
    &IMAGES,
    &CSV,
    &ARCHIVE,
];

/// The format of the set at `path`, judging by names alone.
pub fn at(path: &Path) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| (format.is_at)(path))
}

/// The first folder in `folder` that is a set.
pub fn set_in(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.map(|entry| entry.path());
    let mut folders: Vec<_> = folders.filter(|path| path.is_dir()).collect();
    folders.sort_unstable();
    folders.into_iter().find(|path| at(path).is_some())
}

/// The format of the set that the file at `path` is part of.
pub fn of_part(path: &Path) -> Option<&'static Format> {
    let mut formats = FORMATS.iter().copied();
    formats.find(|format| (format.is_part)(path))
}

/// A set of any format, for a sentence: `an npz file, a folder of … or a folder of …`.
pub fn any() -> String {
    listed(|format| format.one, "or")
}

/// All formats, for a sentence: `npz files, folders of IDX files and folders of images`.
pub fn all() -> String {
    listed(|format| format.several, "and")
}

fn listed(words: fn(&Format) -> &'static str, joint: &str) -> String {
    let words: Vec<_> = FORMATS.iter().copied().map(words).collect();
    let (last, others) = words.split_last().expect("there are formats");
    format!("{} {joint} {last}", others.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_name_every_format() {
        assert_eq!(
            any(),
            "an npz file, a folder of IDX files (train-images-idx3-ubyte and so on), a folder of npy files (x_train.npy and so on), CIFAR's binary version (data_batch_1.bin and so on, or cifar-10-binary.tar.gz), a folder of images (train/<class>/*.png), a CSV file of labels and pixels (mnist_train.csv) or a zip or tar archive of one of these"
        );
        assert_eq!(
            all(),
            "npz files, folders of IDX files, folders of npy files, CIFAR's binary versions, folders of images, CSV files and zip and tar archives of these"
        );
    }

    #[test]
    fn names_are_unique_and_nowhere_is_nothing() {
        for (place, format) in FORMATS.iter().enumerate() {
            assert!(FORMATS[..place].iter().all(|other| other != format));
        }
        assert_eq!(at(Path::new("/no/such/place")), None);
        assert_eq!(of_part(Path::new("/no/such/place")), None);
    }
}
