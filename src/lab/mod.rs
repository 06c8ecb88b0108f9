//! What all panes share ([`Lab`]), and what panes and overlays are: no input or output, no clock.

mod action;
mod deed;
mod drawings;
mod overlay;
mod pane;

pub use crate::state::{Browsed, ImagesWish, Lab, Notice, PaneId, Part};
pub use crate::ui::{Edit, LineInput, Motion};
pub use action::{Action, Label, Wish, act};
pub use deed::Deed;
pub use drawings::{DrawingsWish, UnsavedDrawings};
pub use overlay::Overlay;
pub use pane::{Acts, HasActions, Pane};
