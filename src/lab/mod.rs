//! The state that all panes share ([`Lab`]), and the traits of panes and overlays: no input or output, no clock.

mod action;
pub mod events;
mod facts;
mod history;
mod looked;
mod pane;
mod pane_id;
mod preset;
mod run;
mod sets;
mod spots;
#[cfg(test)]
pub(crate) mod testing;
mod unsaved;
mod weights;

pub use crate::ui::{Edit, LineInput, Motion};
pub use action::{Action, Label, Wish, Worth, act};
pub use facts::{
    Browsed, Colors, Cursors, Deed, ImagesWish, Lab, Notice, RUN, Status, TerminalWish,
};
pub use history::{History, Scope, Version};
pub use looked::{Looked, LookedChanges, Pin};
pub use pane::{Acts, Gloss, HasActions, Overlay, Pane};
pub(crate) use pane_id::panes;
pub use pane_id::{PaneId, Part};
pub use run::{Phase, Run, WeightsVersion};
pub use sets::CorrectionsState;
pub use spots::{Meaning, Spot, Spots, Touch};
pub use unsaved::{Drafts, Leaving, Unsaved, UnsavedDrawings};
pub use weights::LayerWeights;
