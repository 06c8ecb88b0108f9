//! What the form of a task changes.

use crate::data::DatasetSummary;
use crate::data::tasks::{TaskKind, TaskRequest};
use crate::field::{SettingRow, Value, missing};
use crate::state::form::{Draft, Form};

/// What a person says of a task before it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskDraft {
    pub request: TaskRequest,
    /// The set whose images are changed, where the task does that.
    pub dataset: Option<DatasetSummary>,
}

pub type TaskForm = Form<TaskDraft>;

impl TaskDraft {
    pub(in crate::state) fn new(mut request: TaskRequest, dataset: Option<DatasetSummary>) -> Self {
        request.dataset = dataset.as_ref().map(|set| set.name.clone());
        request.replace = false;
        Self { request, dataset }
    }

    pub fn kind(&self) -> &'static TaskKind {
        self.request.task.kind()
    }

    /// A name or path that must be given and is not.
    pub fn missing(&self) -> Option<String> {
        let problem = missing(&self.request.task)?;
        Some(format!("{}: expected {}", problem.field, problem.expected))
    }
}

impl TaskForm {
    /// With the cursor where something is to be said: what is named already is the least likely to be changed.
    pub(in crate::state) fn of_task(draft: TaskDraft) -> Self {
        let mut form = Self::new(draft);
        let mut rows = form.rows.iter();
        let to_say = rows.position(|row| !row.is_text() || row.input.text().is_empty());
        form.cursor = to_say.unwrap_or(0);
        form
    }
}

impl Draft for TaskDraft {
    fn settings(&self) -> Vec<SettingRow> {
        self.request.task.settings()
    }

    fn put(&mut self, path: &str, value: Value) {
        self.request.task.put(path, value);
    }
}
