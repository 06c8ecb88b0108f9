//! Image data with labels: what it is, where it is found, how it is read.
//!
//! [`locate`] finds a set by a name or a path without reading it; [`Located::load`] reads it whole, on any thread.

pub mod augmentation;
pub mod augmented_set;
pub mod browse;
mod class_names;
pub mod corrections;
mod correspondence;
mod dataset;
pub mod digits;
mod drafts;
mod drawings;
mod error;
pub mod fetch;
pub mod formats;
mod image_file;
mod known;
mod locate;
mod names;
mod progress;
mod recent;
mod split;
mod starter;
pub mod statistics;
mod summary;
pub mod tasks;
mod whole_file;

pub use augmentation::{AugmentSettings, Augmentation};
pub use corrections::{Corrections, CorrectionsFolder, Mark, Marks};
pub use correspondence::{Correspondence, SetNote, correspondence, for_network_of, to_train_on};
pub(crate) use dataset::hex;
pub use dataset::{Dataset, Parts, Source, short_sha256};
pub use drafts::{Drafts, HeldDraft};
pub use drawings::{Drawings, save_png};
pub use error::DataError;
pub use formats::{FORMATS, Format, ImageOptions, idx, npz};
pub use image_file::ImageFile;
pub use known::{KNOWN_SETS, KnownSet};
pub use locate::{Located, Places, locate, locate_in};
pub use names::{as_file_name, has_ending, is_among, names_of};
pub use progress::Progress;
pub use recent::Recent;
pub use split::{Pixels, Split};
pub use starter::{SUFFIX as STARTER_SUFFIX, thousands};
pub use statistics::SetStatistics;
pub use summary::{DatasetSummary, SplitName};
pub use whole_file::replace_file;

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
    pub limits: Limits,
    /// What is done with a folder of images.
    pub images: ImageOptions,
}

/// Finds the data set that `choice` asks for on this machine, and reads it.
pub fn load(choice: Option<&str>) -> Result<Dataset, DataError> {
    locate(choice)?.load(&Limits::default())
}
