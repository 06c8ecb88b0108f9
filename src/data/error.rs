//! What can be wrong with data: one sentence that says which file, what was expected, what was found, and what to do.

use std::io;
use std::path::PathBuf;

use crate::field::FieldProblem;
use crate::shape::Shape;

/// Why a data set could not be found or read. Nothing was loaded; what was loaded before is as it was.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each sentence tells what its variant is")]
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
        "$CONVSCOPE_DATA names {}, which does not exist; let it name {openable}, or a folder that holds fashion-mnist/ or mnist/; or unset it",
        .path.display()
    )]
    VariableNamesNothing { path: PathBuf, openable: String },
    #[error(
        "{}: expected {openable}, found {found}; {advice}",
        .path.display()
    )]
    NoData {
        path: PathBuf,
        openable: String,
        found: &'static str,
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
        "{place}: the packed data is corrupt after {after} unpacked bytes ({reason}); get the file again"
    )]
    Corrupt {
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
        "{place}: unpacks to {expected} bytes, more than the limit of {limit}; if you trust the file, raise the limit: --most-memory, or Ctrl-O where sets are opened on the screen"
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
        label: i64,
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
    #[error("{}: expected an npz file (a zip archive of arrays), but {reason}; check the file, or get it again", .path.display())]
    NotZip { path: PathBuf, reason: String },
    #[error(
        "{}: expected the arrays {expected}, found {found}; rename the arrays, or name another file", .path.display()
    )]
    MissingArrays {
        path: PathBuf,
        expected: &'static str,
        found: String,
    },
    #[error(
        "{place}: expected an array in the npy format, but {reason}; write it again with numpy.savez"
    )]
    NotNpy { place: String, reason: String },
    #[error(
        "{place}: expected numbers, found Python objects (dtype object), which are never unpickled; write the array with a dtype of numbers"
    )]
    Objects { place: String },
    #[error("{place}: expected {expected}, found {found}; convert the array with numpy's astype")]
    ElementType {
        place: String,
        expected: &'static str,
        found: String,
    },
    #[error("{place}: expected {expected}, found an array of shape {found}; reshape it with numpy")]
    ArrayShape {
        place: String,
        expected: String,
        found: String,
    },
    #[error(
        "{place}: expected pixels from 0 to 1 or from 0 to 255, found {found} in image {image}; clean or rescale the array"
    )]
    PixelValue {
        place: String,
        image: usize,
        found: String,
    },
    #[error(
        "{place}: expected {expected} as in the training labels, found {found}; give both splits the same form"
    )]
    LabelForms {
        place: String,
        expected: String,
        found: String,
    },
    #[error(
        "{place}: expected one-hot rows (a single 1, else 0), but row {row} is not; give one-hot or whole-number labels"
    )]
    NotOneHot { place: String, row: usize },
    #[error(
        "{place}: expected whole-number labels from 0 to 999, found {found} at index {index}; correct the labels"
    )]
    LabelValue {
        place: String,
        index: usize,
        found: f64,
    },
    #[error(
        "{}: expected PNG or JPEG images in train/<class>/ and test/<class>/, or in <class>/, found {found}; put them in such folders",
        .folder.display()
    )]
    NoImages { folder: PathBuf, found: String },
    #[error(
        "{}: expected one of the {classes} classes in train/, found another one; rename it, or add it to train/",
        .folder.display()
    )]
    ClassWithoutTraining { folder: PathBuf, classes: usize },
    #[error(
        "images differ in size: {} is {first_size}, but {} is {other_size} (height×width); ask for one size",
        .first.display(), .other.display()
    )]
    SizesDiffer {
        first: PathBuf,
        first_size: String,
        other: PathBuf,
        other_size: String,
    },
    #[error("{}: could not be written: {source}; check the folder, its permissions and the space left", .path.display())]
    Unwritable { path: PathBuf, source: io::Error },
    #[error(
        "{name}: IDX files hold whole bytes, but its pixels are finer (image {image}); write an npz file instead"
    )]
    NotBytes { name: String, image: usize },
    #[error("{}: the file {found} is already there and would be read in place of the new ones; choose an empty folder", .folder.display())]
    InTheWay { folder: PathBuf, found: String },
    #[error("{name}: expected {expected}, found {found}; correct the setting")]
    Setting {
        name: &'static str,
        expected: String,
        found: String,
    },
    #[error("{}: expected a font file, or a folder with such, that has the digits 0 to 9, found none; name another one", .path.display())]
    NoTypeface { path: PathBuf },
    #[error("{}: expected a file of {title}, but {reason}; name another folder", .path.display())]
    WrongContent {
        path: PathBuf,
        title: &'static str,
        reason: String,
    },
    #[error(
        "{file} could not be had: {failures}; try again later (what has come is kept), or give a URL or a folder with --from"
    )]
    Fetch { file: String, failures: String },
    #[error("{}: is there already; name another place, or let it be replaced", .path.display())]
    Exists { path: PathBuf },
    #[error("no set is chosen whose images could be changed; open one first")]
    NoSet,
    #[error(
        "this user has no data folder, since the system names no home; set HOME, or fetch the set on the command line with --into DIR"
    )]
    NoPlace,
    #[error("stopped on request")]
    Cancelled,
}

impl From<FieldProblem> for DataError {
    fn from(problem: FieldProblem) -> Self {
        Self::Setting {
            name: problem.field,
            expected: problem.expected,
            found: problem.got,
        }
    }
}
