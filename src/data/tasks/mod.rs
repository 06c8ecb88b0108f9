//! Long-running tasks on data sets: the settings of each, from which the screen's forms derive, and its
//! work.
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
pub use open::OPEN;
pub use target::ANY_FORM;

kinds! {
    /// Every task, in the order in which menus show them.
    pub static TASKS: TaskKind, "task" = [OPEN, FETCH, SHIFTED, WARPED, DIGITS];
}

/// A task, before it is configured.
pub struct TaskKind {
    /// Its name in text: `augment_shifted`.
    pub name: &'static str,
    /// Title in menus and above its form.
    pub title: &'static str,
    /// Its result, in a sentence.
    pub help: &'static str,
    /// What the key that starts it does: `make`.
    pub verb: &'static str,
    /// The activity while it is running: `augmenting`.
    pub doing: &'static str,
    fields: &'static LazyLock<Vec<Field>>,
    /// Whether it changes the images of a loaded set.
    pub changes_a_set: bool,
    size: fn(&Task, Option<&DatasetSummary>) -> Option<Size>,
    about: fn(&Task) -> Option<String>,
    warning: fn(&Task, &DatasetSummary) -> Option<&'static str>,
    run: fn(&Work<'_>) -> Result<Done, DataError>,
}

/// A task with a legal value for each of its fields.
pub type Task = Configured<TaskKind>;

/// A task with all settings of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskRequest {
    /// The task, with a value for each of its fields.
    pub task: Task,
    /// Name of the loaded set whose images it changes, if any.
    pub dataset: Option<String>,
    /// Whether an existing file may be replaced.
    pub replace: bool,
    /// Whether `write_to` is the exact name of an npz file, without `.npz` appended.
    pub is_exact: bool,
    /// Whether a form said how, which is where it is corrected.
    pub in_form: bool,
}

/// The size of a set to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Training images.
    pub train_images: u64,
    /// Test images.
    pub test_images: u64,
    /// Size of the file without compression.
    pub file_bytes: u64,
}

/// The inputs of a task.
pub struct Work<'a> {
    /// The request.
    pub request: &'a TaskRequest,
    /// The set called [`TaskRequest::dataset`].
    pub dataset: Option<&'a Dataset>,
    /// The places searched for sets.
    pub places: &'a Places,
    /// Receives its progress, and can cancel it.
    pub progress: &'a Progress<'a>,
}

/// The result of a task.
#[derive(Debug)]
pub enum Done {
    /// A set was loaded into memory.
    Opened {
        /// The set.
        set: Box<Dataset>,
        /// What opens it again, if it has a path: that, and the choices that it was opened with.
        choice: Option<String>,
    },
    /// A set was written to disk.
    Written {
        /// Its file or folder.
        path: PathBuf,
        /// Whether to open it now.
        open: bool,
    },
    /// A known set is complete on this machine.
    Fetched {
        /// Its only file, or its folder.
        path: PathBuf,
    },
}

impl TaskRequest {
    /// The task of `kind` with its defaults, and these texts for its names and paths.
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
            in_form: false,
        }
    }

    /// Whether it only opens a set.
    pub fn is_opening(&self) -> bool {
        self.task.kind().is_opening()
    }

    /// Its names and paths, in the order of its fields.
    pub fn texts(&self) -> Vec<&str> {
        let fields = self.task.kind().fields().iter();
        let texts = fields.filter(|field| field.kind == FieldKind::Text);
        texts
            .map(|field| self.task.value(field.name).text().trim())
            .collect()
    }

    /// The size of the set to be made; `None` where the task makes none.
    pub fn size(&self, dataset: Option<&DatasetSummary>) -> Option<Size> {
        (self.task.kind().size)(&self.task, dataset)
    }

    /// What the task will cost, in a sentence, where that depends on its settings.
    pub fn about(&self) -> Option<String> {
        (self.task.kind().about)(&self.task)
    }

    /// A warning about the task on this set, if any.
    pub fn warning(&self, dataset: &DatasetSummary) -> Option<&'static str> {
        (self.task.kind().warning)(&self.task, dataset)
    }
}

impl Work<'_> {
    /// Runs the task, completely or not at all.
    ///
    /// # Errors
    /// The problem; nothing was changed then.
    pub fn run(&self) -> Result<Done, DataError> {
        if let Some(problem) = missing(self.task()) {
            return Err(problem.into());
        }
        (self.task().kind().run)(self)
    }

    fn task(&self) -> &Task {
        &self.request.task
    }

    /// Expands `~` to the home folder.
    fn path(&self, path: &Path) -> PathBuf {
        self.places.expand(&path.to_string_lossy())
    }

    /// The path of an npz file, with its extension.
    fn npz_path(&self, path: &Path) -> PathBuf {
        let mut path = self.path(path);
        if !self.request.is_exact && path.extension().is_none_or(|ending| ending != "npz") {
            path.as_mut_os_string().push(".npz");
        }
        path
    }

    /// An error where `path` exists and may not be replaced.
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
        *self == OPEN
    }
}

impl PartialEq for TaskKind {
    /// Each kind is the only one of its name.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The settings of all `prototypes` as a task's fields, names and paths first; the values of the prototypes are the defaults.
fn fields_of(prototypes: &[&dyn Setting]) -> Vec<Field> {
    let rows = prototypes.iter().flat_map(|prototype| rows(*prototype));
    let mut fields: Vec<Field> = rows.map(|row| row.field.with_default(&row.value)).collect();
    fields.sort_by_key(|field| field.kind != FieldKind::Text);
    fields
}

/// `prototype` with the task's values.
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
