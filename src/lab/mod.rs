//! What all panes share ([`Lab`]), and what panes and overlays are: no input or output, no clock.

mod action;
mod class_names;
mod corrections;
mod drawings;
pub mod events;
mod facts;
mod history;
mod identity;
mod looked;
mod overlay;
mod pane;
mod pane_id;
mod preset;
mod preset_text;
mod run;
mod sets;
#[cfg(test)]
pub(crate) mod testing;
mod unsaved;
mod versions;
mod weights;

pub use crate::ui::{Edit, LineInput, Motion};
pub use action::{Action, Label, Wish, act};
pub use corrections::CorrectionsState;
pub use drawings::{DrawingsWish, UnsavedDrawings};
pub use facts::{Browsed, Cursors, Deed, ImagesWish, Lab, Notice, Status, TerminalWish};
pub use history::{History, Scope};
pub use looked::{Looked, LookedChanges, Pin};
pub use overlay::Overlay;
pub use pane::{Acts, HasActions, Pane};
pub(crate) use pane_id::panes;
pub use pane_id::{PaneId, Part};
pub use run::{Phase, Run};
pub use unsaved::{Drafts, Leaving, Unsaved};
pub use versions::Version;
pub use weights::LayerWeights;
