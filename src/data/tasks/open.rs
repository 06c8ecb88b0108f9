//! Opening data sets.

use super::{Done, TaskKind, TaskRequest, Work, told};
use crate::data::error::DataError;
use crate::data::opening::{OPENING_FIELDS, Opening};
use crate::field::rows;

/// Opens a set by its name or its path.
pub static OPEN: TaskKind = TaskKind {
    name: "open",
    title: "Open a set",
    help: "a known set by its name, or a set by its path, with the choices that decide which images it has",
    verb: "open",
    doing: "loading",
    fields: &OPENING_FIELDS,
    changes_a_set: false,
    size: |_, _| None,
    about: |_| None,
    warning: |_, _| None,
    run,
};

fn run(work: &Work<'_>) -> Result<Done, DataError> {
    let opening = told(work.task(), Opening::default()).resolved_in(work.places)?;
    let set = opening.load_in(work.places, work.progress)?;
    let choice = opening.is_path().then(|| set.source().choice());
    Ok(Done::Opened {
        set: Box::new(set),
        choice,
    })
}

impl TaskRequest {
    /// The task of opening what a name means, with the choices at its end; an empty one is the default set.
    pub fn open(choice: &str) -> Self {
        let mut request = Self::new(&OPEN, [choice.to_owned()]);
        // If they are wrong, the task says so.
        if let Ok(opening) = Opening::parse(choice) {
            for row in rows(&opening) {
                let taken = request.task.set(row.field.name, &row.value);
                taken.expect("its own value fits a setting");
            }
        }
        request
    }
}
