//! What all panes share ([`Lab`]), and what panes and overlays are: no input or output, no clock.

mod action;
mod deed;
pub mod events;
mod looked;
mod overlay;
mod pane;
mod run;
#[cfg(test)]
pub(crate) mod testing;
mod weights;

pub use crate::state::{Browsed, ImagesWish, Lab, Notice, PaneId, Part};
pub use crate::ui::{Edit, LineInput, Motion};
pub use action::{Action, Label, Wish, act};
pub use deed::Deed;
pub use looked::{Looked, LookedChanges, Pin};
pub use overlay::Overlay;
pub use pane::{Acts, HasActions, Pane};
pub use run::{Phase, Run};
pub use weights::LayerWeights;
