//! IDX files, plain or gzipped: the format of MNIST and sets like it.
//!
//! Format: two zero bytes, the type of the values (8 for bytes, 11 for two-byte numbers), the number of dimensions, each
//! dimension as a big-endian 32-bit number, then the values. Source: Y. LeCun, C. Cortes, "The MNIST database of handwritten
//! digits". Beyond MNIST's own files, images may have four dimensions, the last one their channels, and labels two bytes, or four, of which
//! QMNIST has eight in a row; EMNIST's images lie on their side.

mod classes;
mod names;
mod stream;
mod write;

use std::path::Path;

use sha2::Sha256;

pub use write::{IDX_FORM, save};

use self::classes::{classes, from_labels, mapping_of};
use self::names::Files;
use self::stream::{Images, Stream, open};
use crate::data::class_names;
use crate::data::dataset::{Dataset, Parts, Source};
use crate::data::error::DataError;
use crate::data::format::{Format, Limits, LoadOptions, check_counts, file_length};
use crate::data::known::{KNOWN_SETS, KnownSet};
use crate::data::split::{Pixels, Split, transposed};
use crate::wording::counted;

/// A folder of four files, or of fewer: missing files are reported when it is opened. Of several sets in a folder, each is at its training
/// images.
pub static IDX: Format = Format {
    name: "IDX",
    one: "a folder of IDX files (train-images-idx3-ubyte and so on)",
    several: "folders of IDX files",
    is_folder: true,
    asks: false,
    part: "IDX file",
    is_at: |path| match path.is_dir() {
        true => !names::sets(path).is_empty(),
        false => path.is_file() && names::place_of(path) == Some(0),
    },
    is_part: names::is_file_of_a_set,
    instead: |_| None,
    several_at: names::several,
    describe: |path| {
        let bytes = |files: &Files| files.found().map(|file| file_length(file)).sum();
        if let Ok(files) = names::at(path) {
            return ("IDX files".to_owned(), Some(bytes(&files)));
        }
        let sets = names::sets(path);
        let all = sets.iter().map(bytes).sum();
        (
            format!("IDX files of {}", counted(sets.len(), "set")),
            Some(all),
        )
    },
    known_set: |path| identify(&names::at(path)?),
    load: |path, options, _| {
        options.images.refuse_pixels(path.display())?;
        load(path, options)
    },
};

/// The four files of a data set.
pub const FILES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

pub(in crate::data) use names::like;

/// The known set that these files are, recognized by the content of its test labels, or else by their own name, or else by the folder's.
fn identify(files: &Files) -> Result<Option<&'static KnownSet>, DataError> {
    let labels = files.require(3)?;
    for set in &KNOWN_SETS {
        let sum = set.test_labels().and_then(|file| file.sum.as_ref());
        if let Some(sum) = sum
            && sum.check(labels)?.is_ok()
        {
            return Ok(Some(set));
        }
    }
    let folder = || files.folder.file_name()?.to_str();
    let name = match &*files.set {
        "" => folder(),
        set => Some(set),
    };
    // Files without a name of their own are not those of a set whose files have one.
    Ok(name.and_then(KnownSet::by_name).filter(|set| {
        let labels = set.test_labels();
        labels.is_some_and(|file| file.name.starts_with("t10k") == files.set.is_empty())
    }))
}

/// Hashes the decompressed content of the file at `path`.
pub(in crate::data) fn hash(path: &Path, hasher: &mut Sha256) -> Result<(), DataError> {
    open(path)?.hash(hasher)
}

/// The data set of the IDX files at `path`.
fn load(path: &Path, options: &LoadOptions) -> Result<Dataset, DataError> {
    let files = names::at(path)?;
    let file = |file: usize| files.require(file);
    let paths = [file(0)?, file(1)?, file(2)?, file(3)?];
    let known = identify(&files)?;
    let mapping = mapping_of(&files);
    let lies_on_its_side =
        mapping.is_some() || files.set.to_ascii_lowercase().starts_with("emnist");
    let limits = &options.limits;
    let [train_images, train_labels, test_images, test_labels] = paths;
    let images = |path: &Path| {
        let images = open(path)?.images(limits)?;
        Ok::<_, DataError>(if lies_on_its_side {
            upright(images)
        } else {
            images
        })
    };
    // The training images take nearly all of the time.
    let (train_images, rest) = rayon::join(
        || images(train_images),
        || {
            Ok::<_, DataError>((
                open(train_labels)?.labels(limits)?,
                images(test_images)?,
                open(test_labels)?.labels(limits)?,
            ))
        },
    );
    let (train_images, (mut train_labels, test_images, mut test_labels)) = (train_images?, rest?);
    let place = |file: usize| paths[file].display().to_string();
    let labels = [&train_labels[..], &test_labels];
    let classes = classes(&files, mapping.as_deref(), known, labels)?;
    for (file, labels) in [(1, &mut train_labels), (3, &mut test_labels)] {
        from_labels(labels, &classes).map_err(|problem| problem.at(place(file)))?;
    }
    let name = match (known, &*files.set) {
        (Some(known), _) => known.title.to_owned(),
        (None, "") => class_names::of_path(&files.folder),
        (None, set) => set.to_owned(),
    };
    let dataset = Dataset::new(Parts {
        name,
        source: Source::at(&IDX, path),
        class_names: classes.names,
        train: join(train_images, train_labels, place, 0)?,
        test: join(test_images, test_labels, place, 2)?,
        validation: None,
    })?;
    Ok(dataset.with_note(note(lies_on_its_side, classes.first)))
}

/// How the set differs from its files.
fn note(was_turned: bool, first: u16) -> String {
    let turned = was_turned.then(|| {
        "EMNIST's images, which lie on their side in its files, were turned upright".to_owned()
    });
    let started = match first {
        0 => None,
        1 => Some("labels start at 1: label 0 has no images and is no class".to_owned()),
        first => Some(format!(
            "labels start at {first}: labels 0 to {} have no images and are no classes",
            first - 1
        )),
    };
    let notes: Vec<_> = [turned, started].into_iter().flatten().collect();
    notes.join("; ")
}

fn upright((shape, pixels): Images) -> Images {
    (shape.transposed(), transposed(&pixels, shape))
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
