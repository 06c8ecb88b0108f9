//! npz files: zip archives of numpy arrays, named `arr_0` to `arr_3` as by `numpy.savez`, `x_train`, … as in Keras, or in any other usual way.

mod write;

use std::path::Path;

pub(in crate::data) use write::Writer;
pub use write::{Form, KERAS_FORM, SEED_FORM, SaveOptions, save};

use super::arrays::{self, ArrayAt, Arrays, stem};
use super::npy::NPY;
use super::signature::{binary, is_zip};
use crate::data::dataset::{Dataset, Source};
use crate::data::error::DataError;
use crate::data::format::{Format, Limits, LoadOptions, file_length};
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
    instead: |start| match is_zip(start) {
        true => None,
        false => binary(start),
    },
    several_at: |_| Vec::new(),
    describe: |path| ("npz".to_owned(), Some(file_length(path))),
    known_set: |path| Ok(KnownSet::by_name(&stem(path))),
    load,
};

/// The arrays that are written: training images, training labels, test images, test labels, and where there is a name for them validation
/// images and labels.
const SEED: &[&str] = &["arr_0", "arr_1", "arr_2", "arr_3"];
const KERAS: &[&str] = &["x_train", "y_train", "x_test", "y_test", "x_val", "y_val"];

/// The data set in the npz file at `path`, or the one of several files of one array that it belongs to.
fn load(path: &Path, options: &LoadOptions, progress: &Progress<'_>) -> Result<Dataset, DataError> {
    let all = ArrayAt::in_npz(path)?;
    if all.len() == 1 && (NPY.is_at)(path) {
        return (NPY.load)(path, options, progress);
    }
    let arrays = Arrays {
        source: Source::at(&NPZ, path),
        path: path.to_owned(),
        name: stem(path),
        all,
    };
    arrays::load(&arrays, options, progress)
}

/// The images of the npz file at `path` without their labels, which are all 0: of the array with a name for images, such as `images` or
/// `x_test`, of `arr_0`, or of its only one. Pixels are as in a data set.
pub fn images(path: &Path, limits: &Limits) -> Result<Split, DataError> {
    arrays::images(path, &ArrayAt::in_npz(path)?, limits)
}
