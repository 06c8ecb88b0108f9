//! Opening data sets.

use std::sync::LazyLock;

use super::{Done, TaskKind, Work, told};
use crate::data::error::DataError;
use crate::data::format::Format;
use crate::data::formats::IMAGES;
use crate::data::opening::{MOST_MEMORY, OPENING_FIELDS, Opening, naming_formats};
use crate::field::{Field, Settings, settings};

/// Opens a set by its name or its path.
pub static OPEN: TaskKind = TaskKind {
    name: "open",
    title: "Open a set",
    help: "a known set by its name, or a set by its path",
    doing: "loading",
    fields: &OPEN_FIELDS,
    changes_a_set: false,
    size: |_, _| None,
    warning: |_, _| None,
    run: |work| {
        let Open { data, most_memory } = told(work.task(), Open::default());
        run(
            work,
            &Opening {
                data,
                most_memory,
                ..Opening::default()
            },
        )
    },
};

/// Opens a folder of images, with options.
pub static OPEN_IMAGES: TaskKind = TaskKind {
    name: "open_images",
    title: "Open a folder of images",
    help: "images, one folder per class, scaled to one size on request",
    doing: "loading",
    fields: &OPENING_FIELDS,
    changes_a_set: false,
    size: |_, _| None,
    warning: |_, _| None,
    run: |work| run(work, &told(work.task(), Opening::default())),
};

/// The formats whose sets are opened with more options than a path and a memory limit, each with its task.
pub(super) static ASKING: &[(&Format, &TaskKind)] = &[(&IMAGES, &OPEN_IMAGES)];

/// The task that opens a set of this format.
pub fn opening(format: &Format) -> &'static TaskKind {
    let own = ASKING.iter().find(|(asking, _)| *asking == format);
    own.map_or(&OPEN, |(_, kind)| kind)
}

const DATA_OR_DEFAULT: Field =
    Field::text().meaning("a known set's name, or a path; empty for the default set");

settings! {
    struct Open {
        data: String = DATA_OR_DEFAULT,
        most_memory: u64 = MOST_MEMORY,
    }
}

static OPEN_FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| naming_formats(Open::FIELDS));

fn run(work: &Work<'_>, opened: &Opening) -> Result<Done, DataError> {
    let opening = opened.resolved_in(work.places)?;
    let set = opening.load_in(work.places, work.progress)?;
    let choice = opening.is_path().then(|| set.source().choice());
    Ok(Done::Opened {
        set: Box::new(set),
        choice,
    })
}
