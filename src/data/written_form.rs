//! The forms in which a set can be written. A new one is one constant beside the format that it writes, and one line in [`FORMS`]: choices,
//! help, sizes and the work itself derive from this list.

use std::fmt;
use std::path::Path;
use std::sync::LazyLock;

use super::dataset::Dataset;
use super::error::DataError;
use super::formats::{csv, idx, image_folder, npz};
use super::progress::Progress;
use crate::field::{Plain, Value};

/// A form in which a set can be written.
pub struct WrittenForm {
    /// Its name on the command line and in forms.
    pub name: &'static str,
    /// What is written, for the help.
    pub help: &'static str,
    /// The extension of its only file; `None` where it is a folder.
    pub extension: Option<&'static str>,
    /// Bytes of a value without compression: of images in bytes, and of those in floats.
    pub value_bytes: [u64; 2],
    /// Its arrays, where a set can be written image by image.
    pub arrays: Option<npz::Form>,
    /// Writes a set to a path, completely or not at all; compressed if asked for, where the form leaves that open.
    pub save: fn(&Dataset, &Path, bool, &Progress<'_>) -> Result<(), DataError>,
}

/// Every form, in the order of help and forms.
pub const FORMS: &[&WrittenForm] = &[
    &npz::SEED_FORM,
    &npz::KERAS_FORM,
    &idx::IDX_FORM,
    &csv::CSV_FORM,
    &image_folder::IMAGES_FORM,
];

/// The names of [`FORMS`].
pub const FORM_NAMES: [&str; FORMS.len()] = {
    let mut names = [""; FORMS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = FORMS[at].name;
        at += 1;
    }
    names
};

impl WrittenForm {
    /// The form of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMS.iter().copied().find(|form| form.name == name)
    }

    /// What all forms write: `npz: …; keras: …`.
    pub fn help() -> &'static str {
        static HELP: LazyLock<String> = LazyLock::new(|| {
            let forms = FORMS
                .iter()
                .map(|form| format!("{}: {}", form.name, form.help));
            forms.collect::<Vec<_>>().join("; ")
        });
        &HELP
    }
}

impl Plain for &'static WrittenForm {
    fn to_value(&self) -> Value {
        Value::Choice(self.name)
    }

    fn of(value: Value) -> Self {
        WrittenForm::named(value.choice()).expect("the choices of a form are forms")
    }
}

impl PartialEq for WrittenForm {
    /// Each form is the only one of its name.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for WrittenForm {}

impl fmt::Debug for WrittenForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for (at, form) in FORMS.iter().enumerate() {
            assert!(FORMS[..at].iter().all(|other| other != form));
            assert_eq!(WrittenForm::named(FORM_NAMES[at]), Some(*form));
        }
        assert_eq!(WrittenForm::named("png"), None);
    }
}
