//! Synthetic digits, drawn from typefaces.

use std::sync::LazyLock;

use super::target::{FORMAT, OPEN, PACKED, WRITE_TO, options, with_ending};
use super::{Done, Size, Task, TaskKind, TextField, Work, fields_of, put_into};
use crate::data::digits::{self, DigitSettings, SETTINGS};
use crate::data::error::DataError;
use crate::data::{idx, npz};
use crate::field::{Field, FieldKind, Value};

/// A set of drawn digits.
pub static DIGITS: TaskKind = TaskKind {
    name: "draw_digits",
    title: "Draw synthetic digits",
    help: "digits drawn from typefaces with random place, size, slant, strokes …, so that they look handwritten",
    doing: "drawing digits",
    texts: &[
        WRITE_TO,
        TextField {
            name: "fonts",
            help: || {
                "a font file, or a folder with such, used beside the typefaces in the program"
                    .to_owned()
            },
            is_optional: true,
        },
    ],
    fields: || &FIELDS,
    changes_a_set: false,
    size: |task, _| Some(size(task)),
    warning: |_, _| None,
    run,
};

static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    // Drawn digits are bytes, which only the seed GUI's form would blow up; so that form comes last.
    let format = Field {
        help: "keras: npz with x_train to y_test in whole bytes; npz: float32 and one-hot labels, as the seed GUI; idx: a folder",
        kind: FieldKind::Choice(&["keras", "npz", "idx"]),
        default: Value::Choice("keras"),
        ..FORMAT
    };
    fields_of(&SETTINGS).chain([format, PACKED, OPEN]).collect()
});

fn size(task: &Task) -> Size {
    let whole = |name| task.value(name).whole() as u64;
    let (train_images, test_images) = (whole("train_images"), whole("test_images"));
    let value = match task.value(FORMAT.name) {
        Value::Choice("npz") => 4,
        _ => 1,
    };
    Size {
        train_images,
        test_images,
        file_bytes: (train_images + test_images) * whole("height") * whole("width") * value,
    }
}

fn run(work: &Work<'_>) -> Result<Done, DataError> {
    let task = work.task();
    let mut settings = DigitSettings::default();
    put_into(task, &SETTINGS, &mut settings);
    if !work.text(1).is_empty() {
        settings.fonts.push(work.path(1));
    }
    let as_idx = task.value(FORMAT.name) == Value::Choice("idx");
    let path = match as_idx {
        true => work.path(0),
        false => with_ending(&work.path(0)),
    };
    work.free(&path)?;
    let dataset = digits::make(&settings, work.progress)?;
    match as_idx {
        true => idx::save(&dataset, &path, true)?,
        false => npz::save(&dataset, &path, options(task), work.progress)?,
    }
    Ok(Done::Written {
        path,
        open: task.value(OPEN.name).is_on(),
    })
}
