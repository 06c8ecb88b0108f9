//! What may happen: intents of the person, named without keys, and .

use super::builder::BuilderMessage;
use super::data::DataMessage;
use super::inside::InsideMessage;
use super::overlay::PickerKind;
use super::pane_id::PaneId;
use super::training::TrainMessage;
use super::unsaved::UnsavedMessage;
use crate::ui::{Edit, Motion};

/// Something that [`update`](super::update) acts on.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    Show(PaneId),
    NextPart,
    Zoom,
    /// One step out.
    Back,
    /// One step in.
    Enter,
    Move(Motion),
    /// A sentence for the status line, such as why a key does not work now.
    Explain(String),

    /// Opens a list to choose from.
    Pick(PickerKind),
    /// Changes the text of the open list or form.
    Edit(Edit),
    /// Puts the cursor of the open list on this entry.
    PickAt(usize),
    /// Takes what the open form says.
    Accept,
    /// Closes what is open, goes to the pane, then does the rest.
    Perform {
        pane: Option<PaneId>,
        message: Box<Message>,
    },
    /// Quits at once; the draft of what is not saved stays.
    Quit,
    /// On what is not saved.
    Unsaved(UnsavedMessage),

    /// On data sets.
    Data(DataMessage),

    ToggleSplit,
    NextColorMap,
    LargerImages,
    SmallerImages,

    /// A preset by its position in the list: the built-in ones, then the person's own.
    ChoosePreset(usize),
    /// Gives the network the input shape and the classes of the chosen set.
    FitToData,
    Builder(BuilderMessage),

    /// Starts a training, or pauses or resumes the one that runs.
    StartOrPause,
    Stop,
    Training(TrainMessage),

    RandomImage,
    /// Opens the settings of the method that explains.
    AskMethod,
    /// Goes so many fields down the open form of settings.
    StepSetting(isize),
    /// Takes the next or the previous usual value of the setting.
    StepSettingValue {
        up: bool,
    },
    /// On the Activations pane.
    Inside(InsideMessage),
    /// The next way to explain what the network takes the image for, and after the last none.
    NextExplanation,
    /// Asks why the image might be the next class, or the one before.
    ExplainNextClass,
    ExplainPreviousClass,
}
