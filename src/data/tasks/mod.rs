//! Long pieces of work on data sets, each described: what it asks a person for, from which the screen's forms derive, and how it is
//! done.
//!
//! A new task is one [`TaskKind`] in a file here and one line in [`TASKS`].

mod augment;
mod digits;
mod fetch;
mod open;
mod target;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::dataset::Dataset;
use super::error::DataError;
use super::places::Places;
use super::progress::Progress;
use super::summary::DatasetSummary;
use crate::field::{Configured, Field, FieldKind, Kind, Setting, Value, kinds, missing, put, rows};

pub use augment::{SHIFTED, WARPED};
pub use digits::DIGITS;
pub use fetch::FETCH;
pub use open::{Colors, OPEN, OPEN_IMAGES, OpenImages, opening};
pub use target::Format;

kinds! {
    /// Every task, in the order in which menus show them.
    pub static TASKS: TaskKind, "task" = [OPEN, OPEN_IMAGES, FETCH, SHIFTED, WARPED, DIGITS];
}

/// What is known of a task before a person has said anything.
pub struct TaskKind {
    /// As it is written: `augment_shifted`.
    pub name: &'static str,
    /// For menus and above its form.
    pub title: &'static str,
    /// What comes of it, in a sentence.
    pub help: &'static str,
    /// What is going on meanwhile: `augmenting`.
    pub doing: &'static str,
    fields: &'static LazyLock<Vec<Field>>,
    /// Whether it changes the images of a loaded set.
    pub changes_a_set: bool,
    size: fn(&Task, Option<&DatasetSummary>) -> Option<Size>,
    warning: fn(&Task, &DatasetSummary) -> Option<&'static str>,
    run: fn(&Work<'_>) -> Result<Done, DataError>,
}

/// A task with a legal value for each of its fields.
pub type Task = Configured<TaskKind>;

/// A task with all that a person says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskRequest {
    /// The task, with a value for each of its fields.
    pub task: Task,
    /// Name of the loaded set whose images it changes.
    pub dataset: Option<String>,
    /// Whether a file that is there already may be replaced.
    pub replace: bool,
    /// Whether an npz file is called as `write_to` says, without `.npz` put to it.
    pub is_exact: bool,
}

/// How large a made set will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// To train on.
    pub train_images: u64,
    /// To test on.
    pub test_images: u64,
    /// Of the file where it is not deflated.
    pub file_bytes: u64,
}

/// What a task works on.
pub struct Work<'a> {
    /// What a person says of it.
    pub request: &'a TaskRequest,
    /// The set called [`TaskRequest::dataset`].
    pub dataset: Option<&'a Dataset>,
    /// Where sets are looked for.
    pub places: &'a Places,
    /// Hears how far it is, and may end it.
    pub progress: &'a Progress<'a>,
}

/// What a task has done.
#[derive(Debug)]
pub enum Done {
    /// A set is in memory.
    Opened {
        /// The set.
        set: Box<Dataset>,
        /// Where it lies, where that is a path.
        path: Option<PathBuf>,
    },
    /// A set is on the disk.
    Written {
        /// Its file or folder.
        path: PathBuf,
        /// Whether it is to be opened now.
        open: bool,
    },
    /// A known set is whole on this machine.
    Fetched {
        /// Where it lies.
        folder: PathBuf,
    },
}

impl TaskRequest {
    /// The task of `kind` with its defaults, and these for the names and paths that it asks for.
    pub fn new(kind: &'static TaskKind, texts: impl IntoIterator<Item = String>) -> Self {
        let mut task = Task::with_defaults(kind);
        let named = kind
            .fields()
            .iter()
            .filter(|field| field.kind == FieldKind::Text);
        for (field, text) in named.zip(texts) {
            let taken = task.set(field.name, &Value::Text(text));
            taken.expect("a text takes any text");
        }
        Self {
            task,
            dataset: None,
            replace: false,
            is_exact: false,
        }
    }

    /// Whether it only opens a set.
    pub fn is_opening(&self) -> bool {
        self.task.kind().is_opening()
    }

