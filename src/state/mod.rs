//! The facts that the screen shows ([`Lab`]), and what a person does in forms ([`Message`]). No terminal, no clock, no channel.

mod builder;
mod corrections;
mod data;
mod field_form;
mod lab;
mod message;
mod method_form;
mod overlay;
mod pane_id;
mod training;
pub mod update;
mod view;

pub use crate::lab::{LayerWeights, Phase, Run};
pub use crate::ui::{Edit, LineInput, Motion};
pub use builder::{BuilderMessage, LayerForm};
pub use corrections::CorrectionsState;
pub use data::{TaskForm, TaskMessage};
pub use field_form::{FieldForm, FieldRow};
pub use lab::{Browsed, Cursors, ImagesWish, Lab, Notice, Status, TerminalWish};
pub use message::Message;
pub use method_form::MethodForm;
pub use overlay::OldOverlay;
pub use pane_id::{PaneId, Part};
pub use training::{SettingsForm, TrainMessage};
pub use view::Colors;
