//! What may lie over the panes: lists to choose from, forms, the text, questions.

use super::builder::LayerForm;
use super::data::{Browser, RenameForm, ReplaceQuestion, TaskForm};
use super::method_form::MethodForm;
use super::training::SettingsForm;
use crate::ui::LineInput;

/// What lies over the panes and gets the keys.
#[derive(Clone, Debug, PartialEq)]
pub enum OldOverlay {
    Picker(Picker),
    /// The form of a layer; the Network pane draws it.
    Layer(Box<LayerForm>),
    /// The settings of the training.
    Settings(Box<SettingsForm>),
    /// The settings of the method that explains.
    Method(MethodForm),
    /// Folders to open sets from.
    Browser(Box<Browser>),
    /// The form of a task on data sets.
    Task(Box<TaskForm>),
    Rename(RenameForm),
    /// Whether a file may be replaced.
    Replace(Box<ReplaceQuestion>),
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
    /// What can be made.
    Make,
    /// The class of the drawing on the pad.
    DrawingClass,
    /// The right class of a training image.
    TrueClass,
}
