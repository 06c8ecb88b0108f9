//! The form of a task: names and paths first, then its described fields.

use crate::data::DatasetSummary;
use crate::data::tasks::{TaskKind, TaskRequest};
use crate::field::Written;
use crate::state::{Edit, FieldForm, LineInput};

/// What a person says of a task before it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskForm {
    kind: &'static TaskKind,
    /// One for each of the kind's texts.
    pub texts: Vec<LineInput>,
    pub fields: FieldForm,
    /// The set whose images are changed, where the task does that.
    pub dataset: Option<DatasetSummary>,
    /// Position among the texts and then the fields.
    pub cursor: usize,
    /// Why it was not begun.
    pub problem: Option<String>,
}

impl TaskForm {
    /// The form of `kind` with its defaults, and `texts` as far as they go.
    pub fn new(
        kind: &'static TaskKind,
        texts: impl IntoIterator<Item = String>,
        dataset: Option<DatasetSummary>,
    ) -> Self {
        Self::with(TaskRequest::new(kind, texts), dataset)
    }

    /// A form that says what `request` says.
    pub fn with(request: TaskRequest, dataset: Option<DatasetSummary>) -> Self {
        // What is named already is the least likely to be changed.
        let empty = request.texts.iter().position(String::is_empty);
        Self {
            kind: request.task.kind(),
            fields: FieldForm::new(request.task.fields()),
            dataset,
            cursor: empty.unwrap_or(request.texts.len()),
            texts: request.texts.into_iter().map(LineInput::new).collect(),
            problem: None,
        }
    }

    pub fn kind(&self) -> &'static TaskKind {
        self.kind
    }

    /// The text under the cursor, by its position.
    pub fn current_text(&self) -> Option<usize> {
        (self.cursor < self.texts.len()).then_some(self.cursor)
    }

    /// What the form says, with the latest legal value of each field.
    pub fn request(&self) -> TaskRequest {
        let texts = self.texts.iter().map(|text| text.text().to_owned());
        let mut request = TaskRequest::new(self.kind, texts);
        for (index, row) in self.fields.rows.iter().enumerate() {
            let taken = request.task.set(index, &Written::from(row.value));
            taken.expect("a row holds a value that its field accepted");
        }
        request.dataset = self.dataset.as_ref().map(|set| set.name.clone());
        request
    }

    /// The first thing that is not legal: a missing text, or a field's.
    pub fn first_problem(&self) -> Option<String> {
        let texts = self.kind.texts.iter().zip(&self.texts);
        for (field, text) in texts {
            if !field.is_optional && text.text().trim().is_empty() {
                return Some(format!("{}: expected {}", field.name, (field.help)()));
            }
        }
        let (_, problem) = self.fields.problem()?;
        Some(problem.to_owned())
    }

    pub(in crate::state) fn step_field(&mut self, steps: isize) {
        let count = (self.texts.len() + self.fields.rows.len()).max(1) as isize;
        self.cursor = (self.cursor as isize + steps).rem_euclid(count) as usize;
        if let Some(field) = self.cursor.checked_sub(self.texts.len()) {
            self.fields.go_to(field);
        }
    }

    pub(in crate::state) fn step_value(&mut self, up: bool) {
        match self.current_text() {
            Some(text) => self.texts[text].apply(if up { &Edit::Right } else { &Edit::Left }),
            None => self.fields.step_value(up),
        }
        self.problem = None;
    }

    pub(in crate::state) fn edit(&mut self, edit: &Edit) {
        match self.current_text() {
            Some(text) => self.texts[text].apply(edit),
            None => self.fields.edit(edit),
        }
        self.problem = None;
    }
}
