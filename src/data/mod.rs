//! Image data with labels: its types, where it is found, how it is read and written.
//!
//! [`locate`] finds a set by a name or a path without reading it; [`Located::load`] reads it, on any thread.

pub mod augmentation;
pub mod augmented_set;
pub mod browse;
mod class_names;
mod contents;
pub mod corrections;
mod correspondence;
mod dataset;
pub mod digits;
mod drafts;
mod drawings;
mod error;
pub mod fetch;
mod fit;
mod format;
pub mod formats;
mod hex;
mod image_file;
mod known;
mod locate;
mod names;
mod opening;
mod places;
mod progress;
mod recent;
mod split;
mod starter;
pub mod statistics;
mod summary;
pub mod tasks;
mod test_share;
mod unread;
mod whole_file;
mod written_form;

pub use augmentation::{AugmentSettings, Augmentation};
pub use corrections::{Corrections, CorrectionsFolder, Mark, Marks};
pub use correspondence::{Correspondence, SetNote, correspondence, for_network_of, to_train_on};
pub use dataset::{Dataset, Parts, Source};
pub use drafts::{Drafts, HeldDraft};
pub use drawings::{Drawings, save_png};
pub use error::DataError;
pub use format::{Format, ImageOptions, Limits, LoadOptions};
pub use formats::{FORMATS, idx, npy, npz};
pub(crate) use hex::hex;
pub use hex::short_sha256;
pub use image_file::{ImageFile, KINDS as IMAGE_KINDS};
pub use known::{
    Archive, KNOWN_SETS, KnownFile, KnownSet, STARTER_SUFFIX, Sum, check_usable, is_known_name,
};
pub use locate::{Located, locate, locate_in};
pub use names::{as_file_name, has_ending, is_among, names_of};
pub use opening::{Colors, Opening};
pub use places::{Places, pasted_path};
pub use progress::Progress;
pub use recent::Recent;
pub use split::{Pixels, Split};
pub use statistics::SetStatistics;
pub use summary::{DatasetSummary, SplitName};
pub use unread::{UNREAD, Unread};
pub use whole_file::replace_file;
pub use written_form::{FORM_NAMES, FORMS, WrittenForm};

/// Finds the data set `choice` on this machine, and reads it with the choices at its end.
pub fn load(choice: Option<&str>) -> Result<Dataset, DataError> {
    load_with(choice, &Progress::silent())
}

/// As [`load`], reporting progress.
pub fn load_with(choice: Option<&str>, progress: &Progress<'_>) -> Result<Dataset, DataError> {
    let places = Places::here();
    let opening = Opening::parse_in(&places, choice.unwrap_or_default())?;
    opening.load_in(&places, progress)
}
