//! The facts that the screen shows ([`Lab`]), what may happen to them ([`Message`]), and [`update`], which makes of both the
//! new facts and the worker's [`Command`](crate::worker::Command)s. No terminal, no clock, no channel.

mod activations;
mod builder;
mod corrections;
mod data;
mod explaining;
pub mod facts;
mod form;
mod gallery;
mod health;
mod identity;
mod inside;
mod lab;
mod line_input;
mod message;
mod overlay;
mod pace;
mod pad;
mod pane_id;
mod run;
mod training;
mod unsaved;
mod update;
mod view;
mod weights;

pub use activations::{ActivationState, Activations, Depth, Pin};
pub use builder::{
    Builder, BuilderMessage, LayerDraft, LayerForm, LayerPalette, NetworkText, SaveForm, Side,
    step_memory,
};
pub use corrections::{CorrectionMessage, CorrectionsState};
pub use data::{Browser, DataMessage, Job, RenameForm, ReplaceQuestion, Row, TaskDraft, TaskForm};
pub use explaining::ExplainState;
pub use form::{AugmentationForm, Draft, Form, FormRow, MethodForm, Typing};
pub use gallery::GalleryState;
pub use health::{HealthState, Quantity};
pub use inside::InsideMessage;
pub use lab::{Cursors, Lab, Notice, Status, TerminalWish};
pub use line_input::{Edit, LineInput};
pub use message::{Message, Motion};
pub use overlay::{Overlay, Picker, PickerKind};
pub use pace::EpochTime;
pub use pad::{PadMessage, PadState};
pub use pane_id::{PaneId, Part};
pub use run::{Phase, Run};
pub use training::{
    CurveView, RecipeDraft, RunList, RunUse, SettingsForm, TrainMessage, WeightsFrom,
    overfitting_since,
};
pub use unsaved::{Unsaved, UnsavedMessage};
pub use update::update;
pub use view::{Colors, Face, Fits, Measures, NUMBERS, Preview, ViewMessage, ViewMode, ViewState};
pub use weights::LayerWeights;
