//! What all panes draw with: colours, text, frames, widgets, keys; and the forms that go by messages.

mod action;
pub mod field_form;
pub mod format;
mod hang_up;
pub mod keys;
mod line_input;
mod motion;
mod overlays;
pub mod panel;
pub mod terminal;
pub mod theme;
pub mod widgets;

pub(crate) use action::Action as OldAction;
pub use hang_up::wait_for_hang_up;
pub use keys::Key;
pub use line_input::{Edit, LineInput};
pub use motion::Motion;
pub(crate) use overlays::{
    draw_open as draw_overlay, message as overlay_message, open_actions as overlay_actions,
};
