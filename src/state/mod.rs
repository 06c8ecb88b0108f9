//! The facts that the screen shows ([`Lab`]), what may happen to them ([`Message`]), and [`update`], which makes of both the
//! new facts and the worker's [`Command`](crate::worker::Command)s. No terminal, no clock, no channel.

mod activations;
mod builder;
mod corrections;
mod data;
mod explaining;
pub mod facts;
mod field_form;
mod health;
mod identity;
mod inside;
mod lab;
mod message;
mod method_form;
mod overlay;
mod pace;
mod pane_id;
mod run;
mod training;
mod unsaved;
pub mod update;
mod view;
mod weights;

pub use crate::ui::{Edit, LineInput, Motion};
pub use activations::{ActivationState, Activations, Depth, Pin};
pub use builder::{
    Builder, BuilderMessage, LayerForm, LayerPalette, NetworkText, SaveForm, Side, step_memory,
};
pub use corrections::CorrectionsState;
pub use data::{Browser, DataMessage, Job, RenameForm, ReplaceQuestion, Row, TaskForm};
pub use explaining::ExplainState;
pub use field_form::{FieldForm, FieldRow};
pub use health::{HealthState, Quantity};
pub use inside::InsideMessage;
pub use lab::{Browsed, Cursors, ImagesWish, Lab, Notice, Status, TerminalWish};
pub use message::Message;
pub use method_form::MethodForm;
pub use overlay::{OldOverlay, Picker, PickerKind};
pub use pace::EpochTime;
pub use pane_id::{PaneId, Part};
pub use run::{Phase, Run};
pub use training::{
    CurveView, RunList, RunUse, SettingsForm, TrainMessage, WeightsFrom, overfitting_since,
};
pub use unsaved::{Unsaved, UnsavedMessage};
pub use update::update;
pub use view::{Colors, Fits};
pub use weights::LayerWeights;
