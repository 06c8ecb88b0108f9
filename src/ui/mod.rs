//! Shared parts of the interface: colours, text, frames, widgets, keys.

pub mod format;
mod hang_up;
pub mod inline;
pub mod keys;
mod line_input;
pub mod panel;
pub mod search;
pub mod terminal;
pub mod theme;
pub mod widgets;

pub use hang_up::wait_for_hang_up;
pub use keys::{Key, Motion, around};
pub use line_input::{Edit, LineInput};