    /// The names and paths that it has, in the order of its fields.
    pub fn texts(&self) -> Vec<&str> {
        let values = self.task.values().iter();
        values
            .filter_map(|value| match value {
                Value::Text(text) => Some(text.trim()),
                _ => None,
            })
            .collect()
    }

    /// How large the made set will be; nothing where the task makes none.
    pub fn size(&self, dataset: Option<&DatasetSummary>) -> Option<Size> {
        (self.task.kind().size)(&self.task, dataset)
    }

    /// What a person should think about before the task is done to this set.
    pub fn warning(&self, dataset: &DatasetSummary) -> Option<&'static str> {
        (self.task.kind().warning)(&self.task, dataset)
    }
}

impl Work<'_> {
    /// Does it, whole or not at all.
    ///
    /// # Errors
    /// What is wrong; nothing was changed then.
    pub fn run(&self) -> Result<Done, DataError> {
        if let Some(problem) = missing(self.task()) {
            return Err(problem.into());
        }
        (self.task().kind().run)(self)
    }

    fn task(&self) -> &Task {
        &self.request.task
    }

    /// `~` stands for the home folder.
    fn path(&self, path: &Path) -> PathBuf {
        self.places.expand(&path.to_string_lossy())
    }

    /// That of an npz file, with the ending by which the lab knows such files.
    fn npz_path(&self, path: &Path) -> PathBuf {
        let mut path = self.path(path);
        if !self.request.is_exact && path.extension().is_none_or(|ending| ending != "npz") {
            path.as_mut_os_string().push(".npz");
        }
        path
    }

    /// `path`, unless something is there that may not be replaced.
    fn free(&self, path: &Path) -> Result<(), DataError> {
        if !self.request.replace && path.exists() {
            return Err(DataError::Exists(path.to_owned()));
        }
        Ok(())
    }
}

impl TaskKind {
    /// Whether it only opens a set.
    pub fn is_opening(&self) -> bool {
        *self == OPEN || open::ASKING.iter().any(|(_, kind)| *kind == self)
    }
}

impl PartialEq for TaskKind {
    /// Each kind is the only one of its name.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The settings of all of `prototypes` as a task's fields, names and paths first; what the prototypes hold are the defaults.
fn fields_of(prototypes: &[&dyn Setting]) -> Vec<Field> {
    let rows = prototypes.iter().flat_map(|prototype| rows(*prototype));
    let mut fields: Vec<Field> = rows.map(|row| row.field.with_default(&row.value)).collect();
    fields.sort_by_key(|field| field.kind != FieldKind::Text);
    fields
}

/// `prototype` with what the task says of its settings.
fn told<S: Setting>(task: &Task, mut prototype: S) -> S {
    for row in rows(&prototype) {
        put(
            &mut prototype,
            &row.path,
            task.value(row.field.name).clone(),
        );
    }
    prototype
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_survives_being_written_and_read() {
        for kind in TASKS {
            let task = Task::with_defaults(kind);
            let text = serde_json::to_string(&task).unwrap();
            let read: Task = serde_json::from_str(&text).unwrap();
            assert_eq!(read, task, "{}", kind.name);
            for field in kind.fields() {
                let value = field.parse(&field.default().to_string());
                assert_eq!(value, Ok(field.default()), "{}", field.name);
            }
        }
    }

    #[test]
    fn names_are_unique_and_no_field_is_named_twice() {
        for (position, kind) in TASKS.iter().enumerate() {
            assert!(
                TASKS[..position]
                    .iter()
                    .all(|other| other.name != kind.name)
            );
            for (position, field) in kind.fields().iter().enumerate() {
                let before = &kind.fields()[..position];
                assert!(before.iter().all(|other| other.name != field.name));
            }
        }
    }

    #[test]
    fn what_must_be_named_is_asked_for() {
        let request = TaskRequest::new(&DIGITS, []);
        let work = Work {
            request: &request,
            dataset: None,
            places: &Places::default(),
            progress: &Progress::silent(),
        };
        let problem = work.run().unwrap_err().to_string();
        assert!(problem.starts_with("write_to: expected "), "{problem}");
    }
}
