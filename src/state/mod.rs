//! The facts that the screen shows ([`Lab`]), what may happen to them ([`Message`]), and [`update`], which makes of both the
//! new facts and the worker's [`Command`](crate::worker::Command)s. No terminal, no clock, no channel.

mod builder;
mod corrections;
mod data;
pub mod facts;
mod field_form;
mod gallery;
mod lab;
mod message;
mod method_form;
mod overlay;
mod pad;
mod pane_id;
mod training;
pub mod update;
mod view;

pub use crate::lab::{LayerWeights, Phase, Run};
pub use crate::ui::{Edit, LineInput, Motion};
pub use builder::{BuilderMessage, LayerForm};
pub use corrections::{CorrectionMessage, CorrectionsState};
pub use data::{Browser, DataMessage, Job, RenameForm, ReplaceQuestion, Row, TaskForm};
pub use field_form::{FieldForm, FieldRow};
pub use gallery::GalleryState;
pub use lab::{Browsed, Cursors, ImagesWish, Lab, Notice, Status, TerminalWish};
pub use message::Message;
pub use method_form::MethodForm;
pub use overlay::{OldOverlay, Picker, PickerKind};
pub use pad::{PadMessage, PadState};
pub use pane_id::{PaneId, Part};
pub use training::{SettingsForm, TrainMessage};
pub use update::update;
pub use view::{Colors, Fits};
