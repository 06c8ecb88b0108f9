//! What may happen: intents of the person, named without keys, and .

use super::builder::BuilderMessage;
use super::corrections::CorrectionMessage;
use super::data::DataMessage;
use super::overlay::PickerKind;
use super::pad::PadMessage;
use super::pane_id::PaneId;
use super::training::TrainMessage;
use crate::analysis::Gallery;
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

    /// On data sets.
    Data(DataMessage),

    NextColorMap,
    LargerImages,
    SmallerImages,
    /// Looks at the activations of the image under the cursor.
    ShowActivations,

    Builder(BuilderMessage),

    Training(TrainMessage),

    /// Classes by number or by errors.
    ToggleOrder,
    /// Words or the bars of calibration.
    ToggleCalibration,
    /// Counts or shares of the row.
    TogglePercent,
    /// Holds the image under the cursor of a gallery for the Activations pane.
    PinJudged,
    /// Shows images by what the network takes them for.
    ShowJudged(Gallery),
    /// On the label of a training image.
    Correct(CorrectionMessage),

    /// Goes so many fields down the open form of settings.
    StepSetting(isize),
    /// Takes the next or the previous usual value of the setting.
    StepSettingValue {
        up: bool,
    },

    /// On the drawing pad.
    Pad(PadMessage),
}
