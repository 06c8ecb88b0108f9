//! What a person does in a form, named without keys.

use super::builder::BuilderMessage;
use super::data::TaskMessage;
use super::training::TrainMessage;
use crate::ui::Edit;

/// Something that [`update`](super::update) acts on.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// Leaves the form.
    Back,
    /// A sentence for the status line, such as why a key does not work now.
    Explain(String),
    /// Changes the text of the open form.
    Edit(Edit),
    /// Takes what the open form says.
    Accept,
    Task(TaskMessage),
    Builder(BuilderMessage),
    Training(TrainMessage),
    /// Goes so many fields down the open form of settings.
    StepSetting(isize),
    /// Takes the next or the previous usual value of the setting.
    StepSettingValue {
        up: bool,
    },
}
