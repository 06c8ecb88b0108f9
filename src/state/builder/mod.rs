//! The form of a layer.

mod form;

pub use form::LayerForm;

/// What a person does in the form.
#[derive(Clone, Debug, PartialEq)]
pub enum BuilderMessage {
    /// Goes so many fields down the form.
    StepField(isize),
    /// Takes the next or the previous quick value in the form.
    StepValue { up: bool },
}
