//! What may lie over the panes: lists to choose from, forms, the text, questions.

use super::builder::{LayerForm, LayerPalette, NetworkText, SaveForm};
use super::data::{Browser, RenameForm, ReplaceQuestion, TaskForm};
use super::form::{AugmentationForm, MethodForm, Typing};
use super::line_input::LineInput;
use super::training::{RunUse, SettingsForm};
use crate::worker::FoundDraft;

/// What lies over the panes and gets the keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    Picker(Picker),
    /// The palette of layers.
    Layers(LayerPalette),
    /// The form of a layer; the Network pane draws it.
    Layer(Box<LayerForm>),
    /// The preset as text.
    Text(Box<NetworkText>),
    SaveAs(SaveForm),
    /// The settings of the training.
    Settings(Box<SettingsForm>),
    /// The settings of the method that explains.
    Method(Box<MethodForm>),
    /// The settings of augmentation; the View pane draws them.
    Augmentation(Box<AugmentationForm>),
    /// Folders to open sets from.
    Browser(Box<Browser>),
    /// The form of a task on data sets.
    Task(Box<TaskForm>),
    Rename(RenameForm),
    /// Whether a file may be replaced.
    Replace(Box<ReplaceQuestion>),
    ConfirmQuit,
    /// Before the changes to this text are forgotten.
    ConfirmDiscard(Box<NetworkText>),
    /// Whether the draft that an earlier start left is put back.
    OfferDraft(Box<FoundDraft>),
    /// Before all weights are forgotten.
    ConfirmReset,
    /// Whether a run that another process trains is copied.
    ConfirmCopy,
}

impl Overlay {
    /// The form that is open.
    pub(super) fn form(&mut self) -> Option<&mut dyn Typing> {
        match self {
            Self::Layer(form) => Some(form.as_mut()),
            Self::Settings(form) => Some(form.as_mut()),
            Self::Method(form) => Some(form.as_mut()),
            Self::Augmentation(form) => Some(form.as_mut()),
            Self::Task(form) => Some(form.as_mut()),
            _ => None,
        }
    }
}

/// A list that typing narrows.
#[derive(Clone, Debug, PartialEq)]
pub struct Picker {
    pub kind: PickerKind,
    pub filter: LineInput,
    /// Among the entries that match.
    pub cursor: usize,
}

/// What a list offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickerKind {
    /// Every key, with what it does.
    Help,
    /// Every action by its name.
    Palette,
    /// What can be made.
    Make,
    /// The loaded sets.
    Set,
    Class,
    /// How many images to show.
    Number,
    /// The class of the drawing on the pad.
    DrawingClass,
    /// The right class of a training image.
    TrueClass,
    Preset,
    /// Loaded sets, for the training that runs.
    SwitchData,
    /// Earlier runs.
    Runs(RunUse),
}
