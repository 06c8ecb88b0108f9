//! What may happen: intents of the person, named without keys, and news from outside.

use super::builder::BuilderMessage;
use super::corrections::CorrectionMessage;
use super::data::DataMessage;
use super::inside::InsideMessage;
use super::line_input::Edit;
use super::overlay::PickerKind;
use super::pad::PadMessage;
use super::pane_id::PaneId;
use super::training::TrainMessage;
use super::unsaved::UnsavedMessage;
use super::view::{Fits, ViewMessage};
use crate::analysis::Gallery;
use crate::worker::Event;

/// Something that [`update`](super::update) acts on.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// News from the worker.
    Worker(Event),
    /// The worker's thread is gone.
    WorkerLost,
    /// The terminal has this size now.
    Resized {
        columns: u16,
        rows: u16,
    },
    /// As many pictures fit as this.
    Fits(Fits),

    Show(PaneId),
    NextPane,
    PreviousPane,
    NextPart,
    PreviousPart,
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
    /// Goes so many rows down the open form.
    StepField(isize),
    /// Takes the next or the previous quick value in the open form.
    StepValue {
        up: bool,
    },
    /// Takes what the open form says.
    Accept,
    /// Closes what is open, goes to the pane, then does the rest.
    Perform {
        pane: Option<PaneId>,
        message: Box<Message>,
    },
    /// Quits, but asks first while a network trains or something is not saved.
    AskQuit,
    /// Quits at once; the draft of what is not saved stays.
    Quit,
    /// On what is not saved.
    Unsaved(UnsavedMessage),
    Suspend,
    /// Lets the mouse draw, or leaves it to the terminal.
    ToggleMouse,
    /// Paints the whole screen afresh.
    Redraw,

    /// On data sets.
    Data(DataMessage),

    /// Lets the whole program follow the loaded set at this position.
    ChooseSet(usize),

    RandomPage,
    NextPage,
    PreviousPage,
    ShowClass(Option<usize>),
    ToggleSplit,
    NextColorMap,
    LargerImages,
    SmallerImages,
    /// On the View pane.
    View(ViewMessage),
    /// Looks at the activations of the image under the cursor.
    ShowActivations,

    /// A preset by its position in the list: the built-in ones, then the person's own.
    ChoosePreset(usize),
    /// Gives the network the input shape and the classes of the chosen set.
    FitToData,
    Builder(BuilderMessage),

    /// Starts a training, or pauses or resumes the one that runs.
    StartOrPause,
    Stop,
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

    RandomImage,
    /// Opens the settings of the method that explains.
    AskMethod,
    /// On the Activations pane.
    Inside(InsideMessage),
    /// The next way to explain what the network takes the image for, and after the last none.
    NextExplanation,
    /// Asks why the image might be the next class, or the one before.
    ExplainNextClass,
    ExplainPreviousClass,

    /// On the drawing pad.
    Pad(PadMessage),
}

/// A movement of the cursor in the part that has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    Left,
    Right,
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
}

impl Motion {
    /// Where the cursor goes in a column of `count` entries; a page is `page` of them.
    pub fn along(self, at: usize, count: usize, page: usize) -> usize {
        let last = count.saturating_sub(1);
        let page = page.max(1);
        match self {
            Self::Left | Self::Up => at.saturating_sub(1),
            Self::Right | Self::Down => at + 1,
            Self::PageUp => at.saturating_sub(page),
            Self::PageDown => at + page,
            Self::First => 0,
            Self::Last => last,
        }
        .min(last)
    }
}
