//! Errors of data sets: one sentence with the file, what was expected, what was found, and what to do.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use super::formats::ArchiveProblem;
use super::known::KnownSet;
use crate::field::{FieldProblem, Setting, problem_of};
use crate::shape::Shape;
use crate::text_file::{NotUtf8, not_utf8};
use crate::wording::reason_of;

/// Why a data set could not be found, read or written. Nothing was loaded, and loaded sets are unchanged.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each sentence tells what its variant is")]
pub enum DataError {
    #[error("{place}: {problem}")]
    At { place: String, problem: Problem },
    #[error("`{choice}` is not a file, folder or known data set; known sets are {known}{nearest}")]
    Unknown {
        choice: String,
        known: String,
        nearest: String,
    },
    #[error(
        "$CONVSCOPE_DATA is {}, which does not exist; set it to {openable}, or to a folder with fashion-mnist/ or another known set, or unset it",
        .path.display()
    )]
    VariableNamesNothing { path: PathBuf, openable: String },
    #[error(
        "{images_place} has {images} images, but {labels_place} has {labels} labels; the numbers must match"
    )]
    CountsDiffer {
        images_place: String,
        images: usize,
        labels_place: String,
        labels: usize,
    },
    #[error(
        "images differ in size: {} is {first_size}, but {} is {other_size} (height×width); set one size for all with --resize, or with height and width on the screen",
        .first.display(), .other.display()
    )]
    SizesDiffer {
        first: PathBuf,
        first_size: String,
        other: PathBuf,
        other_size: String,
    },
    #[error("`{text}`: `{name}` is no choice of how a set is opened; {advice}")]
    UnknownChoice {
        text: String,
        name: String,
        advice: String,
    },
    #[error(
        "{first} has pixels from {first_range}, but {other} has pixels from {other_range}; scale one like the other, or, if both have one range, name it with --pixels, such as --pixels 0..255"
    )]
    PixelRangesDiffer {
        first: String,
        first_range: String,
        other: String,
        other_range: String,
    },
    #[error("{name}: expected {expected}, found {found}; correct the setting")]
    Setting {
        name: &'static str,
        expected: String,
        found: String,
    },
    #[error(
        "{file} could not be fetched: {failures}; try again later (downloaded data is kept), or give a URL or a folder with --from"
    )]
    Fetch { file: String, failures: String },
    #[error(
        "{name} is not on this machine; `convscope data fetch {name}` downloads it ({size}, licence: {licence})", name = .0.name, size = .0.to_fetch(), licence = .0.licence
    )]
    NotHere(&'static KnownSet),
    #[error("{name} cannot be used: it is {reason}; choose another set")]
    Unusable {
        name: &'static str,
        reason: &'static str,
    },
    #[error("{}: already exists; choose another path, or replace it", .0.display())]
    Exists(PathBuf),
    #[error("no set to augment; open one first")]
    NoSet,
    #[error(
        "no data folder: the home folder is not known; set HOME, or fetch the set on the command line with --into DIR"
    )]
    NoPlace,
    /// An error of what is in an archive, whose places are those of the archive.
    #[error("{0}")]
    InArchive(String),
    #[error("stopped on request")]
    Cancelled,
}

