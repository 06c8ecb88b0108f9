//! The facts that the screen shows ([`Lab`]). No terminal, no clock, no channel.

mod corrections;
mod lab;
mod pane_id;
mod view;

pub use crate::lab::{LayerWeights, Phase, Run};
pub use corrections::CorrectionsState;
pub use lab::{Browsed, Cursors, ImagesWish, Lab, Notice, Status, TerminalWish};
pub use pane_id::{PaneId, Part};
pub use view::Colors;
