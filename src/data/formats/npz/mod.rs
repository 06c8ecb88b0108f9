//! npz files: zip archives of numpy arrays, named `arr_0` to `arr_3` as by `numpy.savez`, or `x_train`, … as in Keras.

mod array;
mod header;
mod read;
mod write;

use std::path::Path;

pub(in crate::data) use write::Writer;
pub use write::{Form, SaveOptions, save};

use self::array::Reading;
use self::read::Labels;
use crate::data::class_names;
use crate::data::dataset::{Dataset, Parts, Source, check_labels};
use crate::data::error::{DataError, Problem};
use crate::data::format::{Format, Limits, LoadOptions, check_counts, file_length};
use crate::data::known::KnownSet;
use crate::data::names::has_ending;
use crate::data::progress::Progress;
use crate::data::split::Split;

/// One file, recognized by its extension.
pub static NPZ: Format = Format {
    name: "npz",
    one: "an npz file",
    several: "npz files",
    is_folder: false,
    asks: false,
    part: "",
    is_at: |path| path.is_file() && has_ending(path, &["npz"]),
    is_part: |_| false,
    describe: |path| ("npz".to_owned(), Some(file_length(path))),
    known_set: |path| Ok(known_by_name(path)),
    load,
};

fn known_by_name(path: &Path) -> Option<&'static KnownSet> {
    KnownSet::by_name(path.file_stem()?.to_str()?)
}

/// The arrays of a data set: training images, training labels, test images, test labels.
const SEED: [&str; 4] = ["arr_0", "arr_1", "arr_2", "arr_3"];
const KERAS: [&str; 4] = ["x_train", "y_train", "x_test", "y_test"];
/// Class names: a fifth array that earlier versions of the program wrote. They are in a file beside the arrays now, because other
/// programs read files of four arrays only.
const CLASS_NAMES: &str = "class_names";

/// The data set in the npz file at `path`.
///
/// Images are (n, height, width) or (n, height, width, channels): whole numbers from 0 to 255, or floats from 0 to 1 or to
/// 255. Labels are whole numbers or one-hot rows, whatever the names of the arrays.
fn load(path: &Path, options: &LoadOptions, progress: &Progress<'_>) -> Result<Dataset, DataError> {
    let mut archive = array::open(path)?;
    let reading = &Reading::new(
        &options.limits,
        progress,
        array::promised_bytes(&mut archive),
    );
    let found = array::names(&archive);
    let has = |name: &str| found.iter().any(|other| other == name);
    let named = |names: &[&str; 4]| names.iter().all(|name| has(name));
    let Some(names) = [SEED, KERAS].into_iter().find(named) else {
        let expected = "arr_0 to arr_3, or x_train, y_train, x_test and y_test";
        return Err(missing(path, expected, &found));
    };
    // The training images take nearly all of the time.
    let (train, rest) = rayon::join(
        || read::images(&mut array::open(path)?, path, names[0], reading),
        || -> Result<_, DataError> {
            Ok((
                read::labels(&mut archive, path, names[1], reading)?,
                read::images(&mut archive, path, names[2], reading)?,
                read::labels(&mut archive, path, names[3], reading)?,
                has(CLASS_NAMES)
                    .then(|| read::text(&mut archive, path, CLASS_NAMES, reading))
                    .transpose()?,
            ))
        },
    );
    let (train, (train_labels, test, test_labels, own_names)) = (train?, rest?);
    let place = |array: usize| format!("{}, array {}", path.display(), names[array]);
    for (images, labels, first) in [(&train, &train_labels, 0), (&test, &test_labels, 2)] {
        check_counts(images.count, labels.values.len(), place, first)?;
    }
    if train_labels.columns != test_labels.columns {
        let text = |labels: &Labels| match labels.columns {
            Some(columns) => format!("one-hot rows of {columns} classes"),
            None => "whole-number labels".to_owned(),
        };
        let problem = Problem::LabelForms {
            expected: text(&train_labels),
            found: text(&test_labels),
        };
        return Err(problem.at(place(3)));
    }
    let known = KnownSet::by_labels(&test_labels.values).or_else(|| known_by_name(path));
    let folder = path.parent().unwrap_or(Path::new("."));
    let beside = match own_names {
        Some(names) => Some(names),
        None => match class_names::read_file(class_names::beside(path))? {
            Some(names) => Some(names),
            None => class_names::read(folder)?,
        },
    };
    let class_names = match (beside, known, train_labels.columns) {
        (Some(names), _, _) => names,
        (None, Some(known), _) => known.class_names(),
        (None, None, Some(columns)) => (0..columns).map(|class| class.to_string()).collect(),
        (None, None, None) => class_names::numbers(&[&train_labels.values, &test_labels.values]),
    };
    for (array, labels) in [(1, &train_labels), (3, &test_labels)] {
        check_labels(&labels.values, class_names.len())
            .map_err(|problem| problem.at(place(array)))?;
    }
    let scale = train.beyond_one() || test.beyond_one();
    Dataset::new(Parts {
        name: match path.file_stem() {
            Some(stem) => stem.to_string_lossy().into_owned(),
            None => path.display().to_string(),
        },
        source: Source::at(&NPZ, path),
        class_names,
        train: train.split(scale, train_labels.values)?,
        test: test.split(scale, test_labels.values)?,
        validation: None,
    })
}

/// The images of the npz file at `path` without their labels, which are all 0: of its array `images`, `x_test` or `arr_0`, or else of
/// its only one. Pixels are as in a data set.
pub fn images(path: &Path, limits: &Limits) -> Result<Split, DataError> {
    const NAMES: [&str; 3] = ["images", "x_test", "arr_0"];
    let mut archive = array::open(path)?;
    let found = array::names(&archive);
    let known = NAMES
        .into_iter()
        .find(|name| found.iter().any(|other| other == name));
    let name = match (known, &found[..]) {
        (Some(name), _) => name,
        (None, [only]) => only,
        (None, _) => {
            let expected = "images, x_test or arr_0, or one array alone";
            return Err(missing(path, expected, &found));
        }
    };
    let silent = Progress::silent();
    let reading = Reading::new(limits, &silent, 0);
    let images = read::images(&mut archive, path, name, &reading)?;
    let (scale, labels) = (images.beyond_one(), vec![0; images.count]);
    images.split(scale, labels)
}

/// The error for a file at `path` with only the arrays `found`.
fn missing(path: &Path, expected: &'static str, found: &[String]) -> DataError {
    let found = match found.is_empty() {
        true => "none".to_owned(),
        false => found.join(", "),
    };
    Problem::MissingArrays { expected, found }.at(path.display())
}
