//! The screen: [`draw`] paints the facts, [`message_for`] says what a key means, [`fits`] what has room.

mod action;
mod everywhere;
mod field_form;
mod format;
mod hang_up;
mod input;
mod keys;
mod mouse;
mod overlays;
mod panel;
mod panes;
mod run_state;
mod screen;
pub mod terminal;
pub mod theme;
pub mod widgets;

pub use hang_up::wait_for_hang_up;
pub use input::{message_for, paste};
pub use mouse::{message_for_mouse, wants_mouse};
pub use screen::{LEAST, draw, fits};
