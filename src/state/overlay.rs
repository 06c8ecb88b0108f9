//! The forms that may lie over the panes.

use super::builder::LayerForm;
use super::data::TaskForm;
use super::method_form::MethodForm;
use super::training::SettingsForm;

/// What lies over the panes and gets the keys.
#[derive(Clone, Debug, PartialEq)]
pub enum OldOverlay {
    /// The form of a layer; the Network pane draws it.
    Layer(Box<LayerForm>),
    /// The settings of the training.
    Settings(Box<SettingsForm>),
    /// The settings of the method that explains.
    Method(MethodForm),
    /// The form of a task on data sets.
    Task(Box<TaskForm>),
}
