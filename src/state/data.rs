//! Work on data sets: what goes on, the browser of folders, the forms of tasks.

mod browser;
mod job;
mod task_form;

pub use browser::{Browser, Row};
pub use job::Job;
pub use task_form::{TaskDraft, TaskForm};

use super::line_input::LineInput;
use crate::data::tasks::{TaskKind, TaskRequest};

/// What a person does with data sets.
#[derive(Clone, Debug, PartialEq)]
pub enum DataMessage {
    /// Opens the browser, with this text typed in it.
    Browse(String),
    /// Puts the browser's cursor on this row.
    RowAt(usize),
    /// Opens the row under the cursor, or goes in where there is nothing to open.
    TakeRow,
    /// Goes into the folder under the cursor, whatever is in it.
    GoIn,
    /// Goes to the folder that holds this one.
    GoOut,
    ToggleHidden,
    /// Opens the form with what can be said of the opening.
    TakeRowWithOptions,
    /// Opens a known name or a path.
    Open(String),
    /// Opens the form of a task.
    AskFor(&'static TaskKind),
    /// Does what was refused for a file in the way, and replaces that.
    Replace,
    /// Gives the latest job up.
    Cancel,
    /// Opens the form for the name of the set under the cursor.
    AskName,
    /// Forgets the set under the cursor.
    Unload,
}

/// The form for another name of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct RenameForm {
    /// Its name now.
    pub set: String,
    pub input: LineInput,
    /// Why the name was not taken.
    pub problem: Option<String>,
}

/// The question whether a file may be replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplaceQuestion {
    pub request: TaskRequest,
    /// The file, as a person would write it.
    pub path: String,
}
