//! IDX files, plain or gzipped: the format of MNIST and sets like it.
//!
//! Format: two zero bytes, the type of the values (8 for bytes, 11 for two-byte numbers), the number of dimensions, each
//! dimension as a big-endian 32-bit number, then the values. Source: Y. LeCun, C. Cortes, "The MNIST database of handwritten
//! digits". Beyond MNIST's own files, images may have four dimensions, the last one their channels, and labels two bytes.

mod stream;
mod write;

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use write::save;

use self::stream::{Images, Stream, open};
use crate::data::class_names;
use crate::data::dataset::{Dataset, Parts, Source, check_labels};
use crate::data::error::{DataError, Problem};
use crate::data::format::{Format, Limits, LoadOptions, check_counts, file_length};
use crate::data::hex::hex;
use crate::data::known::KnownSet;
use crate::data::split::{Pixels, Split};

/// A folder of four files, or of fewer: missing files are reported when it is opened.
pub static IDX: Format = Format {
    name: "IDX",
    one: "a folder of IDX files (train-images-idx3-ubyte and so on)",
    several: "folders of IDX files",
    is_folder: true,
    part: "IDX file",
    is_at: |folder| found(folder).next().is_some(),
    is_part: |file| {
        let folder = file.parent();
        folder.is_some_and(|folder| found(folder).any(|other| other == file))
    },
    describe: |folder| {
        let bytes = found(folder).map(|file| file_length(&file)).sum();
        ("IDX files".to_owned(), Some(bytes))
    },
    known_set: identify,
    load: |folder, options, _| load(folder, options),
};

/// The four files of a data set, as `KnownSet::sha256` orders them.
pub const FILES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// The kinds of images and labels that a file may hold, as they end its name; the first is the one of [`FILES`].
const IMAGE_KINDS: [&str; 2] = ["idx3-ubyte", "idx4-ubyte"];
const LABEL_KINDS: [&str; 2] = ["idx1-ubyte", "idx1-short"];

/// One of [`FILES`] in `folder` under any of the names in use.
pub(in crate::data) fn find(folder: &Path, file: &str) -> Option<PathBuf> {
    names(file)
        .map(|name| folder.join(name))
        .find(|path| path.is_file())
}

/// The names in use for one of [`FILES`]: with or without `.gz`, with a dot before `idx`, and with each kind of values.
fn names(file: &str) -> impl Iterator<Item = String> {
    let (stem, kind) = file.split_at(file.find("idx").unwrap_or(file.len()));
    let stem = stem.trim_end_matches('-');
    let kinds = if kind == IMAGE_KINDS[0] {
        IMAGE_KINDS
    } else {
        LABEL_KINDS
    };
    kinds.into_iter().flat_map(move |kind| {
        ["", ".gz"].into_iter().flat_map(move |packing| {
            ["-", "."].map(|joint| format!("{stem}{joint}{kind}{packing}"))
        })
    })
}

/// Those of the set's files that `folder` holds.
fn found(folder: &Path) -> impl Iterator<Item = PathBuf> {
    FILES.iter().filter_map(move |file| find(folder, file))
}

/// The known set in `folder`, recognized by the content of its test labels, or else by the folder's name.
fn identify(folder: &Path) -> Result<Option<&'static KnownSet>, DataError> {
    let mut hasher = Sha256::new();
    hash(&require(folder, 3)?, &mut hasher)?;
    let by_name = || KnownSet::by_name(folder.file_name()?.to_str()?);
    Ok(KnownSet::by_test_labels(&hex(&hasher.finalize())).or_else(by_name))
}

/// Hashes the decompressed content of the file at `path`.
pub(in crate::data) fn hash(path: &Path, hasher: &mut Sha256) -> Result<(), DataError> {
    open(path)?.hash(hasher)
}

/// The data set of the four IDX files in `folder`.
fn load(folder: &Path, options: &LoadOptions) -> Result<Dataset, DataError> {
    let file = |file: usize| require(folder, file);
    let paths = [file(0)?, file(1)?, file(2)?, file(3)?];
    let known = identify(folder)?;
    let limits = &options.limits;
    let source = Source::At(&IDX, folder.to_owned());
    let [train_images, train_labels, test_images, test_labels] = &paths;
    // The training images take nearly all of the time.
    let (train_images, rest) = rayon::join(
        || open(train_images)?.images(limits),
        || {
            Ok::<_, DataError>((
                open(train_labels)?.labels(limits)?,
                open(test_images)?.images(limits)?,
                open(test_labels)?.labels(limits)?,
            ))
        },
    );
    let (train_images, (train_labels, test_images, test_labels)) = (train_images?, rest?);
    let place = |file: usize| paths[file].display().to_string();
    let named = class_names::read(folder)?;
    let names = match (named, known) {
        (Some(names), _) => names,
        (None, Some(known)) => known.class_names(),
        (None, None) => class_names::numbers(&[&train_labels, &test_labels]),
    };
    for (file, labels) in [(1, &train_labels), (3, &test_labels)] {
        check_labels(labels, names.len()).map_err(|problem| problem.at(place(file)))?;
    }
    let name = match known {
        Some(known) => known.title.to_owned(),
        None => class_names::of_path(folder),
    };
    Dataset::new(Parts {
        name,
        source,
        class_names: names,
        train: join(train_images, train_labels, place, 0)?,
        test: join(test_images, test_labels, place, 2)?,
        validation: None,
    })
}

/// The data set of four gzipped IDX files in memory, in the order of [`FILES`].
pub(in crate::data) fn load_embedded(
    name: String,
    set: &'static KnownSet,
    files: [&'static [u8]; 4],
) -> Result<Dataset, DataError> {
    let source = Source::Starter(set);
    let limits = Limits::default();
    let place = |file: usize| format!("{source}: {}", FILES[file]);
    let split = |first: usize| {
        let stream = |file: usize| Stream::new(place(file), Box::new(files[file]), None);
        let images = stream(first)?.images(&limits)?;
        let labels = stream(first + 1)?.labels(&limits)?;
        join(images, labels, place, first)
    };
    let (train, test) = (split(0)?, split(2)?);
    Dataset::new(Parts {
        name,
        source,
        class_names: set.class_names(),
        train,
        test,
        validation: None,
    })
}

fn require(folder: &Path, file: usize) -> Result<PathBuf, DataError> {
    find(folder, FILES[file]).ok_or_else(|| Problem::MissingFile(FILES[file]).at(folder.display()))
}

/// The images of file `first` with the labels of the one after it.
fn join(
    (shape, pixels): Images,
    labels: Vec<u16>,
    place: impl Fn(usize) -> String,
    first: usize,
) -> Result<Split, DataError> {
    check_counts(pixels.len() / shape.len(), labels.len(), place, first)?;
    Ok(Split::new(shape, Pixels::U8(pixels), labels))
}
