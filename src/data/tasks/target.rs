//! Where a made set goes, and in which form.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::{Task, TextField};
use crate::data::npz::{Form, SaveOptions};
use crate::field::{Field, FieldKind, OFF_ON, Value};

pub(super) const WRITE_TO: TextField = TextField {
    name: "write_to",
    help: || {
        "the path of the file to write; without a folder, where the program was started".to_owned()
    },
    is_optional: false,
};

/// How the arrays of an npz file are named and what is in them; a task that writes no IDX leaves the last out.
pub(super) const FORMAT: Field = Field {
    name: "format",
    help: "npz: float32 and one-hot labels, as the seed GUI; keras: x_train to y_test, whole bytes where they came so",
    kind: FieldKind::Choice(&["npz", "keras"]),
    default: Value::Choice("npz"),
    required: false,
};

pub(super) const PACKED: Field = Field {
    name: "packed",
    help: "deflate the arrays: smaller, and slower to write and read",
    kind: OFF_ON,
    default: Value::Choice("off"),
    required: false,
};

pub(super) const OPEN: Field = Field {
    name: "open",
    help: "open the set as soon as it is made",
    kind: OFF_ON,
    default: Value::Choice("on"),
    required: false,
};

/// What the fields say of an npz file.
pub(super) fn options(task: &Task) -> SaveOptions {
    SaveOptions {
        form: match task.value(FORMAT.name).choice() {
            "keras" => Form::Keras,
            _ => Form::Seed,
        },
        packed: task.value(PACKED.name).is_on(),
    }
}

/// The path with the ending by which the lab knows such files.
pub(super) fn with_ending(path: &Path) -> PathBuf {
    if path.extension() == Some(OsStr::new("npz")) {
        return path.to_owned();
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".npz");
    PathBuf::from(name)
}
