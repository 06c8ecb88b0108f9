//! The screen: [`draw`] paints the facts, [`message_for`] says what a key means, [`fits`] what has room.

mod action;
pub mod field_form;
pub mod format;
mod hang_up;
mod input;
pub mod keys;
mod line_input;
mod motion;
mod overlays;
pub mod panel;
mod panes;
pub mod terminal;
pub mod theme;
pub mod widgets;

pub(crate) use action::Action as OldAction;
pub use hang_up::wait_for_hang_up;
pub use input::paste;
pub use keys::Key;
pub use line_input::{Edit, LineInput};
pub use motion::Motion;
pub(crate) use overlays::{
    draw_open as draw_overlay, message as overlay_message, open_actions as overlay_actions,
};
pub(crate) use panes::{fits, legacy as legacy_pane, pad_pixel};
