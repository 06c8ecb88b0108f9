//! The form of the training's settings.

mod settings_form;

pub use settings_form::SettingsForm;

/// What a person does in the form.
#[derive(Clone, Debug, PartialEq)]
pub enum TrainMessage {
    /// Goes so many figures down the form.
    StepField(isize),
    /// Takes the next or the previous quick value in the form.
    StepValue { up: bool },
}