/// A problem with a file, a folder, or an array in a file, which [`at`](Self::at) names.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each sentence tells what its variant is")]
pub enum Problem {
    #[error(transparent)]
    Archive(#[from] ArchiveProblem),
    #[error("this is {what}, which is not read; {way}")]
    NotRead { what: &'static str, way: String },
    #[error("found {found}; {advice} (what can be opened: {openable})")]
    NoData {
        openable: String,
        found: String,
        advice: String,
    },
    #[error(
        "{0} not found, with or without .gz; put it beside the other IDX files, or choose another folder"
    )]
    MissingFile(String),
    #[error(
        "the IDX files of several sets, {names}; choose one by its training images, such as {}",
        .file.display()
    )]
    SeveralSets { names: String, file: PathBuf },
    #[error(
        "this is {found}, not data: expected an IDX file of {what}; get the file again from its source"
    )]
    AnotherThing {
        found: &'static str,
        what: &'static str,
    },
    #[error(
        "expected a label and the code points of its characters in each line, labels without gaps, found {0}; get the file again, or delete it"
    )]
    Mapping(String),
    #[error("{0} not found; choose a folder that holds it")]
    NotThere(&'static str),
    #[error(transparent)]
    Encoding(NotUtf8),
    #[error("cannot be read: {}; check the path and its permissions", reason_of(.0))]
    Unreadable(io::Error),
    #[error("cannot be written: {}; check the folder, its permissions and the free space", reason_of(.0))]
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
        "the compressed data is corrupt after {after} decompressed bytes ({reason}); download the file again"
    )]
    Corrupt { after: u64, reason: String },
    #[error(
        "the file ends inside its header ({found} of {expected} bytes); it is truncated: download it again"
    )]
    TruncatedHeader { expected: u64, found: u64 },
    #[error(
        "the header declares {promised} ({expected} bytes), but the file has only {found} of them; it is truncated or its header is wrong: download it again"
    )]
    Truncated {
        promised: String,
        expected: u64,
        found: u64,
    },
    #[error(
        "the header declares {promised} ({expected} bytes), but more bytes follow; the header is wrong: download the file again"
    )]
    TooLong { promised: String, expected: u64 },
    #[error(
        "decompresses to {expected} bytes, more than the limit of {limit}; if you trust the file, raise the limit with --most-memory, or with Ctrl-O in the list of sets to open"
    )]
    TooLarge { expected: u64, limit: u64 },
    #[error("label {label} at index {index} is not among the {classes} classes ({first} to {}); check the labels or the class names", usize::from(*.first) + .classes - 1)]
    LabelOutOfRange {
        index: usize,
        label: i64,
        first: u16,
        classes: usize,
    },
    #[error("expected at least one image, found none; a data set needs training and test images")]
    EmptySplit,
    #[error(
        "training images are {train}, but {of} images are {other}; both must have the same height, width and channels"
    )]
    ShapesDiffer {
        train: Shape,
        other: Shape,
        /// Which images are of the other shape.
        of: &'static str,
    },
    #[error("images are {0}; expected 1 to 512 pixels high and wide, with 1 or 3 channels")]
    UnsupportedShape(Shape),
    #[error("expected 2 to 1000 classes, found {0}; check the labels")]
    ClassCount(usize),
    #[error("expected 2 to 1000 class names, one per line, found {0}; correct or delete the file")]
    ClassNames(String),
    #[error(
        "expected an npz file (a zip archive of arrays), but {0}; check the file, or download it again"
    )]
    NotZip(String),
    #[error(
        "expected the arrays {expected}, found {found}; rename the arrays, or choose another file"
    )]
    MissingArrays {
        expected: &'static str,
        found: String,
    },
    #[error("{what} are missing; save the file again with an array {partner} too")]
    WithoutPartner { what: &'static str, partner: String },
    #[error("expected an array in the npy format, but {0}; save it again with numpy.savez")]
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
        "expected pixels from 0 to 1 or from 0 to 255, found {found} in image {image}; clean or rescale the array, or name its range with --pixels, such as --pixels {example}"
    )]
    PixelBeyond {
        image: usize,
        found: String,
        example: String,
    },
    #[error(
        "pixels go from {found}, {like}; name the values of black and white with --pixels, such as --pixels {example}, or with Ctrl-O in the list of sets to open"
    )]
    PixelRange {
        found: String,
        like: &'static str,
        example: String,
    },
    #[error(
        "which levels of these images are black and white is known, so that --pixels changes nothing; leave it out, or set it to auto"
    )]
    PixelsAreKnown,
    #[error(
        "an array of shape {shape} looks like {images} of {size} with their number last, as MATLAB writes them; turn it with numpy and save it again: `x = numpy.moveaxis(x, -1, 0)`"
    )]
    ImagesLast {
        shape: String,
        images: String,
        size: String,
    },
    #[error(
        "expected at least one image, found none: a test share of {share} takes {} of {images} images; set another share with --test-share, or test_share on the screen, or add images",
        if *.taken == 0 { "none" } else { "all" }
    )]
    TestShare {
        share: f64,
        images: usize,
        taken: usize,
    },
    #[error(
        "{0} not found among the files of CIFAR's binary version; get it again, for example with `convscope data fetch cifar10`"
    )]
    CifarFile(&'static str),
    #[error(
        "this is CIFAR's version for Python, whose pickles are not read, since they may run programs; get the binary version with `convscope data fetch {0}`"
    )]
    PickledCifar(&'static str),
    #[error(
        "expected records of {record} bytes, label and image of 32×32 in colour, found {bytes} bytes; get the file again from its source"
    )]
    CifarRecords { record: usize, bytes: usize },
    #[error(
        "this is {0}, not a CSV file in UTF-8; save it as one, or get it again from its source"
    )]
    NotCsv(&'static str),
    #[error(
        "expected a row for each image, with its label and its pixels, such as 784 for 28×28, found {0}; choose a table of images, or call it labels.csv if it lists the classes of image files, and choose their folder"
    )]
    CsvTable(String),
    #[error(
        "expected a column of labels, named label, or the first or the last one, found {0} columns, all of pixels; choose the file with the labels"
    )]
    CsvWithoutLabels(usize),
    #[error(
        "line {line}: expected {expected} columns as before, found {found}; the file is damaged or ends early: get it again"
    )]
    CsvRow {
        line: usize,
        expected: usize,
        found: usize,
    },
    #[error("line {line}, column {column}: expected {expected}, found {found}; correct the file")]
    CsvValue {
        line: usize,
        column: String,
        expected: &'static str,
        found: String,
    },
    #[error(
        "line {line}: expected a row of numbers, found more than {limit} bytes without the end of a line; check that it is a CSV file, and its quotation marks"
    )]
    CsvLine { line: usize, limit: usize },
    #[error(
        "the set has {0} validation images, for which the file has no place; choose the format keras, csv or images"
    )]
    NoPlaceForValidation(usize),
    #[error(
        "packed by {0}, which is not read; save the file again with numpy.savez or numpy.savez_compressed"
    )]
    Packed(&'static str),
    #[error(
        "expected {expected} as in the training labels, found {found}; use the same form for both splits"
    )]
    LabelForms { expected: String, found: String },
    #[error(
        "expected one-hot rows (a single 1, else 0), but row {0} is not one-hot; use one-hot or whole-number labels"
    )]
    NotOneHot(usize),
    #[error(
        "row {row} has {ones} ones: the labels give an image several classes (multi-label), and a set needs one class for each image; keep one"
    )]
    SeveralLabels { row: usize, ones: usize },
    #[error("found several sets: {}; choose one of their files", .0.join(", "))]
    SeveralSetsOfArrays(Vec<String>),
    #[error(
        "expected a file of one array, found {0}; save it again with one, or choose this file alone"
    )]
    SeveralArrays(usize),
    #[error("expected whole-number labels, found {found} at index {index}; correct the labels")]
    LabelValue { index: usize, found: f64 },
    #[error(
        "expected images in train/<class>/ and test/<class>/, or in <class>/, found {0} class folders with images; move the images into such folders"
    )]
    NoImages(usize),
    #[error(
        "expected one of the {classes} classes in {train}/ ({names}), found another one; rename it, or add it to {train}/"
    )]
    ClassWithoutTraining {
        classes: usize,
        train: String,
        names: String,
    },
    #[error(
        "holds {images} without class folders; move them into class folders as in {train}, or open {train} alone, of which a share becomes the test set"
    )]
    Unlabelled { images: String, train: String },
    #[error("expected at least one image that can be read, found none; {0}; choose another folder")]
    NothingReadable(String),
    #[error(
        "is {0} (height×width), but images have at most 512×512 pixels; scale all to one size with --resize 64x64, or with height and width on the screen"
    )]
    Oversized(String),
    #[error(
        "expected a line with file and class for each image, in 2 to 1000 classes, found {0}; correct the file"
    )]
    LabelsFile(String),
    #[error(
        "{form} store bytes, but image {image} has pixels between two levels; write an npz file instead"
    )]
    NotBytes { form: &'static str, image: usize },
    #[error(
        "the brightest of 255 levels is {0}, so that the numbers would be read as black and white or of another range; write IDX files or images instead"
    )]
    DarkPixels(u8),
    #[error(
        "no pixel has colour, so that the images would be read with one channel; write them with --colors grey, or write another format"
    )]
    GreyInColor,
    #[error(
        "only {0} of the classes has training images, and a folder of images needs two; write another format"
    )]
    OneClass(usize),
    #[error(
        "{0} is already there, and a set is written into a folder of its own; choose an empty or a new folder"
    )]
    NotEmpty(String),
    #[error("expected a folder to write into, found a file; choose a new folder")]
    NoFolder,
    #[error(
        "{0} already exists and would be read instead of the new files; choose an empty folder"
    )]
    InTheWay(String),
    #[error(
        "expected a font file with the digits 0 to 9, or a folder with such files, found none; choose another path"
    )]
    NoTypeface,
    #[error("expected a file of {title}, but {reason}; choose another folder")]
    WrongContent { title: &'static str, reason: String },
}

impl Problem {
    /// The error of this problem at `place`.
    pub fn at(self, place: impl Display) -> DataError {
        DataError::At {
            place: place.to_string(),
            problem: self,
        }
    }
}

/// The error of a failure to read `path`.
pub(super) fn unreadable(path: &Path) -> impl Fn(io::Error) -> DataError {
    move |source| {
        let problem = match not_utf8(&source) {
            Some(other) => Problem::Encoding(other),
            None => Problem::Unreadable(source),
        };
        problem.at(path.display())
    }
}

/// The error of a failure to write `path`.
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

/// An error that names the first setting out of its range.
pub(super) fn check(settings: &dyn Setting) -> Result<(), DataError> {
    problem_of(settings).map_or(Ok(()), |(_, problem)| Err(problem.into()))
}
