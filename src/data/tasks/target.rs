//! The target of a made set: path and form.

use std::path::PathBuf;

use crate::data::{FORM_NAMES, WrittenForm};
use crate::field::{Field, settings};

settings! {
    /// The target of a set that is written image by image.
    pub struct Target {
        /// the path of the file to write, relative to where the program was started
        write_to: PathBuf = Field::text().required(),
        /// npz: arr_0 to arr_3 as float32 with one-hot labels; keras: x_train to y_test, as bytes where the set has bytes
        format: &'static WrittenForm = Field::choice(&["npz", "keras"]),
        /// compress the arrays: smaller, but slower to write and read
        packed: bool = Field::flag(),
        /// open the set once it is made
        open: bool = OPEN,
    }
}

pub(super) const OPEN: Field = Field::flag().on();

/// A setting for the form of a set that is written as a whole: any of them.
pub const ANY_FORM: Field = Field::choice(&FORM_NAMES);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::FORMS;
    use crate::field::{FieldKind, Settings};

    #[test]
    fn forms_of_arrays_can_be_written_image_by_image() {
        let forms = FORMS.iter().filter(|form| form.arrays.is_some());
        let forms: Vec<_> = forms.map(|form| form.name).collect();
        let FieldKind::Choice { choices, .. } = Target::FIELDS[1].kind else {
            panic!("a form is a choice");
        };
        assert_eq!(choices, forms);
    }
}
