//! The target of a made set: path and form.

use std::path::{Path, PathBuf};

use crate::data::npz::{Form, SaveOptions};
use crate::data::{DataError, Dataset, Progress, idx, npz};
use crate::field::{Field, choices, settings};

settings! {
    /// The target of a made set: path and form.
    pub struct Target {
        /// the path of the file to write, relative to where the program was started
        write_to: PathBuf = Field::text().required(),
        /// npz: arr_0 to arr_3 as float32 with one-hot labels; keras: x_train to y_test, as bytes where the set has bytes
        format: Format = Field::choice(&["npz", "keras"]),
        /// compress the arrays: smaller, but slower to write and read
        packed: bool = Field::flag(),
        /// open the set once it is made
        open: bool = OPEN,
    }
}

pub(super) const OPEN: Field = Field::flag().on();

/// The form of a written set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// An npz file with `arr_0` to `arr_3`: float32 pixels and one-hot labels.
    Npz,
    /// An npz file with Keras's names.
    Keras,
    /// A folder of four IDX files.
    Idx,
}

choices! { Format { Npz => "npz", Keras => "keras", Idx => "idx" } }

impl Format {
    /// Writes the set to a file of this format, or for IDX into a folder; `packed` compresses an npz file.
    pub fn save(
        self,
        dataset: &Dataset,
        path: &Path,
        packed: bool,
        progress: &Progress<'_>,
    ) -> Result<(), DataError> {
        match self.npz_options(packed) {
            Some(options) => npz::save(dataset, path, options, progress),
            None => idx::save(dataset, path, true),
        }
    }

    /// The options of an npz file of this format; `None` for IDX.
    pub fn npz_options(self, packed: bool) -> Option<SaveOptions> {
        let form = match self {
            Self::Npz => Form::Seed,
            Self::Keras => Form::Keras,
            Self::Idx => return None,
        };
        Some(SaveOptions { form, packed })
    }
}
