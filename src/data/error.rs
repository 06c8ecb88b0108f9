//! What can be wrong with data: one sentence that says which file, what was expected, what was found, and what to do.

use std::io;
use std::path::PathBuf;

use crate::shape::Shape;

/// Why a data set could not be found or read. Nothing was loaded; what was loaded before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error(
        "`{choice}` is neither a file, a folder nor a known data set; known are {known}{nearest}"
    )]
    Unknown {
        choice: String,
        known: String,
        nearest: String,
    },
    #[error(
        "$CONVSCOPE_DATA names {}, which does not exist; let it name a folder of IDX files, or one that holds fashion-mnist/ or mnist/, or unset it",
        .path.display()
    )]
    VariableNamesNothing { path: PathBuf },
    #[error(
        "{}: expected the four IDX files of a data set ({stem} and so on), found {found}; {advice}",
        .folder.display()
    )]
    NotAnIdxFolder {
        folder: PathBuf,
        stem: &'static str,
        found: String,
        advice: String,
    },
    #[error(
        "{}: the file {expected}, or the same with .gz, is missing; put it beside the other IDX files, or name another folder",
        .folder.display()
    )]
    MissingFile { folder: PathBuf, expected: String },
    #[error("{}: expected a readable file, but {source}; check the path and its permissions", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error(
        "{place}: expected an IDX file of {what} (magic number {expected}), found {found}; check that the right file has this name"
    )]
    WrongMagic {
        place: String,
        what: &'static str,
        expected: &'static str,
        found: String,
    },
    #[error(
        "{place}: the gzip data is corrupt after {after} unpacked bytes ({reason}); get the file again"
    )]
    CorruptGzip {
        place: String,
        after: u64,
        reason: String,
    },
    #[error(
        "{place}: the file ends inside its header ({found} of {expected} bytes); it is cut short: get it again"
    )]
    TruncatedHeader {
        place: String,
        expected: usize,
        found: usize,
    },
    #[error(
        "{place}: the header promises {promised} ({expected} bytes), but the file holds {found} bytes of them; it is cut short or its header is wrong: get it again"
    )]
    Truncated {
        place: String,
        promised: String,
        expected: u64,
        found: u64,
    },
    #[error(
        "{place}: the header promises {promised} ({expected} bytes), but more bytes follow; the header is wrong: get the file again"
    )]
    TooLong {
        place: String,
        promised: String,
        expected: u64,
    },
    #[error(
        "{place}: unpacks to {expected} bytes, more than the limit of {limit}; raise the limit if you trust the file"
    )]
    TooLarge {
        place: String,
        expected: u64,
        limit: u64,
    },
    #[error(
        "{images_place} has {images} images, but {labels_place} has {labels} labels; the two must go together"
    )]
    CountsDiffer {
        images_place: String,
        images: usize,
        labels_place: String,
        labels: usize,
    },
    #[error("{place}: label {label} at index {index} is not among the {classes} classes (0 to {}); check the labels or the class names", .classes - 1)]
    LabelOutOfRange {
        place: String,
        index: usize,
        label: u16,
        classes: usize,
    },
    #[error(
        "{place}: expected at least one image, found none; a data set needs training and test images"
    )]
    EmptySplit { place: String },
    #[error(
        "{place}: training images are {train}, but test images are {test}; both must have the same height, width and channels"
    )]
    ShapesDiffer {
        place: String,
        train: Shape,
        test: Shape,
    },
    #[error(
        "{place}: images are {shape}; expected 1 to 512 pixels high and wide, with 1 or 3 channels"
    )]
    UnsupportedShape { place: String, shape: Shape },
    #[error("{place}: expected 2 to 1000 classes, found {classes}; check the labels")]
    ClassCount { place: String, classes: usize },
    #[error("{}: expected one class name a line, 2 to 1000 of them, found {found}; correct it or take it away", .path.display())]
    ClassNames { path: PathBuf, found: String },
}
