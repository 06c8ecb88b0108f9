//! Where a made set goes, and in which form.

use std::path::{Path, PathBuf};

use crate::data::npz::{Form, SaveOptions};
use crate::data::{DataError, Dataset, Progress, idx, npz};
use crate::field::{Field, choices, settings};

settings! {
    /// Where a made set goes, and in which form.
    pub struct Target {
        /// the path of the file to write; without a folder, where the program was started
        write_to: PathBuf = Field::text().required(),
        /// npz: float32 and one-hot labels, as the seed GUI; keras: x_train to y_test, whole bytes where they came so
        format: Format = Field::choice(&["npz", "keras"]),
        /// deflate the arrays: smaller, and slower to write and read
        packed: bool = Field::flag(),
        /// open the set as soon as it is made
        open: bool = OPEN,
    }
}

pub(super) const OPEN: Field = Field::flag().on();

/// How a set is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// An npz file as the seed GUI writes it.
    Npz,
    /// An npz file with Keras's names.
    Keras,
    /// A folder of four IDX files.
    Idx,
}

choices! { Format { Npz => "npz", Keras => "keras", Idx => "idx" } }

impl Format {
    /// Writes the set to a file of this format, or for IDX into a folder; `packed` deflates an npz file.
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
