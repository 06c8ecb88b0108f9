//! What can be wrong with data: one sentence that says which file, what was expected, what was found, and what to do.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use crate::field::{FieldProblem, Setting, problem_of};
use crate::shape::Shape;

/// Why a data set could not be found or read. Nothing was loaded; what was loaded before is as it was.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each sentence tells what its variant is")]
pub enum DataError {
    #[error("{place}: {problem}")]
    At { place: String, problem: Problem },
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
        "{images_place} has {images} images, but {labels_place} has {labels} labels; the two must go together"
    )]
    CountsDiffer {
        images_place: String,
        images: usize,
        labels_place: String,
        labels: usize,
    },
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
    #[error("{name}: expected {expected}, found {found}; correct the setting")]
    Setting {
        name: &'static str,
        expected: String,
        found: String,
    },
    #[error(
        "{file} could not be had: {failures}; try again later (what has come is kept), or give a URL or a folder with --from"
    )]
    Fetch { file: String, failures: String },
    #[error("{}: is there already; name another place, or let it be replaced", .0.display())]
    Exists(PathBuf),
    #[error("no set is chosen whose images could be changed; open one first")]
    NoSet,
    #[error(
        "this user has no data folder, since the system names no home; set HOME, or fetch the set on the command line with --into DIR"
    )]
    NoPlace,
    #[error("stopped on request")]
    Cancelled,
}

/// What is wrong with a file, a folder, or an array in a file, which [`at`](Self::at) names.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each sentence tells what its variant is")]
pub enum Problem {
    #[error("expected {openable}, found {found}; {advice}")]
    NoData {
        openable: String,
        found: &'static str,
        advice: String,
    },
    #[error(
        "the file {0}, or the same with .gz, is missing; put it beside the other IDX files, or name another folder"
    )]
    MissingFile(&'static str),
    #[error("expected a readable file, but {0}; check the path and its permissions")]
    Unreadable(io::Error),
    #[error("could not be written: {0}; check the folder, its permissions and the space left")]
    Unwritable(io::Error),
    #[error(
        "expected an IDX file of {what} (magic number {expected}), found 0x{found:08x}; check that the right file has this name"
    )]
    WrongMagic {
        what: &'static str,
        expected: &'static str,
        found: u32,
    },
    #[error(
        "the packed data is corrupt after {after} unpacked bytes ({reason}); get the file again"
    )]
    Corrupt { after: u64, reason: String },
    #[error(
        "the file ends inside its header ({found} of {expected} bytes); it is cut short: get it again"
    )]
    TruncatedHeader { expected: u64, found: u64 },
    #[error(
        "the header promises {promised} ({expected} bytes), but the file holds {found} bytes of them; it is cut short or its header is wrong: get it again"
    )]
    Truncated {
        promised: String,
        expected: u64,
        found: u64,
    },
    #[error(
        "the header promises {promised} ({expected} bytes), but more bytes follow; the header is wrong: get the file again"
    )]
    TooLong { promised: String, expected: u64 },
    #[error(
        "unpacks to {expected} bytes, more than the limit of {limit}; if you trust the file, raise the limit: --most-memory, or Ctrl-O where sets are opened on the screen"
    )]
    TooLarge { expected: u64, limit: u64 },
    #[error("label {label} at index {index} is not among the {classes} classes (0 to {}); check the labels or the class names", .classes - 1)]
    LabelOutOfRange {
        index: usize,
        label: u16,
        classes: usize,
    },
    #[error("expected at least one image, found none; a data set needs training and test images")]
    EmptySplit,
    #[error(
        "training images are {train}, but test images are {test}; both must have the same height, width and channels"
    )]
    ShapesDiffer { train: Shape, test: Shape },
    #[error("images are {0}; expected 1 to 512 pixels high and wide, with 1 or 3 channels")]
    UnsupportedShape(Shape),
    #[error("expected 2 to 1000 classes, found {0}; check the labels")]
    ClassCount(usize),
    #[error(
        "expected one class name a line, 2 to 1000 of them, found {0}; correct it or take it away"
    )]
    ClassNames(String),
    #[error(
        "expected an npz file (a zip archive of arrays), but {0}; check the file, or get it again"
    )]
    NotZip(String),
    #[error(
        "expected the arrays {expected}, found {found}; rename the arrays, or name another file"
    )]
    MissingArrays {
        expected: &'static str,
        found: String,
    },
    #[error("expected an array in the npy format, but {0}; write it again with numpy.savez")]
    NotNpy(String),
    #[error(
        "expected numbers, found Python objects (dtype object), which are never unpickled; write the array with a dtype of numbers"
    )]
    Objects,
    #[error("expected {expected}, found {found}; convert the array with numpy's astype")]
    ElementType {
        expected: &'static str,
        found: String,
    },
    #[error("expected {expected}, found an array of shape {found}; reshape it with numpy")]
    ArrayShape {
        expected: &'static str,
        found: String,
    },
    #[error(
        "expected pixels from 0 to 1 or from 0 to 255, found {found} in image {image}; clean or rescale the array"
    )]
    PixelValue { image: usize, found: String },
    #[error(
        "expected {expected} as in the training labels, found {found}; give both splits the same form"
    )]
    LabelForms { expected: String, found: String },
    #[error(
        "expected one-hot rows (a single 1, else 0), but row {0} is not; give one-hot or whole-number labels"
    )]
    NotOneHot(usize),
    #[error(
        "expected whole-number labels from 0 to 999, found {found} at index {index}; correct the labels"
    )]
    LabelValue { index: usize, found: f64 },
    #[error(
        "expected PNG or JPEG images in train/<class>/ and test/<class>/, or in <class>/, found {0} class folders; put them in such folders"
    )]
    NoImages(usize),
    #[error(
        "expected one of the {0} classes in train/, found another one; rename it, or add it to train/"
    )]
    ClassWithoutTraining(usize),
    #[error(
        "IDX files hold whole bytes, but its pixels are finer (image {0}); write an npz file instead"
    )]
    NotBytes(usize),
    #[error(
        "the file {0} is already there and would be read in place of the new ones; choose an empty folder"
    )]
    InTheWay(String),
    #[error(
        "expected a font file, or a folder with such, that has the digits 0 to 9, found none; name another one"
    )]
    NoTypeface,
    #[error("expected a file of {title}, but {reason}; name another folder")]
    WrongContent { title: &'static str, reason: String },
}

impl Problem {
    /// The error that this is wrong with what is called `place`.
    pub fn at(self, place: impl Display) -> DataError {
        DataError::At {
            place: place.to_string(),
            problem: self,
        }
    }
}

/// What it means that `path` could not be read.
pub(super) fn unreadable(path: &Path) -> impl Fn(io::Error) -> DataError {
    move |source| Problem::Unreadable(source).at(path.display())
}

/// What it means that `path` could not be written.
pub(super) fn unwritable(path: &Path) -> impl Fn(io::Error) -> DataError {
    move |source| Problem::Unwritable(source).at(path.display())
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

/// The first setting that is not in its range is an error.
pub(super) fn check(settings: &dyn Setting) -> Result<(), DataError> {
    problem_of(settings).map_or(Ok(()), |(_, problem)| Err(problem.into()))
}
