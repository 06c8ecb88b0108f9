//! Synthetic digits, drawn from typefaces.

use std::path::PathBuf;
use std::sync::LazyLock;

use super::target::{ANY_FORM, OPEN};
use super::{Done, Size, Task, TaskKind, Work, fields_of, told};
use crate::data::digits::{self, DigitSettings};
use crate::data::error::DataError;
use crate::data::npz::KERAS_FORM;
use crate::data::written_form::WrittenForm;
use crate::field::{Field, settings};

/// A set of drawn digits.
pub static DIGITS: TaskKind = TaskKind {
    name: "draw_digits",
    title: "Draw synthetic digits",
    help: "digits drawn from typefaces with random position, size, slant, strokes …, to look handwritten",
    verb: "make",
    doing: "drawing digits",
    fields: &FIELDS,
    changes_a_set: false,
    size: |task, _| Some(size(task)),
    about: |_| None,
    warning: |_, _| None,
    run,
};

static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let mut fields = fields_of(&[&DigitSettings::default(), &file()]);
    let format = fields.iter_mut().find(|field| field.name == "format");
    format.expect("a file has a form").help = WrittenForm::help();
    fields
});

/// The digits are bytes, which the npz form would turn into floats; so that form is not the default.
fn file() -> DigitFile {
    DigitFile {
        format: &KERAS_FORM,
        ..DigitFile::default()
    }
}

settings! {
    /// The target of drawn digits.
    struct DigitFile {
        /// the path of the file to write, relative to where the program was started
        write_to: PathBuf = Field::text().required(),
        /// a font file or a folder of font files, used in addition to the built-in typefaces; separate several with :, empty for none
        fonts: Vec<PathBuf> = Field::text(),
        format: &'static WrittenForm = ANY_FORM,
        /// compress the arrays: smaller, but slower to write and read
        packed: bool = Field::flag(),
        /// open the set once it is made
        open: bool = OPEN,
    }
}

fn size(task: &Task) -> Size {
    let settings = told(task, DigitSettings::default());
    let (train_images, test_images) = (settings.train_images as u64, settings.test_images as u64);
    let [value, _] = told(task, file()).format.value_bytes;
    let pixels = (settings.height * settings.width) as u64;
    Size {
        train_images,
        test_images,
        file_bytes: (train_images + test_images) * pixels * value,
    }
}

fn run(work: &Work<'_>) -> Result<Done, DataError> {
    let file = told(work.task(), file());
    let mut settings = told(work.task(), DigitSettings::default());
    settings.fonts = file.fonts.iter().map(|path| work.path(path)).collect();
    let path = match file.format.extension {
        None => work.path(&file.write_to),
        Some(_) => work.npz_path(&file.write_to),
    };
    work.free(&path)?;
    let dataset = digits::make(&settings, work.progress)?;
    (file.format.save)(&dataset, &path, file.packed, work.progress)?;
    Ok(Done::Written {
        path,
        open: file.open,
    })
}
