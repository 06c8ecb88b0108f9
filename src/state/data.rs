//! The forms of tasks on data sets.

mod task_form;

pub use task_form::TaskForm;

/// What a person does in the form of a task.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskMessage {
    /// Goes so many rows down.
    StepField(isize),
    /// Takes the next or the previous quick value.
    StepValue { up: bool },
}
